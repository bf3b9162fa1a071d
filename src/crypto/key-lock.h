/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

G_BEGIN_DECLS

/* Bytes under a secret that nobody can guess (a random key, a temporary key), so that no slow hash is needed as for a
 * password: HKDF-SHA256 (RFC 5869) makes key and nonce of AES-256-GCM, from a new salt each time.  The box:
 *
 *   u8 version = 1 | 32 bytes salt | ciphertext | 16 bytes tag
 *
 * HEADER, which the caller knows when it opens the box, is authenticated with it; it also says what the box is for, so
 * that a box of one purpose does not open as another. */
GBytes *signet_key_lock_seal (SignetSecret *plain, SignetSecret *key, GBytes *header, GError **error);

/* SIGNET_ERROR_WRONG_PASSWORD: another key, or another header, or damaged.  _UNSUPPORTED: another version.  _DAMAGED:
 * cut. */
SignetSecret *signet_key_lock_open (GBytes *box, SignetSecret *key, GBytes *header, GError **error);

G_END_DECLS
