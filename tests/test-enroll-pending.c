/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enroll/pending.h"

#include "base/error.h"
#include "base/hex.h"
#include "protocol/request.h"
#include "protocol/temporary-key.h"
#include "test-ca.h"

#include <string.h>

#define NOW 1800000000

static SignetPending *
make_pending (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) pin = signet_hex_decode ("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", 32);
  g_autoptr (SignetSecret) key = signet_temporary_key_generate ();
  g_autoptr (SignetInvitation) invitation =
    signet_invitation_new ("https://ca.example.org", NULL, "asa@example.org", pin, key, &error);
  g_assert_no_error (error);
  g_autoptr (TestCa) ca = test_ca_new ("Example Authority");
  g_autoptr (GPtrArray) certificates = g_ptr_array_new ();
  g_ptr_array_add (certificates, test_ca_get_root (ca));
  g_autoptr (SignetAuthorityInfo) info = signet_authority_info_new ("Example Authority", NULL, certificates);
  SignetPending *pending = signet_pending_new (invitation, info, "Work", NOW, &error);

  g_assert_no_error (error);
  return pending;
}

static SignetPending *
store_and_load (SignetPending *pending)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetSecret) blob = signet_pending_to_blob (pending, &error);
  g_assert_no_error (error);
  SignetPending *loaded = signet_pending_from_blob (blob, &error);
  g_assert_no_error (error);

  g_assert_cmpstr (signet_pending_get_id (loaded), ==, signet_pending_get_id (pending));
  g_assert_cmpint (signet_pending_get_state (loaded), ==, signet_pending_get_state (pending));
  g_assert_cmpstr (signet_pending_get_problem (loaded), ==, signet_pending_get_problem (pending));
  if (signet_pending_get_error (pending) != NULL)
    g_assert_error (signet_pending_get_error (loaded), SIGNET_ERROR, signet_pending_get_error (pending)->code);
  g_assert_cmpint (signet_pending_get_retry_at (loaded), ==, signet_pending_get_retry_at (pending));
  return loaded;
}

static void
assert_same_key (SignetPrivateKey *a, SignetPrivateKey *b)
{
  g_assert_true (g_bytes_equal (signet_private_key_get_spki (a), signet_private_key_get_spki (b)));
}

/* The request that is sent, and every fact about it, survives the store. */
static void
test_created (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetPending) pending = make_pending (), loaded = store_and_load (pending);
  const SignetPendingFacts *facts = signet_pending_get_facts (pending), *again = signet_pending_get_facts (loaded);
  g_autoptr (SignetRequest) request = signet_request_parse (again->request, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (request->id, ==, signet_pending_get_id (pending));
  g_assert_cmpstr (request->nonce, ==, again->nonce);
  g_assert_cmpstr (request->address, ==, "asa@example.org");
  g_assert_true (g_bytes_equal (request->signing_spki, signet_private_key_get_spki (again->signing_key)));
  g_assert_true (g_bytes_equal (request->reply_spki, signet_private_key_get_spki (again->reply_key)));
  g_assert_cmpstr (signet_pending_get_authority_name (loaded), ==, "Example Authority");
  g_assert_cmpstr (signet_pending_get_authority_url (loaded), ==, "https://ca.example.org");
  g_assert_cmpstr (signet_pending_get_keyset_name (loaded), ==, "Work");
  g_assert_cmpint (signet_pending_get_created (loaded), ==, NOW);
  g_assert_true (signet_secret_equal (facts->temporary_key, again->temporary_key));
  g_assert_true (g_bytes_equal (facts->request, again->request));
  g_assert_true (g_bytes_equal (facts->pin, again->pin));
  g_assert_true (g_bytes_equal (facts->reply_id, again->reply_id));
  assert_same_key (facts->signing_key, again->signing_key);
  assert_same_key (facts->reply_key, again->reply_key);
}

