/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

G_BEGIN_DECLS

/* Bytes under a password: Argon2id (RFC 9106, the second recommended setting: 3 passes, 64 MiB, 4 lanes) makes the key
 * of AES-256-GCM.  The box, big endian:
 *
 *   u8 version = 1 | u32 passes | u32 KiB | u32 lanes | 16 bytes salt | 12 bytes nonce | ciphertext | 16 bytes tag
 *
 * Everything before the ciphertext, followed by HEADER, is authenticated with it.  HEADER is what the caller stores
 * beside the box in clear.  The password is not empty.  Both calls take about a quarter of a second: in a thread. */
GBytes *signet_password_lock_seal (SignetSecret *plain, SignetSecret *password, GBytes *header, GError **error);

/* SIGNET_ERROR_WRONG_PASSWORD when the tag does not fit (the caller's own checksum tells damage apart before),
 * _UNSUPPORTED for another version, _DAMAGED for a box that is cut or asks for more than base/limits.h grants. */
SignetSecret *signet_password_lock_open (GBytes *box, SignetSecret *password, GBytes *header, GError **error);

/* The same in two steps, of which only the first is slow: the key of this one box, 32 bytes, made of a password that
 * need not be the right one; and the box opened with it. */
SignetSecret *signet_password_lock_derive_key (GBytes *box, SignetSecret *password, GError **error);
SignetSecret *signet_password_lock_open_with_key (GBytes *box, SignetSecret *key, GBytes *header, GError **error);

G_END_DECLS
