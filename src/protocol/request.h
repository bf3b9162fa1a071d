/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "crypto/csr.h"
#include "crypto/private-key.h"

G_BEGIN_DECLS

#define SIGNET_REQUEST_MIME_TYPE "application/vnd.signet.request"
#define SIGNET_REQUEST_ID_LENGTH 32        /* hexadecimal digits of 128 bits */

/* A request for digital IDs, as the authority reads it: SignedData by the new signing key over multipart/mixed of
 *   application/json   { "signet-request": 1, "operation": "enroll", "id": "<32 hex>", "nonce": "<32 hex>",
 *                        "address": "…", "time": 1700000000 }
 *   application/pkcs10 the signing key's
 *   application/pkcs10 the reply key's (P-256)
 */
typedef struct {
  char *id;
  char *nonce;
  char *address;             /* normalized; both CSRs ask for it */
  gint64 time;
  GBytes *signing_spki;
  GBytes *reply_spki;
} SignetRequest;

/* The bytes to send.  ID and NONCE: 32 hexadecimal digits, fresh and random. */
GBytes *signet_request_build (const char *id, const char *nonce, const char *address, gint64 time,
                              SignetPrivateKey *signing_key, SignetPrivateKey *reply_key, GError **error);

/* Reads and verifies all of it (signature, both proofs of possession, the keys' kinds: signing key P-256, P-384 or
 * RSA of 3072 bits or more; reply key P-256 and not the signing key).  SIGNET_ERROR_INVALID, _TOO_LARGE,
 * _UNSUPPORTED, _UNTRUSTED. */
SignetRequest *signet_request_parse (GBytes *bytes, GError **error);
void signet_request_free (SignetRequest *self);

/* Whether ID is 32 lower-case hexadecimal digits. */
gboolean signet_request_id_is_valid (const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetRequest, signet_request_free)

G_END_DECLS
