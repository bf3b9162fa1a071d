/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "crypto/private-key.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Encryption keys made ahead by a thread of low priority: an RSA key takes up to a second, an EC key no time at all.
 * They are in memory only. */
typedef struct _SignetKeyPool SignetKeyPool;

/* SIZE RSA keys are kept at hand; EC keys are made when they are asked for. */
SignetKeyPool *signet_key_pool_new (SignetKeyAlgorithm algorithm, guint size);

/* Stops the thread, which may take as long as one key does, and wipes the keys. */
void signet_key_pool_free (SignetKeyPool *self);

/* A key if one is at hand, else NULL. */
SignetPrivateKey *signet_key_pool_try_take (SignetKeyPool *self);

/* Waits for a key: NULL when CANCELLABLE is cancelled first. */
SignetPrivateKey *signet_key_pool_take (SignetKeyPool *self, GCancellable *cancellable);

/* Keys at hand. */
guint signet_key_pool_count (SignetKeyPool *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetKeyPool, signet_key_pool_free)

G_END_DECLS
