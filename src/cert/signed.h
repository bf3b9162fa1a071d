/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/certificate.h"
#include "crypto/der.h"

G_BEGIN_DECLS

/* SEQUENCE { what is signed, AlgorithmIdentifier, BIT STRING }: the shape of a CRL (RFC 5280 section 5.1) and of an
 * OCSP answer (RFC 6960 section 4.2.1).  Borrowed bytes. */
typedef struct {
  SignetDerElement signed_part;
  SignetDer algorithm;      /* the whole AlgorithmIdentifier */
  SignetDer signature;
  SignetDer rest;           /* what stands behind the three */
} SignetSigned;

gboolean signet_signed_read (SignetDer contents, SignetSigned *self);

/* Whether it was signed with the key of SIGNER, by RSA PKCS#1 v1.5 or ECDSA with SHA-256, -384 or -512, or Ed25519.
 * SIGNET_ERROR_UNTRUSTED, and _UNSUPPORTED for another algorithm, SHA-1 among them. */
gboolean signet_signed_verify (const SignetSigned *self, SignetCertificate *signer, GError **error);

/* Whether both are the same bytes. */
gboolean signet_signed_equal (const SignetDer *a, const SignetDer *b);

/* Seconds since 1970 of a UTCTime or GeneralizedTime element in the form that RFC 5280 section 4.1.2.5 asks for. */
gboolean signet_signed_read_time (SignetDer *rest, gint64 *time);

/* One Extension (RFC 5280 section 4.1): its OID's contents, whether it is critical, its value. */
typedef struct {
  SignetDer oid;
  gboolean critical;
  SignetDer value;
} SignetExtension;

gboolean signet_signed_read_extension (SignetDer *rest, SignetExtension *extension);
gboolean signet_extension_is (const SignetExtension *self, const char *oid, gsize length);

G_END_DECLS
