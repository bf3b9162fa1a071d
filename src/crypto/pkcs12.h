/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "crypto/key-file.h"

G_BEGIN_DECLS

/* Adds to TO what is in a PKCS#12 file (RFC 7292), .p12 or .pfx, as Windows, macOS, NSS, OpenSSL, GnuTLS and GnuPG
 * write it, old ciphers included.  At most SIGNET_MAX_KEY_FILE bytes, and no more hashing than base/limits.h
 * grants: that is looked at before it is done.  PASSWORD is UTF-8; with NULL nothing is tried.  Slow (a key derivation
 * for each key): in a thread.
 *
 * SIGNET_ERROR_WRONG_PASSWORD; _DAMAGED (the password is right, and not empty, and the file was altered); _INVALID (no
 * such file, or cut); _UNSUPPORTED; _TOO_LARGE; G_IO_ERROR_CANCELLED, between two derivations. */
gboolean signet_pkcs12_read (SignetKeyFile *to, SignetSecret *file, SignetSecret *password, GCancellable *cancellable,
                             GError **error);

G_END_DECLS
