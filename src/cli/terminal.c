/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/terminal.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Reads up to a newline, the end, or MAX bytes, into pages that are wiped. */
static SignetSecret *
read_line (int fd)
{
  g_autoptr (SignetSecret) buffer = signet_secret_alloc (SIGNET_MAX_PASSWORD + 1);
  guint8 *data = signet_secret_edit (buffer);
  gsize length = 0;

  while (length <= SIGNET_MAX_PASSWORD) {
    gssize got = read (fd, data + length, 1);       /* what follows the line is left for the next reader */
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0 || data[length] == '\n')
      break;
    length++;
  }
  return signet_secret_new (data, length);
}

static SignetSecret *
check_length (SignetSecret *password, GError **error)
{
  gsize length = signet_secret_length (password);

  if (length > 0 && length <= SIGNET_MAX_PASSWORD && signet_secret_get_text (password) != NULL)
    return password;
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                       length == 0 ? _("No password was given.")
                                   : _("That cannot be a password: it is too long, or not text."));
  signet_secret_unref (password);
  return NULL;
}

SignetSecret *
signet_terminal_read_password_fd (int fd, GError **error)
{
  if (fcntl (fd, F_GETFD) < 0) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                 _("There is no open file descriptor %d to read a password from."), fd);
    return NULL;
  }
  return check_length (read_line (fd), error);
}

SignetSecret *
signet_terminal_ask_password (const char *prompt, GError **error)
{
  int tty = open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  struct termios normal, silent;
  sigset_t signals, former;

  if (tty < 0 || tcgetattr (tty, &normal) != 0) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                         _("There is no terminal to ask for a password. Give it with --password-fd."));
    if (tty >= 0)
      close (tty);
    return NULL;
  }

  /* Echo comes back whatever happens: an interrupt waits until the line has been read. */
  sigemptyset (&signals);
  sigaddset (&signals, SIGINT);
  sigaddset (&signals, SIGTERM);
  sigaddset (&signals, SIGTSTP);
  sigprocmask (SIG_BLOCK, &signals, &former);
  silent = normal;
  silent.c_lflag &= ~(ECHO | ISIG);
  tcsetattr (tty, TCSAFLUSH, &silent);
  dprintf (tty, "%s", prompt);
  SignetSecret *line = read_line (tty);
  tcsetattr (tty, TCSAFLUSH, &normal);
  dprintf (tty, "\n");
  sigprocmask (SIG_SETMASK, &former, NULL);
  close (tty);
  return check_length (line, error);
}

SignetSecret *
signet_terminal_ask_new_password (const char *keyset_name, GError **error)
{
  g_autofree char *prompt = g_strdup_printf (_("New password for “%s”: "), keyset_name);
  g_autoptr (SignetSecret) first = signet_terminal_ask_password (prompt, error);
  g_autoptr (SignetSecret) second = first != NULL ? signet_terminal_ask_password (_("The same again: "), error) : NULL;

  if (second == NULL)
    return NULL;
  if (!signet_secret_equal (first, second)) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, _("The two passwords differ."));
    return NULL;
  }
  return g_steal_pointer (&first);
}

gboolean
signet_terminal_confirm (const char *question)
{
  char answer[16] = "";

  if (!isatty (STDIN_FILENO) || !isatty (STDERR_FILENO))
    return TRUE;
  /* Translators: the letters that can be typed for yes and no */
  fprintf (stderr, "%s %s ", question, _("[y/N]"));
  return fgets (answer, sizeof answer, stdin) != NULL && g_ascii_tolower (answer[0]) == *_("y");
}

SignetSecret *
signet_terminal_read_file (const char *path, gsize max, GError **error)
{
  gboolean is_stdin = g_str_equal (path, "-");
  int fd = is_stdin ? STDIN_FILENO : open (path, O_RDONLY | O_CLOEXEC);
  g_autoptr (SignetSecret) buffer = signet_secret_alloc (max + 1);
  guint8 *data = signet_secret_edit (buffer);
  gsize length = 0;
  gssize got = 0;

  if (fd >= 0) {
    while (length <= max && ((got = read (fd, data + length, max + 1 - length)) > 0 || (got < 0 && errno == EINTR)))
      length += MAX (got, 0);
  }
  int problem = errno;
  if (fd >= 0 && !is_stdin)
    close (fd);
  if (fd < 0 || got < 0) {
    g_set_error (error, SIGNET_ERROR, problem == ENOENT ? SIGNET_ERROR_NOT_FOUND : SIGNET_ERROR_FAILED,
                 _("“%s” cannot be read: %s"), path, g_strerror (problem));
    return NULL;
  }
  if (length > max) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE, _("“%s” is too large for this."), path);
    return NULL;
  }
  return signet_secret_new (data, length);
}
