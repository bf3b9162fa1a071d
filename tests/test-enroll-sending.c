/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enroll/enroller.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/process.h"
#include "enroll/pending-list.h"
#include "hostile-server.h"
#include "memory-store.h"
#include "protocol/temporary-key.h"
#include "test-ca.h"
#include "tls-identity.h"

/* What is kept of a request, and what is said, when the server does other than it should.  A server with the pinned
 * certificate, over TLS, and a store in memory. */

#define PATIENCE (30 * G_USEC_PER_SEC)
#define EMPTY "Content-Length: 0\r\n\r\n"

typedef struct {
  TestCa *ca;                  /* for what the authority says of itself; the server is below another root */
  GBytes *pin;
  HostilePlan plan;
  HostileServer *server;
  SignetMemoryStore *store;
  SignetEnroller *enroller;
  GCancellable *cancellable;
} Fixture;

static void
set_up (Fixture *fixture, HostileStage stage, const char *answer)
{
  g_autoptr (TlsIdentity) root = tls_identity_new_root ("Root"), identity = tls_identity_new_server (root);
  g_autoptr (GTlsCertificate) certificate = tls_identity_present (identity, root, NULL);

  fixture->ca = test_ca_new ("Example Authority");
  fixture->pin = tls_identity_get_pin (root);
  fixture->plan = (HostilePlan) { .stage = stage, .answer = answer, .end = HOSTILE_HOLD };
  fixture->server = hostile_server_new (certificate, &fixture->plan);
  fixture->store = signet_memory_store_new ();
  fixture->enroller = signet_enroller_new (SIGNET_STORE (fixture->store));
  fixture->cancellable = g_cancellable_new ();
}

static void
tear_down (Fixture *fixture)
{
  g_object_unref (fixture->cancellable);
  g_object_unref (fixture->enroller);
  g_object_unref (fixture->store);
  hostile_server_free (fixture->server);
  g_bytes_unref (fixture->pin);
  test_ca_free (fixture->ca);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, tear_down)

static SignetInvitation *
make_invitation (Fixture *fixture)
{
  g_autofree char *url = hostile_server_get_url (fixture->server, "");
  g_autoptr (SignetSecret) key = signet_temporary_key_generate ();
  g_autoptr (GError) error = NULL;
  SignetInvitation *invitation = signet_invitation_new (url, NULL, "asa@example.org", fixture->pin, key, &error);

  g_assert_no_error (error);
  return invitation;
}

static SignetAuthorityInfo *
make_info (Fixture *fixture)
{
  g_autoptr (GPtrArray) certificates = g_ptr_array_new ();

  g_ptr_array_add (certificates, test_ca_get_root (fixture->ca));
  return signet_authority_info_new ("Example Authority", NULL, certificates);
}

static SignetPending *
ask (Fixture *fixture, GError **error)
{
  g_autoptr (SignetInvitation) invitation = make_invitation (fixture);
  g_autoptr (SignetAuthorityInfo) info = make_info (fixture);

  return signet_enroller_request (fixture->enroller, invitation, info, "Work", NULL, fixture->cancellable, error);
}

static guint
count_kept (Fixture *fixture)
{
  return signet_memory_store_count_items (fixture->store, SIGNET_ITEM_PENDING);
}

#define KEPT -1

typedef struct {
  const char *name, *answer;
  int code;                    /* of the error; KEPT: there is none, and the request is kept */
  gint64 wait;                 /* seconds until it is tried again, at least */
} Case;

static const Case cases[] = {
  /* The authority has said that it did not take it. */
  { "wrong-key", "HTTP/1.1 401 No\r\n" EMPTY, SIGNET_ERROR_REFUSED },
  { "bad-request", "HTTP/1.1 400 No\r\n" EMPTY, SIGNET_ERROR_REFUSED },
  { "too-many", "HTTP/1.1 429 Wait\r\nRetry-After: 600\r\n" EMPTY, SIGNET_ERROR_BUSY },
  { "not-there", "HTTP/1.1 404 No\r\n" EMPTY, SIGNET_ERROR_NOT_FOUND },
  /* It may have taken it: the temporary key may be used up, and the keys must not be lost. */
  { "redirect", "HTTP/1.1 307 Elsewhere\r\nLocation: https://other.example.org/\r\n" EMPTY, KEPT },
  { "too-large", "HTTP/1.1 202 Accepted\r\nContent-Length: 8000000\r\n\r\n", KEPT },
  { "nowhere", "HTTP/1.1 202 Accepted\r\n" EMPTY, KEPT },
  { "broken", "HTTP/1.1 500 Oh\r\n" EMPTY, KEPT },
  { "unavailable", "HTTP/1.1 503 Later\r\nRetry-After: 900\r\n" EMPTY, KEPT, 900 },
};

