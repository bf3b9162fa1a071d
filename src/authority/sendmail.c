/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/sendmail.h"

#include "base/error.h"
#include "base/i18n.h"

#include <string.h>

#define TIMEOUT 60                 /* seconds */
#define MAX_COMPLAINT 200          /* bytes of what the program says that are kept */

static gboolean
time_is_up (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

static void
pass_on (GCancellable *outer, gpointer inner)
{
  g_cancellable_cancel (inner);
}

/* One line of what the program said on its standard error. */
static char *
make_complaint (GBytes *said)
{
  gsize length;
  const char *text = said != NULL ? g_bytes_get_data (said, &length) : NULL;
  g_autofree char *line = text != NULL ? g_strndup (text, MIN (length, MAX_COMPLAINT)) : g_strdup ("");

  line[strcspn (line, "\r\n")] = '\0';
  return g_utf8_make_valid (g_strstrip (line), -1);
}

static gboolean
communicate (GSubprocess *process, GBytes *message, GCancellable *limit, const char *program, GError **error)
{
  g_autoptr (GBytes) said = NULL;

  if (!g_subprocess_communicate (process, message, limit, NULL, &said, NULL)) {
    g_subprocess_force_exit (process);
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_UNREACHABLE, _("%s did not take the message in time."), program);
    return FALSE;
  }
  if (g_subprocess_get_successful (process))
    return TRUE;

  g_autofree char *complaint = make_complaint (said);
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_UNREACHABLE, _("%s did not take the message: %s"), program, complaint);
  return FALSE;
}

gboolean
signet_sendmail_deliver (const char *program, const char *from, const char *address, GBytes *message,
                         GCancellable *cancellable, GError **error)
{
  g_autoptr (GCancellable) limit = g_cancellable_new ();
  g_autoptr (GSource) timer = g_timeout_source_new_seconds (TIMEOUT);
  g_autoptr (GError) problem = NULL;
  const char *const arguments[] = { program, "-oi", "-f", from, "--", address, NULL };
  g_autoptr (GSubprocess) process = g_subprocess_newv (arguments, G_SUBPROCESS_FLAGS_STDIN_PIPE |
                                                       G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                                       G_SUBPROCESS_FLAGS_STDERR_PIPE, &problem);

  if (process == NULL) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_UNREACHABLE, _("%s could not be started: %s"), program,
                 problem->message);
    return FALSE;
  }

  g_source_set_callback (timer, time_is_up, g_object_ref (limit), g_object_unref);
  g_source_attach (timer, NULL);
  gulong handler = g_cancellable_connect (cancellable, G_CALLBACK (pass_on), g_object_ref (limit), g_object_unref);
  gboolean delivered = communicate (process, message, limit, program, error);
  g_cancellable_disconnect (cancellable, handler);
  g_source_destroy (timer);
  return delivered;
}
