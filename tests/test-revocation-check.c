/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "revocation/check.h"

#include "base/clock.h"
#include "revocation/checker.h"

#include "foreign-ca.h"
#include "foreign-leaks.h"

#include <libsoup/soup.h>

#define HOUR 3600
#define DAY (24 * HOUR)
#define ID "authorityKeyIdentifier=keyid\n"

/* A server on 127.0.0.1 with a list at /list.crl, and openssl ocsp behind /ocsp. */
typedef struct {
  SoupServer *server;
  char *base;
  GBytes *crl;              /* NULL: 404 */
  const char *responder;    /* NULL: 404 */
  guint lists;              /* how often each was asked for */
  guint questions;
  char *redirect;           /* where /list.crl leads, or NULL */
} Server;

/* One turn of the loop in which the server runs. */
static void
serve (void)
{
  FOREIGN_LEAKS_BEGIN;      /* libsoup 3.2: the socket of each connection */
  g_main_context_iteration (NULL, TRUE);
  FOREIGN_LEAKS_END;
}

/* In a folder of its own for each test. */
static char *cache_folder;

static void
answer_list (Server *self, SoupServerMessage *message)
{
  self->lists++;
  if (self->redirect != NULL)
    soup_server_message_set_redirect (message, 302, self->redirect);
  else if (self->crl != NULL)
    soup_server_message_set_response (message, "application/pkix-crl", SOUP_MEMORY_COPY,
                                      g_bytes_get_data (self->crl, NULL), g_bytes_get_size (self->crl));
  soup_server_message_set_status (message, self->redirect != NULL ? 302 : self->crl != NULL ? 200 : 404, NULL);
}

