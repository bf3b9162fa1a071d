/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enroll/enroller.h"

#include "base/clock.h"
#include "base/error.h"
#include "enroll/pending-store.h"
#include "keyset/keyset-list.h"
#include "memory-store.h"
#include "protocol/temporary-key.h"
#include "test-reply.h"

/* The client's steps over a store in memory, with a reply made on the spot; the network is left to the tests with a
 * real authority.  Nothing listens at the invitation's address. */

#define ADDRESS "asa@example.org"

typedef struct {
  TestCa *ca;
  SignetMemoryStore *store;
  SignetEnroller *enroller;
  SignetPending *pending;
  GBytes *message;             /* the reply to it */
} Fixture;

static SignetInvitation *
make_invitation (TestCa *ca)
{
  g_autoptr (SignetSecret) key = signet_temporary_key_generate ();
  g_autoptr (GError) error = NULL;
  SignetInvitation *invitation = signet_invitation_new ("https://127.0.0.1:1", NULL, ADDRESS, test_ca_get_pin (ca), key,
                                                        &error);
  g_assert_no_error (error);
  return invitation;
}

static SignetAuthorityInfo *
make_info (TestCa *ca)
{
  g_autoptr (GPtrArray) certificates = g_ptr_array_new ();

  g_ptr_array_add (certificates, test_ca_get_root (ca));
  g_ptr_array_add (certificates, test_ca_get_issuing (ca));
  return signet_authority_info_new ("Example Authority", NULL, certificates);
}

static GBytes *
make_message (TestCa *ca, SignetPending *pending, guint history)
{
  g_autoptr (GError) error = NULL;
  GBytes *request = signet_pending_get_facts (pending)->request;
  g_autoptr (SignetReply) reply = test_reply_new (ca, request, history);
  g_autoptr (GBytes) attachment = test_reply_build (ca, request, reply);
  GBytes *message = signet_reply_message_build (attachment, "Example Authority", "authority@example.org", ADDRESS,
                                                signet_pending_get_id (pending), reply->issued, &error);
  g_assert_no_error (error);
  return message;
}

