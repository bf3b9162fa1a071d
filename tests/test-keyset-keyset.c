/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "keyset/item-format.h"
#include "keyset/keyset-format.h"
#include "sample-keyset.h"

#define DAY (24 * 3600)

static void
test_names (void)
{
  g_autofree char *long_name = g_strnfill (SIGNET_MAX_NAME, 'x'), *too_long = g_strnfill (SIGNET_MAX_NAME + 1, 'x');
  const struct {
    const char *name;
    const char *normal;     /* NULL: refused */
  } cases[] = {
    { "Work", "Work" },
    { "  Work\t", "Work" },
    { "\302\240Work\342\200\203", "Work" },                         /* no-break space, em space */
    { "Two words", "Two words" },
    { "e\314\201t\303\251", "\303\251t\303\251" },                  /* é in two ways */
    { "\331\205\333\214\342\200\214\330\256", "\331\205\333\214\342\200\214\330\256" },   /* Persian, with its joiner */
    { long_name, long_name },
    { too_long, NULL },
    { "", NULL },
    { " \n ", NULL },
    { "a\nb", NULL },
    { "a\tb", NULL },
    { "a\342\200\250b", NULL },                                     /* line separator */
    { "a\342\200\256b", NULL },                                     /* right-to-left override */
    { "a\342\200\213b", NULL },                                     /* zero width space */
    { "a\177b", NULL },
    { "\377", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *normal = signet_keyset_normalize_name (cases[i].name, &error);
    g_assert_cmpstr (normal, ==, cases[i].normal);
    if (normal == NULL)
      g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
  }
}

static void
test_name_equal (void)
{
  g_assert_true (signet_keyset_name_equal ("Work", "WORK"));
  g_assert_true (signet_keyset_name_equal ("\303\211t\303\251", "e\314\201T\303\251"));
  g_assert_true (signet_keyset_name_equal ("Stra\303\237e", "STRASSE"));
  g_assert_false (signet_keyset_name_equal ("Work", "Work 2"));
  g_assert_false (signet_keyset_name_equal ("Work", ""));

  /* What somebody types into a terminal need not be UTF-8, nor end where its first byte says. */
  g_autofree char *cut = g_strdup ("Work\360");
  g_assert_false (signet_keyset_name_equal ("Work", cut));
  g_assert_true (signet_keyset_name_equal (cut, cut));
}

static void
test_levels (void)
{
  SignetLevel level = 0;

  for (guint i = SIGNET_LEVEL_LOW; i <= SIGNET_LEVEL_HIGH; i++) {
    g_assert_true (signet_level_from_name (signet_level_to_name (i), &level));
    g_assert_cmpuint (level, ==, i);
  }
  g_assert_false (signet_level_from_name ("High", &level));
  g_assert_false (signet_level_from_name ("", &level));
  g_assert_false (signet_level_from_name (NULL, &level));
}

/* The keys come back as they were, in their order. */
static void
assert_keys (GPtrArray *keys, guint first, ...)
{
  va_list rest;
  guint count = 0;

  va_start (rest, first);
  for (int index = first; index >= 0; index = va_arg (rest, int), count++) {
    g_assert_cmpuint (count, <, keys->len);
    g_assert_true (g_bytes_equal (signet_private_key_get_spki (keys->pdata[count]),
                                  signet_private_key_get_spki (test_key (SIGNET_KEY_P256, index))));
  }
  va_end (rest);
  g_assert_cmpuint (count, ==, keys->len);
}

static void
test_unlock (gconstpointer data)
{
  SignetLevel level = GPOINTER_TO_UINT (data);
  g_autoptr (SignetKeyset) keyset = sample_keyset_new ("Work", level);
  g_autoptr (SignetSecret) password = sample_password (level);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) keys = signet_keyset_unlock (keyset, password, &error);

  g_assert_no_error (error);
  assert_keys (keys, 0, 1, 2, -1);
  g_assert_cmpuint (signet_keyset_get_level (keyset), ==, level);
  g_assert_true (g_uuid_string_is_valid (signet_keyset_get_id (keyset)));
}

static void
assert_locked (SignetKeyset *keyset, const char *password)
{
  g_autoptr (SignetSecret) secret = password != NULL ? signet_secret_new_text (password) : NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_keyset_unlock (keyset, secret, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);
}

