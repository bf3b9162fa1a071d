/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/certificate.h"
#include "crypto/csr.h"
#include "crypto/private-key.h"

G_BEGIN_DECLS

#define SIGNET_REQUEST_MIME_TYPE "application/vnd.signet.request"
#define SIGNET_REQUEST_ID_LENGTH 32        /* hexadecimal digits of 128 bits */

typedef enum {
  SIGNET_REQUEST_ENROLL,
  SIGNET_REQUEST_RENEW,
} SignetRequestOperation;

/* A request for digital IDs, as the authority reads it: SignedData by the new signing key over multipart/mixed of
 *   application/json   { "signet-request": 1, "operation": "enroll", "id": "<32 hex>", "nonce": "<32 hex>",
 *                        "address": "…", "time": 1700000000 }
 *   application/pkcs10 the signing key's
 *   application/pkcs10 the reply key's (P-256)
 *
 * A renewal has the operation "renew" and one more member, "renews": the SHA-256 of the certificate that it renews, in
 * hexadecimal.  The whole is then the content of a second SignedData, by the key of that certificate, which it brings.
 * Around, and not a second signature beside the first: each layer has exactly one signer, as everything else here, so
 * that there is no question which signer is which or whether one may be missing; and the outer one vouches for all of
 * the inner one, the proof that the new key is there included.  The inner one names the certificate, so that nobody can
 * put another person's request into a layer of his own. */
typedef struct {
  SignetRequestOperation operation;
  char *id;
  char *nonce;
  char *address;             /* normalized; both CSRs ask for it */
  gint64 time;
  GBytes *signing_spki;
  GBytes *reply_spki;
  SignetCertificate *renewed;     /* what a renewal is signed with, by its word alone; NULL for an enrollment */
} SignetRequest;

/* The bytes to send.  ID and NONCE: 32 hexadecimal digits, fresh and random. */
GBytes *signet_request_build (const char *id, const char *nonce, const char *address, gint64 time,
                              SignetPrivateKey *signing_key, SignetPrivateKey *reply_key, GError **error);

/* The same for a renewal of the signing certificate CURRENT, whose key is CURRENT_KEY. */
GBytes *signet_request_build_renewal (const char *id, const char *nonce, const char *address, gint64 time,
                                      SignetPrivateKey *signing_key, SignetPrivateKey *reply_key,
                                      SignetCertificate *current, SignetPrivateKey *current_key, GError **error);

/* Reads and verifies all of it (signatures, both proofs of possession, the keys' kinds: signing key P-256, P-384 or
 * RSA of 3072 bits or more; reply key P-256 and not the signing key).  Of a renewal, too: it is signed by the
 * certificate that it names and no other, which may sign and is for the same address, and the new keys are new.
 * Whether that certificate counts is for who has issued it.  SIGNET_ERROR_INVALID, _TOO_LARGE, _UNSUPPORTED,
 * _UNTRUSTED. */
SignetRequest *signet_request_parse (GBytes *bytes, GError **error);
void signet_request_free (SignetRequest *self);

/* Whether ID is 32 lower-case hexadecimal digits. */
gboolean signet_request_id_is_valid (const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetRequest, signet_request_free)

G_END_DECLS
