/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/database.h"

#include "authority/files.h"
#include "authority/issuer.h"
#include "base/error.h"
#include "base/hex.h"

#include <sqlite3.h>
#include <string.h>

#define NOW 1700000000
#define HOUR 3600

typedef struct {
  char *folder;
  char *path;
  SignetDatabase *database;
  GError *error;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("signet-test-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "authority.sqlite", NULL);
  self->database = signet_database_open (self->path, TRUE, &self->error);
  g_assert_no_error (self->error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->database, signet_database_free);
  g_assert_true (signet_folder_remove (self->folder, NULL));
  g_free (self->folder);
  g_free (self->path);
}

static GBytes *
digest (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return signet_sha256 (bytes);
}

static void
invite (Fixture *self, const char *address, const char *key, gint64 now, guint expected_withdrawn)
{
  g_autoptr (GBytes) bytes = digest (key);
  guint withdrawn;

  g_assert_true (
      signet_database_add_invitation (self->database, address, bytes, now, now + HOUR, &withdrawn, &self->error));
  g_assert_cmpuint (withdrawn, ==, expected_withdrawn);
}

static SignetInvitationRecord *
find (Fixture *self, const char *key)
{
  g_autoptr (GBytes) bytes = digest (key);
  SignetInvitationRecord *record = signet_database_find_invitation (self->database, bytes, &self->error);

  g_assert_no_error (self->error);
  return record;
}

/* A request that uses the invitation of KEY: its number, or 0 when the database does not take it. */
static gint64
request (Fixture *self, const char *id, const char *key)
{
  g_autoptr (SignetInvitationRecord) invitation = find (self, key);
  g_autoptr (SignetRequestRecord) record = signet_request_record_new ();
  g_autoptr (GError) error = NULL;

  record->id = g_strdup (id);
  record->invitation = invitation->id;
  record->digest = digest (id);
  record->created = NOW;
  record->expires = NOW + 24 * HOUR;
  record->body = g_bytes_new_static ("body", 4);
  record->signing_spki = g_bytes_new_static ("spki", 4);
  return signet_database_add_request (self->database, record, &error) ? record->number : 0;
}

static gboolean
add_certificate (Fixture *self, gint64 number, const char *serial, SignetCertificatePurpose purpose, GBytes *sealed)
{
  g_autoptr (GBytes) der = g_bytes_new_static ("der", 3);
  const SignetCertificateRecord record = { serial, purpose, der, NOW + HOUR, sealed };

  return signet_database_add_certificate (self->database, number, &record, NULL);
}

static void
set_ready (Fixture *self, gint64 number, gint64 when)
{
  g_autoptr (GBytes) reply = g_bytes_new_static ("reply", 5), attachment = digest ("attachment");

  g_assert_true (signet_database_set_ready (self->database, number, reply, attachment, when, &self->error));
}

static void
execute (Fixture *self, const char *statement)
{
  sqlite3 *other;

  g_assert_cmpint (sqlite3_open (self->path, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, statement, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (other);
}

/* --- the tests --- */

static void
test_invitations (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) unknown = digest ("unknown");

  invite (self, "asa@example.org", "first", NOW, 0);
  invite (self, "bo@example.org", "other", NOW, 0);
  invite (self, "ASA@example.org", "second", NOW + 1, 1);

  g_autoptr (SignetInvitationRecord) first = find (self, "first"), second = find (self, "second"),
                                     other = find (self, "other");
  g_assert_true (first->withdrawn);
  g_assert_false (second->withdrawn);
  g_assert_false (other->withdrawn);
  g_assert_cmpstr (second->address, ==, "asa@example.org");
  g_assert_cmpint (second->expires, ==, NOW + 1 + HOUR);
  g_assert_null (second->request);

  g_assert_null (signet_database_find_invitation (self->database, unknown, &self->error));
  g_assert_error (self->error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND);
  g_clear_error (&self->error);

  /* What was used, or has expired, is not withdrawn. */
  g_assert_cmpint (request (self, "r1", "second"), >, 0);
  g_autoptr (SignetInvitationRecord) used = find (self, "second");
  g_assert_cmpstr (used->request, ==, "r1");
  invite (self, "asa@example.org", "third", NOW + 2, 0);
  invite (self, "bo@example.org", "late", NOW + 2 * HOUR, 0);
}

static void
test_one_request_for_an_invitation (Fixture *self, gconstpointer data)
{
  invite (self, "asa@example.org", "key", NOW, 0);
  invite (self, "bo@example.org", "other", NOW, 0);
  g_assert_cmpint (request (self, "r1", "key"), >, 0);
  g_assert_cmpint (request (self, "r2", "key"), ==, 0);
  g_assert_cmpint (request (self, "r1", "other"), ==, 0);
  g_assert_cmpint (request (self, "r2", "other"), >, 0);
}

static gint64
get_lock (Fixture *self, const char *address)
{
  gint64 until = -1;

  g_assert_true (signet_database_get_lock (self->database, address, &until, &self->error));
  return until;
}

static void
wrong_key (Fixture *self, const char *address, gint64 now)
{
  g_assert_true (signet_database_add_wrong_key (self->database, address, now, 3, 600, &self->error));
}

static void
test_wrong_keys (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 2; i++)
    wrong_key (self, "asa@example.org", NOW + i);
  g_assert_cmpint (get_lock (self, "asa@example.org"), ==, 0);
  wrong_key (self, "Asa@example.org", NOW + 599);
  g_assert_cmpint (get_lock (self, "asa@EXAMPLE.org"), ==, NOW + 599 + 600);
  g_assert_cmpint (get_lock (self, "bo@example.org"), ==, 0);

  /* After the lock the count begins anew. */
  wrong_key (self, "asa@example.org", NOW + 1200);
  wrong_key (self, "asa@example.org", NOW + 1201);
  g_assert_cmpint (get_lock (self, "asa@example.org"), ==, NOW + 1199);
  wrong_key (self, "asa@example.org", NOW + 1202);
  g_assert_cmpint (get_lock (self, "asa@example.org"), ==, NOW + 1802);

  /* Wrong keys that lie further apart than the period never lock. */
  for (guint i = 0; i < 9; i++)
    wrong_key (self, "slow@example.org", NOW + i * 299);
  g_assert_cmpint (get_lock (self, "slow@example.org"), !=, 0);
  for (guint i = 0; i < 9; i++)
    wrong_key (self, "slower@example.org", NOW + i * 300);
  g_assert_cmpint (get_lock (self, "slower@example.org"), ==, 0);

  g_assert_true (signet_database_prune (self->database, NOW + 1500, 600, &self->error));
  g_assert_cmpint (get_lock (self, "asa@example.org"), ==, NOW + 1802);
  g_assert_true (signet_database_prune (self->database, NOW + 100000, 600, &self->error));
  g_assert_cmpint (get_lock (self, "asa@example.org"), ==, 0);
}

static void
test_requests (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) sealed = g_bytes_new_static ("sealed", 6);

  invite (self, "asa@example.org", "a", NOW, 0);
  invite (self, "bo@example.org", "b", NOW, 0);
  gint64 first = request (self, "r1", "a"), second = request (self, "r2", "b");

  g_autoptr (SignetRequestRecord) queued = signet_database_find_queued (self->database, &self->error);
  g_assert_cmpint (queued->number, ==, first);
  g_assert_cmpuint (g_bytes_get_size (queued->body), ==, 4);

  g_assert_true (add_certificate (self, first, "01", SIGNET_CERTIFICATE_SIGNING, NULL));
  g_assert_true (add_certificate (self, first, "02", SIGNET_CERTIFICATE_ENCRYPTION, sealed));
  g_assert_false (add_certificate (self, first, "03", SIGNET_CERTIFICATE_SIGNING, NULL));
  g_assert_false (add_certificate (self, second, "01", SIGNET_CERTIFICATE_SIGNING, NULL));
  g_assert_false (add_certificate (self, 999, "04", SIGNET_CERTIFICATE_SIGNING, NULL));

  set_ready (self, first, 0);
  g_autoptr (GBytes) reply = g_bytes_new_static ("other", 5);
  g_assert_false (signet_database_set_ready (self->database, first, reply, reply, 0, &self->error));
  g_assert_error (self->error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND);
  g_clear_error (&self->error);

  g_autoptr (SignetRequestRecord) ready = signet_database_find_request (self->database, "r1", TRUE, &self->error);
  g_assert_cmpint (ready->state, ==, SIGNET_REQUEST_READY);
  g_assert_cmpuint (g_bytes_get_size (ready->reply), ==, 5);
  g_assert_null (ready->body);
  g_autoptr (SignetRequestRecord) next = signet_database_find_queued (self->database, &self->error);
  g_assert_cmpint (next->number, ==, second);

  g_assert_true (signet_database_set_confirmed (self->database, first, NOW + 5, &self->error));
  g_assert_true (signet_database_set_confirmed (self->database, second, NOW + 5, &self->error));
  g_autoptr (SignetRequestRecord) confirmed = signet_database_find_request (self->database, "r1", FALSE, &self->error);
  g_autoptr (SignetRequestRecord) untouched = signet_database_find_request (self->database, "r2", FALSE, &self->error);
  g_assert_cmpint (confirmed->state, ==, SIGNET_REQUEST_CONFIRMED);
  g_assert_null (confirmed->reply);
  g_assert_cmpint (untouched->state, ==, SIGNET_REQUEST_QUEUED);

  g_assert_true (signet_database_set_failed (self->database, second, "damaged", &self->error));
  g_assert_null (signet_database_find_queued (self->database, &self->error));
  g_assert_error (self->error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND);
  g_clear_error (&self->error);
  g_assert_null (signet_database_find_request (self->database, "r3", TRUE, NULL));
}

