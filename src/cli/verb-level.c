/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verbs.h"

#include "base/error.h"
#include "base/i18n.h"
#include "cli/describe.h"
#include "cli/terminal.h"
#include "keyset/keyset-change.h"

/* KEYSET under LEVEL: asks the present password when it leaves High, a new one when it comes there. */
static SignetKeyset *
change (SignetEnroller *enroller, SignetKeyset *keyset, SignetLevel level, int password_fd, GError **error)
{
  gboolean was_high = signet_keyset_get_level (keyset) == SIGNET_LEVEL_HIGH;
  g_autoptr (SignetSecret) password = NULL;

  if (signet_keyset_get_level (keyset) == level)
    return g_object_ref (keyset);
  if (was_high || level == SIGNET_LEVEL_HIGH) {
    password = signet_terminal_get_password (signet_keyset_get_name (keyset), !was_high, password_fd, error);
    if (password == NULL)
      return NULL;
  }
  return signet_keysets_protect (signet_enroller_get_store (enroller), keyset, was_high ? password : NULL, level,
                                 was_high ? NULL : password, NULL, error);
}

gboolean
signet_verb_level (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  int password_fd = -1;
  gboolean json = FALSE;
  SignetLevel level;
  GOptionEntry entries[] = {
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &password_fd,
      N_("Read the password from this file descriptor: the present one to leave high, a new one to come there"),
      N_("N") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print JSON"), NULL },
    { NULL },
  };

  if (!signet_verb_parse (entries, _("KEYSET high|medium|low"), 2, &count, &arguments, error) ||
      !signet_verb_parse_level (arguments[2], &level, error))
    return FALSE;

  g_autoptr (SignetKeyset) keyset = signet_verb_find_keyset (enroller, arguments[1], error);
  g_autoptr (SignetKeyset) changed = keyset != NULL ? change (enroller, keyset, level, password_fd, error) : NULL;
  if (changed != NULL)
    signet_print_changed_keyset (changed, json);
  return changed != NULL;
}
