/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/database.h"

G_BEGIN_DECLS

/* Users, and what is taken from them and given back. */

typedef enum {
  SIGNET_USER_NEW,                 /* has no digital ID that is good, or not yet */
  SIGNET_USER_ACTIVE,
  SIGNET_USER_RECOVERING,          /* a recovery waits for approvals, or for the user to enroll */
  SIGNET_USER_REVOKED,
} SignetUserState;

/* "new", "active", "recovering", "revoked": for programs. */
const char *signet_user_state_to_name (SignetUserState state);

typedef struct {
  char *address;
  SignetUserState state;
  gint64 expires;                  /* of the signing certificate that is good the longest; 0: none is good */
  gboolean had_id;                 /* whether a certificate was ever issued */
} SignetUser;

void signet_user_free (SignetUser *self);

SignetUser *signet_database_find_user (SignetDatabase *self, const char *address, gint64 now, GError **error);

/* (element-type SignetUser), by address. */
GPtrArray *signet_database_list_users (SignetDatabase *self, gint64 now, GError **error);

/* Takes everything from a user: certificates, invitations, recoveries that wait, replies that are not installed.
 * *COUNT certificates were good until then.  SIGNET_ERROR_NOT_FOUND; _EXISTS: revoked already. */
gboolean signet_database_revoke_user (SignetDatabase *self, const char *address, gint64 now, const char *reason,
                                      guint *count, GError **error);

/* Takes one certificate; SERIAL is hexadecimal. */
gboolean signet_database_revoke_certificate (SignetDatabase *self, const char *serial, gint64 now, const char *reason,
                                             GError **error);

/* Takes what one enrollment and the renewals that followed from it have brought: LINEAGE (database-renewal.h).  *COUNT
 * certificates were good until then, perhaps none. */
gboolean signet_database_revoke_keyset (SignetDatabase *self, gint64 lineage, gint64 now, const char *reason,
                                        guint *count, GError **error);

/* The user may be invited again; what was revoked stays so.  SIGNET_ERROR_REFUSED: is not revoked. */
gboolean signet_database_reenable_user (SignetDatabase *self, const char *address, GError **error);

/* Whether a revoked certificate is on no list yet. */
gboolean signet_database_has_unlisted (SignetDatabase *self, gboolean *unlisted, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetUser, signet_user_free)

G_END_DECLS
