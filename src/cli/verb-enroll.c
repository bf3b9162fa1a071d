/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verbs.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "cli/describe.h"
#include "cli/terminal.h"

#include <stdio.h>

static SignetInvitation *
read_invitation (const char *argument, GError **error)
{
  if (g_str_has_prefix (argument, "signet:")) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                         _("The link holds your temporary key, and other users can see the arguments of a program. "
                           "Give “-” and paste the link into the terminal, or name the invitation file."));
    return NULL;
  }
  g_autoptr (SignetSecret) text = signet_terminal_read_file (argument, SIGNET_MAX_INVITATION, error);
  return text != NULL ? signet_invitation_parse (text, error) : NULL;
}

/* Whom the user will trust, and what the authority keeps, before anything is sent. */
static gboolean
show_authority (SignetInvitation *invitation, SignetAuthorityInfo *info, GError **error)
{
  g_autofree char *pin = signet_hex_format_groups (signet_invitation_get_pin (invitation));

  fprintf (stderr, _("Authority    %s\n"), signet_authority_info_get_name (info));
  fprintf (stderr, _("Server       %s\n"), signet_invitation_get_authority (invitation));
  fprintf (stderr, _("Fingerprint  %s\n"), pin);
  fprintf (stderr, _("For          %s\n"), signet_invitation_get_address (invitation));
  if (signet_authority_info_get_notice (info) != NULL)
    fprintf (stderr, "\n%s\n\n", signet_authority_info_get_notice (info));
  if (signet_terminal_confirm (_("Ask this authority for a digital ID?")))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Nothing was sent."));
  return FALSE;
}

/* The password of an existing High keyset of that name; NULL without an error when none is needed. */
static SignetSecret *
get_password (SignetEnroller *enroller, const char *name, int password_fd, GError **error)
{
  g_autoptr (SignetKeyset) keyset = signet_enroller_find_keyset (enroller, name, NULL, error);

  if (keyset == NULL || signet_keyset_get_level (keyset) != SIGNET_LEVEL_HIGH)
    return NULL;
  if (password_fd >= 0)
    return signet_terminal_read_password_fd (password_fd, error);
  fprintf (stderr, _("The keyset “%s” exists. If you have forgotten its password, use --keyset with a new name.\n"),
           name);
  g_autofree char *prompt = g_strdup_printf (_("Password of “%s”: "), name);
  return signet_terminal_ask_password (prompt, error);
}

gboolean
signet_verb_enroll (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  g_autofree char *keyset = NULL;
  int password_fd = -1;
  gboolean json = FALSE;
  GOptionEntry entries[] = {
    { "keyset", 0, 0, G_OPTION_ARG_STRING, &keyset,
      N_("Name of the keyset (default: the authority's name)"), N_("NAME") },
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &password_fd,
      N_("Read the password of an existing keyset from this file descriptor"), N_("N") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print JSON"), NULL },
    { NULL },
  };

  if (!signet_verb_parse (entries, _("INVITATION"), 1, &count, &arguments, error))
    return FALSE;

  g_autoptr (SignetInvitation) invitation = read_invitation (arguments[1], error);
  g_autoptr (SignetAuthorityInfo) info =
    invitation != NULL ? signet_enroller_discover (enroller, invitation, NULL, error) : NULL;
  if (info == NULL || !show_authority (invitation, info, error))
    return FALSE;
  if (keyset == NULL)
    keyset = signet_enroller_suggest_name (enroller, signet_authority_info_get_name (info), NULL, error);
  if (keyset == NULL)
    return FALSE;

  g_autoptr (GError) local_error = NULL;
  g_autoptr (SignetSecret) password = get_password (enroller, keyset, password_fd, &local_error);
  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  g_autoptr (SignetPending) pending = signet_enroller_request (enroller, invitation, info, keyset, password, NULL,
                                                               error);
  if (pending == NULL)
    return FALSE;
  if (json)
    signet_print_json (signet_describe_pending (pending));
  else
    signet_print_pending (pending);
  return TRUE;
}