static void
test_answer (gconstpointer data)
{
  const Case *this = data;
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (GError) error = NULL;

  set_up (&fixture, HOSTILE_AFTER_REQUEST, this->answer);
  gint64 begin = signet_clock_now ();
  g_autoptr (SignetPending) pending = ask (&fixture, &error);
  if (this->code != KEPT) {
    g_assert_error (error, SIGNET_ERROR, this->code);
    g_assert_cmpuint (count_kept (&fixture), ==, 0);
    return;
  }
  g_assert_no_error (error);
  g_assert_cmpint (signet_pending_get_state (pending), ==, SIGNET_PENDING_CREATED);
  g_assert_nonnull (signet_pending_get_problem (pending));
  g_assert_cmpint (signet_pending_get_retry_at (pending), >=, begin + MAX (this->wait, 1));
  g_assert_cmpuint (count_kept (&fixture), ==, 1);
}

static void
put (Fixture *fixture, SignetPending *pending)
{
  g_autoptr (SignetSecret) blob = signet_pending_to_blob (pending, NULL);
  g_autoptr (SignetItem) item = signet_item_new (SIGNET_ITEM_PENDING, signet_pending_get_id (pending), "", blob);

  g_assert_true (signet_store_put (SIGNET_STORE (fixture->store), item, NULL, NULL));
}

static void
add_pending (Fixture *fixture)
{
  g_autoptr (SignetInvitation) invitation = make_invitation (fixture);
  g_autoptr (SignetAuthorityInfo) info = make_info (fixture);
  g_autofree char *location = hostile_server_get_url (fixture->server, "/reply");
  g_autoptr (SignetPending) created = signet_pending_new (invitation, info, "Work", signet_clock_now (), NULL);
  g_autoptr (SignetPending) waiting = signet_pending_accepted (created, location, 0);

  put (fixture, waiting);
}

/* A request that waits goes on waiting, as long as it is told to. */
static void
test_wait (gconstpointer data)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (GError) error = NULL;

  set_up (&fixture, HOSTILE_AFTER_REQUEST, data);
  add_pending (&fixture);
  g_autoptr (GPtrArray) list = signet_enroller_list (fixture.enroller, NULL, NULL);
  gint64 begin = signet_clock_now ();
  g_autoptr (SignetPending) pending =
    signet_enroller_check (fixture.enroller, signet_pending_get_id (list->pdata[0]), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (signet_pending_get_state (pending), ==, SIGNET_PENDING_WAITING);
  g_assert_cmpint (signet_pending_get_retry_at (pending), >=, begin + 900);
}

static gpointer
cancel (gpointer data)
{
  Fixture *fixture = data;

  hostile_server_wait (fixture->server);
  g_cancellable_cancel (fixture->cancellable);
  return NULL;
}

/* Cancelled before anything has left, it never was; after that it stays, for nobody knows whether it has arrived. */
static void
test_cancel (gconstpointer data)
{
  HostileStage stage = GPOINTER_TO_INT (data);
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (GError) error = NULL;

  set_up (&fixture, stage, NULL);
  GThread *thread = g_thread_new ("cancel", cancel, &fixture);
  g_assert_null (ask (&fixture, &error));
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_kept (&fixture), ==, stage == HOSTILE_AFTER_REQUEST ? 1 : 0);
}

/* Another Signet sends it, and the authority takes it in, while we are still on the way to the server. */
static gpointer
send_and_cancel (gpointer data)
{
  Fixture *fixture = data;

  hostile_server_wait (fixture->server);
  g_autoptr (GPtrArray) list = signet_enroller_list (fixture->enroller, NULL, NULL);
  g_autoptr (SignetPending) waiting = signet_pending_accepted (list->pdata[0], "https://127.0.0.1:1/reply", 0);
  put (fixture, waiting);
  g_cancellable_cancel (fixture->cancellable);
  return NULL;
}

