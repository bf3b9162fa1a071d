/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset-memory.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "keyset/keyset-change.h"
#include "keyset/keyset-list.h"
#include "keyset/keyset-use.h"
#include "memory-store.h"
#include "own-memory.h"
#include "sample-keyset.h"
#include "scripted-prompter.h"

#define NOW G_GINT64_CONSTANT (1778760000)
#define MINUTES 10
#define KEY_LENGTH 32

typedef struct {
  SignetMemoryStore *store;
  ScriptedPrompter *prompter;
  SignetKeyset *keyset;
  guint changes;
} Fixture;

/* A keyset that may be remembered for MINUTES; made once, because sealing takes its time. */
static SignetKeyset *
allowed_keyset_new (void)
{
  static SignetSecret *blob;
  g_autoptr (GError) error = NULL;

  if (blob == NULL) {
    g_autoptr (SignetSecret) password = sample_password (SIGNET_LEVEL_HIGH);
    g_autoptr (SignetKeyset) keyset = sample_keyset_new ("Work", SIGNET_LEVEL_HIGH);
    g_autoptr (SignetKeyset) allowed = signet_keyset_allow_remembering (keyset, MINUTES, password, &error);
    g_assert_no_error (error);
    blob = signet_keyset_to_blob (allowed, NULL);
  }
  return signet_keyset_from_blob (blob, NULL);
}

static void
on_changed (Fixture *fixture)
{
  fixture->changes++;
}

