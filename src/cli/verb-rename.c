/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verbs.h"

#include "base/error.h"
#include "base/i18n.h"
#include "cli/describe.h"
#include "cli/terminal.h"
#include "keyset/keyset-change.h"

/* The name is sealed with the keys, so High asks its password. */
gboolean
signet_verb_rename (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  int password_fd = -1;
  gboolean json = FALSE;
  GOptionEntry entries[] = {
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &password_fd,
      N_("Read the keyset's password from this file descriptor"), N_("N") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print JSON"), NULL },
    { NULL },
  };
  g_autoptr (SignetSecret) password = NULL;

  if (!signet_verb_parse (entries, _("KEYSET NEW-NAME"), 2, &count, &arguments, error))
    return FALSE;

  g_autofree char *new_name = signet_keyset_normalize_name (arguments[2], error);
  g_autoptr (SignetKeyset) keyset = new_name != NULL ? signet_verb_find_keyset (enroller, arguments[1], error) : NULL;
  if (keyset == NULL)
    return FALSE;
  if (signet_keyset_get_level (keyset) == SIGNET_LEVEL_HIGH) {
    password = signet_terminal_get_password (signet_keyset_get_name (keyset), FALSE, password_fd, error);
    if (password == NULL)
      return FALSE;
  }
  g_autoptr (SignetKeyset) changed = signet_keysets_rename (signet_enroller_get_store (enroller), keyset, new_name,
                                                            password, NULL, error);
  if (changed != NULL)
    signet_print_changed_keyset (changed, json);
  return changed != NULL;
}
