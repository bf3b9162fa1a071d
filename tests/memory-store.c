/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "memory-store.h"

struct _SignetMemoryStore {
  GObject parent;
  GMutex mutex;
  GPtrArray *items;
  int failure;              /* a SignetError, or -1 */
  gboolean locked, refuses;
  guint puts_to_failure;    /* 0: none is told to fail */
  SignetError put_failure;
  gboolean put_stores;
  GCancellable *put_cancels;
  guint writes;
};

static void signet_memory_store_iface_init (SignetStoreInterface *iface);

G_DEFINE_TYPE_WITH_CODE (SignetMemoryStore, signet_memory_store, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (SIGNET_TYPE_STORE, signet_memory_store_iface_init))

static SignetItem *
copy (SignetItem *item)
{
  return signet_item_new (item->kind, item->id, item->label, item->blob);
}

static gboolean
fail (GError **error, SignetError code)
{
  g_set_error_literal (error, SIGNET_ERROR, code, "As the test told it to");
  return FALSE;
}

/* Whether a call may go on; ASK: it may have the user unlock. */
static gboolean
begin (SignetMemoryStore *self, gboolean ask, GCancellable *cancellable, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (self->failure >= 0)
    return fail (error, self->failure);
  if (self->locked && (!ask || self->refuses))
    return fail (error, SIGNET_ERROR_LOCKED);
  self->locked = FALSE;
  return TRUE;
}

static gboolean
unlock (SignetStore *store, GCancellable *cancellable, GError **error)
{
  SignetMemoryStore *self = SIGNET_MEMORY_STORE (store);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return begin (self, TRUE, cancellable, error);
}

static gboolean
each (SignetStore *store, SignetItemKind kind, SignetBlobFunc func, gpointer user_data, GCancellable *cancellable,
      GError **error)
{
  SignetMemoryStore *self = SIGNET_MEMORY_STORE (store);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (!begin (self, FALSE, cancellable, error))
    return FALSE;
  for (guint i = 0; i < self->items->len; i++) {
    SignetItem *item = self->items->pdata[i];
    if (item->kind == kind)
      func (item->blob, user_data);
  }
  return TRUE;
}

static gboolean
drop (SignetMemoryStore *self, SignetItemKind kind, const char *id)
{
  for (guint i = 0; i < self->items->len; i++) {
    SignetItem *item = self->items->pdata[i];
    if (item->kind == kind && g_str_equal (item->id, id))
      return g_ptr_array_remove_index (self->items, i) != NULL;
  }
  return FALSE;
}

static void
write_item (SignetMemoryStore *self, SignetItem *item)
{
  drop (self, item->kind, item->id);
  g_ptr_array_add (self->items, copy (item));
  self->writes++;
  signet_store_emit_changed (SIGNET_STORE (self));
}

static gboolean
put (SignetStore *store, SignetItem *item, GCancellable *cancellable, GError **error)
{
  SignetMemoryStore *self = SIGNET_MEMORY_STORE (store);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (!begin (self, TRUE, cancellable, error))
    return FALSE;
  if (self->puts_to_failure > 0 && --self->puts_to_failure == 0) {
    if (self->put_stores)
      write_item (self, item);
    return fail (error, self->put_failure);
  }
  write_item (self, item);
  if (self->put_cancels == NULL)
    return TRUE;
  g_cancellable_cancel (g_steal_pointer (&self->put_cancels));
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static gboolean
remove_item (SignetStore *store, SignetItemKind kind, const char *id, GCancellable *cancellable, GError **error)
{
  SignetMemoryStore *self = SIGNET_MEMORY_STORE (store);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (!begin (self, TRUE, cancellable, error))
    return FALSE;
  if (drop (self, kind, id)) {
    self->writes++;
    signet_store_emit_changed (store);
  }
  return TRUE;
}

static void
signet_memory_store_iface_init (SignetStoreInterface *iface)
{
  iface->unlock = unlock;
  iface->each = each;
  iface->put = put;
  iface->remove = remove_item;
}

static void
signet_memory_store_init (SignetMemoryStore *self)
{
  g_mutex_init (&self->mutex);
  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_item_free);
  self->failure = -1;
}

static void
signet_memory_store_finalize (GObject *object)
{
  SignetMemoryStore *self = SIGNET_MEMORY_STORE (object);

  g_ptr_array_unref (self->items);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (signet_memory_store_parent_class)->finalize (object);
}

static void
signet_memory_store_class_init (SignetMemoryStoreClass *class)
{
  G_OBJECT_CLASS (class)->finalize = signet_memory_store_finalize;
}

SignetMemoryStore *
signet_memory_store_new (void)
{
  return g_object_new (SIGNET_TYPE_MEMORY_STORE, NULL);
}

void
signet_memory_store_fail (SignetMemoryStore *self, SignetError code)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->failure = code;
}

void
signet_memory_store_work (SignetMemoryStore *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->failure = -1;
}

void
signet_memory_store_lock (SignetMemoryStore *self, gboolean refuses)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->locked = TRUE;
  self->refuses = refuses;
}

void
signet_memory_store_fail_put (SignetMemoryStore *self, guint nth, SignetError code, gboolean stored)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->puts_to_failure = nth;
  self->put_failure = code;
  self->put_stores = stored;
}

void
signet_memory_store_cancel_put (SignetMemoryStore *self, GCancellable *cancellable)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->put_cancels = cancellable;
}

guint
signet_memory_store_count_writes (SignetMemoryStore *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->writes;
}

guint
signet_memory_store_count_items (SignetMemoryStore *self, SignetItemKind kind)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  guint count = 0;

  for (guint i = 0; i < self->items->len; i++)
    count += ((SignetItem *) self->items->pdata[i])->kind == kind;
  return count;
}
