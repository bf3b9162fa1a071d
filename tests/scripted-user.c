/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scripted-user.h"

#include <string.h>

struct _ScriptedUser {
  GSubprocess *prompter;
  GDataInputStream *output;
};

void
scripted_user_assert_asked (ScriptedUser *self, const char *kind)
{
  g_autofree char *line = g_data_input_stream_read_line (self->output, NULL, NULL, NULL);

  g_assert_cmpstr (line, ==, kind);
}

void
scripted_user_answer (ScriptedUser *self, const char *answer)
{
  g_autofree char *line = g_strconcat (answer, "\n", NULL);
  GOutputStream *input = g_subprocess_get_stdin_pipe (self->prompter);

  g_assert_true (g_output_stream_write_all (input, line, strlen (line), NULL, NULL, NULL));
  g_assert_true (g_output_stream_flush (input, NULL, NULL));
}

ScriptedUser *
scripted_user_new (const char *answer)
{
  g_autofree char *path = g_test_build_filename (G_TEST_BUILT, "prompter", NULL);
  ScriptedUser *self = g_new0 (ScriptedUser, 1);
  g_autoptr (GError) error = NULL;

  self->prompter = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, path,
                                     NULL);
  g_assert_no_error (error);
  self->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->prompter));
  scripted_user_assert_asked (self, "ready");
  if (answer != NULL)
    scripted_user_answer (self, answer);
  return self;
}

void
scripted_user_free (ScriptedUser *self)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->prompter), NULL, NULL);
  g_subprocess_wait (self->prompter, NULL, NULL);
  g_object_unref (self->output);
  g_object_unref (self->prompter);
  g_free (self);
}
