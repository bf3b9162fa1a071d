/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"
#include "crypto/der.h"

G_BEGIN_DECLS

/* The password-based encryption of PKCS#12 files by OpenSSL.  GnuTLS 3.7 cannot do it: it decrypts only into a bag of
 * its own, which drops everything past the 32nd key or certificate without a word, and it has neither RC2 of 128 bits
 * nor two-key 3DES.  The old ciphers come from OpenSSL's legacy provider, in a context of their own, so that nothing
 * else in the process can use them.
 *
 * The caller has checked the iteration counts.  PASSWORD is UTF-8; NULL is no password, other than an empty one. */

/* CIPHERTEXT by ALGORITHM, a whole AlgorithmIdentifier.  NULL when the padding says that the key does not fit. */
SignetSecret *signet_pkcs12_native_decrypt (const SignetDer *algorithm, const SignetDer *ciphertext,
                                            SignetSecret *password);

/* PLAIN under AES-256 with PBKDF2 and SHA-256, or (OLD) under three-key 3DES; ALGORITHM becomes the whole
 * AlgorithmIdentifier, with a salt of its own. */
GBytes *signet_pkcs12_native_encrypt (SignetSecret *plain, gboolean old, guint iterations, SignetSecret *password,
                                      GBytes **algorithm);

/* The MAC key (RFC 7292 appendix B, purpose 3) by HASH ("SHA256"), as long as HASH's output of LENGTH bytes. */
SignetSecret *signet_pkcs12_native_mac_key (SignetSecret *password, const SignetDer *salt, guint iterations,
                                            const char *hash, gsize length);

G_END_DECLS
