/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset-list.h"

#include "base/i18n.h"
#include "base/job.h"
#include "base/list-change.h"

#include <string.h>

static int
compare (gconstpointer a, gconstpointer b)
{
  SignetKeyset *left = *(SignetKeyset *const *) a, *right = *(SignetKeyset *const *) b;
  int by_name = g_utf8_collate (signet_keyset_get_name (left), signet_keyset_get_name (right));

  return by_name != 0 ? by_name : strcmp (signet_keyset_get_id (left), signet_keyset_get_id (right));
}

/* One that the service has handed over; other threads take it apart while the service is still busy with the next. */
typedef struct {
  SignetSecret *blob;       /* until then */
  SignetKeyset *keyset;     /* afterwards; NULL: it cannot be read */
} Stored;

static void
stored_free (gpointer data)
{
  Stored *stored = data;

  g_clear_pointer (&stored->blob, signet_secret_unref);
  g_clear_object (&stored->keyset);
  g_free (stored);
}

static void
read_keyset (gpointer data, gpointer user_data)
{
  Stored *stored = data;
  g_autoptr (GError) error = NULL;

  stored->keyset = signet_keyset_from_blob (stored->blob, &error);
  g_clear_pointer (&stored->blob, signet_secret_unref);      /* its memory serves for the next */
  if (stored->keyset == NULL)
    g_debug ("A stored keyset cannot be read: %s", error->message);
}

typedef struct {
  GPtrArray *stored;
  GThreadPool *readers;
} Loading;

static void
on_blob (SignetSecret *blob, gpointer user_data)
{
  Loading *loading = user_data;
  Stored *stored = g_new0 (Stored, 1);

  stored->blob = signet_secret_ref (blob);
  g_ptr_array_add (loading->stored, stored);
  g_thread_pool_push (loading->readers, stored, NULL);
}

/* Those that can be read, in the service's order; of two under one id the first. */
static GPtrArray *
collect (GPtrArray *stored)
{
  GPtrArray *keysets = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < stored->len; i++) {
    SignetKeyset *keyset = ((Stored *) stored->pdata[i])->keyset;
    if (keyset != NULL && g_hash_table_add (ids, (char *) signet_keyset_get_id (keyset)))
      g_ptr_array_add (keysets, g_object_ref (keyset));
  }
  return keysets;
}

GPtrArray *
signet_keysets_load (SignetStore *store, guint *damaged, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) stored = g_ptr_array_new_with_free_func (stored_free);
  Loading loading = { stored, g_thread_pool_new (read_keyset, NULL, g_get_num_processors (), FALSE, NULL) };
  gboolean complete = signet_store_each (store, SIGNET_ITEM_KEYSET, on_blob, &loading, cancellable, error);

  g_thread_pool_free (loading.readers, FALSE, TRUE);
  if (!complete)
    return NULL;

  GPtrArray *keysets = collect (stored);
  g_ptr_array_sort (keysets, compare);
  if (damaged != NULL)
    *damaged = stored->len - keysets->len;
  return keysets;
}

static SignetKeyset *
find_by_name (GPtrArray *keysets, const char *name)
{
  for (guint i = 0; i < keysets->len; i++) {
    if (signet_keyset_name_equal (signet_keyset_get_name (keysets->pdata[i]), name))
      return keysets->pdata[i];
  }
  return NULL;
}

SignetKeyset *
signet_keysets_find (SignetStore *store, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) keysets = signet_keysets_load (store, NULL, cancellable, error);
  SignetKeyset *keyset = keysets != NULL ? find_by_name (keysets, name) : NULL;

  return keyset != NULL ? g_object_ref (keyset) : NULL;
}

char *
signet_keysets_suggest_name (GPtrArray *keysets, const char *name)
{
  g_autofree char *candidate = g_strdup (name);

  for (guint number = 2; find_by_name (keysets, candidate) != NULL; number++) {
    g_free (candidate);
    candidate = g_strdup_printf ("%s %u", name, number);
  }
  return g_steal_pointer (&candidate);
}