/* Nothing answers at port 1: the request is kept, and says why it is not away yet. */
static SignetPending *
ask (Fixture *fixture, const char *keyset, SignetSecret *password, GError **error)
{
  g_autoptr (SignetInvitation) invitation = make_invitation (fixture->ca);
  g_autoptr (SignetAuthorityInfo) info = make_info (fixture->ca);

  return signet_enroller_request (fixture->enroller, invitation, info, keyset, password, NULL, error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->ca = test_ca_new ("Example Authority");
  fixture->store = signet_memory_store_new ();
  fixture->enroller = signet_enroller_new (SIGNET_STORE (fixture->store));
  fixture->pending = ask (fixture, "Work", NULL, &error);
  g_assert_no_error (error);
  fixture->message = make_message (fixture->ca, fixture->pending, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_bytes_unref (fixture->message);
  g_object_unref (fixture->pending);
  g_object_unref (fixture->enroller);
  g_object_unref (fixture->store);
  test_ca_free (fixture->ca);
}

static SignetReplyOffer *
open_message (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  SignetReplyOffer *offer = signet_enroller_open (fixture->enroller, fixture->message, NULL, &error);

  g_assert_no_error (error);
  return offer;
}

static SignetKeyset *
install (Fixture *fixture, SignetReplyOffer *offer, const char *name, gboolean add, SignetLevel level,
         const char *password, GError **error)
{
  g_autoptr (SignetSecret) secret = password != NULL ? signet_secret_new_text (password) : NULL;

  return signet_enroller_install (fixture->enroller, offer, name, add, level, secret, NULL, error);
}

static SignetPendingState
stored_state (Fixture *fixture)
{
  g_autoptr (GPtrArray) list = signet_enroller_list (fixture->enroller, NULL, NULL);

  g_assert_cmpuint (list->len, ==, 1);
  return signet_pending_get_state (list->pdata[0]);
}

static void
test_unreachable (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (stored_state (fixture), ==, SIGNET_PENDING_CREATED);
  g_assert_nonnull (signet_pending_get_problem (fixture->pending));
  g_assert_cmpint (signet_pending_get_retry_at (fixture->pending), >, signet_clock_now ());

  g_autoptr (SignetPending) again =
    signet_enroller_check (fixture->enroller, signet_pending_get_id (fixture->pending), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (signet_pending_get_state (again), ==, SIGNET_PENDING_CREATED);
  g_assert_cmpint (signet_pending_get_retry_at (again), >, signet_pending_get_retry_at (fixture->pending));
  g_assert_true (g_bytes_equal (signet_pending_get_facts (again)->request,
                                signet_pending_get_facts (fixture->pending)->request));
}

static void
test_install (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL, again = NULL;
  g_autoptr (SignetReplyOffer) offer = open_message (fixture);

  g_assert_cmpstr (signet_reply_offer_get_authority (offer), ==, "Example Authority");
  g_assert_cmpstr (signet_reply_offer_get_address (offer), ==, ADDRESS);
  g_assert_cmpstr (signet_reply_offer_get_keyset_name (offer), ==, "Work");
  g_assert_cmpuint (signet_reply_offer_count_history (offer), ==, 0);

  g_autoptr (SignetKeyset) keyset = install (fixture, offer, "Work", FALSE, SIGNET_LEVEL_HIGH, "password", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (signet_keyset_get_ids (keyset)->len, ==, 2);
  g_autoptr (SignetSecret) password = signet_secret_new_text ("password");
  g_autoptr (GPtrArray) keys = signet_keyset_unlock (keyset, password, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (
    signet_private_key_get_spki (keys->pdata[0]),
    signet_private_key_get_spki (signet_pending_get_facts (fixture->pending)->signing_key)));

  /* The request has given up its keys, and a second opening changes nothing. */
  g_assert_cmpint (stored_state (fixture), ==, SIGNET_PENDING_CONFIRMING);
  guint writes = signet_memory_store_count_writes (fixture->store);
  g_assert_null (signet_enroller_open (fixture->enroller, fixture->message, NULL, &again));
  g_assert_error (again, SIGNET_ERROR, SIGNET_ERROR_ALREADY_INSTALLED);
  g_clear_error (&again);
  g_assert_null (install (fixture, offer, "Work 2", FALSE, SIGNET_LEVEL_LOW, NULL, &again));
  g_assert_error (again, SIGNET_ERROR, SIGNET_ERROR_ALREADY_INSTALLED);
  g_assert_cmpuint (signet_memory_store_count_writes (fixture->store), ==, writes);
}

/* Whatever write fails, and whether or not it was stored all the same: opening again, or the next look, makes it
 * good. */
static void
test_interrupted (Fixture *fixture, gconstpointer data)
{
  for (guint nth = 1; nth <= 3; nth++) {
    for (int stored = FALSE; stored <= TRUE; stored++) {
      g_autoptr (GError) error = NULL;
      Fixture fresh = { 0 };

      g_test_message ("write %u, stored %d", nth, stored);
      set_up (&fresh, NULL);
      g_autoptr (SignetReplyOffer) offer = open_message (&fresh);
      signet_memory_store_fail_put (fresh.store, nth, SIGNET_ERROR_UNREACHABLE, stored);
      g_autoptr (SignetKeyset) first = install (&fresh, offer, "Work", FALSE, SIGNET_LEVEL_LOW, NULL, NULL);

      g_autoptr (SignetReplyOffer) again = signet_enroller_open (fresh.enroller, fresh.message, NULL, &error);
      if (again != NULL) {
        g_autoptr (SignetKeyset) second = install (&fresh, again, "Work", FALSE, SIGNET_LEVEL_LOW, NULL, &error);
        g_assert_no_error (error);
      } else {
        g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_ALREADY_INSTALLED);
      }
      g_assert_cmpuint (signet_memory_store_count_items (fresh.store, SIGNET_ITEM_KEYSET), ==, 1);
      g_assert_cmpint (stored_state (&fresh), ==, SIGNET_PENDING_CONFIRMING);
      tear_down (&fresh, NULL);
    }
  }
}

static void
test_names (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SignetReplyOffer) offer = open_message (fixture);
  g_autoptr (SignetPending) other = ask (fixture, "Other", NULL, NULL);
  g_autoptr (GBytes) other_message = make_message (fixture->ca, other, 1);
  g_autoptr (SignetReplyOffer) other_offer = signet_enroller_open (fixture->enroller, other_message, NULL, NULL);
  g_autoptr (SignetKeyset) keyset = install (fixture, offer, " Work ", FALSE, SIGNET_LEVEL_HIGH, "password", NULL);
  static const struct {
    const char *name;
    gboolean add;
    SignetLevel level;
    const char *password;
    SignetError code;
  } cases[] = {
    { "work", FALSE, SIGNET_LEVEL_HIGH, "password", SIGNET_ERROR_EXISTS },
    { "Work", TRUE, SIGNET_LEVEL_LOW, NULL, SIGNET_ERROR_EXISTS },
    { "Work", TRUE, SIGNET_LEVEL_HIGH, "not it", SIGNET_ERROR_WRONG_PASSWORD },
    { "Nowhere", TRUE, SIGNET_LEVEL_LOW, NULL, SIGNET_ERROR_NOT_FOUND },
    { "", FALSE, SIGNET_LEVEL_LOW, NULL, SIGNET_ERROR_INVALID },
    { "a\nb", FALSE, SIGNET_LEVEL_LOW, NULL, SIGNET_ERROR_INVALID },
  };

  g_assert_cmpstr (signet_keyset_get_name (keyset), ==, "Work");
  g_assert_cmpuint (signet_reply_offer_count_history (other_offer), ==, 1);
  guint writes = signet_memory_store_count_writes (fixture->store);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_test_message ("case %u", i);
    g_assert_null (install (fixture, other_offer, cases[i].name, cases[i].add, cases[i].level, cases[i].password,
                            &error));
    g_assert_error (error, SIGNET_ERROR, (int) cases[i].code);
    g_assert_cmpuint (signet_memory_store_count_writes (fixture->store), ==, writes);
  }

  /* Added: the newcomers are current, and a key that is there already (history of both) stays once. */
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyset) added = install (fixture, other_offer, "WORK", TRUE, SIGNET_LEVEL_HIGH, "password", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (signet_keyset_get_id (added), ==, signet_keyset_get_id (keyset));
  g_assert_cmpuint (signet_memory_store_count_items (fixture->store, SIGNET_ITEM_KEYSET), ==, 1);

  g_autofree char *suggestion = signet_enroller_suggest_name (fixture->enroller, "work", NULL, NULL);
  g_assert_cmpstr (suggestion, ==, "work 2");
}

/* The password of an existing keyset at High is asked before anything is made or stored. */
static void
test_existing_high (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SignetReplyOffer) offer = open_message (fixture);
  g_autoptr (SignetKeyset) keyset = install (fixture, offer, "Work", FALSE, SIGNET_LEVEL_HIGH, "password", NULL);
  g_autoptr (SignetSecret) wrong = signet_secret_new_text ("not it"), right = signet_secret_new_text ("password");
  guint writes = signet_memory_store_count_writes (fixture->store);
  SignetSecret *refused[] = { NULL, wrong };

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (ask (fixture, "Work", refused[i], &error));
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);
    g_assert_cmpuint (signet_memory_store_count_writes (fixture->store), ==, writes);
  }
  g_autoptr (SignetPending) pending = ask (fixture, "Work", right, NULL);
  g_assert_nonnull (pending);
}

