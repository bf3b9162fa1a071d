/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/store.h"

G_DEFINE_INTERFACE (SignetStore, signet_store, G_TYPE_OBJECT)

/* Milliseconds in which several changes become one signal: a service announces one put by up to three signals. */
#define SETTLE 100

static guint changed_signal;
static GQuark changed_pending;

static void
signet_store_default_init (SignetStoreInterface *iface)
{
  changed_signal = g_signal_new ("changed", SIGNET_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  changed_pending = g_quark_from_static_string ("signet-store-changed-pending");
}

SignetItem *
signet_item_new (SignetItemKind kind, const char *id, const char *label, SignetSecret *blob)
{
  SignetItem *self = g_new0 (SignetItem, 1);

  self->kind = kind;
  self->id = g_strdup (id);
  self->label = g_strdup (label);
  self->blob = signet_secret_ref (blob);
  return self;
}

void
signet_item_free (SignetItem *self)
{
  g_free (self->id);
  g_free (self->label);
  signet_secret_unref (self->blob);
  g_free (self);
}

gboolean
signet_store_unlock (SignetStore *self, GCancellable *cancellable, GError **error)
{
  return SIGNET_STORE_GET_IFACE (self)->unlock (self, cancellable, error);
}

gboolean
signet_store_each (SignetStore *self, SignetItemKind kind, SignetBlobFunc func, gpointer user_data,
                   GCancellable *cancellable, GError **error)
{
  return SIGNET_STORE_GET_IFACE (self)->each (self, kind, func, user_data, cancellable, error);
}

static void
add_blob (SignetSecret *blob, gpointer blobs)
{
  g_ptr_array_add (blobs, signet_secret_ref (blob));
}

GPtrArray *
signet_store_list (SignetStore *self, SignetItemKind kind, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) blobs = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_secret_unref);

  return signet_store_each (self, kind, add_blob, blobs, cancellable, error) ? g_steal_pointer (&blobs) : NULL;
}

gboolean
signet_store_put (SignetStore *self, SignetItem *item, GCancellable *cancellable, GError **error)
{
  return SIGNET_STORE_GET_IFACE (self)->put (self, item, cancellable, error);
}

gboolean
signet_store_remove (SignetStore *self, SignetItemKind kind, const char *id, GCancellable *cancellable, GError **error)
{
  return SIGNET_STORE_GET_IFACE (self)->remove (self, kind, id, cancellable, error);
}

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static gboolean
emit_changed (gpointer data)
{
  g_autoptr (GObject) self = g_weak_ref_get (data);

  if (self != NULL) {
    g_object_set_qdata (self, changed_pending, NULL);
    g_signal_emit (self, changed_signal, 0);
  }
  return G_SOURCE_REMOVE;
}

void
signet_store_emit_changed (SignetStore *self)
{
  if (!g_object_replace_qdata (G_OBJECT (self), changed_pending, NULL, GINT_TO_POINTER (TRUE), NULL, NULL))
    return;     /* one is on its way */

  GWeakRef *weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  g_autoptr (GSource) source = g_timeout_source_new (SETTLE);
  g_source_set_callback (source, emit_changed, weak, weak_ref_free);
  g_source_attach (source, NULL);
}