gboolean
signet_keysets_save (SignetStore *store, SignetKeyset *keyset, GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetSecret) blob = signet_keyset_to_blob (keyset, error);
  g_autofree char *label = g_strdup_printf (_("Digital IDs: %s"), signet_keyset_get_name (keyset));
  g_autoptr (SignetItem) item = NULL;

  if (blob == NULL)
    return FALSE;
  item = signet_item_new (SIGNET_ITEM_KEYSET, signet_keyset_get_id (keyset), label, blob);
  return signet_store_put (store, item, cancellable, error);
}

struct _SignetKeysetList {
  GObject parent;
  SignetStore *store;
  GPtrArray *keysets;         /* of SignetKeyset */
  GHashTable *successors;     /* SubjectPublicKeyInfo of an older encryption key → the SignetKeyset that has it */
  SignetListState state;
  GError *error;
  guint damaged;
  gboolean loading;
  gboolean again;             /* something changed while it was loading */
  GCancellable *cancellable;
};

enum { PROP_STATE = 1 };

static void signet_keyset_list_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SignetKeysetList, signet_keyset_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, signet_keyset_list_iface_init))

static GType
signet_keyset_list_get_item_type (GListModel *model)
{
  return SIGNET_TYPE_KEYSET;
}

static guint
signet_keyset_list_get_n_items (GListModel *model)
{
  return SIGNET_KEYSET_LIST (model)->keysets->len;
}

static gpointer
signet_keyset_list_get_item (GListModel *model, guint position)
{
  SignetKeysetList *self = SIGNET_KEYSET_LIST (model);

  return position < self->keysets->len ? g_object_ref (self->keysets->pdata[position]) : NULL;
}

static void
signet_keyset_list_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = signet_keyset_list_get_item_type;
  iface->get_n_items = signet_keyset_list_get_n_items;
  iface->get_item = signet_keyset_list_get_item;
}

/* What a load brings back from its thread. */
typedef struct {
  GPtrArray *keysets;
  guint damaged;
} Loaded;

static void
loaded_free (gpointer data)
{
  Loaded *loaded = data;

  g_ptr_array_unref (loaded->keysets);
  g_free (loaded);
}

static gpointer
load (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  guint damaged = 0;
  GPtrArray *keysets = signet_keysets_load (source, &damaged, cancellable, error);

  if (keysets == NULL)
    return NULL;
  Loaded *loaded = g_new0 (Loaded, 1);
  loaded->keysets = keysets;
  loaded->damaged = damaged;
  return loaded;
}

static gboolean
is_same (gconstpointer a, gconstpointer b)
{
  return signet_keyset_equal ((SignetKeyset *) a, (SignetKeyset *) b);
}

static void
note_older_keys (GHashTable *successors, SignetKeyset *keyset)
{
  GPtrArray *ids = signet_keyset_get_ids (keyset);

  for (guint i = 0; i < ids->len; i++) {
    const SignetDigitalId *id = ids->pdata[i];
    if (id->use == SIGNET_ID_ENCRYPTION && !id->current)
      g_hash_table_insert (successors, signet_certificate_get_spki (id->certificate), keyset);
  }
}

/* Puts KEYSETS in the place of what is there. */
static void
replace (SignetKeysetList *self, GPtrArray *keysets)
{
  g_autoptr (GPtrArray) former = g_steal_pointer (&self->keysets);

  self->keysets = g_ptr_array_ref (keysets);
  g_hash_table_remove_all (self->successors);
  for (guint i = 0; i < keysets->len; i++)
    note_older_keys (self->successors, keysets->pdata[i]);
  signet_list_announce (G_LIST_MODEL (self), former, self->keysets, is_same);
}