static void
test_removed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetReplyOffer) offer = open_message (fixture);

  g_autoptr (SignetPending) removed = signet_enroller_remove (fixture->enroller,
                                                              signet_pending_get_id (fixture->pending), NULL, &error);
  g_assert_nonnull (removed);
  g_autoptr (GPtrArray) list = signet_enroller_list (fixture->enroller, NULL, NULL);
  g_assert_cmpuint (list->len, ==, 0);
  g_assert_null (signet_enroller_open (fixture->enroller, fixture->message, NULL, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_REMOVED);
  g_clear_error (&error);
  g_assert_null (install (fixture, offer, "Work", FALSE, SIGNET_LEVEL_LOW, NULL, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_REMOVED);

  /* The marker goes when no reply can come any more. */
  signet_clock_set (signet_clock_now () + 91 * 24 * 3600);
  g_autoptr (GPtrArray) later = signet_enroller_list (fixture->enroller, NULL, NULL);
  signet_clock_set (0);
  g_assert_cmpuint (later->len, ==, 0);
  g_assert_cmpuint (signet_memory_store_count_items (fixture->store, SIGNET_ITEM_PENDING), ==, 0);
}

/* Byte for byte as it was, and its reply can be installed again. */
static void
test_put_back (Fixture *fixture, gconstpointer data)
{
  const char *id = signet_pending_get_id (fixture->pending);
  g_autoptr (SignetReplyOffer) offer = open_message (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetPending) before = signet_pendings_find (SIGNET_STORE (fixture->store), id, NULL, NULL);
  g_autoptr (SignetSecret) before_blob = signet_pending_to_blob (before, NULL);
  g_autoptr (SignetPending) removed = signet_enroller_remove (fixture->enroller, id, NULL, NULL);
  g_autoptr (SignetPending) back = signet_enroller_put_back (fixture->enroller, removed, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (back == removed);
  g_autoptr (GPtrArray) blobs = signet_store_list (SIGNET_STORE (fixture->store), SIGNET_ITEM_PENDING, NULL, NULL);
  g_assert_cmpuint (blobs->len, ==, 1);
  g_assert_true (signet_secret_equal (blobs->pdata[0], before_blob));
  g_assert_null (signet_enroller_put_back (fixture->enroller, removed, NULL, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_CHANGED);
  g_clear_error (&error);

  g_autoptr (SignetKeyset) keyset = install (fixture, offer, "Work", FALSE, SIGNET_LEVEL_LOW, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (keyset);
}

static void
test_not_for_us (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Fixture stranger = { 0 };

  set_up (&stranger, NULL);
  g_assert_null (signet_enroller_open (fixture->enroller, stranger.message, NULL, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOR_US);
  tear_down (&stranger, NULL);
}

/* Each reply with one byte changed is refused, or is the very same digital ID; and the store never changes. */
static void
test_altered (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) attachment = signet_reply_message_extract (fixture->message, NULL);
  gsize length;
  const guint8 *original = g_bytes_get_data (attachment, &length);
  guint writes = signet_memory_store_count_writes (fixture->store);
  guint opened = 0, tries = 2000;

  for (guint i = 0; i < tries; i++) {
    g_autofree guint8 *copy = g_memdup2 (original, length);
    copy[g_test_rand_int_range (0, length)] ^= 1 << g_test_rand_int_range (0, 8);
    g_autoptr (GBytes) altered = g_bytes_new_static (copy, length);
    g_autoptr (SignetReplyOffer) offer = signet_enroller_open (fixture->enroller, altered, NULL, NULL);
    if (offer != NULL)
      opened++;
  }
  g_test_message ("%u of %u still opened", opened, tries);
  g_assert_cmpuint (opened, <, tries / 100);
  g_assert_cmpuint (signet_memory_store_count_writes (fixture->store), ==, writes);
  g_assert_cmpint (stored_state (fixture), ==, SIGNET_PENDING_CREATED);
}

static void
test_store_fails (Fixture *fixture, gconstpointer data)
{
  static const SignetError codes[] = { SIGNET_ERROR_NO_STORE, SIGNET_ERROR_LOCKED, SIGNET_ERROR_UNREACHABLE };
  g_autoptr (SignetReplyOffer) offer = open_message (fixture);

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++) {
    g_autoptr (GError) asked = NULL, opened = NULL, installed = NULL;

    signet_memory_store_fail (fixture->store, codes[i]);
    g_assert_null (ask (fixture, "Other", NULL, &asked));
    g_assert_error (asked, SIGNET_ERROR, (int) codes[i]);
    g_assert_null (signet_enroller_open (fixture->enroller, fixture->message, NULL, &opened));
    g_assert_error (opened, SIGNET_ERROR, (int) codes[i]);
    g_assert_null (install (fixture, offer, "Work", FALSE, SIGNET_LEVEL_LOW, NULL, &installed));
    g_assert_error (installed, SIGNET_ERROR, (int) codes[i]);
    signet_memory_store_work (fixture->store);
  }
}

#define ADD(name, func) g_test_add ("/enroll/enroller/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("unreachable", test_unreachable);
  ADD ("install", test_install);
  ADD ("interrupted", test_interrupted);
  ADD ("names", test_names);
  ADD ("existing-high", test_existing_high);
  ADD ("removed", test_removed);
  ADD ("put-back", test_put_back);
  ADD ("not-for-us", test_not_for_us);
  ADD ("altered", test_altered);
  ADD ("store-fails", test_store_fails);
  return g_test_run ();
}
