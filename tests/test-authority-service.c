/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The service without HTTP around it, on a clock that the test sets: what time does to invitations, locks and
 * replies. */
#include "test-service.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/hex.h"
#include "protocol/authority-info.h"
#include "protocol/confirmation.h"
#include "protocol/reply.h"
#include "protocol/request.h"
#include "protocol/temporary-key.h"

#include <string.h>

#define NOW TEST_SERVICE_NOW
#define HOUR 3600
#define DAY (24 * HOUR)
#define SETTINGS "temporary-key-hours=72\nreply-days=30\n[limits]\nwrong-keys=2\nlock-minutes=10\n"
/* Somebody with an invitation and a request. */
typedef struct {
  char *address;
  char *id;
  SignetSecret *key;
  SignetPrivateKey *signing;
  SignetPrivateKey *reply_key;
  GBytes *request;
} Person;

static void
person_free (Person *self)
{
  g_free (self->address);
  g_free (self->id);
  signet_secret_unref (self->key);
  signet_private_key_unref (self->signing);
  signet_private_key_unref (self->reply_key);
  g_bytes_unref (self->request);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Person, person_free)

static guint people;

static Person *
person_new (TestService *self)
{
  Person *person = g_new0 (Person, 1);
  gint64 now = signet_clock_now ();
  g_autoptr (GError) error = NULL;

  people++;
  person->address = g_strdup_printf ("user%u@example.org", people);
  person->id = g_strdup_printf ("%032x", people);
  person->key = test_service_invite (self, person->address);
  person->signing = signet_private_key_generate (SIGNET_KEY_P256, NULL);
  person->reply_key = signet_private_key_generate (SIGNET_KEY_P256, NULL);
  person->request = signet_request_build (person->id, person->id, person->address, now, person->signing,
                                          person->reply_key, &error);
  g_assert_no_error (error);
  return person;
}

static SignetCall *
submit (TestService *self, Person *person)
{
  SignetCall *question = signet_call_new (SIGNET_CALL_SUBMIT);

  question->address = g_strdup (person->address);
  question->key = signet_secret_ref (person->key);
  question->body = g_bytes_ref (person->request);
  return test_service_call (self, question);
}

static void
assert_submit (TestService *self, Person *person, SignetStatus expected)
{
  g_autoptr (SignetCall) answer = submit (self, person);

  g_assert_cmpint (answer->status, ==, expected);
}

static SignetCall *
fetch (TestService *self, Person *person)
{
  SignetCall *question = signet_call_new (SIGNET_CALL_FETCH);

  question->id = g_strdup (person->id);
  return test_service_call (self, question);
}

static void
assert_fetch (TestService *self, Person *person, SignetStatus expected)
{
  g_autoptr (SignetCall) answer = fetch (self, person);

  g_assert_cmpint (answer->status, ==, expected);
}

static void
guess (TestService *self, Person *person, SignetStatus expected)
{
  SignetCall *question = signet_call_new (SIGNET_CALL_SUBMIT);

  question->address = g_strdup (person->address);
  question->key = signet_temporary_key_generate ();
  question->body = g_bytes_ref (person->request);
  g_autoptr (SignetCall) answer = test_service_call (self, question);
  g_assert_cmpint (answer->status, ==, expected);
}

/* --- the tests --- */

static void
test_info (TestService *self, gconstpointer data)
{
  g_autoptr (SignetCall) answer = test_service_call (self, signet_call_new (SIGNET_CALL_INFO));
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetAuthorityInfo) info = signet_authority_info_parse (answer->answer, self->pin, &error);

  g_assert_no_error (error);
  g_assert_cmpint (answer->status, ==, SIGNET_STATUS_OK);
  g_assert_cmpstr (signet_authority_info_get_name (info), ==, "Example Authority");
}

/* The client's own rules accept the reply, and its times are what the settings say. */
static void
test_reply (TestService *self, gconstpointer data)
{
  g_autoptr (Person) person = person_new (self);
  g_autoptr (SignetCall) accepted = submit (self, person);
  g_autoptr (SignetCall) fetched = fetch (self, person);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) digest = signet_sha256 (person->request);
  const SignetReplyExpectation expected = { person->id, digest, person->id, person->address,
                                            signet_private_key_get_spki (person->signing), self->pin };

  g_assert_cmpint (accepted->status, ==, SIGNET_STATUS_ACCEPTED);
  g_assert_cmpint (accepted->retry_after, ==, 0);
  g_assert_true (g_str_has_suffix (accepted->location, person->id));
  g_assert_cmpint (fetched->status, ==, SIGNET_STATUS_OK);

  g_autoptr (GBytes) attachment = signet_reply_message_extract (fetched->answer, &error);
  g_assert_no_error (error);
  g_autoptr (SignetReply) reply = signet_reply_open (attachment, person->reply_key, &expected, NOW, &error);
  g_assert_no_error (error);
  g_assert_cmpint (reply->issued, ==, NOW);
  g_assert_cmpint (reply->expires, ==, NOW + 30 * DAY);
  g_assert_cmpint (signet_certificate_get_not_before (reply->signing), ==, NOW - 300);
  g_assert_cmpint (signet_certificate_get_not_after (reply->signing), ==, NOW - 300 + (gint64) 730 * DAY);
  g_assert_cmpint (signet_certificate_get_not_after (reply->encryption->pdata[0]), ==, NOW - 300 + (gint64) 730 * DAY);
}