static void
set_state (SignetKeysetList *self, SignetListState state, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
  self->state = state;
  g_object_notify (G_OBJECT (self), "state");
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  Loaded *loaded = signet_job_finish (source, result, load, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_autoptr (SignetKeysetList) self = g_object_ref (user_data);     /* a listener may drop it */
  self->loading = FALSE;
  if (loaded != NULL) {
    self->damaged = loaded->damaged;
    replace (self, loaded->keysets);
    loaded_free (loaded);
    set_state (self, SIGNET_LIST_READY, NULL);
  } else {
    set_state (self, SIGNET_LIST_FAILED, g_steal_pointer (&error));
  }
  if (self->again && !g_cancellable_is_cancelled (self->cancellable))
    signet_keyset_list_reload (self);
}

void
signet_keyset_list_reload (SignetKeysetList *self)
{
  self->again = self->loading;
  if (self->loading)
    return;
  self->loading = TRUE;
  signet_job_run (self->store, load, load, NULL, NULL, loaded_free, self->cancellable, on_loaded, self);
}

static gpointer
unlock (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  return GINT_TO_POINTER (signet_store_unlock (source, cancellable, error));
}

static void
on_unlocked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean unlocked = GPOINTER_TO_INT (signet_job_finish (source, result, unlock, &error));

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (unlocked)
    signet_keyset_list_reload (user_data);
  else
    set_state (user_data, SIGNET_LIST_FAILED, g_steal_pointer (&error));
}

void
signet_keyset_list_unlock (SignetKeysetList *self)
{
  signet_job_run (self->store, unlock, unlock, NULL, NULL, NULL, self->cancellable, on_unlocked, self);
}

SignetListState
signet_keyset_list_get_state (SignetKeysetList *self)
{
  return self->state;
}

const GError *
signet_keyset_list_get_error (SignetKeysetList *self)
{
  return self->error;
}

guint
signet_keyset_list_get_damaged (SignetKeysetList *self)
{
  return self->damaged;
}

SignetKeyset *
signet_keyset_list_find_successor (SignetKeysetList *self, SignetKeyset *keyset)
{
  SignetDigitalId *id = signet_keyset_get_current (keyset, SIGNET_ID_ENCRYPTION);
  SignetKeyset *found = id != NULL ? g_hash_table_lookup (self->successors,
                                                          signet_certificate_get_spki (id->certificate)) : NULL;

  return found != keyset ? found : NULL;
}

static void
signet_keyset_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_int (value, SIGNET_KEYSET_LIST (object)->state);
}

static void
signet_keyset_list_dispose (GObject *object)
{
  SignetKeysetList *self = SIGNET_KEYSET_LIST (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (signet_keyset_list_parent_class)->dispose (object);
}

static void
signet_keyset_list_finalize (GObject *object)
{
  SignetKeysetList *self = SIGNET_KEYSET_LIST (object);

  g_hash_table_unref (self->successors);
  g_ptr_array_unref (self->keysets);
  g_clear_error (&self->error);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (signet_keyset_list_parent_class)->finalize (object);
}

static void
signet_keyset_list_class_init (SignetKeysetListClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = signet_keyset_list_get_property;
  object_class->dispose = signet_keyset_list_dispose;
  object_class->finalize = signet_keyset_list_finalize;
  g_object_class_install_property (object_class, PROP_STATE,
                                   g_param_spec_int ("state", NULL, NULL, SIGNET_LIST_LOADING, SIGNET_LIST_FAILED,
                                                     SIGNET_LIST_LOADING, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
signet_keyset_list_init (SignetKeysetList *self)
{
  self->keysets = g_ptr_array_new_with_free_func (g_object_unref);
  self->successors = g_hash_table_new (g_bytes_hash, g_bytes_equal);
  self->cancellable = g_cancellable_new ();
}

SignetKeysetList *
signet_keyset_list_new (SignetStore *store)
{
  SignetKeysetList *self = g_object_new (SIGNET_TYPE_KEYSET_LIST, NULL);

  self->store = g_object_ref (store);
  g_signal_connect_object (store, "changed", G_CALLBACK (signet_keyset_list_reload), self, G_CONNECT_SWAPPED);
  signet_keyset_list_reload (self);
  return self;
}
