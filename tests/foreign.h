/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <glib/gstdio.h>

/* Other people's programs, for unit tests that want a second opinion. */

/* Runs the words up to NULL with INPUT (or nothing) on its standard input; it must succeed.  Its standard output. */
static inline GBytes *
foreign_run (GBytes *input, const char *program, ...)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  GBytes *output = NULL;
  g_autoptr (GBytes) complaint = NULL, nothing = g_bytes_new (NULL, 0);
  va_list arguments;

  g_ptr_array_add (words, (gpointer) program);
  va_start (arguments, program);
  for (const char *word = va_arg (arguments, const char *); word != NULL; word = va_arg (arguments, const char *))
    g_ptr_array_add (words, (gpointer) word);
  va_end (arguments);
  g_ptr_array_add (words, NULL);

  g_autoptr (GSubprocess) process = g_subprocess_newv ((const char *const *) words->pdata,
    G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate (process, input != NULL ? input : nothing, NULL, &output, &complaint, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_successful (process))
    g_error ("%s %s: %.*s", program, (const char *) g_ptr_array_index (words, words->len - 2),
             (int) g_bytes_get_size (complaint), (const char *) g_bytes_get_data (complaint, NULL));
  return output;
}

static inline char *
foreign_text (GBytes *bytes)
{
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* --- a folder for the files that these programs want; foreign_begin() makes it, foreign_end() removes it --- */

static char *foreign_folder;

static inline void
foreign_begin (void)
{
  foreign_folder = g_dir_make_tmp ("signet-test-XXXXXX", NULL);
  g_assert_nonnull (foreign_folder);
}

static inline char *
foreign_path (const char *name)
{
  return g_build_filename (foreign_folder, name, NULL);
}

static inline void
foreign_write (const char *name, gconstpointer data, gsize length)
{
  g_autofree char *path = foreign_path (name);

  g_assert_true (g_file_set_contents (path, data, length, NULL));
}

static inline void
foreign_write_bytes (const char *name, GBytes *bytes)
{
  foreign_write (name, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static inline GBytes *
foreign_read (const char *name)
{
  g_autofree char *path = foreign_path (name);
  char *data;
  gsize length;

  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  return g_bytes_new_take (data, length);
}

/* A command line for sh, in the folder; it must succeed.  Its output. */
G_GNUC_PRINTF (1, 2)
static inline GBytes *
foreign_shell (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *command = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_autofree char *line = g_strdup_printf ("cd '%s' && %s", foreign_folder, command);
  return foreign_run (NULL, "sh", "-c", line, NULL);
}

static inline void
foreign_end (void)
{
  GDir *dir = g_dir_open (foreign_folder, 0, NULL);

  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir)) {
    g_autofree char *path = foreign_path (name);
    g_unlink (path);
  }
  g_dir_close (dir);
  g_rmdir (foreign_folder);
  g_clear_pointer (&foreign_folder, g_free);
}
