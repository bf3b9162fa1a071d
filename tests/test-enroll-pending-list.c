/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enroll/pending-list.h"

#include "base/clock.h"
#include "base/error.h"
#include "memory-store.h"
#include "protocol/temporary-key.h"
#include "test-ca.h"

/* The list that windows show, over a store in memory.  Nothing listens at the requests' server. */

#define PATIENCE (30 * G_USEC_PER_SEC)
#define DAY (24 * 3600)

typedef struct {
  SignetMemoryStore *store;
  SignetEnroller *enroller;
  SignetPendingList *list;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->store = signet_memory_store_new ();
  fixture->enroller = signet_enroller_new (SIGNET_STORE (fixture->store));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->list);
  g_object_unref (fixture->enroller);
  g_object_unref (fixture->store);
}

static void
put (Fixture *fixture, SignetPending *pending)
{
  g_autoptr (SignetSecret) blob = signet_pending_to_blob (pending, NULL);
  g_autoptr (SignetItem) item = signet_item_new (SIGNET_ITEM_PENDING, signet_pending_get_id (pending), "", blob);

  g_assert_true (signet_store_put (SIGNET_STORE (fixture->store), item, NULL, NULL));
}

/* A request that has been sent, and is to be asked for at RETRY_AT. */
static SignetPending *
make_waiting (gint64 created, gint64 retry_at)
{
  g_autoptr (TestCa) ca = test_ca_new ("Example Authority");
  g_autoptr (GPtrArray) certificates = g_ptr_array_new ();
  g_autoptr (SignetSecret) key = signet_temporary_key_generate ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetInvitation) invitation = signet_invitation_new ("https://127.0.0.1:1", NULL, "asa@example.org",
                                                                   test_ca_get_pin (ca), key, &error);
  g_assert_no_error (error);
  g_ptr_array_add (certificates, test_ca_get_root (ca));
  g_autoptr (SignetAuthorityInfo) info = signet_authority_info_new ("Example Authority", NULL, certificates);
  g_autoptr (SignetPending) pending = signet_pending_new (invitation, info, "Work", created, &error);
  g_assert_no_error (error);
  return signet_pending_accepted (pending, "https://127.0.0.1:1/reply", retry_at);
}

static void
wait_until (Fixture *fixture, gboolean (*is_so) (Fixture *, const char *), const char *id)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;

  while (!is_so (fixture, id) && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  g_assert_true (is_so (fixture, id));
}

static gboolean
is_loaded (Fixture *fixture, const char *id)
{
  return signet_pending_list_is_loaded (fixture->list);
}

static gboolean
is_checking (Fixture *fixture, const char *id)
{
  return signet_pending_list_is_checking (fixture->list, id);
}

static gboolean
is_settled (Fixture *fixture, const char *id)
{
  return !is_checking (fixture, id);
}

static gboolean
is_empty (Fixture *fixture, const char *id)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->list)) == 0;
}

static void
start (Fixture *fixture)
{
  fixture->list = signet_pending_list_new (fixture->enroller);
  wait_until (fixture, is_loaded, NULL);
}

/* What is due is asked for, what is not is left alone; a time that no server can have set, as after a wrong clock, is
 * not waited for. */
static void
test_due (Fixture *fixture, gconstpointer data)
{
  gint64 now = signet_clock_now ();
  g_autoptr (SignetPending) due = make_waiting (now - 30, now - 1), later = make_waiting (now - 20, now + 3600);
  g_autoptr (SignetPending) never = make_waiting (now - 10, now + 10 * DAY);

  put (fixture, due);
  put (fixture, later);
  put (fixture, never);
  start (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->list)), ==, 3);
  wait_until (fixture, is_checking, signet_pending_get_id (due));
  wait_until (fixture, is_checking, signet_pending_get_id (never));
  g_assert_false (is_checking (fixture, signet_pending_get_id (later)));
}

static void
on_items_changed (GListModel *list, guint position, guint removed, guint added)
{
  for (guint i = position; i < position + added; i++) {
    g_autoptr (SignetPending) pending = g_list_model_get_item (list, i);
    g_assert_cmpint (signet_pending_get_state (pending), !=, SIGNET_PENDING_REMOVED);
  }
}

/* Removed by another hand at the moment of a check: it never comes back as a row. */
static void
test_removed (Fixture *fixture, gconstpointer data)
{
  gint64 now = signet_clock_now ();
  g_autoptr (SignetPending) waiting = make_waiting (now, now + 3600);
  const char *id = signet_pending_get_id (waiting);

  put (fixture, waiting);
  start (fixture);
  g_signal_connect (fixture->list, "items-changed", G_CALLBACK (on_items_changed), NULL);
  g_autoptr (SignetPending) removed = signet_enroller_remove (fixture->enroller, id, NULL, NULL);
  g_assert_nonnull (removed);
  signet_pending_list_check (fixture->list, id);
  wait_until (fixture, is_settled, id);
  wait_until (fixture, is_empty, id);
}

/* Dropped while it loads and checks: nothing of it is looked at any more. */
static void
test_dropped (Fixture *fixture, gconstpointer data)
{
  gint64 now = signet_clock_now ();
  g_autoptr (SignetPending) waiting = make_waiting (now, now + 3600);

  put (fixture, waiting);
  start (fixture);
  signet_pending_list_check (fixture->list, signet_pending_get_id (waiting));
  put (fixture, waiting);
  g_clear_object (&fixture->list);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  fixture->list = signet_pending_list_new (fixture->enroller);
  g_clear_object (&fixture->list);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

#define ADD(name, func) g_test_add ("/enroll/pending-list/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("due", test_due);
  ADD ("removed", test_removed);
  ADD ("dropped", test_dropped);
  return g_test_run ();
}
