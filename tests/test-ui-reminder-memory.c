/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/reminder-memory.h"

#include <glib/gstdio.h>

#define DAY (24 * 3600)
#define NOW G_GINT64_CONSTANT (1778760000)
#define WORK "3b4f2c7e-0000-4000-8000-000000000001"
#define HOME "3b4f2c7e-0000-4000-8000-000000000002"

static void
test_stages (void)
{
  const struct {
    gint64 left;
    guint stage;
  } cases[] = {
    { 30 * DAY + 1, 0 }, { 30 * DAY, 30 }, { 7 * DAY + 1, 30 }, { 7 * DAY, 7 }, { DAY + 1, 7 }, { DAY, 1 }, { 1, 1 },
    { 0, 0 }, { -DAY, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (signet_reminder_stage (NOW + cases[i].left, NOW), ==, cases[i].stage);
}

/* Each stage once for each end of each keyset; a later one is not followed by an earlier one. */
static void
test_once (void)
{
  g_autofree char *folder = g_dir_make_tmp ("signet-test-XXXXXX", NULL);
  g_autofree char *state = g_build_filename (folder, "signet", NULL);
  g_autofree char *path = g_build_filename (state, "reminders", NULL);
  const guint stages[] = { 30, 7, 1 };

  for (guint i = 0; i < G_N_ELEMENTS (stages); i++) {
    g_assert_true (signet_reminder_memory_take (path, WORK, NOW, stages[i]));
    g_assert_false (signet_reminder_memory_take (path, WORK, NOW, stages[i]));
  }
  g_assert_false (signet_reminder_memory_take (path, WORK, NOW, 30));
  g_assert_true (signet_reminder_memory_take (path, HOME, NOW, 7));
  g_assert_true (signet_reminder_memory_take (path, WORK, NOW + 700 * DAY, 30));      /* renewed since */

  g_assert_true (g_file_set_contents (path, "no key file", -1, NULL));
  g_assert_true (signet_reminder_memory_take (path, HOME, NOW, 7));
  g_assert_false (signet_reminder_memory_take (path, HOME, NOW, 7));
  g_unlink (path);
  g_rmdir (state);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/reminder-memory/stages", test_stages);
  g_test_add_func ("/ui/reminder-memory/once", test_once);

  return g_test_run ();
}
