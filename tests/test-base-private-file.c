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

/* Each says what to do. */
static void
test_refused (void)
{
  g_autofree char *below = g_build_filename (folder, "none", "file", NULL);
  g_autofree char *name = g_strnfill (300, 'x'), *long_name = g_build_filename (folder, name, NULL);
  const struct {
    const char *path;
    SignetError code;
    const char *advice;
  } cases[] = {
    { below, SIGNET_ERROR_NOT_FOUND, "Make it, or choose another one." },
    { "/dev/full/x", SIGNET_ERROR_FAILED, "Make it, or choose another one." },
    { folder, SIGNET_ERROR_FAILED, "a folder has this name. Choose another name." },
    { long_name, SIGNET_ERROR_FAILED, "Choose a shorter one." },
  };
  g_autoptr (SignetSecret) contents = signet_secret_new_text ("x");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (signet_private_file_write (cases[i].path, contents, TRUE, &error));
    g_assert_error (error, SIGNET_ERROR, (int) cases[i].code);
    g_assert_nonnull (strstr (error->message, cases[i].path));
    g_assert_true (g_str_has_suffix (error->message, cases[i].advice));
  }
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
