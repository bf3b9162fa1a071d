/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Renewals, and revocations that users ask for, at the service: who may, when, and what it does to the rest. */
#include "test-service.h"

#include "authority/database-users.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/hex.h"
#include "protocol/authority-info.h"
#include "protocol/certified.h"
#include "protocol/confirmation.h"
#include "protocol/reply.h"
#include "protocol/request.h"
#include "protocol/revocation-request.h"
#include "protocol/temporary-key.h"

#include <string.h>

#define NOW TEST_SERVICE_NOW
#define DAY (24 * 3600)
#define LIMITS "[limits]\nrenewals-per-day=2\n"
#define ADDRESS "asa@example.org"
/* --- somebody's digital ID, and the request that brings it --- */

typedef struct {
  char *address;
  char *id;
  SignetPrivateKey *signing_key;
  SignetPrivateKey *reply_key;
  GBytes *request;
  SignetSecret *temporary_key;     /* NULL: a renewal */
  GBytes *attachment;              /* once it was fetched, like the next */
  SignetReply *reply;
} Holder;

static void
holder_free (Holder *self)
{
  g_free (self->address);
  g_free (self->id);
  signet_private_key_unref (self->signing_key);
  signet_private_key_unref (self->reply_key);
  g_bytes_unref (self->request);
  g_clear_pointer (&self->temporary_key, signet_secret_unref);
  g_clear_pointer (&self->attachment, g_bytes_unref);
  g_clear_pointer (&self->reply, signet_reply_free);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Holder, holder_free)

static guint requests;

static Holder *
holder_new (const char *address)
{
  Holder *holder = g_new0 (Holder, 1);

  holder->address = g_strdup (address);
  holder->id = g_strdup_printf ("%032x", ++requests);
  holder->signing_key = signet_private_key_generate (SIGNET_KEY_P256, NULL);
  holder->reply_key = signet_private_key_generate (SIGNET_KEY_P256, NULL);
  return holder;
}

/* A renewal of FORMER that has not been sent. */
static Holder *
renewal_new (Holder *former)
{
  Holder *holder = holder_new (former->address);
  g_autoptr (GError) error = NULL;

  holder->request = signet_request_build_renewal (holder->id, holder->id, holder->address, signet_clock_now (),
                                                  holder->signing_key, holder->reply_key, former->reply->signing,
                                                  former->signing_key, &error);
  g_assert_no_error (error);
  return holder;
}

static SignetCall *
submit (TestService *self, GBytes *request)
{
  SignetCall *question = signet_call_new (SIGNET_CALL_SUBMIT);

  question->body = g_bytes_ref (request);
  return test_service_call (self, question);
}

static void
assert_submit (TestService *self, GBytes *request, SignetStatus expected)
{
  g_autoptr (SignetCall) answer = submit (self, request);

  g_assert_cmpint (answer->status, ==, expected);
}

/* Fetches the reply as the client does, with the client's own rules. */
static void
fetch (TestService *self, Holder *holder)
{
  SignetCall *question = signet_call_new (SIGNET_CALL_FETCH);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) digest = signet_sha256 (holder->request);
  const SignetReplyExpectation expected = { holder->id, digest, holder->id, holder->address,
                                            signet_private_key_get_spki (holder->signing_key), self->pin };

  question->id = g_strdup (holder->id);
  g_autoptr (SignetCall) answer = test_service_call (self, question);
  g_assert_cmpint (answer->status, ==, SIGNET_STATUS_OK);
  holder->attachment = signet_reply_message_extract (answer->answer, &error);
  g_assert_no_error (error);
  holder->reply = signet_reply_open (holder->attachment, holder->reply_key, &expected, signet_clock_now (), &error);
  g_assert_no_error (error);
}

static void
confirm (TestService *self, Holder *holder)
{
  SignetCall *question = signet_call_new (SIGNET_CALL_CONFIRM);
  g_autoptr (GBytes) digest = signet_sha256 (holder->attachment);

  question->id = g_strdup (holder->id);
  question->body = signet_confirmation_build (holder->id, digest, holder->signing_key, NULL);
  g_autoptr (SignetCall) answer = test_service_call (self, question);
  g_assert_cmpint (answer->status, ==, SIGNET_STATUS_NO_CONTENT);
}

static Holder *
enroll (TestService *self, const char *address)
{
  Holder *holder = holder_new (address);
  SignetCall *question = signet_call_new (SIGNET_CALL_SUBMIT);

  holder->temporary_key = test_service_invite (self, address);
  holder->request = signet_request_build (holder->id, holder->id, address, signet_clock_now (), holder->signing_key,
                                          holder->reply_key, NULL);
  question->address = g_strdup (address);
  question->key = signet_secret_ref (holder->temporary_key);
  question->body = g_bytes_ref (holder->request);
  g_autoptr (SignetCall) answer = test_service_call (self, question);
  g_assert_cmpint (answer->status, ==, SIGNET_STATUS_ACCEPTED);
  fetch (self, holder);
  confirm (self, holder);
  return holder;
}

