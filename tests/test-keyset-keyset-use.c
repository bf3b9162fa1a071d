/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset-use.h"

#include "base/clock.h"
#include "base/error.h"
#include "keyset/keyset-change.h"
#include "keyset/keyset-list.h"
#include "keyset/password-pause.h"
#include "memory-store.h"
#include "sample-keyset.h"
#include "scripted-prompter.h"

#define NOW G_GINT64_CONSTANT (1778760000)

typedef struct {
  SignetMemoryStore *store;
  ScriptedPrompter *prompter;
  SignetKeyset *keyset;
} Fixture;

static void
set_up (Fixture *fixture, SignetLevel level)
{
  g_autoptr (GError) error = NULL;

  signet_clock_set (0);
  fixture->store = signet_memory_store_new ();
  fixture->prompter = scripted_prompter_new ();
  fixture->keyset = sample_keyset_new ("Work", level);
  signet_keysets_save (SIGNET_STORE (fixture->store), fixture->keyset, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture)
{
  signet_clock_set (0);
  g_assert_cmpuint (fixture->prompter->unused->length, ==, 0);
  g_object_unref (fixture->keyset);
  g_object_unref (fixture->prompter);
  g_object_unref (fixture->store);
}

static GPtrArray *
use (Fixture *fixture, SignetPurpose purpose, GCancellable *cancellable, GError **error)
{
  return signet_keyset_use (SIGNET_STORE (fixture->store), fixture->keyset, "Heron Mail", purpose,
                            SIGNET_PROMPTER (fixture->prompter), cancellable, error);
}

static void
assert_gives_keys (Fixture *fixture, SignetPurpose purpose)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) keys = use (fixture, purpose, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (keys->len, ==, 3);
  for (guint i = 0; i < keys->len; i++)
    g_assert_true (g_bytes_equal (signet_private_key_get_spki (keys->pdata[i]),
                                  signet_private_key_get_spki (test_key (SIGNET_KEY_P256, i))));
}

static void
assert_gives_error (Fixture *fixture, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (use (fixture, SIGNET_PURPOSE_OPEN, NULL, &error));
  g_assert_error (error, domain, code);
}

static void
test_low_is_silent (void)
{
  Fixture fixture;

  set_up (&fixture, SIGNET_LEVEL_LOW);
  for (guint purpose = SIGNET_PURPOSE_SIGN; purpose <= SIGNET_PURPOSE_EXPORT; purpose++)
    assert_gives_keys (&fixture, purpose);
  g_assert_cmpuint (fixture.prompter->asked, ==, 0);
  tear_down (&fixture);
}

static void
test_medium_asks_each_time (void)
{
  static const char *const sentences[] = {
    "Heron Mail wants to sign a message with “Work”.",
    "Heron Mail wants to open a message with “Work”.",
    "Heron Mail wants to test the digital IDs of “Work”.",
    "Heron Mail wants to renew the digital IDs of “Work”.",
    "Heron Mail wants to revoke digital IDs of “Work”.",
    "Heron Mail wants to write the private keys of “Work” to a file.",
  };
  Fixture fixture;

  set_up (&fixture, SIGNET_LEVEL_MEDIUM);
  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++) {
    scripted_prompter_say (fixture.prompter, SCRIPTED_YES);
    assert_gives_keys (&fixture, i);
    g_assert_cmpstr (fixture.prompter->sentence, ==, sentences[i]);
    g_assert_cmpuint (fixture.prompter->asked, ==, i + 1);
    g_assert_cmpuint (fixture.prompter->done, ==, i + 1);
  }
  scripted_prompter_say (fixture.prompter, SCRIPTED_NO);
  assert_gives_error (&fixture, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fixture.prompter->done, ==, G_N_ELEMENTS (sentences) + 1);
  tear_down (&fixture);
}

