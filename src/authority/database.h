/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

#include <glib.h>

G_BEGIN_DECLS

/* The authority's memory (SQLite): every SQL statement of the program is in database.c.  One connection is used by
 * one thread at a time; several processes may have the file open.  Reading functions return FALSE or NULL with
 * SIGNET_ERROR_NOT_FOUND when there is nothing; every function reports a broken or full database as
 * SIGNET_ERROR_FAILED, one that stays locked by another process as _BUSY. */
typedef struct _SignetDatabase SignetDatabase;

/* CREATE: a new file, with the tables; else it must be there, and is brought up to date.  SIGNET_ERROR_UNSUPPORTED: a
 * later version of the program wrote it. */
SignetDatabase *signet_database_open (const char *path, gboolean create, GError **error);
void signet_database_free (SignetDatabase *self);

/* A transaction that may write.  It is on the disk when commit returns TRUE; when FALSE, it has been rolled back. */
gboolean signet_database_begin (SignetDatabase *self, GError **error);
gboolean signet_database_commit (SignetDatabase *self, GError **error);
void signet_database_rollback (SignetDatabase *self);

/* A part of a transaction that can be undone alone. */
gboolean signet_database_begin_part (SignetDatabase *self, GError **error);
gboolean signet_database_end_part (SignetDatabase *self, gboolean keep, GError **error);

/* --- invitations --- */

typedef struct {
  gint64 id;
  char *address;
  gint64 expires;
  gboolean withdrawn;
  char *request;                 /* the id of the request that used it; or NULL */
} SignetInvitationRecord;

void signet_invitation_record_free (SignetInvitationRecord *self);

/* Invites ADDRESS, and withdraws the invitations of that address that were not used.  *WITHDRAWN is their number. */
gboolean signet_database_add_invitation (SignetDatabase *self, const char *address, GBytes *digest, gint64 now,
                                         gint64 expires, guint *withdrawn, GError **error);

SignetInvitationRecord *signet_database_find_invitation (SignetDatabase *self, GBytes *digest, GError **error);

/* --- wrong keys --- */

/* Until when ADDRESS is locked; 0, or a time that has passed, when it is not. */
gboolean signet_database_get_lock (SignetDatabase *self, const char *address, gint64 *until, GError **error);

/* A wrong key for ADDRESS.  LIMIT of them within PERIOD seconds lock it for as long. */
gboolean signet_database_add_wrong_key (SignetDatabase *self, const char *address, gint64 now, guint limit,
                                        gint64 period, GError **error);

/* --- requests --- */

typedef enum {
  SIGNET_REQUEST_QUEUED,         /* accepted, waits for an encryption key */
  SIGNET_REQUEST_READY,          /* the reply is there */
  SIGNET_REQUEST_CONFIRMED,      /* and was installed */
  SIGNET_REQUEST_FAILED,         /* could not be answered */
} SignetRequestState;

typedef enum {
  SIGNET_DELIVERY_NOT_WANTED,
  SIGNET_DELIVERY_PENDING,
  SIGNET_DELIVERY_DONE,
  SIGNET_DELIVERY_GIVEN_UP,
} SignetDeliveryState;

typedef enum {
  SIGNET_CERTIFICATE_SIGNING,
  SIGNET_CERTIFICATE_ENCRYPTION,
} SignetCertificatePurpose;

typedef struct {
  gint64 number;
  char *id;
  gint64 invitation;
  GBytes *digest;
  SignetRequestState state;
  gint64 created, expires;
  GBytes *body;                  /* while queued, else NULL */
  GBytes *reply;                 /* or NULL */
  GBytes *attachment_digest;     /* or NULL */
  GBytes *signing_spki;
} SignetRequestRecord;

SignetRequestRecord *signet_request_record_new (void);
void signet_request_record_free (SignetRequestRecord *self);

/* Without body, and with the reply only when WITH_REPLY. */
SignetRequestRecord *signet_database_find_request (SignetDatabase *self, const char *id, gboolean with_reply,
                                                   GError **error);

/* A request that is queued; sets its number. */
gboolean signet_database_add_request (SignetDatabase *self, SignetRequestRecord *request, GError **error);

/* The oldest queued one, with its body. */
SignetRequestRecord *signet_database_find_queued (SignetDatabase *self, GError **error);

typedef struct {
  const char *serial;
  SignetCertificatePurpose purpose;
  GBytes *der;
  gint64 expires;
  GBytes *sealed_key;            /* of an encryption certificate, else NULL */
} SignetCertificateRecord;

gboolean signet_database_add_certificate (SignetDatabase *self, gint64 request,
                                          const SignetCertificateRecord *certificate, GError **error);

/* A queued request becomes ready; WHEN it is to be mailed, or 0 for never.  SIGNET_ERROR_NOT_FOUND when it is not
 * queued (any more). */
gboolean signet_database_set_ready (SignetDatabase *self, gint64 request, GBytes *reply, GBytes *attachment_digest,
                                    gint64 when, GError **error);
gboolean signet_database_set_failed (SignetDatabase *self, gint64 request, const char *failure, GError **error);
gboolean signet_database_set_confirmed (SignetDatabase *self, gint64 request, gint64 now, GError **error);

/* --- deliveries --- */

typedef struct {
  gint64 request;
  char *id;
  char *address;
  gint64 created, expires;
  guint attempts;
  GBytes *message;
} SignetDelivery;

void signet_delivery_free (SignetDelivery *self);

/* Those that are due, at most LIMIT, the longest due first: (element-type SignetDelivery). */
GPtrArray *signet_database_list_due (SignetDatabase *self, gint64 now, guint limit, GError **error);

/* When the next one is due; 0 when none is left. */
gint64 signet_database_get_next_due (SignetDatabase *self, GError **error);

gboolean signet_database_set_delivered (SignetDatabase *self, gint64 request, GError **error);

/* AGAIN: when to try again, or 0 to give up. */
gboolean signet_database_set_undelivered (SignetDatabase *self, gint64 request, const char *failure, gint64 again,
                                          GError **error);

/* --- the list of revoked certificates --- */

/* (element-type SignetRevocation, authority/issuer.h) */
GPtrArray *signet_database_list_revoked (SignetDatabase *self, gint64 now, GError **error);

/* The newest list: SIGNET_ERROR_NOT_FOUND when there is none. */
gboolean signet_database_get_crl (SignetDatabase *self, gint64 *number, gint64 *created, GBytes **der, GError **error);

/* The new list, on which every certificate is that is revoked now. */
gboolean signet_database_set_crl (SignetDatabase *self, gint64 number, gint64 created, GBytes *der, GError **error);

/* --- upkeep and overview --- */

/* Drops replies that have expired, wrong keys that no longer count after PERIOD seconds, and what recoveries left that
 * came to nothing. */
gboolean signet_database_prune (SignetDatabase *self, gint64 now, gint64 period, GError **error);

typedef struct {
  gint64 users;
  gint64 open, used, expired;                    /* invitations */
  gint64 queued, ready, confirmed, failed;       /* requests */
  gint64 mail_waiting, mail_failing, mail_given_up;
  gint64 certificates;
  gint64 crl_created;                            /* 0: none yet */
  char *mail_failure;                            /* the last failure of those that fail; or NULL */
} SignetDatabaseCounts;

gboolean signet_database_count (SignetDatabase *self, gint64 now, SignetDatabaseCounts *counts, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetDatabase, signet_database_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetInvitationRecord, signet_invitation_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetRequestRecord, signet_request_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetDelivery, signet_delivery_free)

G_END_DECLS
