/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define SIGNET_INVITATION_MIME_TYPE "application/vnd.signet.invitation"

/* What carries a temporary key to a user.  As a file (.signet-invitation), JSON:
 *
 *   { "signet-invitation": 1, "authority": "https://…", "name": "Example Authority", "address": "asa@example.org",
 *     "pin": "<64 hex digits>", "temporary-key": "ABCDE-…" }
 *
 * and as a link, percent-encoded:
 *
 *   signet:invitation?authority=…&name=…&address=…&pin=…&key=…
 */
typedef struct _SignetInvitation SignetInvitation;

#define SIGNET_TYPE_INVITATION (signet_invitation_get_type ())
GType signet_invitation_get_type (void);

/* AUTHORITY: an https URL (a bare host name gets "https://" put before it; a trailing slash is dropped); NAME may
 * be NULL.  PIN: 32 bytes. Every field is checked: SIGNET_ERROR_INVALID says which one. */
SignetInvitation *signet_invitation_new (const char *authority, const char *name, const char *address, GBytes *pin,
                                         SignetSecret *temporary_key, GError **error);

/* A file, a link, or a text (mail body) in which a link stands.  At most SIGNET_MAX_INVITATION.  SIGNET_ERROR_INVALID,
 * _TOO_LARGE, _UNSUPPORTED (a later version). */
SignetInvitation *signet_invitation_parse (SignetSecret *text, GError **error);

SignetSecret *signet_invitation_to_file (SignetInvitation *self);
SignetSecret *signet_invitation_to_link (SignetInvitation *self);

SignetInvitation *signet_invitation_ref (SignetInvitation *self);
void signet_invitation_unref (SignetInvitation *self);

/* Owned by SELF. */
const char *signet_invitation_get_authority (SignetInvitation *self);  /* URL without a trailing slash */
const char *signet_invitation_get_name (SignetInvitation *self);       /* what the authority calls itself; or NULL */
const char *signet_invitation_get_address (SignetInvitation *self);
GBytes *signet_invitation_get_pin (SignetInvitation *self);
SignetSecret *signet_invitation_get_temporary_key (SignetInvitation *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetInvitation, signet_invitation_unref)

G_END_DECLS
