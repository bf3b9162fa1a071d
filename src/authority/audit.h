/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/database.h"

G_BEGIN_DECLS

/* The audit log: every act of the authority, refused ones too, in the transaction that did it.  Each entry's hash is
 * SHA-256 over the hash before it (32 zero bytes before the first) and the entry's own fields, each as its length (u32,
 * big endian) and its bytes: number and time as decimal digits, actor, act, subject, "done" or "refused", and detail.
 * So no entry can be altered, left out or put in without every later hash changing; that none was cut off at the end,
 * only a hash that was noted elsewhere can tell.  There are no secrets in it. */
typedef struct {
  gint64 number;
  gint64 time;
  char *actor;                     /* an account of this computer, an officer, a user's address, or "daemon" */
  char *act;                       /* "invite", "approve": as the verb is called, or what the daemon does */
  char *subject;                   /* an address, a serial number, the number of a recovery; or "" */
  gboolean refused;
  char *detail;
  GBytes *hash;
} SignetAuditEntry;

SignetAuditEntry *signet_audit_entry_new (void);
void signet_audit_entry_free (SignetAuditEntry *self);

/* The hash that ENTRY must have after an entry with the hash PREVIOUS. */
GBytes *signet_audit_entry_get_hash (const SignetAuditEntry *entry, GBytes *previous);

/* Adds an entry at the present time, in the transaction that is under way.  DETAIL may be NULL. */
gboolean signet_audit_add (SignetDatabase *database, const char *actor, const char *act, const char *subject,
                           gboolean refused, const char *detail, GError **error);

/* A request of somebody on the network that was refused.  Strangers cannot fill the disk with these: of each day, a
 * thousand are kept, and a note that there were more. */
gboolean signet_audit_add_stranger (SignetDatabase *database, const char *address, const char *detail, GError **error);

/* Reads the whole log.  SIGNET_ERROR_DAMAGED names the first entry that does not fit the ones before it.  *COUNT is the
 * number of entries, *HEAD the last hash. */
gboolean signet_audit_verify (SignetDatabase *database, gint64 *count, GBytes **head, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetAuditEntry, signet_audit_entry_free)

G_END_DECLS
