/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset-list.h"

#include "memory-store.h"
#include "sample-keyset.h"

static SignetKeyset *
save (SignetMemoryStore *store, const char *name)
{
  g_autoptr (GError) error = NULL;
  SignetKeyset *keyset = sample_keyset_new (name, SIGNET_LEVEL_LOW);

  signet_keysets_save (SIGNET_STORE (store), keyset, NULL, &error);
  g_assert_no_error (error);
  return keyset;
}

static void
put_text (SignetMemoryStore *store, const char *id, SignetSecret *blob)
{
  g_autoptr (SignetItem) item = signet_item_new (SIGNET_ITEM_KEYSET, id, "Test", blob);

  g_assert_true (signet_store_put (SIGNET_STORE (store), item, NULL, NULL));
}

static const char *
name_at (gpointer list, guint position)
{
  g_autoptr (SignetKeyset) keyset = g_list_model_get_item (list, position);

  return keyset != NULL ? signet_keyset_get_name (keyset) : NULL;     /* the list keeps it */
}

static void
test_load (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetKeyset) work = save (store, "Work"), home = save (store, "Home");
  guint damaged = 7;
  g_autoptr (GPtrArray) keysets = signet_keysets_load (SIGNET_STORE (store), &damaged, NULL, NULL);

  g_assert_cmpuint (keysets->len, ==, 2);
  g_assert_cmpstr (signet_keyset_get_name (keysets->pdata[0]), ==, "Home");
  g_assert_cmpstr (signet_keyset_get_name (keysets->pdata[1]), ==, "Work");
  g_assert_cmpuint (damaged, ==, 0);
}

/* Neither a damaged item nor one under a wrong id hides the others, or is taken for a keyset. */
static void
test_damaged (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetKeyset) work = save (store, "Work");
  g_autoptr (SignetSecret) garbage = signet_secret_new_text ("garbage"), blob = signet_keyset_to_blob (work, NULL);
  guint damaged = 0;

  put_text (store, "garbage", garbage);
  put_text (store, "another", blob);
  g_autoptr (GPtrArray) keysets = signet_keysets_load (SIGNET_STORE (store), &damaged, NULL, NULL);
  g_assert_cmpuint (keysets->len, ==, 1);
  g_assert_cmpuint (damaged, ==, 2);
}

static void
test_find (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetKeyset) work = save (store, "Work");
  g_autoptr (SignetKeyset) found = signet_keysets_find (SIGNET_STORE (store), "wORK", NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (signet_keyset_get_id (found), ==, signet_keyset_get_id (work));
  g_assert_null (signet_keysets_find (SIGNET_STORE (store), "Home", NULL, &error));
  g_assert_no_error (error);
  signet_memory_store_lock (store, FALSE);
  g_assert_null (signet_keysets_find (SIGNET_STORE (store), "Home", NULL, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_LOCKED);
}

/* A list, and what it has announced. */
typedef struct {
  SignetMemoryStore *store;
  SignetKeysetList *list;
  guint states, position, removed, added, announcements;
} Watched;

static void
on_state (SignetKeysetList *list, GParamSpec *spec, gpointer user_data)
{
  ((Watched *) user_data)->states++;
}

static void
on_items_changed (GListModel *model, guint position, guint removed, guint added, gpointer user_data)
{
  Watched *watched = user_data;

  watched->position = position;
  watched->removed = removed;
  watched->added = added;
  watched->announcements++;
}

static void
wait_for_state (Watched *watched)
{
  guint before = watched->states;

  while (watched->states == before)
    g_main_context_iteration (NULL, TRUE);
}

static void
set_up (Watched *watched, gconstpointer data)
{
  watched->store = signet_memory_store_new ();
  g_object_unref (save (watched->store, "B"));
  g_object_unref (save (watched->store, "D"));
  watched->list = signet_keyset_list_new (SIGNET_STORE (watched->store));
  g_signal_connect (watched->list, "notify::state", G_CALLBACK (on_state), watched);
  g_signal_connect (watched->list, "items-changed", G_CALLBACK (on_items_changed), watched);
  g_assert_cmpuint (signet_keyset_list_get_state (watched->list), ==, SIGNET_LIST_LOADING);
  wait_for_state (watched);
  wait_for_state (watched);     /* again, by the signal of what was saved just before */
}

static void
tear_down (Watched *watched, gconstpointer data)
{
  g_object_unref (watched->list);
  g_object_unref (watched->store);
}

static void
test_list (Watched *watched, gconstpointer data)
{
  g_assert_cmpuint (signet_keyset_list_get_state (watched->list), ==, SIGNET_LIST_READY);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (watched->list)) == SIGNET_TYPE_KEYSET);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (watched->list)), ==, 2);
  g_assert_cmpstr (name_at (watched->list, 0), ==, "B");
  g_assert_cmpstr (name_at (watched->list, 1), ==, "D");
  g_assert_null (name_at (watched->list, 2));
}