static void
answer_question (Server *self, SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  self->questions++;
  g_assert_cmpstr (soup_server_message_get_method (message), ==, "POST");
  g_assert_cmpstr (soup_message_headers_get_content_type (soup_server_message_get_request_headers (message), NULL), ==,
                   "application/ocsp-request");
  soup_server_message_set_status (message, 404, NULL);
  if (self->responder == NULL)
    return;
  foreign_write ("asked.der", body->data, body->length);
  g_autoptr (GBytes) answer = foreign_shell (
    "openssl ocsp -index index.txt -CA ca.pem -rsigner %s.pem -rkey %s.key -reqin asked.der -ndays 4 "
    "-respout answered.der >/dev/null && cat answered.der", self->responder, self->responder);
  soup_server_message_set_response (message, "application/ocsp-response", SOUP_MEMORY_COPY,
                                    g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  soup_server_message_set_status (message, 200, NULL);
}

static void
handle (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  if (g_str_equal (path, "/ocsp"))
    answer_question (data, message);
  else
    answer_list (data, message);
}

static Server *
server_new (void)
{
  Server *self = g_new0 (Server, 1);

  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, handle, self, NULL);
  FOREIGN_LEAKS_BEGIN;      /* libsoup 3.2: the address */
  g_assert_true (soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  FOREIGN_LEAKS_END;
  GSList *uris = soup_server_get_uris (self->server);
  self->base = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  cache_folder = foreign_path ("cache");
  return self;
}

static void
server_free (Server *self)
{
  g_autoptr (GBytes) none = foreign_shell ("rm -rf cache");

  g_object_unref (self->server);
  g_clear_pointer (&self->crl, g_bytes_unref);
  g_free (self->redirect);
  g_free (self->base);
  g_free (self);
  g_clear_pointer (&cache_folder, g_free);
  signet_clock_set (0);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Server, server_free)

/* leaf.pem, which says that it can be asked about at these paths of the server. */
static void
issue_leaf (Server *self, gboolean list, gboolean ocsp)
{
  g_autofree char *point = list ? g_strdup_printf ("crlDistributionPoints=URI:%s/list.crl\n", self->base)
                                : g_strdup ("");
  g_autofree char *access = ocsp ? g_strdup_printf ("authorityInfoAccess=OCSP;URI:%s/ocsp\n", self->base)
                                 : g_strdup ("");
  g_autofree char *extensions = g_strconcat (FOREIGN_LEAF_EXTENSIONS, point, access, NULL);

  foreign_issue ("leaf", "ca", "leaf", "1001", extensions, 100);
}

static void
publish (Server *self, const char *revoked)
{
  foreign_write_index ("", revoked);
  g_clear_pointer (&self->crl, g_bytes_unref);
  self->crl = foreign_make_crl ("ca", ID, "-crldays 4");
}

/* --- the blocking check, while the server runs in this thread's loop --- */

typedef struct {
  SignetCheckHow how;
  GCancellable *cancellable;
  SignetRevocationState *state;
  GError *error;
  gboolean done;
} Run;

static gpointer
run_check (gpointer data)
{
  Run *run = data;
  g_autoptr (SignetCertificate) leaf = foreign_certificate ("leaf"), ca = foreign_certificate ("ca");
  g_autoptr (GPtrArray) issuers = g_ptr_array_new ();
  g_autoptr (SignetRevocationCache) cache = signet_revocation_cache_new (cache_folder);

  g_ptr_array_add (issuers, ca);
  run->state = signet_revocation_check (cache, leaf, issuers, run->how, run->cancellable, &run->error);
  g_atomic_int_set (&run->done, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

static SignetRevocationState *
check (SignetCheckHow how)
{
  Run run = { .how = how };
  GThread *thread = g_thread_new ("check", run_check, &run);

  while (!g_atomic_int_get (&run.done))
    serve ();
  g_thread_join (thread);
  g_assert_no_error (run.error);
  return run.state;
}

static void
expect (SignetCheckHow how, SignetRevocationVerdict verdict, gint64 checked, int problem)
{
  g_autoptr (SignetRevocationState) state = check (how);

  if (state->problem != NULL)
    g_test_message ("%s", state->problem->message);
  g_assert_cmpint (state->status.verdict, ==, verdict);
  g_assert_cmpint (ABS (state->checked - checked), <, 30);
  if (problem < 0)
    g_assert_no_error (state->problem);
  else
    g_assert_error (state->problem, SIGNET_ERROR, problem);
}

#define GOOD SIGNET_REVOCATION_GOOD
#define REVOKED SIGNET_REVOCATION_REVOKED
#define UNKNOWN SIGNET_REVOCATION_UNKNOWN
#define NO_PROBLEM -1

/* The life of an answer: asked for once, kept, asked for again after half of its life, and in the end too old. */
static void
test_life (void)
{
  g_autoptr (Server) server = server_new ();
  gint64 now = foreign_now ();

  issue_leaf (server, TRUE, TRUE);
  publish (server, "1002");
  signet_clock_set (now);
  expect (SIGNET_CHECK_CACHED, UNKNOWN, 0, NO_PROBLEM);
  g_assert_cmpuint (server->lists, ==, 0);
  expect (SIGNET_CHECK_DUE, GOOD, now, NO_PROBLEM);
  expect (SIGNET_CHECK_DUE, GOOD, now, NO_PROBLEM);
  expect (SIGNET_CHECK_CACHED, GOOD, now, NO_PROBLEM);
  g_assert_cmpuint (server->lists, ==, 1);
  g_assert_cmpuint (server->questions, ==, 0);         /* a list tells nobody about whom one asks */

  signet_clock_set (now + DAY - HOUR);
  expect (SIGNET_CHECK_DUE, GOOD, now, NO_PROBLEM);
  g_assert_cmpuint (server->lists, ==, 1);
  expect (SIGNET_CHECK_NOW, GOOD, now + DAY - HOUR, NO_PROBLEM);
  signet_clock_set (now + 3 * DAY);
  expect (SIGNET_CHECK_DUE, GOOD, now + 3 * DAY, NO_PROBLEM);
  g_assert_cmpuint (server->lists, ==, 3);

  g_clear_pointer (&server->crl, g_bytes_unref);
  signet_clock_set (now + 3 * DAY + 23 * HOUR);
  expect (SIGNET_CHECK_DUE, GOOD, now + 3 * DAY, SIGNET_ERROR_UNREACHABLE);
  signet_clock_set (now + 5 * DAY);
  expect (SIGNET_CHECK_DUE, UNKNOWN, now + 3 * DAY, SIGNET_ERROR_UNREACHABLE);
  expect (SIGNET_CHECK_CACHED, UNKNOWN, now + 3 * DAY, NO_PROBLEM);
}

/* Revoked is found out, and stays, also when an older list is handed out afterwards, or nothing any more. */
static void
test_revoked (void)
{
  g_autoptr (Server) server = server_new ();
  gint64 now = foreign_now ();

  issue_leaf (server, TRUE, FALSE);
  publish (server, "1002");
  g_autoptr (GBytes) before = g_bytes_ref (server->crl);
  signet_clock_set (now);
  expect (SIGNET_CHECK_DUE, GOOD, now, NO_PROBLEM);
  publish (server, "1001 keyCompromise");
  expect (SIGNET_CHECK_NOW, REVOKED, now, NO_PROBLEM);

  g_bytes_unref (server->crl);
  server->crl = g_bytes_ref (before);
  expect (SIGNET_CHECK_NOW, REVOKED, now, NO_PROBLEM);
  g_clear_pointer (&server->crl, g_bytes_unref);
  signet_clock_set (now + 60 * DAY);
  expect (SIGNET_CHECK_DUE, REVOKED, now, NO_PROBLEM);
  expect (SIGNET_CHECK_NOW, REVOKED, now, SIGNET_ERROR_UNREACHABLE);
}

/* No list: OCSP, by the issuer or by whom it says. */
static void
test_ocsp (void)
{
  g_autoptr (Server) server = server_new ();
  gint64 now = foreign_now ();

  issue_leaf (server, TRUE, TRUE);
  foreign_write_index ("1001", "1002");
  server->responder = "responder";
  signet_clock_set (now);
  expect (SIGNET_CHECK_DUE, GOOD, now, NO_PROBLEM);
  g_assert_cmpuint (server->lists, ==, 1);
  g_assert_cmpuint (server->questions, ==, 1);
  expect (SIGNET_CHECK_DUE, GOOD, now, NO_PROBLEM);
  g_assert_cmpuint (server->questions, ==, 1);
  foreign_write_index ("", "1001 superseded");
  expect (SIGNET_CHECK_NOW, REVOKED, now, NO_PROBLEM);
  server->responder = "twin";
  issue_leaf (server, FALSE, TRUE);
  foreign_write_index ("1001", "1002");
  expect (SIGNET_CHECK_DUE, UNKNOWN, 0, SIGNET_ERROR_UNTRUSTED);
}

/* What cannot be asked, and what must not be believed. */
static void
test_problems (void)
{
  g_autoptr (Server) server = server_new ();

  issue_leaf (server, FALSE, FALSE);
  expect (SIGNET_CHECK_DUE, UNKNOWN, 0, SIGNET_ERROR_NOT_FOUND);
  issue_leaf (server, TRUE, FALSE);
  expect (SIGNET_CHECK_DUE, UNKNOWN, 0, SIGNET_ERROR_UNREACHABLE);
  server->crl = g_bytes_new_static ("<html>", 6);
  expect (SIGNET_CHECK_DUE, UNKNOWN, 0, SIGNET_ERROR_INVALID);
  g_bytes_unref (server->crl);
  foreign_write_index ("", "1002");
  server->crl = foreign_make_crl ("twin", "", "-crldays 4");
  expect (SIGNET_CHECK_DUE, UNKNOWN, 0, SIGNET_ERROR_UNTRUSTED);
  server->redirect = g_strconcat (server->base, "/other", NULL);
  expect (SIGNET_CHECK_DUE, UNKNOWN, 0, SIGNET_ERROR_INVALID);
}

/* A cache that somebody has written to: nothing of it is believed. */
static void
test_hostile_cache (void)
{
  g_autoptr (Server) server = server_new ();
  gint64 now = foreign_now ();

  issue_leaf (server, TRUE, FALSE);
  publish (server, "1001 keyCompromise");
  signet_clock_set (now);
  expect (SIGNET_CHECK_DUE, REVOKED, now, NO_PROBLEM);
  g_clear_pointer (&server->crl, g_bytes_unref);

  g_autoptr (GBytes) mode = foreign_shell ("stat -c %%a cache cache/*.crl");
  g_autofree char *modes = foreign_text (mode);
  g_assert_cmpstr (modes, ==, "700\n600\n");
  static const char *const attacks[] = {
    "for f in cache/*.crl; do printf x >> $f; done",
    "for f in cache/*.crl; do truncate -s 12 $f; done",
    "for f in cache/*.crl; do : > $f; done",
    "for f in cache/*.crl; do truncate -s 20M $f; done",
    "for f in cache/*.crl; do rm $f; mkfifo $f; done",
    "for f in cache/*.crl; do rm $f; ln -s /dev/zero $f; done",
    "for f in cache/*.crl; do rm $f; mkdir $f; done",
  };
  for (guint i = 0; i < G_N_ELEMENTS (attacks); i++) {
    g_autoptr (GBytes) none = foreign_shell ("%s", attacks[i]);
    expect (SIGNET_CHECK_CACHED, UNKNOWN, 0, NO_PROBLEM);
  }
  g_autoptr (GBytes) empty = foreign_shell ("rm -rf cache");

  /* a good list under a wrong signer, and one that says it was asked for tomorrow */
  g_autoptr (GBytes) twin = foreign_make_crl ("twin", "", "-crldays 4");
  publish (server, "1002");
  expect (SIGNET_CHECK_DUE, GOOD, now, NO_PROBLEM);
  g_autoptr (GBytes) name = foreign_shell ("cd cache && printf %%s *.crl");
  g_autofree char *file = foreign_text (name);
  g_autoptr (SignetRevocationCache) cache = signet_revocation_cache_new (cache_folder);
  g_assert_true (signet_revocation_cache_save (cache, file, server->crl, now + DAY, NULL));
  expect (SIGNET_CHECK_CACHED, GOOD, now, NO_PROBLEM);
  g_assert_true (signet_revocation_cache_save (cache, file, twin, now, NULL));
  expect (SIGNET_CHECK_CACHED, UNKNOWN, 0, NO_PROBLEM);
}

static void
test_prune (void)
{
  g_autoptr (Server) server = server_new ();
  g_autoptr (SignetRevocationCache) cache = signet_revocation_cache_new (cache_folder);
  g_autoptr (GBytes) answer = g_bytes_new_static ("x", 1);
  gint64 fetched;

  g_autoptr (GBytes) none = foreign_shell ("mkdir cache && cd cache && "
                                           "seq -f old-%%g 1200 | xargs touch -d 2020-01-01");
  g_assert_true (signet_revocation_cache_save (cache, "new", answer, 7, NULL));
  g_autoptr (GBytes) left = foreign_shell ("ls cache | wc -l");
  g_autofree char *count = foreign_text (left);
  g_assert_cmpstr (count, ==, "1000\n");
  g_autoptr (GBytes) kept = signet_revocation_cache_load (cache, "new", 10, &fetched);
  g_assert_true (g_bytes_equal (kept, answer));
  g_assert_cmpint (fetched, ==, 7);
}

/* A server that never answers is left as soon as nobody wants to know any more. */
static void
test_cancelled (void)
{
  g_autoptr (Server) server = server_new ();
  g_autoptr (GSocketListener) silent = g_socket_listener_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Run run = { .how = SIGNET_CHECK_NOW, .cancellable = cancellable };
  guint port = g_socket_listener_add_any_inet_port (silent, NULL, NULL);

  g_free (server->base);
  server->base = g_strdup_printf ("http://127.0.0.1:%u", port);
  issue_leaf (server, TRUE, TRUE);
  GThread *thread = g_thread_new ("check", run_check, &run);
  g_autoptr (GSocketConnection) client = g_socket_listener_accept (silent, NULL, NULL, NULL);
  g_assert_nonnull (client);
  gint64 begin = g_get_monotonic_time ();
  g_cancellable_cancel (cancellable);
  g_thread_join (thread);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 20 * G_USEC_PER_SEC);
  g_assert_null (run.state);
  g_assert_error (run.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&run.error);
}

/* --- the one for windows --- */

static void
count (SignetRevocationChecker *checker, gpointer data)
{
  ++*(guint *) data;
}

static void
test_checker (void)
{
  g_autoptr (Server) server = server_new ();
  guint changes = 0;

  issue_leaf (server, TRUE, FALSE);
  publish (server, "1002");
  g_autoptr (SignetRevocationChecker) checker = signet_revocation_checker_new (cache_folder);
  g_autoptr (SignetCertificate) leaf = foreign_certificate ("leaf"), ca = foreign_certificate ("ca");
  g_autoptr (GPtrArray) issuers = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_certificate_unref);
  g_ptr_array_add (issuers, signet_certificate_ref (ca));
  g_signal_connect (checker, "changed", G_CALLBACK (count), &changes);

  /* a stranger's is not asked about */
  g_assert_null (signet_revocation_checker_look_up (checker, leaf, issuers, FALSE));
  while (changes == 0)
    serve ();
  const SignetRevocationState *state = signet_revocation_checker_look_up (checker, leaf, issuers, FALSE);
  g_assert_cmpint (state->status.verdict, ==, UNKNOWN);
  g_assert_cmpint (state->checked, ==, 0);
  g_assert_cmpuint (server->lists, ==, 0);

  signet_revocation_checker_look_up (checker, leaf, issuers, TRUE);
  while (changes == 1)
    serve ();
  state = signet_revocation_checker_look_up (checker, leaf, issuers, TRUE);
  g_assert_cmpint (state->status.verdict, ==, GOOD);
  g_assert_cmpuint (server->lists, ==, 1);
  g_assert_false (signet_revocation_checker_is_checking (checker, leaf));

  publish (server, "1001 cessationOfOperation");
  signet_revocation_checker_check_now (checker, leaf, issuers);
  g_assert_true (signet_revocation_checker_is_checking (checker, leaf));
  g_assert_cmpuint (changes, ==, 3);
  while (changes == 3)
    serve ();
  g_assert_false (signet_revocation_checker_is_checking (checker, leaf));
  state = signet_revocation_checker_look_up (checker, leaf, issuers, TRUE);
  g_assert_cmpint (state->status.verdict, ==, REVOKED);
  g_assert_cmpint (state->status.reason, ==, SIGNET_REASON_CESSATION_OF_OPERATION);
  g_assert_cmpuint (server->lists, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  foreign_begin ();
  foreign_issue ("ca", NULL, "ca", "0001", FOREIGN_CA_EXTENSIONS, 3650);
  foreign_issue ("twin", NULL, "ca", "0002", FOREIGN_CA_EXTENSIONS, 3650);
  foreign_issue ("responder", "ca", "responder", "2001", FOREIGN_RESPONDER_EXTENSIONS FOREIGN_MAY_ANSWER, 30);
  g_test_add_func ("/revocation/check/life", test_life);
  g_test_add_func ("/revocation/check/revoked", test_revoked);
  g_test_add_func ("/revocation/check/ocsp", test_ocsp);
  g_test_add_func ("/revocation/check/problems", test_problems);
  g_test_add_func ("/revocation/check/hostile-cache", test_hostile_cache);
  g_test_add_func ("/revocation/check/prune", test_prune);
  g_test_add_func ("/revocation/check/cancelled", test_cancelled);
  g_test_add_func ("/revocation/check/checker", test_checker);
  int result = g_test_run ();
  foreign_end ();
  return result;
}
