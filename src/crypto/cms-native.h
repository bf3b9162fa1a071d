/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "crypto/openssl-types.h"
#include "crypto/private-key.h"

#include <openssl/ec.h>

G_BEGIN_DECLS

/* What crypto/cms.c and crypto/cms-envelope.c share, for them alone: Signet's values in OpenSSL's form and back.
 *
 * OpenSSL accepts more than the protocol says: indefinite lengths, any algorithm, tags of 4 bytes, KDFs over SHA-1.
 * So each message is looked at before and after OpenSSL parsed it, and only the protocol's one form goes on. */

/* Each sets the error that its name says, in words for people, and returns FALSE. */
gboolean signet_cms_set_failed (GError **error);
gboolean signet_cms_set_invalid (GError **error);
gboolean signet_cms_set_unsupported (GError **error);
gboolean signet_cms_set_untrusted (GError **error);
gboolean signet_cms_set_damaged (GError **error);
gboolean signet_cms_check_size (gsize length, gsize max, GError **error);

/* Wipes too: the content may be a private key, and OpenSSL wipes no content. */
void signet_cms_free (CMS_ContentInfo *cms);

/* NULL when the bytes are not exactly one certificate. */
X509 *signet_cms_read_certificate (GBytes *der);
GBytes *signet_cms_write_certificate (X509 *certificate);

/* KEY, owned by it; NULL when OpenSSL cannot read it. */
EVP_PKEY *signet_cms_get_key (SignetPrivateKey *key);

/* As signet_cms_read_certificate(), remembered with KEY, which signs with it. */
X509 *signet_cms_get_certificate (SignetPrivateKey *key, GBytes *der);

/* NULL when SPKI is not an EC key that Signet knows.  These are OpenSSL's older functions: its newer ones take 0.2 ms
 * to find a decoder for a SubjectPublicKeyInfo, and 0.3 ms to write it into a certificate again, more than all the
 * cryptography that follows. */
EC_KEY *signet_cms_read_ec_key (GBytes *spki);

/* OpenSSL's CMS knows people by certificates only.  For a key that has none: an unsigned one that never leaves memory,
 * with nothing but the key and its subject key identifier.  NULL when SPKI is not a key that Signet knows. */
X509 *signet_cms_make_nameless_certificate (GBytes *spki);

/* Puts the content in, and finishes the message: straight from the caller's memory, where CMS_final() would leave
 * copies in its buffers. */
gboolean signet_cms_fill (CMS_ContentInfo *cms, const guint8 *data, gsize length);

SignetSecret *signet_cms_write_secret (CMS_ContentInfo *cms);
GBytes *signet_cms_write_bytes (CMS_ContentInfo *cms);

/* Strict DER of at most MAX bytes, of the content type TYPE (a NID), around plain data. */
CMS_ContentInfo *signet_cms_read_message (const guint8 *der, gsize length, gsize max, int type, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CMS_ContentInfo, signet_cms_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EC_KEY, EC_KEY_free)

G_END_DECLS