static Holder *
renew (TestService *self, Holder *former)
{
  Holder *holder = renewal_new (former);

  assert_submit (self, holder->request, SIGNET_STATUS_ACCEPTED);
  fetch (self, holder);
  return holder;
}

static void
assert_renewal (TestService *self, Holder *former, SignetStatus expected)
{
  g_autoptr (Holder) renewal = renewal_new (former);

  assert_submit (self, renewal->request, expected);
}

static guint
count_revoked (TestService *self)
{
  g_autoptr (GPtrArray) list = signet_database_list_revoked (self->administrator, signet_clock_now (), NULL);

  return list->len;
}

static gboolean
is_revoked (TestService *self, SignetCertificate *certificate)
{
  g_autoptr (GPtrArray) list = signet_database_list_revoked (self->administrator, signet_clock_now (), NULL);

  for (guint i = 0; i < list->len; i++) {
    if (g_str_equal (((SignetRevocation *) list->pdata[i])->serial, signet_certificate_get_serial (certificate)))
      return TRUE;
  }
  return FALSE;
}

/* --- renewals --- */

static void
test_renew (TestService *self, gconstpointer data)
{
  g_autoptr (Holder) first = enroll (self, ADDRESS);
  signet_clock_set (NOW + 700 * DAY);
  g_autoptr (Holder) second = renew (self, first);

  g_assert_cmpuint (second->reply->encryption->len, ==, 1);          /* a new key, and nobody's history */
  g_assert_false (g_bytes_equal (signet_certificate_get_spki (second->reply->encryption->pdata[0]),
                                 signet_certificate_get_spki (first->reply->encryption->pdata[0])));
  g_assert_cmpint (signet_certificate_get_not_after (second->reply->signing), ==,
                   NOW + 700 * DAY - 300 + (gint64) 730 * DAY);

  confirm (self, second);
  g_assert_cmpuint (count_revoked (self), ==, 0);                    /* the old ones run out by themselves */
  g_autoptr (Holder) third = renew (self, second);
  confirm (self, third);
}

static void
test_answer_lost (TestService *self, gconstpointer data)
{
  g_autoptr (Holder) first = enroll (self, ADDRESS), second = renew (self, first);
  g_autoptr (SignetCall) again = submit (self, second->request);
  g_autoptr (Holder) same_number = renewal_new (first);

  g_assert_cmpint (again->status, ==, SIGNET_STATUS_ACCEPTED);
  g_assert_true (g_str_has_suffix (again->location, second->id));
  confirm (self, second);
  assert_submit (self, second->request, SIGNET_STATUS_ACCEPTED);     /* also when all is over */

  g_clear_pointer (&same_number->request, g_bytes_unref);
  same_number->request =
    signet_request_build_renewal (second->id, second->id, ADDRESS, NOW, same_number->signing_key,
                                  same_number->reply_key, second->reply->signing, second->signing_key, NULL);
  assert_submit (self, same_number->request, SIGNET_STATUS_CONFLICT);
}

static void
test_not_current (TestService *self, gconstpointer data)
{
  g_autoptr (Holder) first = enroll (self, ADDRESS), second = renew (self, first), waiting = renewal_new (first);

  assert_submit (self, waiting->request, SIGNET_STATUS_ACCEPTED);    /* the reply of the second may never arrive */
  confirm (self, second);
  assert_renewal (self, first, SIGNET_STATUS_FORBIDDEN);
  g_autoptr (Holder) invited = enroll (self, ADDRESS);               /* as after a recovery */
  assert_renewal (self, second, SIGNET_STATUS_FORBIDDEN);
  assert_renewal (self, invited, SIGNET_STATUS_ACCEPTED);
}

static void
test_expired_and_revoked (TestService *self, gconstpointer data)
{
  g_autoptr (Holder) first = enroll (self, ADDRESS), other = enroll (self, "bo@example.org");
  gint64 end = signet_certificate_get_not_after (first->reply->signing);
  guint count;

  g_assert_true (signet_database_revoke_user (self->administrator, "bo@example.org", NOW, "left", &count, NULL));
  assert_renewal (self, other, SIGNET_STATUS_FORBIDDEN);
  signet_clock_set (end);
  assert_renewal (self, first, SIGNET_STATUS_FORBIDDEN);
  signet_clock_set (end - 1);
  assert_renewal (self, first, SIGNET_STATUS_ACCEPTED);
}