static void
set_up (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  signet_clock_set (NOW);
  *fixture = (Fixture) { 0 };
  fixture->store = signet_memory_store_new ();
  fixture->prompter = scripted_prompter_new ();
  fixture->prompter->remember = TRUE;
  fixture->keyset = allowed_keyset_new ();
  signet_keysets_save (SIGNET_STORE (fixture->store), fixture->keyset, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect_swapped (signet_keyset_memory_get (), "changed", G_CALLBACK (on_changed), fixture);
}

static void
tear_down (Fixture *fixture)
{
  signet_keyset_memory_forget_all (signet_keyset_memory_get ());
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_signal_handlers_disconnect_by_data (signet_keyset_memory_get (), fixture);
  g_assert_cmpuint (fixture->prompter->unused->length, ==, 0);
  g_object_unref (fixture->keyset);
  g_object_unref (fixture->prompter);
  g_object_unref (fixture->store);
  signet_clock_set (0);
}

/* The keys, for which the user was asked, or not. */
static void
use (Fixture *fixture, SignetPurpose purpose, gboolean asked)
{
  guint before = fixture->prompter->asked;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) keys = NULL;

  if (asked)
    scripted_prompter_say (fixture->prompter, SAMPLE_PASSWORD);
  keys = signet_keyset_use (SIGNET_STORE (fixture->store), fixture->keyset, "Heron Mail", purpose,
                            SIGNET_PROMPTER (fixture->prompter), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (keys->len, ==, 3);
  g_assert_cmpuint (fixture->prompter->asked, ==, before + asked);
}

static guint
get_left (Fixture *fixture)
{
  return signet_keyset_memory_get_left (signet_keyset_memory_get (), fixture->keyset);
}

/* Nothing is remembered unless the user says so, and the keyset allows it. */
static void
test_off_by_default (void)
{
  Fixture fixture;

  set_up (&fixture);
  fixture.prompter->remember = FALSE;
  use (&fixture, SIGNET_PURPOSE_SIGN, TRUE);
  g_assert_cmpuint (fixture.prompter->remember_minutes, ==, MINUTES);
  use (&fixture, SIGNET_PURPOSE_SIGN, TRUE);
  g_assert_cmpuint (get_left (&fixture), ==, 0);

  g_autoptr (SignetKeyset) allowed = g_steal_pointer (&fixture.keyset);
  fixture.keyset = sample_keyset_new ("Home", SIGNET_LEVEL_HIGH);
  signet_keysets_save (SIGNET_STORE (fixture.store), fixture.keyset, NULL, NULL);
  fixture.prompter->remember = TRUE;
  use (&fixture, SIGNET_PURPOSE_SIGN, TRUE);
  g_assert_cmpuint (fixture.prompter->remember_minutes, ==, 0);
  use (&fixture, SIGNET_PURPOSE_SIGN, TRUE);
  g_assert_true (signet_keyset_memory_is_empty (signet_keyset_memory_get ()));
  tear_down (&fixture);
}

/* It ends so many minutes after the password was entered, however often it has served meanwhile. */
static void
test_time (void)
{
  Fixture fixture;

  set_up (&fixture);
  use (&fixture, SIGNET_PURPOSE_SIGN, TRUE);
  for (guint passed = 0; passed < MINUTES * 60; passed += 199) {
    signet_clock_set (NOW + passed);
    g_assert_cmpuint (get_left (&fixture), ==, MINUTES * 60 - passed);
    use (&fixture, SIGNET_PURPOSE_SIGN, FALSE);
  }
  signet_clock_set (NOW + MINUTES * 60 - 1);
  use (&fixture, SIGNET_PURPOSE_OPEN, FALSE);
  signet_clock_set (NOW + MINUTES * 60);
  fixture.prompter->remember = FALSE;
  use (&fixture, SIGNET_PURPOSE_SIGN, TRUE);
  g_assert_true (signet_keyset_memory_is_empty (signet_keyset_memory_get ()));
  tear_down (&fixture);
}

static void
test_purposes (void)
{
  Fixture fixture;

  set_up (&fixture);
  for (guint i = 0; i < 2; i++) {        /* nothing is remembered of these, either */
    use (&fixture, SIGNET_PURPOSE_EXPORT, TRUE);
    g_assert_cmpuint (fixture.prompter->remember_minutes, ==, 0);
    use (&fixture, SIGNET_PURPOSE_REVOKE, TRUE);
    g_assert_cmpuint (fixture.prompter->remember_minutes, ==, 0);
  }
  use (&fixture, SIGNET_PURPOSE_TEST, TRUE);
  for (guint purpose = SIGNET_PURPOSE_SIGN; purpose <= SIGNET_PURPOSE_RENEW; purpose++)
    use (&fixture, purpose, FALSE);
  use (&fixture, SIGNET_PURPOSE_EXPORT, TRUE);
  use (&fixture, SIGNET_PURPOSE_REVOKE, TRUE);
  use (&fixture, SIGNET_PURPOSE_RENEW, FALSE);
  tear_down (&fixture);
}

static void
forget (Fixture *fixture)
{
  signet_keyset_memory_forget (signet_keyset_memory_get (), signet_keyset_get_id (fixture->keyset));
}

static void
forget_all (Fixture *fixture)
{
  signet_keyset_memory_forget_all (signet_keyset_memory_get ());
}

static void
pass_time (Fixture *fixture)
{
  signet_clock_set (NOW + MINUTES * 60);
  g_assert_cmpuint (get_left (fixture), ==, 0);
}

static void
keep_only_others (Fixture *fixture)
{
  g_autoptr (GListStore) others = g_list_store_new (SIGNET_TYPE_KEYSET);
  g_autoptr (SignetKeyset) other = sample_keyset_new ("Other", SIGNET_LEVEL_LOW);

  g_list_store_append (others, other);
  g_list_store_append (others, fixture->keyset);
  signet_keyset_memory_keep_only (signet_keyset_memory_get (), G_LIST_MODEL (others));
  g_assert_cmpuint (get_left (fixture), >, 0);
  g_list_store_remove (others, 1);
  signet_keyset_memory_keep_only (signet_keyset_memory_get (), G_LIST_MODEL (others));
}

/* The timer, which is of the real clock, is set anew when another keyset is remembered. */
static void
let_timer_run (Fixture *fixture)
{
  g_autoptr (SignetKeyset) other = sample_keyset_new ("Other", SIGNET_LEVEL_HIGH);
  g_autoptr (SignetSecret) password = sample_password (SIGNET_LEVEL_HIGH), key = signet_secret_new ("", 0);
  g_autoptr (SignetKeyset) allowed = signet_keyset_allow_remembering (other, 60, password, NULL);
  SignetKeysetMemory *memory = signet_keyset_memory_get ();

  while (g_main_context_iteration (NULL, FALSE))
    ;
  signet_clock_set (NOW + MINUTES * 60 - 1);
  signet_keyset_memory_keep (memory, allowed, key, signet_keyset_memory_get_endings (memory));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  signet_clock_set (NOW + MINUTES * 60);
  for (guint before = fixture->changes; fixture->changes == before;)
    g_main_context_iteration (NULL, TRUE);
}

static void
change_password (Fixture *fixture)
{
  g_autoptr (SignetSecret) password = sample_password (SIGNET_LEVEL_HIGH);
  g_autoptr (SignetSecret) new_password = signet_secret_new_text ("another horse");
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyset) changed = signet_keysets_protect (SIGNET_STORE (fixture->store), fixture->keyset, password,
                                                             SIGNET_LEVEL_HIGH, new_password, NULL, &error);

  g_assert_no_error (error);
}

static void
remove_keyset (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  signet_keysets_remove (SIGNET_STORE (fixture->store), fixture->keyset, NULL, &error);
  g_assert_no_error (error);
}