static guint
count_due (Fixture *self, gint64 now)
{
  g_autoptr (GPtrArray) list = signet_database_list_due (self->database, now, 10, &self->error);

  g_assert_no_error (self->error);
  return list->len;
}

static void
test_deliveries (Fixture *self, gconstpointer data)
{
  SignetDatabaseCounts counts = { 0 };

  invite (self, "asa@example.org", "a", NOW, 0);
  invite (self, "bo@example.org", "b", NOW, 0);
  gint64 first = request (self, "r1", "a"), second = request (self, "r2", "b");
  set_ready (self, first, NOW);
  set_ready (self, second, NOW + 10);

  g_assert_cmpuint (count_due (self, NOW - 1), ==, 0);
  g_autoptr (GPtrArray) list = signet_database_list_due (self->database, NOW, 10, &self->error);
  SignetDelivery *delivery = list->pdata[0];
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpstr (delivery->id, ==, "r1");
  g_assert_cmpstr (delivery->address, ==, "asa@example.org");
  g_assert_cmpuint (count_due (self, NOW + 10), ==, 2);

  g_assert_true (signet_database_set_undelivered (self->database, first, "busy", NOW + 20, &self->error));
  g_assert_true (signet_database_set_delivered (self->database, second, &self->error));
  g_assert_cmpuint (count_due (self, NOW + 19), ==, 0);
  g_assert_cmpint (signet_database_get_next_due (self->database, &self->error), ==, NOW + 20);
  g_assert_true (signet_database_count (self->database, NOW, &counts, &self->error));
  g_assert_cmpint (counts.mail_waiting, ==, 1);
  g_assert_cmpint (counts.mail_failing, ==, 1);
  g_assert_cmpstr (counts.mail_failure, ==, "busy");
  g_free (counts.mail_failure);

  g_assert_true (signet_database_set_undelivered (self->database, first, "gone", 0, &self->error));
  g_assert_cmpint (signet_database_get_next_due (self->database, &self->error), ==, 0);
  g_assert_true (signet_database_count (self->database, NOW, &counts, &self->error));
  g_assert_cmpint (counts.mail_given_up, ==, 1);
  g_free (counts.mail_failure);
}

