/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/terminal.h"

#include "base/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

/* What could leave a terminal behind that does not show what is typed.  SIGCONT: a shell may have set it to its own
 * liking while we were stopped. */
static const int caught[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT };

/* A handler may run in any thread of the process, so it cannot just interrupt the read: it writes its number here. */
static int signals[2];

static int ended_by;            /* or 0 */

typedef struct {
  int tty;
  const char *prompt;
  struct termios normal, hidden;
  struct sigaction former[G_N_ELEMENTS (caught)];
} Question;

SignetSecret *
signet_terminal_read_line (int fd, gsize max)
{
  g_autoptr (SignetSecret) buffer = signet_secret_alloc (max + 1);
  guint8 *data = signet_secret_edit (buffer);
  gsize length = 0;

  while (length <= max) {
    gssize got = read (fd, data + length, 1);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0 || data[length] == '\n')
      break;
    length++;
  }
  return signet_secret_new (data, length);
}

static void
note_signal (int number)
{
  const guint8 byte = number;
  int former = errno;

  (void) !write (signals[1], &byte, 1);
  errno = former;
}

/* What the program ignores because its caller said so, as nohup does, stays ignored. */
static void
catch_signals (Question *self)
{
  const struct sigaction catching = { .sa_handler = note_signal, .sa_flags = SA_RESTART };

  for (guint i = 0; i < G_N_ELEMENTS (caught); i++) {
    sigaction (caught[i], NULL, &self->former[i]);
    if (self->former[i].sa_handler != SIG_IGN)
      sigaction (caught[i], &catching, NULL);
  }
}

static void
release_signals (Question *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (caught); i++)
    sigaction (caught[i], &self->former[i], NULL);
}

static void
hide (Question *self)
{
  catch_signals (self);
  tcsetattr (self->tty, TCSAFLUSH, &self->hidden);
}

static void
show (Question *self)
{
  tcsetattr (self->tty, TCSAFLUSH, &self->normal);
  release_signals (self);
}

/* Whether the question goes on. */
static gboolean
handle_signal (Question *self)
{
  guint8 number = 0;

  if (read (signals[0], &number, 1) != 1)
    return TRUE;
  if (number == SIGCONT) {
    tcsetattr (self->tty, TCSAFLUSH, &self->hidden);
    return TRUE;
  }
  if (number != SIGTSTP) {
    ended_by = number;
    return FALSE;
  }
  show (self);
  raise (SIGTSTP);      /* stopped here, until somebody continues us */
  hide (self);
  dprintf (self->tty, "%s", self->prompt);
  return TRUE;
}

static gboolean
has_signal (void)
{
  struct pollfd pipe = { signals[0], POLLIN, 0 };

  return poll (&pipe, 1, 0) > 0;
}

/* Until there is a line to read, which the terminal hands over whole.  A signal that came together with it goes first:
 * its handler runs only when poll() has made up its mind, and the line may be what was typed after control-C. */
static gboolean
wait_for_line (Question *self)
{
  struct pollfd fds[] = { { signals[0], POLLIN, 0 }, { self->tty, POLLIN, 0 } };

  while (TRUE) {
    int ready = poll (fds, G_N_ELEMENTS (fds), -1);
    if (has_signal ()) {
      if (!handle_signal (self))
        return FALSE;
    } else if (ready > 0 || (ready < 0 && errno != EINTR)) {
      return TRUE;      /* what is wrong, if so, is told by reading */
    }
  }
}

static SignetSecret *
ask_on (int tty, const char *prompt, const char *hint, gsize max, GError **error)
{
  Question self = { .tty = tty, .prompt = prompt };
  g_autoptr (SignetSecret) line = NULL;

  if (tcgetattr (tty, &self.normal) < 0) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, hint);
    return NULL;
  }
  if (!g_unix_open_pipe (signals, FD_CLOEXEC, error))
    return NULL;
  self.hidden = self.normal;
  self.hidden.c_lflag &= ~ECHO;
  hide (&self);
  dprintf (tty, "%s", prompt);
  if (wait_for_line (&self))
    line = signet_terminal_read_line (tty, max);
  show (&self);
  dprintf (tty, "\n");
  close (signals[0]);
  close (signals[1]);
  if (line == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Cancelled. Nothing was changed."));
  return g_steal_pointer (&line);
}

static int
open_terminal (const char *hint, GError **error)
{
  int tty = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

  if (tty < 0)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, hint);
  return tty;
}

SignetSecret *
signet_terminal_ask_hidden (const char *prompt, const char *hint, gsize max, GError **error)
{
  int tty = open_terminal (hint, error);

  if (tty < 0)
    return NULL;
  SignetSecret *line = ask_on (tty, prompt, hint, max, error);
  close (tty);
  return line;
}

SignetSecret *
signet_terminal_ask_shown (const char *prompt, const char *hint, gsize max, GError **error)
{
  int tty = open_terminal (hint, error);

  if (tty < 0)
    return NULL;
  dprintf (tty, "%s", prompt);
  SignetSecret *line = signet_terminal_read_line (tty, max);
  close (tty);
  return line;
}

void
signet_terminal_end_by_signal (void)
{
  if (ended_by != 0)
    raise (ended_by);
}