/* A change in the store comes by itself, and touches its own row only. */
static void
test_list_change (Watched *watched, gconstpointer data)
{
  g_autoptr (SignetKeyset) last = g_list_model_get_item (G_LIST_MODEL (watched->list), 1);

  watched->announcements = 0;
  g_object_unref (save (watched->store, "C"));
  while (watched->announcements == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (watched->position, ==, 1);
  g_assert_cmpuint (watched->removed, ==, 0);
  g_assert_cmpuint (watched->added, ==, 1);
  g_assert_cmpstr (name_at (watched->list, 1), ==, "C");

  signet_store_remove (SIGNET_STORE (watched->store), SIGNET_ITEM_KEYSET, signet_keyset_get_id (last), NULL, NULL);
  while (watched->announcements == 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (watched->position, ==, 2);
  g_assert_cmpuint (watched->removed, ==, 1);
  g_assert_cmpuint (watched->added, ==, 0);
}

/* A reload that finds the same announces nothing. */
static void
test_list_same (Watched *watched, gconstpointer data)
{
  watched->announcements = 0;
  signet_keyset_list_reload (watched->list);
  wait_for_state (watched);
  g_assert_cmpuint (watched->announcements, ==, 0);
}

/* A load that is asked for during a load is not forgotten. */
static void
test_list_again (Watched *watched, gconstpointer data)
{
  signet_keyset_list_reload (watched->list);
  signet_keyset_list_reload (watched->list);
  wait_for_state (watched);
  wait_for_state (watched);
}

static void
test_list_locked (Watched *watched, gconstpointer data)
{
  signet_memory_store_lock (watched->store, TRUE);
  signet_keyset_list_reload (watched->list);
  wait_for_state (watched);
  g_assert_cmpuint (signet_keyset_list_get_state (watched->list), ==, SIGNET_LIST_FAILED);
  g_assert_error (signet_keyset_list_get_error (watched->list), SIGNET_ERROR, SIGNET_ERROR_LOCKED);

  signet_keyset_list_unlock (watched->list);      /* the user refuses */
  wait_for_state (watched);
  g_assert_cmpuint (signet_keyset_list_get_state (watched->list), ==, SIGNET_LIST_FAILED);

  signet_memory_store_lock (watched->store, FALSE);
  signet_keyset_list_unlock (watched->list);
  wait_for_state (watched);
  g_assert_cmpuint (signet_keyset_list_get_state (watched->list), ==, SIGNET_LIST_READY);
  g_assert_null (signet_keyset_list_get_error (watched->list));
}

static void
test_list_damaged (Watched *watched, gconstpointer data)
{
  g_autoptr (SignetSecret) garbage = signet_secret_new_text ("garbage");

  put_text (watched->store, "garbage", garbage);
  wait_for_state (watched);
  g_assert_cmpuint (signet_keyset_list_get_damaged (watched->list), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (watched->list)), ==, 2);
}

/* Dropped while it loads: what comes back then finds nobody. */
/* A keyset whose current encryption key is an older one of another has been replaced by that. */
static void
test_list_successor (Watched *watched, gconstpointer data)
{
  g_autoptr (SampleIds) ids = sample_ids_new ();
  g_autoptr (SignetKeyset) first = g_list_model_get_item (G_LIST_MODEL (watched->list), 0);
  SignetKeyset *successor;

  sample_ids_add (ids, SIGNET_ID_ENCRYPTION, TRUE, 2, "asa@example.org", 0, NULL);
  g_autoptr (SignetKeyset) former = signet_keyset_new ("Former", SIGNET_LEVEL_LOW, ids->ids, ids->keys, NULL, NULL);
  g_assert_true (signet_keysets_save (SIGNET_STORE (watched->store), former, NULL, NULL));
  signet_keyset_list_reload (watched->list);
  wait_for_state (watched);

  successor = signet_keyset_list_find_successor (watched->list, former);
  g_assert_nonnull (successor);
  g_assert_cmpstr (signet_keyset_get_name (successor), !=, "Former");
  g_assert_null (signet_keyset_list_find_successor (watched->list, first));

  while (g_list_model_get_n_items (G_LIST_MODEL (watched->list)) > 1) {
    successor = signet_keyset_list_find_successor (watched->list, former);
    g_assert_nonnull (successor);
    g_assert_true (signet_store_remove (SIGNET_STORE (watched->store), SIGNET_ITEM_KEYSET,
                                        signet_keyset_get_id (successor), NULL, NULL));
    signet_keyset_list_reload (watched->list);
    wait_for_state (watched);
  }
  g_assert_null (signet_keyset_list_find_successor (watched->list, former));
}

static void
test_list_dropped (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  SignetKeysetList *list = signet_keyset_list_new (SIGNET_STORE (store));

  g_object_add_weak_pointer (G_OBJECT (list), (gpointer *) &list);
  g_object_unref (list);
  g_assert_null (list);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keyset/keyset-list/load", test_load);
  g_test_add_func ("/keyset/keyset-list/damaged", test_damaged);
  g_test_add_func ("/keyset/keyset-list/find", test_find);
  g_test_add ("/keyset/keyset-list/list", Watched, NULL, set_up, test_list, tear_down);
  g_test_add ("/keyset/keyset-list/list/change", Watched, NULL, set_up, test_list_change, tear_down);
  g_test_add ("/keyset/keyset-list/list/same", Watched, NULL, set_up, test_list_same, tear_down);
  g_test_add ("/keyset/keyset-list/list/again", Watched, NULL, set_up, test_list_again, tear_down);
  g_test_add ("/keyset/keyset-list/list/locked", Watched, NULL, set_up, test_list_locked, tear_down);
  g_test_add ("/keyset/keyset-list/list/damaged", Watched, NULL, set_up, test_list_damaged, tear_down);
  g_test_add ("/keyset/keyset-list/list/successor", Watched, NULL, set_up, test_list_successor, tear_down);
  g_test_add_func ("/keyset/keyset-list/list/dropped", test_list_dropped);
  return g_test_run ();
}
