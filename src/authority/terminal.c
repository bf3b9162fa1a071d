/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/terminal.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <signal.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#define CONTROL_C 3

/* Up to a newline, another END, nothing more, or the cap, a byte at a time: what follows is for the next reader. */
static SignetSecret *
read_line (int fd, guint8 end, GError **error)
{
  g_autoptr (SignetSecret) buffer = signet_secret_alloc (SIGNET_MAX_PASSWORD + 1);
  guint8 *data = signet_secret_edit (buffer);
  gsize length = 0;

  while (length <= SIGNET_MAX_PASSWORD) {
    gssize got = read (fd, data + length, 1);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0 || data[length] == '\n')
      break;
    if (data[length++] == end)
      break;
  }
  if (length > 0 && length <= SIGNET_MAX_PASSWORD) {
    g_autoptr (SignetSecret) line = signet_secret_new (data, length);
    if (signet_secret_get_text (line) != NULL)
      return g_steal_pointer (&line);
  }
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                       length == 0 ? _("Nothing was given.") : _("That is too long, or not text."));
  return NULL;
}

static int
open_terminal (struct termios *normal, GError **error)
{
  int tty = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

  if (tty >= 0 && tcgetattr (tty, normal) == 0)
    return tty;
  if (tty >= 0)
    close (tty);
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                       _("There is no terminal to ask on. Give names with --officer, passwords with --password-fd."));
  return -1;
}

/* Whatever ends the line, the terminal shows again what is typed: control-C arrives as a character, and a signal of
 * somebody else waits until the end. */
static SignetSecret *
read_silently (int tty, const struct termios *normal, const char *prompt, GError **error)
{
  struct termios silent = *normal;
  sigset_t held, former;

  sigemptyset (&held);
  sigaddset (&held, SIGTERM);
  sigaddset (&held, SIGHUP);
  pthread_sigmask (SIG_BLOCK, &held, &former);
  silent.c_lflag &= ~(ECHO | ISIG);
  silent.c_cc[VEOL] = CONTROL_C;
  tcsetattr (tty, TCSAFLUSH, &silent);
  dprintf (tty, "%s", prompt);
  g_autoptr (SignetSecret) line = read_line (tty, CONTROL_C, error);
  tcsetattr (tty, TCSAFLUSH, normal);
  dprintf (tty, "\n");
  pthread_sigmask (SIG_SETMASK, &former, NULL);
  return g_steal_pointer (&line);
}

static gboolean
is_cancelled (SignetSecret *line, GError **error)
{
  gsize length;
  const guint8 *data = signet_secret_get (line, &length);

  if (data[length - 1] != CONTROL_C)
    return FALSE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Cancelled. Nothing was changed."));
  return TRUE;
}

static SignetSecret *
ask_silently (const char *prompt, GError **error)
{
  struct termios normal;
  int tty = open_terminal (&normal, error);

  if (tty < 0)
    return NULL;
  g_autoptr (SignetSecret) line = read_silently (tty, &normal, prompt, error);
  close (tty);
  return line != NULL && !is_cancelled (line, error) ? g_steal_pointer (&line) : NULL;
}

char *
signet_terminal_ask (const char *prompt, GError **error)
{
  struct termios normal;
  int tty = open_terminal (&normal, error);

  if (tty < 0)
    return NULL;
  dprintf (tty, "%s", prompt);
  g_autoptr (SignetSecret) line = read_line (tty, '\n', error);
  close (tty);
  return line != NULL ? g_strdup (signet_secret_get_text (line)) : NULL;
}

SignetSecret *
signet_terminal_get_password (int fd, const char *prompt, gboolean twice, GError **error)
{
  if (fd >= 0 && fcntl (fd, F_GETFD) < 0) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _("There is no open file descriptor %d to read a password from."), fd);
    return NULL;
  }
  if (fd >= 0)
    return read_line (fd, '\n', error);

  g_autoptr (SignetSecret) first = ask_silently (prompt, error);
  if (first == NULL || !twice)
    return g_steal_pointer (&first);
  g_autoptr (SignetSecret) second = ask_silently (_("The same again: "), error);
  if (second == NULL)
    return NULL;
  if (!signet_secret_equal (first, second)) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                         _("The two passwords differ. Nothing was changed."));
    return NULL;
  }
  return g_steal_pointer (&first);
}
