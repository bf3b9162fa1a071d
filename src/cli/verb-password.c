/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verbs.h"

#include "base/error.h"
#include "base/i18n.h"
#include "cli/describe.h"
#include "cli/terminal.h"
#include "keyset/keyset-change.h"

gboolean
signet_verb_password (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  int password_fd = -1;
  gboolean json = FALSE;
  GOptionEntry entries[] = {
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &password_fd,
      N_("Read two lines from this file descriptor: the present password, the new one"), N_("N") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print JSON"), NULL },
    { NULL },
  };

  if (!signet_verb_parse (entries, _("KEYSET"), 1, &count, &arguments, error))
    return FALSE;

  g_autoptr (SignetKeyset) keyset = signet_verb_find_keyset (enroller, arguments[1], error);
  if (keyset == NULL)
    return FALSE;
  const char *name = signet_keyset_get_name (keyset);
  if (signet_keyset_get_level (keyset) != SIGNET_LEVEL_HIGH) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                 _("“%s” has no password. “signetctl level” puts it under one, at the level high."), name);
    return FALSE;
  }
  g_autoptr (SignetSecret) old = signet_terminal_get_password (name, FALSE, password_fd, error);
  g_autoptr (SignetSecret) new = old != NULL ? signet_terminal_get_password (name, TRUE, password_fd, error) : NULL;
  if (new == NULL)
    return FALSE;
  g_autoptr (SignetKeyset) changed = signet_keysets_protect (signet_enroller_get_store (enroller), keyset, old,
                                                             SIGNET_LEVEL_HIGH, new, NULL, error);
  if (changed != NULL)
    signet_print_changed_keyset (changed, json);
  return changed != NULL;
}
