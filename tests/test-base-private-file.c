/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/error.h"
#include "base/private-file.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder;

static void
check (const char *path, const char *wanted)
{
  g_autofree char *contents = NULL;
  GStatBuf status;

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, wanted);
  g_assert_cmpint (g_lstat (path, &status), ==, 0);
  g_assert_true (S_ISREG (status.st_mode));
}

/* How many names there are: nothing is left lying about. */
static guint
count_names (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

static void
test_write (void)
{
  g_autofree char *path = g_build_filename (folder, "file", NULL), *link = g_build_filename (folder, "link", NULL);
  g_autoptr (SignetSecret) first = signet_secret_new_text ("first"), second = signet_secret_new_text ("second");
  g_autoptr (GError) error = NULL;
  GStatBuf status;
  mode_t mask = umask (0);

  g_assert_true (signet_private_file_check (path, FALSE, &error));
  g_assert_true (signet_private_file_write (path, first, FALSE, &error));
  umask (mask);
  g_assert_no_error (error);
  check (path, "first");
  g_assert_cmpint (g_lstat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);

  g_assert_false (signet_private_file_check (path, FALSE, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_false (signet_private_file_write (path, second, FALSE, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_EXISTS);
  g_clear_error (&error);
  check (path, "first");

  g_assert_true (signet_private_file_check (path, TRUE, &error));
  g_assert_true (signet_private_file_write (path, second, TRUE, &error));
  check (path, "second");

  /* A link is replaced, and what it leads to stays. */
  g_assert_cmpint (symlink (path, link), ==, 0);
  g_assert_false (signet_private_file_write (link, first, FALSE, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_true (signet_private_file_write (link, first, TRUE, &error));
  check (link, "first");
  check (path, "second");
  g_assert_cmpuint (count_names (), ==, 2);
  g_unlink (link);
  g_unlink (path);
}

static void
test_refused (void)
{
  g_autofree char *below = g_build_filename (folder, "none", "file", NULL);
  g_autoptr (SignetSecret) contents = signet_secret_new_text ("x");
  g_autoptr (GError) error = NULL;

  g_assert_false (signet_private_file_write (below, contents, TRUE, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (signet_private_file_write (folder, contents, TRUE, &error));      /* a folder is not replaced */
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_false (signet_private_file_write ("/dev/full/x", contents, TRUE, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_FAILED);
  g_assert_cmpuint (count_names (), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("signet-test-XXXXXX", NULL);
  g_test_add_func ("/base/private-file/write", test_write);
  g_test_add_func ("/base/private-file/refused", test_refused);
  int status = g_test_run ();
  g_rmdir (folder);
  g_free (folder);
  return status;
}
