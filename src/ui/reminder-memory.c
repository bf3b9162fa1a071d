/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/reminder-memory.h"

#define DAY (24 * 3600)

guint
signet_reminder_stage (gint64 end, gint64 now)
{
  static const guint stages[] = { 1, 7, 30 };

  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    if (end > now && end - now <= (gint64) stages[i] * DAY)
      return stages[i];

  return 0;
}

gboolean
signet_reminder_memory_take (const char *path, const char *keyset_id, gint64 end, guint stage)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *folder = g_path_get_dirname (path);

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  if (g_key_file_get_int64 (file, keyset_id, "end", NULL) == end &&
      g_key_file_get_uint64 (file, keyset_id, "shown", NULL) > 0 &&
      g_key_file_get_uint64 (file, keyset_id, "shown", NULL) <= stage)
    return FALSE;

  g_key_file_set_int64 (file, keyset_id, "end", end);
  g_key_file_set_uint64 (file, keyset_id, "shown", stage);
  g_mkdir_with_parents (folder, 0700);
  g_key_file_save_to_file (file, path, NULL);

  return TRUE;
}
