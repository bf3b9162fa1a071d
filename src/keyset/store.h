/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where Signet keeps its items: each a small blob under an id, replaced whole and at once.  The blobs are secret and
 * opaque here.  All calls block their thread (base/job.h), and none is made from a main loop.
 *
 * Errors of all calls: SIGNET_ERROR_NO_STORE, _LOCKED (it stays locked: the user cancelled, or nobody asked him),
 * _UNREACHABLE (it does not answer), G_IO_ERROR_CANCELLED. */
#define SIGNET_TYPE_STORE (signet_store_get_type ())
G_DECLARE_INTERFACE (SignetStore, signet_store, SIGNET, STORE, GObject)

typedef enum {
  SIGNET_ITEM_KEYSET,
  SIGNET_ITEM_PENDING,
} SignetItemKind;

typedef struct {
  SignetItemKind kind;
  char *id;             /* a UUID or other short ASCII text: the one fact by which an item is found again */
  char *label;          /* for people who look into the store with another program */
  SignetSecret *blob;
} SignetItem;

SignetItem *signet_item_new (SignetItemKind kind, const char *id, const char *label, SignetSecret *blob);
void signet_item_free (SignetItem *self);

/* Held while a process reads, decides and writes; other Signet processes of the user wait up to ten seconds for it
 * (SIGNET_ERROR_BUSY).  The kernel lets go of it when the process dies.  There is one for all stores, so that the one
 * to lock may also be NULL. */
typedef struct _SignetStoreLock SignetStoreLock;
void signet_store_lock_free (SignetStoreLock *lock);

typedef void (*SignetBlobFunc) (SignetSecret *blob, gpointer user_data);

struct _SignetStoreInterface {
  GTypeInterface parent;

  gboolean (*unlock) (SignetStore *self, GCancellable *cancellable, GError **error);
  gboolean (*each) (SignetStore *self, SignetItemKind kind, SignetBlobFunc func, gpointer user_data,
                    GCancellable *cancellable, GError **error);
  gboolean (*put) (SignetStore *self, SignetItem *item, GCancellable *cancellable, GError **error);
  gboolean (*remove) (SignetStore *self, SignetItemKind kind, const char *id, GCancellable *cancellable,
                      GError **error);
};

/* Lets the desktop ask the user to unlock the store, and waits for the answer. */
gboolean signet_store_unlock (SignetStore *self, GCancellable *cancellable, GError **error);

/* Calls FUNC, in this thread, for the blob of each item of a kind, as they come; it says itself whose it is.  After an
 * error they were not all.  Never asks the user: SIGNET_ERROR_LOCKED when it is locked. */
gboolean signet_store_each (SignetStore *self, SignetItemKind kind, SignetBlobFunc func, gpointer user_data,
                            GCancellable *cancellable, GError **error);

/* All of them at once: (element-type SignetSecret). */
GPtrArray *signet_store_list (SignetStore *self, SignetItemKind kind, GCancellable *cancellable, GError **error);

/* Makes or replaces one item: the old bytes or the new ones, never neither.  Durable when it returns.  May ask the
 * user to unlock. */
gboolean signet_store_put (SignetStore *self, SignetItem *item, GCancellable *cancellable, GError **error);

/* Nothing there is no error. */
gboolean signet_store_remove (SignetStore *self, SignetItemKind kind, const char *id, GCancellable *cancellable,
                              GError **error);

SignetStoreLock *signet_store_lock (SignetStore *self, GCancellable *cancellable, GError **error);

/* Signal "changed": some item is not what it was; by this process or another.  Comes on the main context, soon
 * after. */
void signet_store_emit_changed (SignetStore *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetItem, signet_item_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetStoreLock, signet_store_lock_free)

G_END_DECLS
