/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/terminal.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "base/terminal.h"
#include "keyset/password-strength.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LONGEST_LINE 4095     /* bytes: what the kernel lets be typed */

static SignetSecret *
check_length (SignetSecret *password, GError **error)
{
  gsize length = signet_secret_length (password);

  if (length > 0 && length <= SIGNET_MAX_PASSWORD && signet_secret_get_text (password) != NULL)
    return password;
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_FAILED,
                       length == 0 ? _("No password was given.")
                                   : _("That cannot be a password: it is too long, or not text."));
  signet_secret_unref (password);
  return NULL;
}

SignetSecret *
signet_terminal_read_password_fd (int fd, GError **error)
{
  if (fcntl (fd, F_GETFD) < 0) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _("There is no open file descriptor %d to read a password from."), fd);
    return NULL;
  }
  return check_length (signet_terminal_read_line (fd, SIGNET_MAX_PASSWORD), error);
}

SignetSecret *
signet_terminal_ask_password (const char *prompt, GError **error)
{
  SignetSecret *line = signet_terminal_ask_hidden (prompt, _("There is no terminal to ask for a password. Give it with "
                                                             "--password-fd."), SIGNET_MAX_PASSWORD, error);

  return line != NULL ? check_length (line, error) : NULL;
}

/* What the windows show beside a new password while it is typed. */
static void
say_strength (SignetSecret *password)
{
  g_autofree char *advice = NULL;
  SignetStrength strength = signet_password_strength (password, &advice);

  /* Translators: how hard a password is to guess, such as "Weak", and what would make it better. */
  if (advice != NULL)
    fprintf (stderr, _("%s password. %s\n"), signet_strength_to_text (strength), advice);
}

SignetSecret *
signet_terminal_ask_new_password (const char *keyset_name, GError **error)
{
  g_autofree char *prompt = g_strdup_printf (_("New password for “%s”: "), keyset_name);
  g_autoptr (SignetSecret) first = signet_terminal_ask_password (prompt, error);
  g_autoptr (SignetSecret) second = NULL;

  if (first == NULL)
    return NULL;
  say_strength (first);
  second = signet_terminal_ask_password (_("The same again: "), error);
  if (second == NULL)
    return NULL;
  if (!signet_secret_equal (first, second)) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_FAILED, _("The two passwords differ. Nothing was changed."));
    return NULL;
  }
  return g_steal_pointer (&first);
}

SignetSecret *
signet_terminal_get_password (const char *keyset_name, gboolean is_new, int fd, GError **error)
{
  if (fd >= 0)
    return signet_terminal_read_password_fd (fd, error);
  if (is_new)
    return signet_terminal_ask_new_password (keyset_name, error);
  g_autofree char *prompt = g_strdup_printf (_("Password of “%s”: "), keyset_name);
  return signet_terminal_ask_password (prompt, error);
}

char *
signet_terminal_ask_line (const char *prompt, const char *hint, GError **error)
{
  g_autoptr (SignetSecret) line = signet_terminal_ask_shown (prompt, hint, LONGEST_LINE, error);

  if (line == NULL)
    return NULL;
  return g_strndup ((const char *) signet_secret_get (line, NULL), signet_secret_length (line));
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
