/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/verbs.h"

#include "authority/command-invitation.h"
#include "authority/command.h"
#include "authority/database-users.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/i18n.h"
#include "protocol/temporary-key.h"

#include <unistd.h>

typedef struct {
  const char *directory;
  const char *address;             /* as it was typed */
  const char *output;              /* or NULL */
  SignetInvitationDraft draft;
  gboolean written;                /* OUTPUT is there */
  gboolean renews;                 /* for somebody who has had a digital ID, and for nobody else */
} Invite;

static void
invite_clear (Invite *self)
{
  signet_invitation_draft_clear (&self->draft);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Invite, invite_clear)

static gboolean
check_user (SignetDatabase *database, const Invite *self, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (SignetUser) user = signet_database_find_user (database, self->draft.address, self->draft.now, &problem);

  if (user == NULL && (self->renews || !g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND))) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  if (user != NULL && user->state == SIGNET_USER_REVOKED)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_REFUSED,
                         _("This user is revoked. Re-enable the user first."));
  else if (user != NULL && self->renews && !user->had_id)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND,
                         _("This user has no digital ID that could be renewed. Invite the user instead."));
  else
    return TRUE;
  return FALSE;
}

static gboolean
invite (SignetDatabase *database, gpointer data, GString *detail, GError **error)
{
  Invite *self = data;
  SignetInvitationDraft *draft = &self->draft;

  if (!signet_invitation_draft_prepare (draft, self->directory, self->address, error) ||
      !check_user (database, self, error))
    return FALSE;
  g_autoptr (GBytes) digest = signet_temporary_key_digest (draft->key);
  self->written = signet_invitation_draft_write (draft, self->output, error);
  if (!self->written || !signet_database_add_invitation (database, draft->address, digest, draft->now, draft->expires,
                                                         &draft->withdrawn, error))
    return FALSE;
  signet_fault_point ("invite:before-commit");
  return TRUE;
}

static gboolean
hand_out (const char *name, gboolean renews, int count, char **arguments, GError **error)
{
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("Write the invitation into a new file as well"),
      N_("FILE") },
    { NULL },
  };

  if (!signet_verb_parse (entries, "DIR ADDRESS", 2, &count, &arguments, error))
    return FALSE;
  g_autoptr (SignetDatabase) database = signet_command_open (arguments[1], error);
  g_auto (Invite) self = { .directory = arguments[1], .address = arguments[2], .output = output, .renews = renews };
  if (database == NULL)
    return FALSE;
  if (!signet_command_do (database, g_get_user_name (), name, self.address, invite, &self, error)) {
    if (self.written && output != NULL)
      unlink (output);
    return FALSE;
  }
  signet_invitation_draft_print (&self.draft, output);
  return TRUE;
}

gboolean
signet_verb_invite (int count, char **arguments, GError **error)
{
  return hand_out ("invite", FALSE, count, arguments, error);
}

gboolean
signet_verb_renew (int count, char **arguments, GError **error)
{
  return hand_out ("renew", TRUE, count, arguments, error);
}