static void
test_expiry (Fixture *self, gconstpointer data)
{
  invite (self, "asa@example.org", "a", NOW, 0);
  gint64 number = request (self, "r1", "a");
  set_ready (self, number, NOW);

  g_assert_true (signet_database_prune (self->database, NOW + 24 * HOUR - 1, 600, &self->error));
  g_autoptr (SignetRequestRecord) before = signet_database_find_request (self->database, "r1", TRUE, &self->error);
  g_assert_nonnull (before->reply);
  g_assert_true (signet_database_prune (self->database, NOW + 24 * HOUR, 600, &self->error));
  g_autoptr (SignetRequestRecord) after = signet_database_find_request (self->database, "r1", TRUE, &self->error);
  g_assert_null (after->reply);
  g_assert_nonnull (after->attachment_digest);
  g_assert_cmpuint (count_due (self, NOW + 48 * HOUR), ==, 0);
}

static void
test_crl (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) first = g_bytes_new_static ("1", 1), second = g_bytes_new_static ("2", 1), newest = NULL;
  gint64 number, created;

  g_assert_false (signet_database_get_crl (self->database, &number, &created, &newest, &self->error));
  g_assert_error (self->error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND);
  g_clear_error (&self->error);
  g_assert_true (signet_database_set_crl (self->database, 1, NOW, first, &self->error));
  g_assert_true (signet_database_set_crl (self->database, 2, NOW + 1, second, &self->error));
  g_assert_true (signet_database_get_crl (self->database, &number, &created, &newest, &self->error));
  g_assert_cmpint (number, ==, 2);
  g_assert_cmpint (created, ==, NOW + 1);
  g_assert_true (g_bytes_equal (newest, second));

  invite (self, "asa@example.org", "a", NOW, 0);
  gint64 request_number = request (self, "r1", "a");
  g_assert_true (add_certificate (self, request_number, "0a", SIGNET_CERTIFICATE_SIGNING, NULL));
  g_assert_true (add_certificate (self, request_number, "0b", SIGNET_CERTIFICATE_ENCRYPTION, NULL));
  execute (self, "UPDATE certificate SET revoked = 1700000001 WHERE serial = '0b'");
  g_autoptr (GPtrArray) revoked = signet_database_list_revoked (self->database, NOW, &self->error);
  g_assert_cmpuint (revoked->len, ==, 1);
  g_assert_cmpstr (((SignetRevocation *) revoked->pdata[0])->serial, ==, "0b");
  g_assert_cmpint (((SignetRevocation *) revoked->pdata[0])->time, ==, 1700000001);
  g_autoptr (GPtrArray) expired = signet_database_list_revoked (self->database, NOW + HOUR, &self->error);
  g_assert_cmpuint (expired->len, ==, 0);
}

