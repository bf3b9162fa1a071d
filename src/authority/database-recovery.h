/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/database.h"

G_BEGIN_DECLS

/* The rows of recoveries: what was asked, who approved, and the keys on their way. */

typedef enum {
  SIGNET_RECOVERY_OPEN,
  SIGNET_RECOVERY_GRANTED,
  SIGNET_RECOVERY_WITHDRAWN,       /* the user was revoked */
} SignetRecoveryState;

typedef struct {
  gint64 number;
  char *address;
  char *reason;
  char *requester;
  gint64 created, expires;
  char *serials;                   /* with a space between */
  GBytes *digest;
  SignetRecoveryState state;
} SignetRecovery;

/* An encryption certificate, and its private key as the archive or an invitation holds it. */
typedef struct {
  gint64 certificate;
  char *serial;
  GBytes *der;
  GBytes *sealed;
} SignetEscrowedKey;

typedef struct {
  char *officer;
  GBytes *signed_data;
} SignetApproval;

SignetRecovery *signet_recovery_new (void);
void signet_recovery_free (SignetRecovery *self);
void signet_escrowed_key_free (SignetEscrowedKey *self);
void signet_approval_free (SignetApproval *self);

/* --- the archive: (element-type SignetEscrowedKey), the newest first --- */

GPtrArray *signet_database_list_escrowed (SignetDatabase *self, const char *address, guint limit, GError **error);
SignetEscrowedKey *signet_database_find_escrowed (SignetDatabase *self, const char *serial, GError **error);

/* --- recoveries --- */

/* Sets its number. */
gboolean signet_database_add_recovery (SignetDatabase *self, SignetRecovery *recovery, GError **error);
SignetRecovery *signet_database_find_recovery (SignetDatabase *self, gint64 number, GError **error);

/* The one of ADDRESS that waits for approvals at NOW. */
SignetRecovery *signet_database_find_open_recovery (SignetDatabase *self, const char *address, gint64 now,
                                                    GError **error);

/* (element-type SignetRecovery): those that wait for approvals at NOW. */
GPtrArray *signet_database_list_open_recoveries (SignetDatabase *self, gint64 now, GError **error);

/* Ends it: it led to INVITATION. */
gboolean signet_database_set_recovery_granted (SignetDatabase *self, gint64 number, gint64 invitation, GError **error);

/* --- approvals --- */

gboolean signet_database_add_approval (SignetDatabase *self, gint64 recovery, const char *officer, GBytes *signed_data,
                                       GError **error);
GPtrArray *signet_database_list_approvals (SignetDatabase *self, gint64 recovery, GError **error);

gboolean signet_database_add_handed_share (SignetDatabase *self, gint64 recovery, const char *giver, const char *taker,
                                           GBytes *sealed, GError **error);

/* (element-type GBytes): what TAKER was handed. */
GPtrArray *signet_database_list_handed_shares (SignetDatabase *self, gint64 recovery, const char *taker,
                                               GError **error);

/* --- recovered keys, on the way to a reply --- */

gboolean signet_database_add_recovered_key (SignetDatabase *self, gint64 invitation, gint64 certificate, GBytes *sealed,
                                            GError **error);
GPtrArray *signet_database_list_recovered_keys (SignetDatabase *self, gint64 invitation, GError **error);
gboolean signet_database_drop_recovered_keys (SignetDatabase *self, gint64 invitation, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetRecovery, signet_recovery_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetEscrowedKey, signet_escrowed_key_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetApproval, signet_approval_free)

G_END_DECLS