/* Another program writes another form of it. */
static void
change_elsewhere (Fixture *fixture)
{
  g_autoptr (SignetSecret) password = sample_password (SIGNET_LEVEL_HIGH);
  g_autoptr (SignetKeyset) changed = signet_keyset_protect (fixture->keyset, password, SIGNET_LEVEL_HIGH, password,
                                                            NULL);
  g_autoptr (GError) error = NULL;

  signet_keysets_save (SIGNET_STORE (fixture->store), changed, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (signet_keyset_use (SIGNET_STORE (fixture->store), fixture->keyset, "Heron Mail", SIGNET_PURPOSE_SIGN,
                                    SIGNET_PROMPTER (fixture->prompter), NULL, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_CHANGED);
}

/* The key that KEYSET's password makes, masked. */
static guint8 *
dup_masked_key (SignetKeyset *keyset)
{
  g_autoptr (SignetSecret) password = sample_password (SIGNET_LEVEL_HIGH);
  g_autoptr (SignetSecret) key = signet_keyset_derive_key (keyset, password, NULL);
  guint8 *masked = g_malloc (KEY_LENGTH);

  g_assert_cmpuint (signet_secret_length (key), ==, KEY_LENGTH);
  for (guint i = 0; i < KEY_LENGTH; i++)
    masked[i] = signet_secret_get (key, NULL)[i] ^ OWN_MEMORY_MASK;
  return masked;
}

/* Whatever ends it, nothing of it is left in the memory of the process. */
static void
test_end (gconstpointer data)
{
  void (*end) (Fixture *) = (void (*) (Fixture *)) (GCallback) data;
  g_autofree guint8 *masked = NULL;
  Fixture fixture;

  set_up (&fixture);
  masked = dup_masked_key (fixture.keyset);
  g_assert_cmpuint (own_memory_count (masked, KEY_LENGTH), ==, 0);
  use (&fixture, SIGNET_PURPOSE_SIGN, TRUE);
  g_assert_cmpuint (own_memory_count (masked, KEY_LENGTH), ==, 1);
  use (&fixture, SIGNET_PURPOSE_SIGN, FALSE);
  g_assert_cmpuint (own_memory_count (masked, KEY_LENGTH), ==, 1);
  end (&fixture);
  g_assert_cmpuint (own_memory_count (masked, KEY_LENGTH), ==, 0);
  g_assert_cmpuint (get_left (&fixture), ==, 0);
  guint before = fixture.changes;
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_true (fixture.changes > before || end == let_timer_run);
  tear_down (&fixture);
}

/* What was remembered for one form of a keyset opens no other, even under the same password. */
static void
test_bound_to_its_form (void)
{
  g_autoptr (SignetSecret) password = sample_password (SIGNET_LEVEL_HIGH);
  g_autoptr (GError) error = NULL;
  Fixture fixture;

  set_up (&fixture);
  g_autoptr (SignetSecret) key = signet_keyset_derive_key (fixture.keyset, password, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) keys = signet_keyset_unlock_with_key (fixture.keyset, key, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (keys->len, ==, 3);
  g_autoptr (SignetKeyset) changed = signet_keyset_protect (fixture.keyset, password, SIGNET_LEVEL_HIGH, password,
                                                            &error);
  g_assert_no_error (error);
  g_assert_null (signet_keyset_unlock_with_key (changed, key, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);

  use (&fixture, SIGNET_PURPOSE_SIGN, TRUE);
  g_assert_null (signet_keyset_memory_lookup (signet_keyset_memory_get (), changed));
  g_assert_true (signet_keyset_memory_is_empty (signet_keyset_memory_get ()));
  tear_down (&fixture);
}

/* Everything was forgotten while the password was being tried. */
static void
test_forgotten_meanwhile (void)
{
  SignetKeysetMemory *memory = signet_keyset_memory_get ();
  g_autoptr (SignetSecret) key = signet_secret_new ("k", 1);
  Fixture fixture;

  set_up (&fixture);
  guint endings = signet_keyset_memory_get_endings (memory);
  signet_keyset_memory_forget_all (memory);
  signet_keyset_memory_keep (memory, fixture.keyset, key, endings);
  g_assert_true (signet_keyset_memory_is_empty (memory));
  signet_keyset_memory_keep (memory, fixture.keyset, key, signet_keyset_memory_get_endings (memory));
  g_assert_false (signet_keyset_memory_is_empty (memory));
  tear_down (&fixture);
}

/* --- whether a keyset may be remembered --- */

static SignetKeyset *
save (SignetMemoryStore *store, SignetLevel level)
{
  g_autoptr (GError) error = NULL;
  SignetKeyset *keyset = sample_keyset_new ("Work", level);

  signet_keysets_save (SIGNET_STORE (store), keyset, NULL, &error);
  g_assert_no_error (error);
  return keyset;
}

static SignetKeyset *
allow (SignetMemoryStore *store, SignetKeyset *keyset, guint minutes, const char *password, GError **error)
{
  g_autoptr (SignetSecret) secret = password != NULL ? signet_secret_new_text (password) : NULL;

  return signet_keysets_allow_remembering (SIGNET_STORE (store), keyset, minutes, secret, NULL, error);
}

/* Stays with another password and another name, and is gone with the level High. */
static void
test_allow (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetKeyset) keyset = save (store, SIGNET_LEVEL_HIGH);
  g_autoptr (SignetSecret) password = sample_password (SIGNET_LEVEL_HIGH), new_password = signet_secret_new_text ("n");
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (signet_keyset_get_remember (keyset), ==, 0);
  g_autoptr (SignetKeyset) allowed = allow (store, keyset, MINUTES, SAMPLE_PASSWORD, &error);
  g_assert_no_error (error);
  g_autoptr (SignetKeyset) stored = signet_keysets_find (SIGNET_STORE (store), "Work", NULL, &error);
  g_assert_true (signet_keyset_equal (stored, allowed));
  g_assert_cmpuint (signet_keyset_get_remember (stored), ==, MINUTES);

  g_autoptr (SignetKeyset) renamed = signet_keyset_rename (stored, "Office", password, &error);
  g_autoptr (SignetKeyset) other = signet_keyset_protect (renamed, password, SIGNET_LEVEL_HIGH, new_password, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (signet_keyset_get_remember (other), ==, MINUTES);
  g_autoptr (SignetKeyset) low = signet_keyset_protect (other, new_password, SIGNET_LEVEL_LOW, NULL, &error);
  g_autoptr (SignetKeyset) high = signet_keyset_protect (low, NULL, SIGNET_LEVEL_HIGH, new_password, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (signet_keyset_get_remember (low), ==, 0);
  g_assert_cmpuint (signet_keyset_get_remember (high), ==, 0);
}

static void
test_allow_refused (void)
{
  static const struct {
    SignetLevel level;
    guint minutes;
    const char *password;
    SignetError code;
  } cases[] = {
    { SIGNET_LEVEL_HIGH, 10, "wrong", SIGNET_ERROR_WRONG_PASSWORD },
    { SIGNET_LEVEL_HIGH, 10, NULL, SIGNET_ERROR_WRONG_PASSWORD },
    { SIGNET_LEVEL_HIGH, 0, NULL, SIGNET_ERROR_WRONG_PASSWORD },
    { SIGNET_LEVEL_HIGH, SIGNET_MAX_REMEMBER + 1, SAMPLE_PASSWORD, SIGNET_ERROR_INVALID },
    { SIGNET_LEVEL_MEDIUM, 10, NULL, SIGNET_ERROR_INVALID },
    { SIGNET_LEVEL_LOW, 10, NULL, SIGNET_ERROR_INVALID },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
    g_autoptr (SignetKeyset) keyset = save (store, cases[i].level);
    g_autoptr (GError) error = NULL;
    g_assert_null (allow (store, keyset, cases[i].minutes, cases[i].password, &error));
    g_assert_error (error, SIGNET_ERROR, (int) cases[i].code);
    g_assert_cmpuint (signet_memory_store_count_writes (store), ==, 1);
  }
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*end) (Fixture *);
  } ends[] = {
    { "forget", forget },
    { "forget-all", forget_all },
    { "late-look", pass_time },
    { "timer", let_timer_run },
    { "not-in-the-list", keep_only_others },
    { "change-of-password", change_password },
    { "removal", remove_keyset },
    { "change-elsewhere", change_elsewhere },
  };

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/keyset/keyset-memory/off-by-default", test_off_by_default);
  g_test_add_func ("/keyset/keyset-memory/time", test_time);
  g_test_add_func ("/keyset/keyset-memory/purposes", test_purposes);
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
    g_autofree char *path = g_strconcat ("/keyset/keyset-memory/end/", ends[i].name, NULL);
    g_test_add_data_func (path, ends[i].end, test_end);
  }
  g_test_add_func ("/keyset/keyset-memory/bound-to-its-form", test_bound_to_its_form);
  g_test_add_func ("/keyset/keyset-memory/forgotten-meanwhile", test_forgotten_meanwhile);

  g_test_add_func ("/keyset/keyset-memory/allow", test_allow);
  g_test_add_func ("/keyset/keyset-memory/allow/refused", test_allow_refused);

  return g_test_run ();
}
