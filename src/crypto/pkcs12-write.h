/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  SIGNET_PKCS12_MODERN,   /* AES-256, PBKDF2 with SHA-256, a MAC by SHA-256 */
  SIGNET_PKCS12_OLD,      /* three-key 3DES, a MAC by SHA-1: what programs read that are more than a few years old */
} SignetPkcs12Form;

/* A PKCS#12 file (RFC 7292) with KEYS (element-type SignetPrivateKey) and CERTIFICATES (element-type GBytes: DER), each
 * once.  A certificate with the public key of one of KEYS is marked as its own; NAME is what the other program shows
 * for both.  The password is hashed 600,000 times for each key, for the certificates, and for the MAC.  Written
 * here, on OpenSSL's encryption: GnuTLS 3.7 takes no more than 32 into a bag, and writes the private value of an EC key
 * a byte too long or too short at times.  Slow: in a thread.  SIGNET_ERROR_FAILED, G_IO_ERROR_CANCELLED. */
SignetSecret *signet_pkcs12_write (GPtrArray *keys, GPtrArray *certificates, const char *name, SignetPkcs12Form form,
                                   SignetSecret *password, GCancellable *cancellable, GError **error);

G_END_DECLS
