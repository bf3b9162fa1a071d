/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "crypto/private-key.h"

G_BEGIN_DECLS

/* A PKCS#10 CertificationRequest (RFC 2986), DER, signed by KEY with SHA-256 (P-384: SHA-384): subject CN = ADDRESS
 * (left out past the 64 characters that a CN may have), and a subjectAltName rfc822Name of ADDRESS in the
 * extensionRequest. */
GBytes *signet_csr_build (SignetPrivateKey *key, const char *address, GError **error);

/* The same for other authorities: with the CN NAME (UTF-8, of 1 to 64 characters: SIGNET_ERROR_INVALID; NULL: none),
 * and asking for a key that may sign and encrypt mail. */
GBytes *signet_csr_build_for_mail (SignetPrivateKey *key, const char *name, const char *address, GError **error);

/* PEM of such a DER, as authorities take it: (transfer full). */
char *signet_csr_to_pem (GBytes *der);

typedef struct {
  GBytes *spki;      /* DER SubjectPublicKeyInfo */
  char *address;     /* the one rfc822Name that it asks for, normalized */
} SignetCsr;

/* Reads DER of at most SIGNET_MAX_CSR bytes and checks its own signature, which must use SHA-256 or better:
 * SIGNET_ERROR_INVALID, _TOO_LARGE, _UNSUPPORTED (another way to sign), _UNTRUSTED.  What kind of key it is for, the
 * caller asks crypto/public-key.h. */
SignetCsr *signet_csr_parse (GBytes *der, GError **error);
void signet_csr_free (SignetCsr *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetCsr, signet_csr_free)

G_END_DECLS