/* Somebody else's authority, somebody else's address, an encryption key, no signature at all. */
static void
test_strangers (TestService *self, gconstpointer data)
{
  g_autoptr (Holder) first = enroll (self, ADDRESS), renewal = holder_new (ADDRESS);
  g_autoptr (SignetPrivateKey) root_key = signet_private_key_generate (SIGNET_KEY_P256, NULL);
  const SignetCertificateOrder root = { SIGNET_PROFILE_ROOT, signet_private_key_get_spki (root_key), "Strange", NOW,
                                        NOW + 10000 * (gint64) DAY };
  const SignetCertificateOrder copy = { SIGNET_PROFILE_MAIL_SIGNING, signet_private_key_get_spki (first->signing_key),
                                        ADDRESS, NOW, NOW + 100 * DAY };
  g_autoptr (SignetCertificate) strange_root = signet_issuer_self_sign (root_key, &root, NULL);
  g_autoptr (SignetIssuer) strange = signet_issuer_new (strange_root, root_key, NULL, NULL, NULL);
  g_autoptr (SignetCertificate) strange_copy = signet_issuer_issue (strange, &copy, NULL);

  renewal->request = signet_request_build_renewal (renewal->id, renewal->id, ADDRESS, NOW, renewal->signing_key,
                                                   renewal->reply_key, strange_copy, first->signing_key, NULL);
  assert_submit (self, renewal->request, SIGNET_STATUS_FORBIDDEN);

  g_autoptr (GBytes) by_encryption =
    signet_request_build_renewal (renewal->id, renewal->id, ADDRESS, NOW, renewal->signing_key, renewal->reply_key,
                                  first->reply->encryption->pdata[0], first->reply->encryption_keys->pdata[0], NULL);
  assert_submit (self, by_encryption, SIGNET_STATUS_BAD_REQUEST);
  assert_submit (self, first->request, SIGNET_STATUS_UNAUTHORIZED);
}

static void
test_with_temporary_key (TestService *self, gconstpointer data)
{
  g_autoptr (Holder) first = enroll (self, ADDRESS), renewal = renewal_new (first);
  g_autoptr (SignetSecret) key = signet_temporary_key_generate ();
  g_autoptr (GBytes) digest = signet_temporary_key_digest (key);
  SignetCall *question = signet_call_new (SIGNET_CALL_SUBMIT);
  guint withdrawn;

  signet_database_add_invitation (self->administrator, ADDRESS, digest, NOW, NOW + 3600, &withdrawn, NULL);
  question->address = g_strdup (ADDRESS);
  question->key = signet_secret_ref (key);
  question->body = g_bytes_ref (renewal->request);
  g_autoptr (SignetCall) answer = test_service_call (self, question);
  g_assert_cmpint (answer->status, ==, SIGNET_STATUS_BAD_REQUEST);
}

static void
test_too_often (TestService *self, gconstpointer data)
{
  g_autoptr (Holder) first = enroll (self, ADDRESS), other = enroll (self, "bo@example.org");
  g_autoptr (Holder) third = renewal_new (first);

  assert_renewal (self, first, SIGNET_STATUS_ACCEPTED);
  assert_renewal (self, first, SIGNET_STATUS_ACCEPTED);
  g_autoptr (SignetCall) answer = submit (self, third->request);
  g_assert_cmpint (answer->status, ==, SIGNET_STATUS_TOO_MANY);
  g_assert_cmpint (answer->retry_after, ==, DAY);
  assert_renewal (self, other, SIGNET_STATUS_ACCEPTED);
  signet_clock_set (NOW + DAY + 1);
  assert_submit (self, third->request, SIGNET_STATUS_ACCEPTED);
}

static void
test_too_early (TestService *self, gconstpointer data)
{
  g_autoptr (Holder) first = enroll (self, ADDRESS), renewal = renewal_new (first);
  gint64 earliest = signet_certificate_get_not_after (first->reply->signing) - 60 * DAY;
  g_autoptr (SignetCall) answer = submit (self, renewal->request);

  g_assert_cmpint (answer->status, ==, SIGNET_STATUS_TOO_MANY);
  g_assert_cmpint (answer->retry_after, ==, earliest - NOW);
  signet_clock_set (earliest);
  assert_submit (self, renewal->request, SIGNET_STATUS_ACCEPTED);
}

/* --- revocations --- */

static SignetStatus
revoke_as (TestService *self, Holder *holder, const char *address, SignetRevocationReason reason)
{
  SignetCall *question = signet_call_new (SIGNET_CALL_REVOKE);

  question->body = signet_revocation_request_build (holder->reply->signing, holder->signing_key, address, reason,
                                                    signet_clock_now (), NULL);
  g_autoptr (SignetCall) answer = test_service_call (self, question);
  return answer->status;
}

