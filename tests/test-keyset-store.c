/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "memory-store.h"

#include <glib/gstdio.h>

static void
count_change (SignetStore *store, gpointer user_data)
{
  (*(guint *) user_data)++;
}

/* Several changes at once are told once, on the main context; a store that is gone tells nothing. */
static void
test_changed (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  guint changes = 0;

  g_signal_connect (store, "changed", G_CALLBACK (count_change), &changes);
  for (guint round = 1; round <= 2; round++) {
    for (guint i = 0; i < 5; i++)
      signet_store_emit_changed (SIGNET_STORE (store));
    g_assert_cmpuint (changes, ==, round - 1);
    while (changes < round)
      g_main_context_iteration (NULL, TRUE);
    g_assert_false (g_main_context_pending (NULL));
    g_assert_cmpuint (changes, ==, round);
  }

  signet_store_emit_changed (SIGNET_STORE (store));
  g_clear_object (&store);
  g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (changes, ==, 2);
}

static gpointer
take_lock (gpointer data)
{
  return signet_store_lock (data, NULL, NULL);
}

/* A second one waits until the first lets go. */
static void
test_lock (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetStoreLock) first = signet_store_lock (SIGNET_STORE (store), NULL, &error), second = NULL;

  g_assert_no_error (error);
  g_autoptr (GThread) thread = g_thread_new ("lock", take_lock, store);
  g_clear_pointer (&first, signet_store_lock_free);
  second = g_thread_join (g_steal_pointer (&thread));
  g_assert_nonnull (second);
}

/* It does not wait for ever. */
static void
test_lock_busy (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetStoreLock) first = signet_store_lock (SIGNET_STORE (store), NULL, NULL);
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_store_lock (SIGNET_STORE (store), NULL, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_BUSY);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 10 * G_USEC_PER_SEC);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_USEC_PER_SEC);
}

typedef struct {
  SignetStore *store;
  GCancellable *cancellable;
  GError *error;
} Waiter;

static gpointer
wait_for_lock (gpointer data)
{
  Waiter *waiter = data;

  return signet_store_lock (waiter->store, waiter->cancellable, &waiter->error);
}

static void
test_lock_cancelled (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetStoreLock) first = signet_store_lock (SIGNET_STORE (store), NULL, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Waiter waiter = { SIGNET_STORE (store), cancellable, NULL };
  GThread *thread = g_thread_new ("lock", wait_for_lock, &waiter);
  gint64 start = g_get_monotonic_time ();

  g_cancellable_cancel (cancellable);
  g_assert_null (g_thread_join (thread));
  g_assert_error (waiter.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
  g_clear_error (&waiter.error);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("signet-store-XXXXXX", NULL);
  g_autofree char *lock_folder = g_build_filename (folder, "signet", NULL);
  g_autofree char *lock = g_build_filename (lock_folder, "store-lock", NULL);

  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keyset/store/changed", test_changed);
  g_test_add_func ("/keyset/store/lock", test_lock);
  g_test_add_func ("/keyset/store/lock/busy", test_lock_busy);
  g_test_add_func ("/keyset/store/lock/cancelled", test_lock_cancelled);
  int result = g_test_run ();
  g_unlink (lock);
  g_rmdir (lock_folder);
  g_rmdir (folder);
  return result;
}
