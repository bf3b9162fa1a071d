/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verbs.h"

#include "base/i18n.h"
#include "cli/describe.h"
#include "cli/prompter.h"
#include "enroll/renewal.h"
#include "keyset/keyset-change.h"

static gboolean
parse_switch (const char *text, gboolean *on, GError **error)
{
  *on = g_str_equal (text, "on");
  if (*on || g_str_equal (text, "off"))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("--automatic is on or off; not “%s”."), text);
  return FALSE;
}

static SignetKeyset *
set_automatic (SignetEnroller *enroller, SignetKeyset *keyset, const char *automatic, GError **error)
{
  gboolean on;

  return parse_switch (automatic, &on, error)
           ? signet_keysets_let_renew_itself (signet_enroller_get_store (enroller), keyset, on, NULL, error) : NULL;
}

/* Prints what is left to be done, or the keyset as it is now. */
static gboolean
renew (SignetEnroller *enroller, SignetKeyset *keyset, int password_fd, gboolean json, GError **error)
{
  g_autoptr (SignetPrompter) prompter = signet_terminal_prompter_new (password_fd);
  g_autoptr (GError) problem = NULL;
  g_autoptr (SignetPending) left = signet_enroller_renew (enroller, keyset, SIGNET_TERMINAL_PROGRAM, prompter, NULL,
                                                          &problem);
  g_autoptr (SignetKeyset) renewed = NULL;

  if (problem != NULL) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  if (left != NULL && signet_pending_get_state (left) != SIGNET_PENDING_CONFIRMING) {
    if (json)
      signet_print_json (signet_describe_pending (left));
    else
      signet_print_pending (left);
    return TRUE;
  }
  renewed = signet_verb_find_keyset (enroller, signet_keyset_get_name (keyset), error);
  if (renewed != NULL)
    signet_print_changed_keyset (renewed, json);
  return renewed != NULL;
}

gboolean
signet_verb_renew (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  g_autofree char *automatic = NULL;
  int password_fd = -1;
  gboolean json = FALSE;
  GOptionEntry entries[] = {
    { "automatic", 0, 0, G_OPTION_ARG_STRING, &automatic,
      N_("Only say whether a running Signet is to renew it by itself; not at the level high"), "on|off" },
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &password_fd, N_("Read the password from this file descriptor"),
      N_("N") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print JSON"), NULL },
    { NULL },
  };

  if (!signet_verb_parse (entries, _("KEYSET"), 1, &count, &arguments, error))
    return FALSE;

  g_autoptr (SignetKeyset) keyset = signet_verb_find_keyset (enroller, arguments[1], error);
  if (keyset == NULL)
    return FALSE;
  if (automatic == NULL)
    return renew (enroller, keyset, password_fd, json, error);
  g_autoptr (SignetKeyset) changed = set_automatic (enroller, keyset, automatic, error);
  if (changed != NULL)
    signet_print_changed_keyset (changed, json);
  return changed != NULL;
}