static void
test_wrong_password (void)
{
  g_autoptr (SignetKeyset) keyset = sample_keyset_new ("Work", SIGNET_LEVEL_HIGH);
  g_autoptr (SampleIds) more = sample_ids_new ();
  g_autoptr (SignetSecret) wrong = signet_secret_new_text ("wrong");
  g_autoptr (GError) error = NULL;

  assert_locked (keyset, "wrong");
  assert_locked (keyset, "");
  assert_locked (keyset, SAMPLE_PASSWORD " ");
  assert_locked (keyset, NULL);
  sample_ids_add (more, SIGNET_ID_SIGNING, TRUE, 3, "asa@example.org", 0, NULL);
  g_assert_null (signet_keyset_add (keyset, more->ids, more->keys, wrong, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);
}

static void
assert_new_fails (GPtrArray *ids, GPtrArray *keys, SignetLevel level, const char *password, SignetError code)
{
  g_autoptr (SignetSecret) secret = password != NULL ? signet_secret_new_text (password) : NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_keyset_new ("Work", level, ids, keys, secret, &error));
  g_assert_error (error, SIGNET_ERROR, (int) code);
}

/* What could not be read again is not made. */
static void
test_refused (void)
{
  g_autoptr (SampleIds) sample = sample_ids_new (), swapped = sample_ids_new (), twice = sample_ids_new ();
  g_autoptr (SampleIds) empty = sample_ids_new (), two_current = sample_ids_new ();
  g_autofree char *long_password = g_strnfill (SIGNET_MAX_PASSWORD + 1, 'x');

  sample_ids_add (sample, SIGNET_ID_SIGNING, TRUE, 0, "asa@example.org", 0, NULL);
  sample_ids_add (swapped, SIGNET_ID_SIGNING, TRUE, 1, "asa@example.org", 0, NULL);
  assert_new_fails (sample->ids, swapped->keys, SIGNET_LEVEL_LOW, NULL, SIGNET_ERROR_INVALID);
  assert_new_fails (sample->ids, empty->keys, SIGNET_LEVEL_LOW, NULL, SIGNET_ERROR_INVALID);
  assert_new_fails (empty->ids, empty->keys, SIGNET_LEVEL_LOW, NULL, SIGNET_ERROR_INVALID);
  assert_new_fails (sample->ids, sample->keys, SIGNET_LEVEL_HIGH, "", SIGNET_ERROR_INVALID);
  assert_new_fails (sample->ids, sample->keys, SIGNET_LEVEL_HIGH, long_password, SIGNET_ERROR_INVALID);

  for (guint i = 0; i < 2; i++) {
    g_ptr_array_add (twice->ids, signet_digital_id_ref (sample->ids->pdata[0]));
    g_ptr_array_add (twice->keys, signet_private_key_ref (sample->keys->pdata[0]));
    sample_ids_add (two_current, SIGNET_ID_SIGNING, TRUE, i, "asa@example.org", 0, NULL);
  }
  assert_new_fails (twice->ids, twice->keys, SIGNET_LEVEL_LOW, NULL, SIGNET_ERROR_INVALID);
  assert_new_fails (two_current->ids, two_current->keys, SIGNET_LEVEL_LOW, NULL, SIGNET_ERROR_INVALID);
}

static void
assert_id (SignetKeyset *keyset, guint index, SignetIdUse use, gboolean current, guint key)
{
  SignetDigitalId *id = signet_keyset_get_ids (keyset)->pdata[index];

  g_assert_cmpuint (id->use, ==, use);
  g_assert_cmpint (id->current, ==, current);
  g_assert_true (g_bytes_equal (signet_certificate_get_spki (id->certificate),
                                signet_private_key_get_spki (test_key (SIGNET_KEY_P256, key))));
}