static SignetStatus
revoke_keyset (TestService *self, Holder *holder)
{
  return revoke_as (self, holder, holder->address, SIGNET_REASON_KEY_COMPROMISE);
}

static void
test_revoke (TestService *self, gconstpointer data)
{
  g_autoptr (Holder) first = enroll (self, ADDRESS), other = enroll (self, "bo@example.org");

  g_assert_cmpint (revoke_keyset (self, first), ==, SIGNET_STATUS_NO_CONTENT);
  g_assert_true (is_revoked (self, first->reply->signing) && is_revoked (self, first->reply->encryption->pdata[0]));
  g_assert_cmpuint (count_revoked (self), ==, 2);
  g_assert_cmpint (revoke_keyset (self, first), ==, SIGNET_STATUS_NO_CONTENT);
  g_assert_cmpuint (count_revoked (self), ==, 2);
  assert_renewal (self, first, SIGNET_STATUS_FORBIDDEN);
  assert_renewal (self, other, SIGNET_STATUS_ACCEPTED);
  g_autoptr (Holder) again = enroll (self, ADDRESS);                 /* the user himself is not revoked */
  g_assert_false (is_revoked (self, again->reply->signing));
}

/* Whoever has a stolen key may have renewed it, before or after: all of that goes, and another keyset's does not. */
static void
test_revoke_renewed (TestService *self, gconstpointer data)
{
  g_autoptr (Holder) elsewhere = enroll (self, ADDRESS), first = enroll (self, ADDRESS), second = renew (self, first);
  confirm (self, second);
  g_autoptr (Holder) waiting = renew (self, second);
  SignetCall *question = signet_call_new (SIGNET_CALL_FETCH);

  g_assert_cmpint (revoke_keyset (self, first), ==, SIGNET_STATUS_NO_CONTENT);
  g_assert_cmpuint (count_revoked (self), ==, 6);
  g_assert_true (is_revoked (self, waiting->reply->signing) && is_revoked (self, second->reply->signing));
  g_assert_false (is_revoked (self, elsewhere->reply->signing));
  question->id = g_strdup (waiting->id);
  g_autoptr (SignetCall) gone = test_service_call (self, question);
  g_assert_cmpint (gone->status, ==, SIGNET_STATUS_GONE);
}

static void
test_revoke_refused (TestService *self, gconstpointer data)
{
  g_autoptr (Holder) first = enroll (self, ADDRESS);
  SignetCall *by_encryption = signet_call_new (SIGNET_CALL_REVOKE), *nonsense = signet_call_new (SIGNET_CALL_REVOKE);

  g_assert_cmpint (revoke_as (self, first, "bo@example.org", SIGNET_REASON_SUPERSEDED), ==, SIGNET_STATUS_BAD_REQUEST);
  by_encryption->body =
    signet_revocation_request_build (first->reply->encryption->pdata[0], first->reply->encryption_keys->pdata[0],
                                     ADDRESS, SIGNET_REASON_SUPERSEDED, NOW, NULL);
  g_autoptr (SignetCall) refused = test_service_call (self, by_encryption);
  g_assert_cmpint (refused->status, ==, SIGNET_STATUS_BAD_REQUEST);
  nonsense->body = g_bytes_new_static ("x", 1);
  g_autoptr (SignetCall) refused_too = test_service_call (self, nonsense);
  g_assert_cmpint (refused_too->status, ==, SIGNET_STATUS_BAD_REQUEST);

  signet_clock_set (signet_certificate_get_not_after (first->reply->signing));
  g_assert_cmpint (revoke_keyset (self, first), ==, SIGNET_STATUS_FORBIDDEN);
  signet_clock_set (NOW);
  g_assert_cmpuint (count_revoked (self), ==, 0);
}

static void
add (const char *path, const char *settings, void (*test) (TestService *, gconstpointer))
{
  g_test_add (path, TestService, settings, test_service_set_up, test, test_service_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/authority/renewal/renew", LIMITS, test_renew);
  add ("/authority/renewal/answer-lost", LIMITS, test_answer_lost);
  add ("/authority/renewal/not-current", LIMITS, test_not_current);
  add ("/authority/renewal/expired-and-revoked", LIMITS, test_expired_and_revoked);
  add ("/authority/renewal/strangers", LIMITS, test_strangers);
  add ("/authority/renewal/with-temporary-key", LIMITS, test_with_temporary_key);
  add ("/authority/renewal/too-often", LIMITS, test_too_often);
  add ("/authority/renewal/too-early", "renewal-days=60\n" LIMITS, test_too_early);
  add ("/authority/renewal/revoke", LIMITS, test_revoke);
  add ("/authority/renewal/revoke-renewed", LIMITS, test_revoke_renewed);
  add ("/authority/renewal/revoke-refused", LIMITS, test_revoke_refused);
  return g_test_run ();
}
