/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/database-recovery.h"
#include "authority/officers.h"

G_BEGIN_DECLS

/* Recovery of a user's encryption keys: somebody asks for it, THRESHOLD officers approve, each when and where he likes,
 * and the user enrolls again with a new temporary key, to find the keys in the reply.
 *
 * The request has a digest: SHA-256 over address, reason, requester, times and the serial numbers of the certificates.
 * An officer who approves signs it, and locks his share to the exchange key of every officer who may still approve.
 * The last one can so put the shares together, in his own process alone: it opens the archived keys of this user, and
 * seals each at once under the new temporary key (crypto/key-lock.h), of which the database has the digest only.  So
 * the daemon, with everything on the disk, can open nothing before that, and afterwards only this user's keys, while it
 * holds the request that brings the temporary key; they go on to the reply key of that request. */

/* Queues a request, in the transaction that is under way.  SIGNET_ERROR_INVALID: a reason or requester that is not one
 * line, or an officer asks and leaves too few to approve.  _NOT_FOUND: nothing is archived of ADDRESS.  _REFUSED: the
 * user is revoked.  _EXISTS: one waits already. */
SignetRecovery *signet_recovery_queue (SignetDatabase *database, SignetRoster *roster, const char *address,
                                       const char *reason, const char *requester, gint64 now, gint64 expires,
                                       GError **error);

/* Whether RECOVERY is what was asked for, and can be shown to an officer: SIGNET_ERROR_DAMAGED. */
gboolean signet_recovery_check (const SignetRecovery *recovery, GError **error);

/* The new temporary key that the last approval puts into force. */
typedef struct {
  SignetSecret *key;
  gint64 expires;
} SignetRecoveryKey;

/* What an approval led to. */
typedef struct {
  guint approvals;
  guint needed;
  guint keys;                      /* recovered, when approvals == needed */
} SignetRecoveryProgress;

/* OFFICER approves RECOVERY, in the transaction that is under way.  SIGNET_ERROR_EXPIRED, _REFUSED (OFFICER asked for
 * it himself, or it has ended), _EXISTS (he has approved it before), _DAMAGED or _UNTRUSTED (somebody has changed the
 * database). */
gboolean signet_recovery_approve (SignetDatabase *database, SignetRoster *roster, SignetRecovery *recovery,
                                  SignetOfficerKeys *officer, GBytes *sealed_recovery_key, GBytes *recovery_spki,
                                  const SignetRecoveryKey *fresh, gint64 now, SignetRecoveryProgress *progress,
                                  GError **error);

/* The keys that came with an invitation, opened with its temporary key: (element-type SignetCertificate) and
 * (element-type SignetPrivateKey), the newest first; both empty when it was no recovery. */
gboolean signet_recovery_open_keys (SignetDatabase *database, gint64 invitation, SignetSecret *temporary_key,
                                    GPtrArray **certificates, GPtrArray **keys, GError **error);

G_END_DECLS
