/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verbs.h"

#include "base/i18n.h"
#include "cli/prompter.h"
#include "enroll/renewal.h"
#include "protocol/revocation-request.h"

#include <stdio.h>

static gboolean
parse_reason (const char *name, SignetRevocationReason *reason, GError **error)
{
  if (name != NULL && signet_user_reason_from_name (name, reason))
    return TRUE;
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       _("Say why with --reason: keyCompromise (somebody else may have the keys), affiliationChanged "
                         "(name or organization are no longer right), superseded (another digital ID has taken its "
                         "place) or cessationOfOperation (it is no longer needed)."));
  return FALSE;
}

static gboolean
ask (SignetKeyset *keyset, GError **error)
{
  fprintf (stderr, "%s\n", _("Other people's mail programs will stop trusting this digital ID. It still opens old "
                             "mail. This cannot be taken back."));
  return signet_verb_confirm_name (keyset, _("Type the keyset's name to revoke its digital ID: "),
                                   _("There is no terminal to ask on. Say --yes to revoke it."), error);
}

gboolean
signet_verb_revoke (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  g_autofree char *name = NULL;
  int password_fd = -1;
  gboolean yes = FALSE;
  SignetRevocationReason reason;
  GOptionEntry entries[] = {
    { "reason", 0, 0, G_OPTION_ARG_STRING, &name,
      N_("Why: keyCompromise, affiliationChanged, superseded or cessationOfOperation"), N_("REASON") },
    { "yes", 0, 0, G_OPTION_ARG_NONE, &yes, N_("Do not ask for the keyset's name again"), NULL },
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &password_fd, N_("Read the password from this file descriptor"),
      N_("N") },
    { NULL },
  };

  if (!signet_verb_parse (entries, _("KEYSET"), 1, &count, &arguments, error) || !parse_reason (name, &reason, error))
    return FALSE;

  g_autoptr (SignetKeyset) keyset = signet_verb_find_keyset (enroller, arguments[1], error);
  g_autoptr (SignetPrompter) prompter = signet_terminal_prompter_new (password_fd);
  if (keyset == NULL || (!yes && !ask (keyset, error)) ||
      !signet_enroller_revoke (enroller, keyset, reason, SIGNET_TERMINAL_PROGRAM, prompter, NULL, error))
    return FALSE;
  printf (_("The digital ID of “%s” is revoked. Remove the keyset only when you need to read no old mail with it.\n"),
          signet_keyset_get_name (keyset));
  return TRUE;
}
