/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/settings.h"
#include "protocol/invitation.h"

G_BEGIN_DECLS

/* An invitation that a verb is about to hand out: what the user gets, and what the database keeps of it. */
typedef struct {
  SignetSettings *settings;
  char *address;                   /* normalized */
  GBytes *pin;
  SignetSecret *key;
  SignetInvitation *invitation;
  gint64 now, expires;
  guint withdrawn;                 /* earlier invitations that it replaces */
} SignetInvitationDraft;

/* SIGNET_ERROR_INVALID: ADDRESS is not one of the authority's. */
gboolean signet_invitation_draft_prepare (SignetInvitationDraft *self, const char *directory, const char *address,
                                          GError **error);
void signet_invitation_draft_clear (SignetInvitationDraft *self);

/* Into a new file; OUTPUT may be NULL, and then nothing is done. */
gboolean signet_invitation_draft_write (SignetInvitationDraft *self, const char *output, GError **error);

/* For the administrator, after it came into force. */
void signet_invitation_draft_print (SignetInvitationDraft *self, const char *output);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SignetInvitationDraft, signet_invitation_draft_clear)

G_END_DECLS