static void
test_high_asks_password (void)
{
  Fixture fixture;

  set_up (&fixture, SIGNET_LEVEL_HIGH);
  scripted_prompter_say (fixture.prompter, SCRIPTED_NO);
  assert_gives_error (&fixture, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  for (guint i = 0; i < 2; i++) {
    scripted_prompter_say (fixture.prompter, SAMPLE_PASSWORD);
    assert_gives_keys (&fixture, SIGNET_PURPOSE_SIGN);
    g_assert_false (fixture.prompter->refused);
    g_assert_cmpuint (fixture.prompter->asked, ==, 2 + i);
    g_assert_cmpuint (fixture.prompter->done, ==, 2 + i);
  }
  tear_down (&fixture);
}

/* Wrong twice: at once again.  Wrong three times: not before the pause is over, and then the right one is taken. */
static void
test_wrong_passwords (void)
{
  Fixture fixture;
  const char *id;

  set_up (&fixture, SIGNET_LEVEL_HIGH);
  id = signet_keyset_get_id (fixture.keyset);
  signet_clock_set (NOW);
  scripted_prompter_say (fixture.prompter, "wrong");
  scripted_prompter_say (fixture.prompter, "");
  scripted_prompter_say (fixture.prompter, SAMPLE_PASSWORD);
  assert_gives_keys (&fixture, SIGNET_PURPOSE_OPEN);
  g_assert_true (fixture.prompter->refused);
  g_assert_cmpuint (fixture.prompter->asked, ==, 3);

  for (guint i = 0; i < 3; i++)
    scripted_prompter_say (fixture.prompter, "wrong");
  scripted_prompter_say (fixture.prompter, SCRIPTED_NO);
  assert_gives_error (&fixture, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (signet_password_pause_left (id), ==, 5);
  g_assert_cmpuint (fixture.prompter->pause, ==, 5);      /* the prompter could say so */

  signet_clock_set (NOW + 5);
  scripted_prompter_say (fixture.prompter, SAMPLE_PASSWORD);
  assert_gives_keys (&fixture, SIGNET_PURPOSE_OPEN);
  g_assert_cmpuint (signet_password_pause_left (id), ==, 0);
  tear_down (&fixture);
}

static gpointer
use_in_thread (gpointer data)
{
  assert_gives_keys (data, SIGNET_PURPOSE_OPEN);
  return NULL;
}

/* The right password is not even tried before the pause is over. */
static void
test_pause_holds (void)
{
  Fixture fixture;
  const char *id;

  set_up (&fixture, SIGNET_LEVEL_HIGH);
  id = signet_keyset_get_id (fixture.keyset);
  signet_clock_set (NOW);
  for (guint i = 0; i < 3; i++)
    signet_password_pause_refused (id);
  scripted_prompter_say (fixture.prompter, SAMPLE_PASSWORD);
  GThread *thread = g_thread_new ("use", use_in_thread, &fixture);
  scripted_prompter_wait (fixture.prompter, 1);
  for (guint i = 0; i < 5; i++) {
    signet_clock_set (NOW + i);
    g_thread_yield ();
    g_assert_cmpuint (signet_password_pause_left (id), ==, 5 - i);      /* would be 0 if it had been taken */
  }
  signet_clock_set (NOW + 5);
  g_thread_join (thread);
  tear_down (&fixture);
}

static void
cancel (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

/* Cancelled while the user is asked: he may answer as he likes. */
static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Fixture fixture;

  set_up (&fixture, SIGNET_LEVEL_HIGH);
  scripted_prompter_say (fixture.prompter, SAMPLE_PASSWORD);
  scripted_prompter_then (fixture.prompter, cancel, cancellable);
  g_assert_null (use (&fixture, SIGNET_PURPOSE_SIGN, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  tear_down (&fixture);
}

static void
change_password (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (SignetSecret) password = signet_secret_new_text (SAMPLE_PASSWORD);
  g_autoptr (SignetSecret) new_password = signet_secret_new_text ("another horse");
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyset) changed = signet_keysets_protect (SIGNET_STORE (fixture->store), fixture->keyset, password,
                                                             SIGNET_LEVEL_HIGH, new_password, NULL, &error);

  g_assert_no_error (error);
}

static void
remove_keyset (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (GError) error = NULL;

  signet_keysets_remove (SIGNET_STORE (fixture->store), fixture->keyset, NULL, &error);
  g_assert_no_error (error);
}

/* The old password opens nothing once another program has changed it, also while the question shows. */
static void
test_changed_elsewhere (void)
{
  Fixture fixture;

  set_up (&fixture, SIGNET_LEVEL_HIGH);
  scripted_prompter_say (fixture.prompter, SAMPLE_PASSWORD);
  scripted_prompter_then (fixture.prompter, change_password, &fixture);
  assert_gives_error (&fixture, SIGNET_ERROR, SIGNET_ERROR_CHANGED);
  assert_gives_error (&fixture, SIGNET_ERROR, SIGNET_ERROR_CHANGED);
  g_assert_cmpuint (fixture.prompter->asked, ==, 1);      /* the second time it is not even asked */
  tear_down (&fixture);

  set_up (&fixture, SIGNET_LEVEL_MEDIUM);
  scripted_prompter_say (fixture.prompter, SCRIPTED_YES);
  scripted_prompter_then (fixture.prompter, remove_keyset, &fixture);
  assert_gives_error (&fixture, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND);
  tear_down (&fixture);
}

/* A second use waits until the first has its answer; one that is cancelled waits no longer. */
static void
test_one_at_a_time (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Fixture fixture;

  set_up (&fixture, SIGNET_LEVEL_MEDIUM);
  scripted_prompter_hold (fixture.prompter);
  scripted_prompter_say (fixture.prompter, SCRIPTED_YES);
  scripted_prompter_say (fixture.prompter, SCRIPTED_YES);
  GThread *first = g_thread_new ("first", use_in_thread, &fixture);
  scripted_prompter_wait (fixture.prompter, 1);
  GThread *second = g_thread_new ("second", use_in_thread, &fixture);

  GThread *canceller = g_thread_new ("canceller", (GThreadFunc) (GCallback) cancel, cancellable);
  g_assert_null (use (&fixture, SIGNET_PURPOSE_SIGN, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (canceller);
  g_assert_cmpuint (fixture.prompter->asked, ==, 1);

  scripted_prompter_release (fixture.prompter);
  g_thread_join (first);
  g_thread_join (second);
  g_assert_cmpuint (fixture.prompter->asked, ==, 2);
  g_assert_cmpuint (fixture.prompter->most_at_once, ==, 1);
  tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/keyset/keyset-use/low-is-silent", test_low_is_silent);
  g_test_add_func ("/keyset/keyset-use/medium-asks-each-time", test_medium_asks_each_time);
  g_test_add_func ("/keyset/keyset-use/high-asks-password", test_high_asks_password);
  g_test_add_func ("/keyset/keyset-use/wrong-passwords", test_wrong_passwords);
  g_test_add_func ("/keyset/keyset-use/pause-holds", test_pause_holds);
  g_test_add_func ("/keyset/keyset-use/cancelled", test_cancelled);
  g_test_add_func ("/keyset/keyset-use/changed-elsewhere", test_changed_elsewhere);
  g_test_add_func ("/keyset/keyset-use/one-at-a-time", test_one_at_a_time);

  return g_test_run ();
}
