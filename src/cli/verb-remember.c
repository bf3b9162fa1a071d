/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verbs.h"

#include "base/i18n.h"
#include "base/limits.h"
#include "base/number.h"
#include "cli/describe.h"
#include "cli/terminal.h"
#include "keyset/keyset-change.h"

/* "never", or a number of minutes. */
static gboolean
parse_minutes (const char *text, guint *minutes, GError **error)
{
  gint64 number = 0;

  if (g_str_equal (text, "never") || signet_number_parse (text, 1, SIGNET_MAX_REMEMBER, &number)) {
    *minutes = number;
    return TRUE;
  }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("A password can be remembered for 1 to %u minutes, or never; not “%s”."), SIGNET_MAX_REMEMBER, text);
  return FALSE;
}

gboolean
signet_verb_remember (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  int password_fd = -1;
  gboolean json = FALSE;
  guint minutes;
  GOptionEntry entries[] = {
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &password_fd, N_("Read the password from this file descriptor"),
      N_("N") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print JSON"), NULL },
    { NULL },
  };

  if (!signet_verb_parse (entries, _("KEYSET MINUTES|never"), 2, &count, &arguments, error) ||
      !parse_minutes (arguments[2], &minutes, error))
    return FALSE;

  g_autoptr (SignetKeyset) keyset = signet_verb_find_keyset (enroller, arguments[1], error);
  g_autoptr (SignetSecret) password = NULL;
  if (keyset == NULL)
    return FALSE;
  if (signet_keyset_get_level (keyset) != SIGNET_LEVEL_HIGH) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                 _("“%s” has no password to remember. Only the level high has one."), signet_keyset_get_name (keyset));
    return FALSE;
  }
  password = signet_terminal_get_password (signet_keyset_get_name (keyset), FALSE, password_fd, error);
  if (password == NULL)
    return FALSE;
  g_autoptr (SignetKeyset) changed = signet_keysets_allow_remembering (signet_enroller_get_store (enroller), keyset,
                                                                       minutes, password, NULL, error);
  if (changed != NULL)
    signet_print_changed_keyset (changed, json);
  return changed != NULL;
}
