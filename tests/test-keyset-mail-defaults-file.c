/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/mail-defaults-file.h"

#include "base/error.h"
#include "base/limits.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* A new place for the file in the temporary XDG_CONFIG_HOME of this test. */
static char *
new_path (void)
{
  g_autofree char *path = signet_mail_defaults_file_get_path ();
  static int count;

  g_assert_true (g_str_has_prefix (path, g_get_user_config_dir ()));
  return g_strdup_printf ("%s-%d/mail.conf", path, count++);
}

static void
save (const char *path, const char *address, gboolean sign)
{
  g_autoptr (SignetMailDefaults) defaults = signet_mail_defaults_new (address);
  g_autoptr (GError) error = NULL;

  defaults->sign = sign;
  g_autoptr (GPtrArray) stored = signet_mail_defaults_file_save (path, defaults, NULL, &error);
  g_assert_no_error (error);
  SignetMailDefaults *found = signet_mail_defaults_find (stored, address);
  g_assert_true (sign ? found == NULL : found != NULL && !found->sign);
}

static guint
count (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = signet_mail_defaults_file_load (path, &error);

  g_assert_no_error (error);
  return list->len;
}

static void
test_save (void)
{
  g_autofree char *path = new_path ();
  struct stat status;

  g_assert_cmpuint (count (path), ==, 0);
  save (path, "asa@example.org", FALSE);
  save (path, "asa@home.example", FALSE);
  g_assert_cmpuint (count (path), ==, 2);
  save (path, "ASA@example.org", FALSE);
  g_assert_cmpuint (count (path), ==, 2);
  save (path, "asa@example.org", TRUE);      /* as from the beginning: nothing to remember */
  g_assert_cmpuint (count (path), ==, 1);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

static void
test_damaged (void)
{
  g_autofree char *path = new_path (), *aside = g_strconcat (path, ".damaged", NULL), *text = NULL;
  g_autoptr (GError) error = NULL;

  save (path, "asa@example.org", FALSE);
  g_assert_true (g_file_set_contents (path, "precious", -1, NULL));
  g_assert_null (signet_mail_defaults_file_load (path, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED);
  g_assert_nonnull (strstr (error->message, path));

  save (path, "asa@home.example", FALSE);
  g_assert_cmpuint (count (path), ==, 1);
  g_assert_true (g_file_get_contents (aside, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "precious");
}

/* What is no file, or has no end, holds nobody up. */
static void
test_no_file (void)
{
  g_autofree char *path = new_path (), *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_null (signet_mail_defaults_file_load (path, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED);
  g_clear_error (&error);
  g_assert_cmpint (g_unlink (path), ==, 0);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_null (signet_mail_defaults_file_load (path, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED);
  g_clear_error (&error);
  g_assert_cmpint (g_rmdir (path), ==, 0);

  g_assert_cmpint (symlink ("/dev/zero", path), ==, 0);
  g_assert_null (signet_mail_defaults_file_load (path, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED);
  g_clear_error (&error);
  g_assert_cmpint (g_unlink (path), ==, 0);

  g_assert_true (g_file_set_contents (path, "[Signet]\nversion=1\n", -1, NULL));
  g_assert_cmpint (truncate (path, G_GINT64_CONSTANT (1) << 40), ==, 0);
  g_assert_null (signet_mail_defaults_file_load (path, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED);
}

static void
test_full (void)
{
  g_autofree char *path = new_path ();
  g_autoptr (GString) text = g_string_new ("[Signet]\nversion=1\n");
  g_autoptr (SignetMailDefaults) one_more = signet_mail_defaults_new ("one@too.many");
  g_autoptr (GError) error = NULL;

  save (path, "a0@example.org", FALSE);
  for (int i = 0; i < SIGNET_MAX_MAIL_ADDRESSES; i++)
    g_string_append_printf (text, "[a%d@example.org]\nsign=false\n", i);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  one_more->encrypt = TRUE;
  g_assert_null (signet_mail_defaults_file_save (path, one_more, NULL, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE);
  g_assert_cmpuint (count (path), ==, SIGNET_MAX_MAIL_ADDRESSES);
  save (path, "a0@example.org", FALSE);
}

static void
test_folder_cannot_be_made (void)
{
  g_autofree char *path = new_path (), *below = g_build_filename (path, "x", "mail.conf", NULL);
  g_autoptr (SignetMailDefaults) defaults = signet_mail_defaults_new ("asa@example.org");
  g_autoptr (GError) error = NULL;

  save (path, "asa@example.org", FALSE);
  defaults->encrypt = TRUE;
  g_assert_null (signet_mail_defaults_file_save (below, defaults, NULL, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_FAILED);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = NULL, *clear_away = NULL;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("signet-test-XXXXXX", NULL);
  clear_away = g_strdup_printf ("rm -r %s", folder);
  g_setenv ("XDG_CONFIG_HOME", folder, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);      /* for the lock */
  g_test_add_func ("/keyset/mail-defaults-file/save", test_save);
  g_test_add_func ("/keyset/mail-defaults-file/damaged", test_damaged);
  g_test_add_func ("/keyset/mail-defaults-file/no-file", test_no_file);
  g_test_add_func ("/keyset/mail-defaults-file/full", test_full);
  g_test_add_func ("/keyset/mail-defaults-file/folder-cannot-be-made", test_folder_cannot_be_made);
  int status = g_test_run ();
  g_assert_true (g_spawn_command_line_sync (clear_away, NULL, NULL, NULL, NULL));
  return status;
}
