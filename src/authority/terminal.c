/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/terminal.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "base/terminal.h"

#include <fcntl.h>

static const char *
get_hint (void)
{
  return _("There is no terminal to ask on. Give names with --officer, passwords with --password-fd.");
}

static SignetSecret *
check (SignetSecret *line, GError **error)
{
  gsize length = signet_secret_length (line);

  if (length > 0 && length <= SIGNET_MAX_PASSWORD && signet_secret_get_text (line) != NULL)
    return line;
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                       length == 0 ? _("Nothing was given.") : _("That is too long, or not text."));
  signet_secret_unref (line);
  return NULL;
}

static SignetSecret *
ask_silently (const char *prompt, GError **error)
{
  SignetSecret *line = signet_terminal_ask_hidden (prompt, get_hint (), SIGNET_MAX_PASSWORD, error);

  return line != NULL ? check (line, error) : NULL;
}

char *
signet_terminal_ask (const char *prompt, GError **error)
{
  SignetSecret *typed = signet_terminal_ask_shown (prompt, get_hint (), SIGNET_MAX_PASSWORD, error);
  g_autoptr (SignetSecret) line = typed != NULL ? check (typed, error) : NULL;

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
    return check (signet_terminal_read_line (fd, SIGNET_MAX_PASSWORD), error);

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