static void
test_cancel_other (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (GError) error = NULL;

  set_up (&fixture, HOSTILE_AFTER_ACCEPT, NULL);
  GThread *thread = g_thread_new ("cancel", send_and_cancel, &fixture);
  g_assert_null (ask (&fixture, &error));
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_autoptr (GPtrArray) list = signet_enroller_list (fixture.enroller, NULL, NULL);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpint (signet_pending_get_state (list->pdata[0]), ==, SIGNET_PENDING_WAITING);
}

/* Cancelled by the store's hand, which has written all the same. */
static void
test_cancel_stored (void)
{
  g_auto (Fixture) fixture = { NULL };
  g_autoptr (GError) error = NULL;

  set_up (&fixture, HOSTILE_AFTER_ACCEPT, NULL);
  signet_memory_store_cancel_put (fixture.store, fixture.cancellable);
  g_assert_null (ask (&fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (signet_memory_store_count_writes (fixture.store), ==, 2);
  g_assert_cmpuint (count_kept (&fixture), ==, 0);
  g_assert_cmpuint (hostile_server_get_connections (fixture.server), ==, 0);
}

static void
on_requested (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  gboolean *done = data;

  g_assert_null (signet_enroller_request_finish (SIGNET_ENROLLER (source), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  *done = TRUE;
}

static void
wait_until (gboolean (*is_so) (gpointer), gpointer data)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;

  while (!is_so (data) && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  g_assert_true (is_so (data));
}

static gboolean
is_shown (gpointer data)
{
  return g_list_model_get_n_items (data) == 1;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

/* Whoever made a request sends it: a list that sees it meanwhile does not send it, too. */
static void
test_one_sender (void)
{
  g_auto (Fixture) fixture = { NULL };
  gboolean done = FALSE;

  set_up (&fixture, HOSTILE_AFTER_REQUEST, NULL);
  g_autoptr (SignetInvitation) invitation = make_invitation (&fixture);
  g_autoptr (SignetAuthorityInfo) info = make_info (&fixture);
  g_autoptr (SignetPendingList) list = signet_pending_list_new (fixture.enroller);
  signet_enroller_request_async (fixture.enroller, invitation, info, "Work", NULL, fixture.cancellable, on_requested,
                                 &done);
  wait_until (is_shown, list);
  g_autoptr (SignetPending) pending = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_assert_false (signet_pending_list_is_checking (list, signet_pending_get_id (pending)));
  g_cancellable_cancel (fixture.cancellable);
  wait_until (is_true, &done);
}

int
main (int argc, char **argv)
{
  signet_process_init ();
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/enroll/sending/answer/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], test_answer);
  }
  g_test_add_data_func ("/enroll/sending/wait/unavailable", "HTTP/1.1 503 Later\r\nRetry-After: 900\r\n" EMPTY,
                        test_wait);
  g_test_add_data_func ("/enroll/sending/wait/busy", "HTTP/1.1 429 Wait\r\nRetry-After: 900\r\n" EMPTY, test_wait);
  g_test_add_data_func ("/enroll/sending/wait/told", "HTTP/1.1 202 Wait\r\nRetry-After: 900\r\n" EMPTY, test_wait);
  g_test_add_data_func ("/enroll/sending/cancel/before", GINT_TO_POINTER (HOSTILE_AFTER_ACCEPT), test_cancel);
  g_test_add_data_func ("/enroll/sending/cancel/hello", GINT_TO_POINTER (HOSTILE_AFTER_HELLO), test_cancel);
  g_test_add_data_func ("/enroll/sending/cancel/after", GINT_TO_POINTER (HOSTILE_AFTER_REQUEST), test_cancel);
  g_test_add_func ("/enroll/sending/cancel/other", test_cancel_other);
  g_test_add_func ("/enroll/sending/cancel/stored", test_cancel_stored);
  g_test_add_func ("/enroll/sending/one-sender", test_one_sender);
  return g_test_run ();
}
