/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/error.h"
#include "keyset/store.h"

G_BEGIN_DECLS

/* A store in memory, for unit tests, which fails as it is told to. */
#define SIGNET_TYPE_MEMORY_STORE (signet_memory_store_get_type ())
G_DECLARE_FINAL_TYPE (SignetMemoryStore, signet_memory_store, SIGNET, MEMORY_STORE, GObject)

SignetMemoryStore *signet_memory_store_new (void);

/* Every call fails with CODE (SIGNET_ERROR_NO_STORE, _UNREACHABLE, …) until signet_memory_store_work(). */
void signet_memory_store_fail (SignetMemoryStore *self, SignetError code);
void signet_memory_store_work (SignetMemoryStore *self);

/* Locked: list fails; unlock, put and remove ask, and the user opens it or, with REFUSES, does not. */
void signet_memory_store_lock (SignetMemoryStore *self, gboolean refuses);

/* The NTH put from now on (1: the next) fails with CODE, once; with STORED the item is there all the same, as when a
 * service dies just before its answer. */
void signet_memory_store_fail_put (SignetMemoryStore *self, guint nth, SignetError code, gboolean stored);

/* The next put stores its item and is then cancelled, by CANCELLABLE (which outlives it). */
void signet_memory_store_cancel_put (SignetMemoryStore *self, GCancellable *cancellable);

/* How many times the content has been changed. */
guint signet_memory_store_count_writes (SignetMemoryStore *self);

/* All items of a kind. */
guint signet_memory_store_count_items (SignetMemoryStore *self, SignetItemKind kind);

G_END_DECLS
