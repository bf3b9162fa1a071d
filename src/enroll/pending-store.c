/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enroll/pending-store.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/i18n.h"
#include "keyset/keyset-list.h"

/* How long a removed request is remembered: longer than any authority keeps a reply. */
#define REMEMBER_REMOVED (90 * 24 * 3600)

GPtrArray *
signet_pendings_load (SignetStore *store, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) blobs = signet_store_list (store, SIGNET_ITEM_PENDING, cancellable, error);

  if (blobs == NULL)
    return NULL;

  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < blobs->len; i++) {
    g_autoptr (GError) unreadable = NULL;
    SignetPending *pending = signet_pending_from_blob (blobs->pdata[i], &unreadable);

    if (pending != NULL)
      g_ptr_array_add (list, pending);
    else
      g_debug ("A stored request cannot be read: %s", unreadable->message);
  }
  return list;
}

static SignetPending *
find_by_id (GPtrArray *list, const char *id, GError **error)
{
  for (guint i = 0; i < list->len; i++) {
    if (g_str_equal (signet_pending_get_id (list->pdata[i]), id))
      return g_object_ref (list->pdata[i]);
  }
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND,
                       _("There is no such request. It may have been installed or removed meanwhile."));
  return NULL;
}

/* The one of KEYSETS that the reply to this reply key has been installed into; or NULL. */
static SignetKeyset *
find_keyset (GPtrArray *keysets, GBytes *reply_id)
{
  for (guint i = 0; i < keysets->len; i++) {
    if (signet_keyset_find_reply (keysets->pdata[i], reply_id) != NULL)
      return keysets->pdata[i];
  }
  return NULL;
}

/* The keysets, which a READY or CERTIFICATE request must be compared with; none are read, of what may be a thousand,
 * when no request of ALL is. */
static GPtrArray *
load_keysets_for (SignetStore *store, GPtrArray *all, GCancellable *cancellable, GError **error)
{
  for (guint i = 0; i < all->len; i++) {
    SignetPendingState state = signet_pending_get_state (all->pdata[i]);
    if (state == SIGNET_PENDING_READY || state == SIGNET_PENDING_CERTIFICATE)
      return signet_keysets_load (store, NULL, cancellable, error);
  }
  return g_ptr_array_new ();
}

/* PENDING as it really stands: after a kill between the writes of an install the keyset knows better. */
static SignetPending *
look_at (SignetPending *pending, GPtrArray *keysets, GError **error)
{
  if (signet_pending_get_state (pending) == SIGNET_PENDING_READY &&
      find_keyset (keysets, signet_pending_get_facts (pending)->reply_id) != NULL)
    return signet_pending_installed (pending, error);
  return g_object_ref (pending);
}

SignetPending *
signet_pendings_find (SignetStore *store, const char *id, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) list = signet_pendings_load (store, cancellable, error);
  g_autoptr (SignetPending) pending = list != NULL ? find_by_id (list, id, error) : NULL;

  if (pending == NULL || signet_pending_get_state (pending) != SIGNET_PENDING_READY)
    return g_steal_pointer (&pending);

  g_autoptr (GPtrArray) keysets = signet_keysets_load (store, NULL, cancellable, error);
  return keysets != NULL ? look_at (pending, keysets, error) : NULL;
}

/* Nothing more is to be done: one that was removed long ago, or one whose certificate is in a keyset. */
static gboolean
is_over (SignetPending *pending, GPtrArray *keysets)
{
  SignetPendingState state = signet_pending_get_state (pending);

  return (state == SIGNET_PENDING_REMOVED &&
          signet_pending_get_created (pending) + REMEMBER_REMOVED < signet_clock_now ()) ||
         (state == SIGNET_PENDING_CERTIFICATE &&
          find_keyset (keysets, signet_pending_get_facts (pending)->reply_id) != NULL);
}

/* By their ids when they were made within one second: the store gives them in any order, another each time. */
static int
compare_created (gconstpointer a, gconstpointer b)
{
  SignetPending *one = *(SignetPending *const *) a, *two = *(SignetPending *const *) b;
  gint64 first = signet_pending_get_created (one), second = signet_pending_get_created (two);

  return first != second ? (first < second ? -1 : 1) : g_strcmp0 (signet_pending_get_id (one),
                                                                  signet_pending_get_id (two));
}

GPtrArray *
signet_pendings_list (SignetStore *store, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) all = signet_pendings_load (store, cancellable, error);
  g_autoptr (GPtrArray) keysets = all != NULL ? load_keysets_for (store, all, cancellable, error) : NULL;
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_object_unref);

  if (keysets == NULL)
    return NULL;
  for (guint i = 0; i < all->len; i++) {
    gboolean over = is_over (all->pdata[i], keysets);
    if (over)
      signet_store_remove (store, SIGNET_ITEM_PENDING, signet_pending_get_id (all->pdata[i]), cancellable, NULL);
    if (over || signet_pending_get_state (all->pdata[i]) == SIGNET_PENDING_REMOVED)
      continue;
    SignetPending *pending = look_at (all->pdata[i], keysets, error);
    if (pending == NULL)
      return NULL;
    g_ptr_array_add (list, pending);
  }
  g_ptr_array_sort (list, compare_created);
  return g_steal_pointer (&list);
}

gboolean
signet_pendings_save (SignetStore *store, SignetPending *pending, GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetSecret) blob = signet_pending_to_blob (pending, error);

  if (blob == NULL)
    return FALSE;
  const char *authority = signet_pending_get_authority_name (pending);
  g_autofree char *label = authority != NULL ? g_strdup_printf (_("Signet request to %s"), authority)
                                             : g_strdup (_("Signet request in a file"));
  g_autoptr (SignetItem) item = signet_item_new (SIGNET_ITEM_PENDING, signet_pending_get_id (pending), label, blob);
  return signet_store_put (store, item, cancellable, error);
}

SignetPending *
signet_pendings_replace (SignetStore *store, SignetPending *former, SignetPending *next, GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (SignetStoreLock) lock = signet_store_lock (store, cancellable, error);

  if (lock == NULL)
    return NULL;

  g_autoptr (SignetPending) stored = signet_pendings_find (store, signet_pending_get_id (former), cancellable, error);
  if (stored == NULL)
    return NULL;
  if (signet_pending_get_state (stored) != signet_pending_get_state (former))
    return g_steal_pointer (&stored);
  return signet_pendings_save (store, next, cancellable, error) ? g_object_ref (next) : NULL;
}

/* Under the lock, so that nobody who has just read it writes it anew. */
gboolean
signet_pendings_forget (SignetStore *store, SignetPending *pending, GCancellable *cancellable, GError **error)
{
  const char *id = signet_pending_get_id (pending);
  g_autoptr (SignetStoreLock) lock = signet_store_lock (store, cancellable, error);
  g_autoptr (GError) problem = NULL;
  g_autoptr (SignetPending) stored = lock != NULL ? signet_pendings_find (store, id, cancellable, &problem) : NULL;

  if (lock == NULL || g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND))
    return lock != NULL;
  if (stored == NULL) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  return signet_pending_get_state (stored) != signet_pending_get_state (pending) ||
         signet_store_remove (store, SIGNET_ITEM_PENDING, id, cancellable, error);
}

SignetKeyset *
signet_pendings_find_installed (SignetStore *store, GBytes *reply_id, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) keysets = signet_keysets_load (store, NULL, cancellable, error);
  SignetKeyset *keyset = keysets != NULL ? find_keyset (keysets, reply_id) : NULL;

  return keyset != NULL ? g_object_ref (keyset) : NULL;
}