/* New ones become current, former encryption IDs history, former signing IDs go; the id and the name stay. */
static void
test_add (gconstpointer data)
{
  SignetLevel level = GPOINTER_TO_UINT (data);
  g_autoptr (SignetKeyset) keyset = sample_keyset_new ("Work", level);
  g_autoptr (SignetSecret) password = sample_password (level);
  g_autoptr (SampleIds) more = sample_ids_new ();
  g_autoptr (GError) error = NULL;

  sample_ids_add (more, SIGNET_ID_SIGNING, TRUE, 3, "asa@example.org", 0, "r2");
  sample_ids_add (more, SIGNET_ID_ENCRYPTION, TRUE, 4, "asa@example.org", 0, "r2");
  g_autoptr (SignetKeyset) added = signet_keyset_add (keyset, more->ids, more->keys, password, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (signet_keyset_get_ids (added)->len, ==, 4);
  assert_id (added, 0, SIGNET_ID_SIGNING, TRUE, 3);
  assert_id (added, 1, SIGNET_ID_ENCRYPTION, TRUE, 4);
  assert_id (added, 2, SIGNET_ID_ENCRYPTION, FALSE, 1);
  assert_id (added, 3, SIGNET_ID_ENCRYPTION, FALSE, 2);
  g_assert_cmpuint (signet_keyset_count_history (added), ==, 2);
  g_assert_cmpstr (signet_keyset_get_id (added), ==, signet_keyset_get_id (keyset));
  g_assert_cmpstr (signet_keyset_get_name (added), ==, "Work");
  g_assert_cmpuint (signet_keyset_get_level (added), ==, level);

  g_autoptr (GPtrArray) keys = signet_keyset_unlock (added, password, &error);
  g_assert_no_error (error);
  assert_keys (keys, 3, 4, 1, 2, -1);
}

/* A signing ID alone leaves the encryption ID the current one, and the other way round. */
static void
test_add_one_use (void)
{
  g_autoptr (SignetKeyset) keyset = sample_keyset_new ("Work", SIGNET_LEVEL_LOW);
  g_autoptr (SampleIds) signing = sample_ids_new (), encryption = sample_ids_new ();

  sample_ids_add (signing, SIGNET_ID_SIGNING, TRUE, 3, "asa@example.org", 0, NULL);
  g_autoptr (SignetKeyset) one = signet_keyset_add (keyset, signing->ids, signing->keys, NULL, NULL);
  g_assert_cmpuint (signet_keyset_get_ids (one)->len, ==, 3);
  assert_id (one, 0, SIGNET_ID_SIGNING, TRUE, 3);
  assert_id (one, 1, SIGNET_ID_ENCRYPTION, TRUE, 1);

  sample_ids_add (encryption, SIGNET_ID_ENCRYPTION, TRUE, 4, "asa@example.org", 0, NULL);
  g_autoptr (SignetKeyset) other = signet_keyset_add (keyset, encryption->ids, encryption->keys, NULL, NULL);
  g_assert_cmpuint (signet_keyset_get_ids (other)->len, ==, 4);
  assert_id (other, 0, SIGNET_ID_ENCRYPTION, TRUE, 4);
  assert_id (other, 1, SIGNET_ID_SIGNING, TRUE, 0);
  assert_id (other, 2, SIGNET_ID_ENCRYPTION, FALSE, 1);
}

/* Recovery brings what is there already: it stays once, with the facts of its first coming. */
static void
test_add_known (void)
{
  g_autoptr (SignetKeyset) keyset = sample_keyset_new ("Work", SIGNET_LEVEL_LOW);
  g_autoptr (SampleIds) recovered = sample_ids_new ();
  SignetDigitalId *old = signet_keyset_get_current (keyset, SIGNET_ID_ENCRYPTION);
  g_autoptr (GBytes) first = g_bytes_new ("r1", 2), second = g_bytes_new ("r2", 2);

  sample_ids_add (recovered, SIGNET_ID_SIGNING, TRUE, 3, "asa@example.org", 0, "r2");
  sample_ids_add (recovered, SIGNET_ID_ENCRYPTION, TRUE, 4, "asa@example.org", 0, "r2");
  g_ptr_array_add (recovered->ids, signet_digital_id_new (old->use, FALSE, old->certificate, old->chain, "Again", 1,
                                                          second));
  g_ptr_array_add (recovered->keys, signet_private_key_ref (test_key (SIGNET_KEY_P256, 1)));
  g_autoptr (SignetKeyset) added = signet_keyset_add (keyset, recovered->ids, recovered->keys, NULL, NULL);

  g_assert_cmpuint (signet_keyset_get_ids (added)->len, ==, 4);
  assert_id (added, 2, SIGNET_ID_ENCRYPTION, FALSE, 1);
  SignetDigitalId *kept = signet_keyset_get_ids (added)->pdata[2];
  g_assert_cmpstr (kept->authority, ==, "Example Authority");
  g_assert_true (g_bytes_equal (kept->reply_id, first));
  assert_id (added, 3, SIGNET_ID_ENCRYPTION, FALSE, 2);
}

static GBytes *
salt_of (SignetKeyset *keyset)
{
  g_autoptr (SignetSecret) blob = signet_keyset_to_blob (keyset, NULL);
  g_autoptr (SignetItemParts) parts = signet_item_format_parse (blob, SIGNET_KEYSET_MAGIC, SIGNET_KEYSET_VERSION, NULL);

  return g_bytes_new (signet_secret_get (parts->body, NULL) + 1 + 3 * 4, 16);     /* crypto/password-lock.h */
}

/* What is sealed again gets a fresh salt. */
static void
test_add_seals_anew (void)
{
  g_autoptr (SignetKeyset) keyset = sample_keyset_new ("Work", SIGNET_LEVEL_HIGH);
  g_autoptr (SignetSecret) password = sample_password (SIGNET_LEVEL_HIGH);
  g_autoptr (SampleIds) nothing = sample_ids_new ();
  g_autoptr (SignetKeyset) again = signet_keyset_add (keyset, nothing->ids, nothing->keys, password, NULL);
  g_autoptr (GBytes) before = salt_of (keyset), after = salt_of (again);

  g_assert_false (g_bytes_equal (before, after));
  assert_locked (again, "wrong");
}

static void
test_facts (void)
{
  gint64 now = signet_clock_now ();
  g_autoptr (SampleIds) sample = sample_ids_new ();
  g_autoptr (GBytes) first = g_bytes_new ("r1", 2), second = g_bytes_new ("r2", 2), third = g_bytes_new ("r3", 2);

  sample_ids_add (sample, SIGNET_ID_SIGNING, TRUE, 0, "asa@example.org", now + 30 * DAY, "r1");
  sample_ids_add (sample, SIGNET_ID_ENCRYPTION, TRUE, 1, "ASA@example.org", now + 20 * DAY, "r2");
  sample_ids_add (sample, SIGNET_ID_ENCRYPTION, FALSE, 2, "old@example.org", now + 10 * DAY, NULL);
  g_autoptr (SignetKeyset) keyset = signet_keyset_new (" Home ", SIGNET_LEVEL_MEDIUM, sample->ids, sample->keys, NULL,
                                                       NULL);
  g_auto (GStrv) addresses = signet_keyset_dup_addresses (keyset);

  g_assert_cmpstr (signet_keyset_get_name (keyset), ==, "Home");
  g_assert_cmpint (signet_keyset_get_expiry (keyset), ==, now + 20 * DAY);
  g_assert_cmpuint (g_strv_length (addresses), ==, 1);
  g_assert_cmpstr (addresses[0], ==, "asa@example.org");
  g_assert_true (signet_keyset_find_reply (keyset, first) == signet_keyset_get_ids (keyset)->pdata[0]);
  g_assert_true (signet_keyset_find_reply (keyset, second) == signet_keyset_get_ids (keyset)->pdata[1]);
  g_assert_null (signet_keyset_find_reply (keyset, third));
  g_assert_true (signet_keyset_get_current (keyset, SIGNET_ID_SIGNING) == signet_keyset_get_ids (keyset)->pdata[0]);
  g_assert_cmpuint (signet_keyset_count_history (keyset), ==, 1);
}

/* Only old keys: nothing is current, and nothing runs out. */
static void
test_history_only (void)
{
  g_autoptr (SampleIds) sample = sample_ids_new ();

  sample_ids_add (sample, SIGNET_ID_ENCRYPTION, FALSE, 2, "old@example.org", 0, NULL);
  g_autoptr (SignetKeyset) keyset = signet_keyset_new ("Old", SIGNET_LEVEL_LOW, sample->ids, sample->keys, NULL, NULL);
  g_auto (GStrv) addresses = signet_keyset_dup_addresses (keyset);

  g_assert_null (signet_keyset_get_current (keyset, SIGNET_ID_SIGNING));
  g_assert_null (signet_keyset_get_current (keyset, SIGNET_ID_ENCRYPTION));
  g_assert_cmpint (signet_keyset_get_expiry (keyset), ==, 0);
  g_assert_cmpuint (g_strv_length (addresses), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keyset/keyset/names", test_names);
  g_test_add_func ("/keyset/keyset/name-equal", test_name_equal);
  g_test_add_func ("/keyset/keyset/levels", test_levels);
  g_test_add_data_func ("/keyset/keyset/unlock/low", GUINT_TO_POINTER (SIGNET_LEVEL_LOW), test_unlock);
  g_test_add_data_func ("/keyset/keyset/unlock/medium", GUINT_TO_POINTER (SIGNET_LEVEL_MEDIUM), test_unlock);
  g_test_add_data_func ("/keyset/keyset/unlock/high", GUINT_TO_POINTER (SIGNET_LEVEL_HIGH), test_unlock);
  g_test_add_func ("/keyset/keyset/wrong-password", test_wrong_password);
  g_test_add_func ("/keyset/keyset/refused", test_refused);
  g_test_add_data_func ("/keyset/keyset/add/low", GUINT_TO_POINTER (SIGNET_LEVEL_LOW), test_add);
  g_test_add_data_func ("/keyset/keyset/add/high", GUINT_TO_POINTER (SIGNET_LEVEL_HIGH), test_add);
  g_test_add_func ("/keyset/keyset/add/one-use", test_add_one_use);
  g_test_add_func ("/keyset/keyset/add/known", test_add_known);
  g_test_add_func ("/keyset/keyset/add/seals-anew", test_add_seals_anew);
  g_test_add_func ("/keyset/keyset/facts", test_facts);
  g_test_add_func ("/keyset/keyset/history-only", test_history_only);
  return g_test_run ();
}