/* What each step lets go of, and what it keeps. */
static void
test_steps (void)
{
  g_autoptr (SignetPending) created = make_pending ();
  g_autoptr (GError) problem = g_error_new_literal (SIGNET_ERROR, SIGNET_ERROR_UNREACHABLE, "No answer.");
  g_autoptr (SignetPending) failed = signet_pending_failed (created, problem, NOW + 30);
  g_autoptr (SignetPending) failed_again = signet_pending_failed (failed, problem, NOW + 90);
  g_autoptr (SignetPending) waiting = signet_pending_accepted (failed_again, "https://ca.example.org/x", NOW + 5);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("reply", 5);
  g_autoptr (SignetPending) ready = signet_pending_replied (waiting, bytes);
  g_autoptr (SignetPending) confirming = signet_pending_installed (ready, NULL);
  g_autoptr (SignetPending) refused = signet_pending_refused (created, problem);
  g_autoptr (SignetPending) sent_again = signet_pending_failed (refused, problem, NOW + 30);
  g_autoptr (SignetPending) removed = signet_pending_removed (ready);
  SignetPending *all[] = { created, failed, failed_again, waiting, ready, confirming, refused, sent_again, removed };
  static const struct { SignetPendingState state; gboolean temporary_key, keys, reply; guint failures; } expected[] = {
    { SIGNET_PENDING_CREATED, TRUE, TRUE, FALSE, 0 },
    { SIGNET_PENDING_CREATED, TRUE, TRUE, FALSE, 1 },
    { SIGNET_PENDING_CREATED, TRUE, TRUE, FALSE, 2 },
    { SIGNET_PENDING_WAITING, FALSE, TRUE, FALSE, 0 },
    { SIGNET_PENDING_READY, FALSE, TRUE, TRUE, 0 },
    { SIGNET_PENDING_CONFIRMING, FALSE, FALSE, FALSE, 0 },
    { SIGNET_PENDING_REFUSED, TRUE, TRUE, FALSE, 0 },
    { SIGNET_PENDING_CREATED, TRUE, TRUE, FALSE, 1 },
    { SIGNET_PENDING_REMOVED, FALSE, FALSE, FALSE, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
    g_autoptr (SignetPending) loaded = store_and_load (all[i]);
    const SignetPendingFacts *facts = signet_pending_get_facts (loaded);

    g_test_message ("step %u", i);
    g_assert_cmpint (signet_pending_get_state (loaded), ==, expected[i].state);
    g_assert_cmpint (facts->temporary_key != NULL, ==, expected[i].temporary_key);
    g_assert_cmpint (facts->signing_key != NULL, ==, expected[i].keys);
    g_assert_cmpint (facts->reply_key != NULL, ==, expected[i].keys);
    g_assert_cmpint (facts->reply != NULL, ==, expected[i].reply);
    g_assert_cmpuint (facts->failures, ==, expected[i].failures);
    g_assert_true (g_bytes_equal (facts->reply_id, signet_pending_get_facts (created)->reply_id));
    g_assert_true (g_bytes_equal (facts->request, signet_pending_get_facts (created)->request));
  }
}

/* Cut anywhere, or with any byte changed, it is refused. */
static void
test_damaged (void)
{
  g_autoptr (SignetPending) pending = make_pending ();
  g_autoptr (SignetSecret) blob = signet_pending_to_blob (pending, NULL);
  gsize length;
  const guint8 *data = signet_secret_get (blob, &length);

  for (gsize i = 0; i < length; i += 7) {
    g_autoptr (SignetSecret) cut = signet_secret_new (data, i), changed = signet_secret_new (data, length);

    signet_secret_edit (changed)[i] ^= 0x20;
    g_assert_null (signet_pending_from_blob (cut, NULL));
    g_assert_null (signet_pending_from_blob (changed, NULL));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/enroll/pending/created", test_created);
  g_test_add_func ("/enroll/pending/steps", test_steps);
  g_test_add_func ("/enroll/pending/damaged", test_damaged);
  return g_test_run ();
}
