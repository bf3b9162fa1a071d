/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"
#include "crypto/der.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The password-based encryption of other programs' files: PBES2 with PBKDF2 (RFC 8018), the older PBES1, and that of
 * PKCS#12 (RFC 7292 appendix C).  How often the password is hashed is in the file: it is looked at before any of it is
 * done. */

/* What a file has asked for so far.  Begin with zeros. */
typedef struct {
  gint64 iterations;
  gboolean weak;         /* something was protected by a cipher of the last century: RC2, RC4, DES, 3DES */
} SignetPbeUse;

/* Counts ITERATIONS as used, of at most SIGNET_MAX_ITERATIONS at once and SIGNET_MAX_FILE_ITERATIONS in all:
 * SIGNET_ERROR_TOO_LARGE.  G_IO_ERROR_CANCELLED. */
gboolean signet_pbe_spend (SignetPbeUse *use, gint64 iterations, GCancellable *cancellable, GError **error);

/* The parameters of PBKDF2, as far as Signet reads them; HASH by GnuTLS's name.  FALSE when SELF is not a whole
 * AlgorithmIdentifier of PBKDF2. */
typedef struct {
  SignetDer salt;
  gint64 iterations;
  gint64 key_length;     /* 0: not said */
  SignetDer prf;         /* the OID's contents; empty: HMAC with SHA-1 */
} SignetPbkdf2;
gboolean signet_pbkdf2_read (const SignetDer *whole, SignetPbkdf2 *self);

/* A positive INTEGER of at most four bytes. */
gboolean signet_pbe_read_number (SignetDer *rest, gint64 *number);

/* Whether ELEMENT is the OID with these contents. */
#define signet_pbe_is_oid(element, oid) \
  ((element)->length == sizeof (oid) - 1 && memcmp ((element)->data, (oid), sizeof (oid) - 1) == 0)

/* CIPHERTEXT by ALGORITHM, a whole AlgorithmIdentifier.  PASSWORD is UTF-8; NULL is none, other than an empty one.
 * SIGNET_ERROR_WRONG_PASSWORD when it does not fit (one wrong password of 256 gives rubbish instead), _UNSUPPORTED,
 * _INVALID, _TOO_LARGE, G_IO_ERROR_CANCELLED.  Slow: in a thread. */
SignetSecret *signet_pbe_decrypt (const SignetDer *algorithm, const SignetDer *ciphertext, SignetSecret *password,
                                  SignetPbeUse *use, GCancellable *cancellable, GError **error);

/* EncryptedPrivateKeyInfo (RFC 5958 section 3), strict DER, in the same way: the PrivateKeyInfo in DER. */
SignetSecret *signet_pbe_decrypt_pkcs8 (const SignetDer *encrypted, SignetSecret *password, SignetPbeUse *use,
                                        GCancellable *cancellable, GError **error);

G_END_DECLS
