/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "crypto/private-key.h"

G_BEGIN_DECLS

/* Cryptographic Message Syntax (RFC 5652), the forms that Signet's protocol needs.  Certificates are DER.  Everything
 * parsed here is capped by the caller's MAX before memory is taken for it. */

/* --- SignedData: attached content, signed attributes, SHA-256 (SHA-384 for a P-384 key) --- */

/* Signed by a key that has no certificate yet; the signer is named by its subject key identifier. */
GBytes *signet_cms_sign_with_key (GBytes *content, SignetPrivateKey *signer, GError **error);

/* Signed by CERTIFICATE's key; CERTIFICATE and CHAIN (element-type GBytes) are put in.  The content may be secret, and
 * then so is the SignedData around it. */
SignetSecret *signet_cms_sign_with_certificate (SignetSecret *content, SignetPrivateKey *signer, GBytes *certificate,
                                                GPtrArray *chain, GError **error);

/* A SignedData that has been parsed and not yet believed. */
typedef struct _SignetSignedData SignetSignedData;

/* Strict DER, attached content, exactly one signer, who signed attributes, by ECDSA or RSA PKCS#1 v1.5 with SHA-256,
 * -384 or -512: SIGNET_ERROR_INVALID, _TOO_LARGE, _UNSUPPORTED. */
SignetSignedData *signet_signed_data_parse (const guint8 *der, gsize length, gsize max, GError **error);
void signet_signed_data_free (SignetSignedData *self);

/* The content, owned by SELF; nothing has vouched for it until one of the verify functions returned TRUE. */
SignetSecret *signet_signed_data_get_content (SignetSignedData *self);

/* Whether the signature is by this public key: SIGNET_ERROR_UNTRUSTED. */
gboolean signet_signed_data_verify_key (SignetSignedData *self, GBytes *spki, GError **error);

/* Whether the signature is by a certificate that the message brings (SIGNET_ERROR_UNTRUSTED); SIGNER becomes its DER,
 * CERTIFICATES (element-type GBytes) all that the message brings.  Whether SIGNER can be trusted is for cert/path.h. */
gboolean signet_signed_data_verify_certificate (SignetSignedData *self, GBytes **signer, GPtrArray **certificates,
                                                GError **error);

/* --- AuthEnvelopedData (RFC 5083): AES-256-GCM, one ECDH recipient, KDF with SHA-256 (RFC 5753) --- */

/* To an EC public key that has no certificate, named by its subject key identifier (crypto/public-key.h). */
GBytes *signet_cms_encrypt_to_key (SignetSecret *content, GBytes *recipient_spki, GError **error);

/* The subject key identifiers that an AuthEnvelopedData is locked to: (element-type GBytes). */
GPtrArray *signet_cms_get_recipient_ids (GBytes *der, gsize max, GError **error);

/* SIGNET_ERROR_NOT_FOR_US: another recipient.  _DAMAGED: the tag does not fit.  _INVALID, _TOO_LARGE, _UNSUPPORTED (an
 * algorithm other than the above, a tag shorter than 16 bytes). */
SignetSecret *signet_cms_decrypt_with_key (GBytes *der, gsize max, SignetPrivateKey *recipient, GError **error);

/* --- certs-only SignedData (RFC 8551 section 3.8) --- */

GBytes *signet_cms_build_certs_only (GPtrArray *certificates, GError **error);

/* The certificates in whatever order they stand (DER sorts them): (element-type GBytes), at most SIGNET_MAX_IDS and
 * SIGNET_MAX_CHAIN together.  DER or BER of at most SIGNET_MAX_REPLY bytes: SIGNET_ERROR_INVALID, _TOO_LARGE. */
GPtrArray *signet_cms_parse_certs_only (GBytes *der, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetSignedData, signet_signed_data_free)

G_END_DECLS
