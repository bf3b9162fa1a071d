/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/outbox.h"

#include "authority/files.h"
#include "authority/maildir.h"
#include "authority/sendmail.h"
#include "base/error.h"

#include <glib/gstdio.h>
#include <string.h>

static void
test_pauses (void)
{
  static const gint64 expected[] = { 5, 20, 80, 320, 1280, 3600, 3600, 3600 };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpint (signet_outbox_get_pause (i), ==, expected[i]);
  g_assert_cmpint (signet_outbox_get_pause (G_MAXUINT), ==, 3600);
}

static guint
count_files (const char *top, const char *part)
{
  g_autofree char *path = g_build_filename (top, part, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

static void
test_maildir (void)
{
  g_autofree char *folder = g_dir_make_tmp ("signet-test-XXXXXX", NULL);
  g_autofree char *box = g_build_filename (folder, "deep", "box", NULL);
  g_autofree char *fresh = g_build_filename (box, "new", "name", NULL);
  g_autofree char *read = g_build_filename (box, "cur", "name:2,S", NULL);
  g_autofree char *draft = g_build_filename (box, "tmp", "name", NULL);
  g_autoptr (GBytes) message = g_bytes_new_static ("From: a\r\n\r\nb\r\n", 14);
  g_autoptr (GError) error = NULL;

  signet_maildir_deliver (box, "name", message, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_files (box, "new"), ==, 1);
  g_assert_cmpuint (count_files (box, "tmp"), ==, 0);

  /* Again: nothing is doubled, neither a new one nor one that was read. */
  g_assert_true (signet_maildir_deliver (box, "name", message, TRUE, &error));
  g_assert_cmpuint (count_files (box, "new"), ==, 1);
  g_assert_cmpint (g_rename (fresh, read), ==, 0);
  g_assert_true (signet_maildir_deliver (box, "name", message, TRUE, &error));
  g_assert_cmpuint (count_files (box, "new"), ==, 0);

  /* A draft that a crash left is in nobody's way. */
  g_assert_cmpint (g_unlink (read), ==, 0);
  g_assert_true (g_file_set_contents (draft, "half", -1, NULL));
  g_assert_true (signet_maildir_deliver (box, "name", message, TRUE, &error));
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (fresh, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "From: a\r\n\r\nb\r\n");

  g_assert_true (signet_folder_remove (folder, NULL));
}

/* A program that hangs is given up when the daemon ends. */
static gpointer
cancel_soon (gpointer data)
{
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_sendmail_that_hangs (void)
{
  g_autofree char *folder = g_dir_make_tmp ("signet-test-XXXXXX", NULL);
  g_autofree char *program = g_build_filename (folder, "sendmail", NULL);
  g_autoptr (GBytes) message = g_bytes_new_static ("a\r\n", 3);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents_full (program, "#!/bin/sh\nexec tail -f /dev/null\n", -1, G_FILE_SET_CONTENTS_NONE,
                                           0700, NULL));
  GThread *thread = g_thread_new ("cancel", cancel_soon, cancellable);
  g_assert_false (signet_sendmail_deliver (program, "a@example.org", "b@example.org", message, cancellable, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_UNREACHABLE);
  g_thread_join (thread);
  g_assert_true (signet_folder_remove (folder, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/authority/outbox/pauses", test_pauses);
  g_test_add_func ("/authority/outbox/maildir", test_maildir);
  g_test_add_func ("/authority/outbox/sendmail-that-hangs", test_sendmail_that_hangs);
  return g_test_run ();
}
