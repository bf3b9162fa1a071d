/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

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
    g_error ("%s %s: %.*s", program, (const char *) words->pdata[1], (int) g_bytes_get_size (complaint),
             (const char *) g_bytes_get_data (complaint, NULL));
  return output;
}

static inline char *
foreign_text (GBytes *bytes)
{
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}
