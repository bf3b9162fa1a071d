/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "crypto/private-key.h"
#include "keyset/keyset.h"
#include "keyset/store.h"
#include "protocol/authority-info.h"
#include "protocol/invitation.h"

G_BEGIN_DECLS

typedef enum {
  SIGNET_PENDING_CREATED,     /* stored; whether the authority has it is not known: sent (again) with the same bytes */
  SIGNET_PENDING_WAITING,     /* the authority has it; its reply is not there yet */
  SIGNET_PENDING_READY,       /* the reply is here, and waits for the user to choose its security */
  SIGNET_PENDING_CONFIRMING,  /* installed; the authority has not been told yet.  Holds no key any more */
  SIGNET_PENDING_REFUSED,     /* the authority said no: sent again, or thrown away, only when the user says so */
  SIGNET_PENDING_REMOVED,     /* the user removed it: remembered a while, to know a late reply by; never shown */
  SIGNET_PENDING_CERTIFICATE, /* saved as a file for some authority: waits for the certificate that the user brings */
} SignetPendingState;

/* "created", "waiting", …: the word of the stored form and of what programs read. */
const char *signet_pending_state_to_name (SignetPendingState state);

/* A request that is on its way, as it lies in the store.  A value: immutable; a step makes a new one with the same
 * id. */
#define SIGNET_TYPE_PENDING (signet_pending_get_type ())
G_DECLARE_FINAL_TYPE (SignetPending, signet_pending, SIGNET, PENDING, GObject)

/* Owned by SELF. */
const char *signet_pending_get_id (SignetPending *self);               /* the request id of the protocol */
SignetPendingState signet_pending_get_state (SignetPending *self);
const char *signet_pending_get_authority_name (SignetPending *self);   /* NULL for one that was saved as a file */
const char *signet_pending_get_authority_url (SignetPending *self);    /* likewise */
const char *signet_pending_get_address (SignetPending *self);
const char *signet_pending_get_keyset_name (SignetPending *self);      /* what the user chose when asking */
SignetLevel signet_pending_get_level (SignetPending *self);            /* of one that was saved as a file; else 0 */
const char *signet_pending_get_renewed (SignetPending *self);          /* the id of the keyset it renews; or NULL */
gint64 signet_pending_get_created (SignetPending *self);               /* seconds since 1970, like the next */
gint64 signet_pending_get_retry_at (SignetPending *self);              /* not to be checked before; 0: any time */
const char *signet_pending_get_problem (SignetPending *self);          /* why the last try failed; or NULL */
const GError *signet_pending_get_error (SignetPending *self);          /* the same with its code */

/* --- for enroll/ itself --- */

/* What the protocol needs of it, owned by SELF.  The keys are NULL once it holds none. */
typedef struct {
  GBytes *pin;
  char *nonce;
  GBytes *request;                  /* the bytes to send, always the same ones */
  GBytes *reply_id;                 /* subject key id of the reply key */
  char *location;                   /* where the reply is asked for; or NULL */
  GBytes *reply;                    /* READY: the reply's attachment; or NULL */
  GBytes *confirmation;             /* CONFIRMING: the bytes to send; or NULL */
  guint failures;                   /* tries in a row that came to nothing */
  SignetSecret *temporary_key;      /* CREATED and REFUSED only, and not of a renewal; else NULL */
  SignetPrivateKey *signing_key;
  SignetPrivateKey *reply_key;
  SignetSecret *sealed;             /* CERTIFICATE: the private key (enroll/file-request.c); else NULL */
} SignetPendingFacts;

const SignetPendingFacts *signet_pending_get_facts (SignetPending *self);

/* A fresh request in state CREATED, with keys of its own.  Slow: in a thread. */
SignetPending *signet_pending_new (SignetInvitation *invitation, SignetAuthorityInfo *info, const char *keyset_name,
                                   gint64 now, GError **error);

/* Likewise, to renew KEYSET, whose renewable ID (signet_keyset_get_renewable) has CURRENT_KEY. */
SignetPending *signet_pending_new_renewal (SignetKeyset *keyset, SignetPrivateKey *current_key, gint64 now,
                                           GError **error);

/* A fresh one in state CERTIFICATE: REQUEST is a PKCS#10, REPLY_ID the subject key id of its key. */
SignetPending *signet_pending_new_for_file (const char *address, const char *keyset_name, SignetLevel level,
                                            GBytes *request, GBytes *reply_id, SignetSecret *sealed, gint64 now);

/* The steps.  Each gives the request as it is after it.  A refused one that was sent again, and failed, is one that
 * has not been sent. */
SignetPending *signet_pending_accepted (SignetPending *self, const char *location, gint64 retry_at);
SignetPending *signet_pending_failed (SignetPending *self, const GError *problem, gint64 retry_at);
SignetPending *signet_pending_replied (SignetPending *self, GBytes *attachment);
SignetPending *signet_pending_refused (SignetPending *self, const GError *problem);
SignetPending *signet_pending_removed (SignetPending *self);

/* After READY: with a confirmation, signed by the key that it then gives up. */
SignetPending *signet_pending_installed (SignetPending *self, GError **error);

/* The stored form: SIGNET_ERROR_DAMAGED, _UNSUPPORTED. */
SignetSecret *signet_pending_to_blob (SignetPending *self, GError **error);
SignetPending *signet_pending_from_blob (SignetSecret *blob, GError **error);

G_END_DECLS