static void
test_invitations_expire (TestService *self, gconstpointer data)
{
  g_autoptr (Person) quick = person_new (self), slow = person_new (self);

  signet_clock_set (NOW + 72 * HOUR - 1);
  assert_submit (self, quick, SIGNET_STATUS_ACCEPTED);
  signet_clock_set (NOW + 72 * HOUR);
  assert_submit (self, slow, SIGNET_STATUS_UNAUTHORIZED);
  assert_submit (self, quick, SIGNET_STATUS_ACCEPTED);       /* the same request, once more: its key was used in time */
}

static void
test_locks_end (TestService *self, gconstpointer data)
{
  g_autoptr (Person) person = person_new (self), other = person_new (self);

  guess (self, person, SIGNET_STATUS_UNAUTHORIZED);
  signet_clock_set (NOW + 599);
  guess (self, person, SIGNET_STATUS_UNAUTHORIZED);
  guess (self, person, SIGNET_STATUS_TOO_MANY);
  assert_submit (self, person, SIGNET_STATUS_TOO_MANY);
  assert_submit (self, other, SIGNET_STATUS_ACCEPTED);

  signet_clock_set (NOW + 599 + 599);
  g_autoptr (SignetCall) locked = submit (self, person);
  g_assert_cmpint (locked->status, ==, SIGNET_STATUS_TOO_MANY);
  g_assert_cmpint (locked->retry_after, ==, 1);
  signet_clock_set (NOW + 599 + 600);
  assert_submit (self, person, SIGNET_STATUS_ACCEPTED);
}

/* Guesses while the address is locked do not prolong the lock. */
static void
test_locks_are_not_prolonged (TestService *self, gconstpointer data)
{
  g_autoptr (Person) person = person_new (self);

  guess (self, person, SIGNET_STATUS_UNAUTHORIZED);
  guess (self, person, SIGNET_STATUS_UNAUTHORIZED);
  for (guint i = 1; i < 6; i++) {
    signet_clock_set (NOW + i * 100);
    guess (self, person, SIGNET_STATUS_TOO_MANY);
  }
  signet_clock_set (NOW + 600);
  assert_submit (self, person, SIGNET_STATUS_ACCEPTED);
}

static void
test_replies_expire (TestService *self, gconstpointer data)
{
  g_autoptr (Person) person = person_new (self);

  assert_fetch (self, person, SIGNET_STATUS_NOT_FOUND);
  assert_submit (self, person, SIGNET_STATUS_ACCEPTED);
  signet_clock_set (NOW + 30 * DAY - 1);
  assert_fetch (self, person, SIGNET_STATUS_OK);
  signet_clock_set (NOW + 30 * DAY);
  assert_fetch (self, person, SIGNET_STATUS_GONE);
  g_assert_true (signet_database_prune (self->administrator, NOW + 30 * DAY, 600, NULL));
  assert_fetch (self, person, SIGNET_STATUS_GONE);
}

/* Installed on the last day, confirmed on the day after: that still counts. */
static void
test_late_confirmation (TestService *self, gconstpointer data)
{
  g_autoptr (Person) person = person_new (self);

  assert_submit (self, person, SIGNET_STATUS_ACCEPTED);
  g_autoptr (SignetCall) fetched = fetch (self, person);
  g_autoptr (GBytes) attachment = signet_reply_message_extract (fetched->answer, NULL);
  g_autoptr (GBytes) digest = signet_sha256 (attachment);
  signet_clock_set (NOW + 31 * DAY);
  g_assert_true (signet_database_prune (self->administrator, NOW + 31 * DAY, 600, NULL));

  for (guint i = 0; i < 2; i++) {
    SignetCall *question = signet_call_new (SIGNET_CALL_CONFIRM);
    question->id = g_strdup (person->id);
    question->body = signet_confirmation_build (person->id, digest, person->signing, NULL);
    g_autoptr (SignetCall) answer = test_service_call (self, question);
    g_assert_cmpint (answer->status, ==, SIGNET_STATUS_NO_CONTENT);
  }
}

static void
add (const char *path, void (*test) (TestService *, gconstpointer))
{
  g_test_add (path, TestService, SETTINGS, test_service_set_up, test, test_service_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/authority/service/info", test_info);
  add ("/authority/service/reply", test_reply);
  add ("/authority/service/invitations-expire", test_invitations_expire);
  add ("/authority/service/locks-end", test_locks_end);
  add ("/authority/service/locks-are-not-prolonged", test_locks_are_not_prolonged);
  add ("/authority/service/replies-expire", test_replies_expire);
  add ("/authority/service/late-confirmation", test_late_confirmation);
  return g_test_run ();
}