static void
test_transactions (Fixture *self, gconstpointer data)
{
  g_autoptr (SignetDatabase) other = signet_database_open (self->path, FALSE, &self->error);
  g_autoptr (GBytes) kept = digest ("kept"), undone = digest ("undone");
  guint withdrawn;

  g_assert_true (signet_database_begin (self->database, &self->error));
  g_assert_true (signet_database_begin_part (self->database, &self->error));
  g_assert_true (
      signet_database_add_invitation (self->database, "a@example.org", kept, NOW, NOW + 1, &withdrawn, NULL));
  g_assert_true (signet_database_end_part (self->database, TRUE, &self->error));
  g_assert_true (signet_database_begin_part (self->database, &self->error));
  g_assert_true (
      signet_database_add_invitation (self->database, "b@example.org", undone, NOW, NOW + 1, &withdrawn, NULL));
  g_assert_true (signet_database_end_part (self->database, FALSE, &self->error));
  g_assert_null (signet_database_find_invitation (other, kept, NULL));
  g_assert_true (signet_database_commit (self->database, &self->error));

  g_autoptr (SignetInvitationRecord) seen = signet_database_find_invitation (other, kept, &self->error);
  g_assert_nonnull (seen);
  g_assert_null (signet_database_find_invitation (other, undone, NULL));

  g_assert_true (signet_database_begin (self->database, &self->error));
  g_assert_true (
      signet_database_add_invitation (self->database, "b@example.org", undone, NOW, NOW + 1, &withdrawn, NULL));
  signet_database_rollback (self->database);
  g_assert_null (signet_database_find_invitation (other, undone, NULL));
}

static void
test_opening (Fixture *self, gconstpointer data)
{
  g_autofree char *absent = g_build_filename (self->folder, "absent", NULL);
  g_autofree char *text = g_build_filename (self->folder, "text", NULL);
  g_autofree char *empty = g_build_filename (self->folder, "empty", NULL);

  g_assert_true (g_file_set_contents (text, "this is no database, but long enough to look like one", -1, NULL));
  g_assert_true (g_file_set_contents (empty, "", 0, NULL));
  g_assert_null (signet_database_open (absent, FALSE, NULL));
  g_assert_false (g_file_test (absent, G_FILE_TEST_EXISTS));
  g_assert_null (signet_database_open (text, FALSE, NULL));
  g_assert_null (signet_database_open (empty, FALSE, &self->error));
  g_assert_error (self->error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED);
  g_clear_error (&self->error);

  execute (self, "PRAGMA user_version = 99");
  g_assert_null (signet_database_open (self->path, FALSE, &self->error));
  g_assert_error (self->error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED);
  g_clear_error (&self->error);
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/authority/database/invitations", test_invitations);
  add ("/authority/database/one-request-for-an-invitation", test_one_request_for_an_invitation);
  add ("/authority/database/wrong-keys", test_wrong_keys);
  add ("/authority/database/requests", test_requests);
  add ("/authority/database/deliveries", test_deliveries);
  add ("/authority/database/expiry", test_expiry);
  add ("/authority/database/crl", test_crl);
  add ("/authority/database/transactions", test_transactions);
  add ("/authority/database/opening", test_opening);
  return g_test_run ();
}
