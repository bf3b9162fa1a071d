/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/revocation.h"
#include "crypto/private-key.h"

G_BEGIN_DECLS

#define SIGNET_REVOCATION_MIME_TYPE "application/vnd.signet.revocation"

/* The reasons that are for a user to give, in the order in which he is asked: key compromise (somebody else may have
 * the keys), affiliation changed (name or organization are no longer right), superseded (another digital ID has taken
 * its place), cessation of operation (it is no longer needed). */
#define SIGNET_N_USER_REASONS 4
extern const SignetRevocationReason signet_user_reasons[SIGNET_N_USER_REASONS];

/* "keyCompromise", …: as in the RFC, on the wire and on the command line.  NULL, FALSE: not for a user to give. */
const char *signet_user_reason_to_name (SignetRevocationReason reason);
gboolean signet_user_reason_from_name (const char *name, SignetRevocationReason *reason);

/* What the client POSTs to SIGNET_PATH_REVOCATIONS: SignedData by the signing key of a digital ID, which brings its
 * certificate, over JSON
 *   { "signet-revocation": 1, "certificate": "<SHA-256 of that certificate, hex>", "address": "…",
 *     "reason": "keyCompromise", "time": 1700000000 }
 * The digital ID itself is meant, with everything that came with it or that it was renewed by: one keyset.  Sent twice
 * it does what it did: so it needs no number, and whoever records it gains nothing. */
typedef struct {
  SignetCertificate *certificate;
  char *address;             /* normalized, and in the certificate */
  SignetRevocationReason reason;
  gint64 time;
} SignetRevocationRequest;

GBytes *signet_revocation_request_build (SignetCertificate *certificate, SignetPrivateKey *key, const char *address,
                                         SignetRevocationReason reason, gint64 time, GError **error);

/* Whether the certificate counts is for who has issued it.  SIGNET_ERROR_INVALID, _TOO_LARGE, _UNSUPPORTED (a reason or
 * a version that is not known), _UNTRUSTED. */
SignetRevocationRequest *signet_revocation_request_parse (GBytes *bytes, GError **error);
void signet_revocation_request_free (SignetRevocationRequest *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetRevocationRequest, signet_revocation_request_free)

G_END_DECLS
