/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/maildir.h"

#include "authority/files.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
make_folder (const char *path, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (path);

  if (mkdir (path, 0700) == 0)
    return signet_folder_sync (parent, error);
  return errno == EEXIST || signet_file_fail (path, error);
}

/* `tmp` last: when it is there, the others are. */
static gboolean
make_maildir (const char *folder, GError **error)
{
  static const char *const parts[] = { "cur", "new", "tmp" };
  g_autofree char *parent = g_path_get_dirname (folder);
  g_autofree char *last = g_build_filename (folder, "tmp", NULL);

  if (g_file_test (last, G_FILE_TEST_IS_DIR))
    return TRUE;
  if (g_mkdir_with_parents (parent, 0700) < 0)
    return signet_file_fail (parent, error);
  if (!make_folder (folder, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *path = g_build_filename (folder, parts[i], NULL);
    if (!make_folder (path, error))
      return FALSE;
  }
  return TRUE;
}

/* A mail program that has shown the message moved it to `cur` and put its flags behind a colon. */
static gboolean
is_there (const char *folder, const char *name)
{
  g_autofree char *fresh = g_build_filename (folder, "new", name, NULL);
  g_autofree char *cur = g_build_filename (folder, "cur", NULL);
  g_autoptr (GDir) dir = g_dir_open (cur, 0, NULL);
  const char *entry = dir != NULL ? g_dir_read_name (dir) : NULL;

  while (entry != NULL && !g_str_has_prefix (entry, name))
    entry = g_dir_read_name (dir);
  return entry != NULL || g_file_test (fresh, G_FILE_TEST_EXISTS);
}

gboolean
signet_maildir_deliver (const char *folder, const char *name, GBytes *message, gboolean again, GError **error)
{
  g_autofree char *draft = g_build_filename (folder, "tmp", name, NULL);
  g_autofree char *new_folder = g_build_filename (folder, "new", NULL);
  g_autofree char *final = g_build_filename (new_folder, name, NULL);
  gsize length;
  gconstpointer data = g_bytes_get_data (message, &length);

  if (!make_maildir (folder, error))
    return FALSE;
  if (again && is_there (folder, name))
    return TRUE;
  if (again)
    unlink (draft);
  if (!signet_file_create (draft, data, length, 0600, error))
    return FALSE;
  if (rename (draft, final) < 0)
    return signet_file_fail (final, error);
  return signet_folder_sync (new_folder, error);
}
