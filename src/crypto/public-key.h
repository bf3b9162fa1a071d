/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Facts about a public key, given as DER SubjectPublicKeyInfo (RFC 5280 section 4.1). */

typedef enum {
  SIGNET_PUBLIC_KEY_RSA,
  SIGNET_PUBLIC_KEY_EC,      /* on P-256, P-384 or P-521 */
} SignetPublicKeyKind;

/* Kind and size in bits (of the modulus, of the curve).  SIGNET_ERROR_INVALID when SPKI cannot be read or is no key
 * that anybody makes honestly, SIGNET_ERROR_UNSUPPORTED for another kind or curve and for RSA below 1024 bits. */
gboolean signet_public_key_read (GBytes *spki, SignetPublicKeyKind *kind, guint *bits, GError **error);

/* The subject key identifier: the leftmost 160 bits of SHA-256 over the key's bits (RFC 7093 section 2, method 1).
 * SIGNET_ERROR_INVALID when SPKI is not one. */
GBytes *signet_public_key_get_id (GBytes *spki, GError **error);

/* "P-256", "RSA-3072": algorithm and size, for people.  "Unknown" when SPKI cannot be read. */
char *signet_public_key_describe (GBytes *spki);

G_END_DECLS
