/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset-change.h"

#include "base/limits.h"
#include "keyset/keyset-list.h"
#include "memory-store.h"
#include "sample-keyset.h"

#include <dlfcn.h>
#include <gcrypt.h>

#define NEW_PASSWORD "another horse"

/* Stands before libgcrypt's own, and counts how often a password is made into a key. */
static guint kdf_runs;

gcry_error_t
gcry_kdf_compute (gcry_kdf_hd_t handle, const struct gcry_kdf_thread_ops *ops)
{
  gcry_error_t (*original) (gcry_kdf_hd_t, const struct gcry_kdf_thread_ops *) = dlsym (RTLD_NEXT, "gcry_kdf_compute");

  kdf_runs++;
  return original (handle, ops);
}

static SignetKeyset *
save (SignetMemoryStore *store, const char *name, SignetLevel level)
{
  g_autoptr (GError) error = NULL;
  SignetKeyset *keyset = sample_keyset_new (name, level);

  signet_keysets_save (SIGNET_STORE (store), keyset, NULL, &error);
  g_assert_no_error (error);
  return keyset;
}

/* The keyset as a program reads it that starts now. */
static SignetKeyset *
load (SignetMemoryStore *store, const char *name)
{
  g_autoptr (GError) error = NULL;
  SignetKeyset *keyset = signet_keysets_find (SIGNET_STORE (store), name, NULL, &error);

  g_assert_no_error (error);
  return keyset;
}

static SignetKeyset *
protect (SignetMemoryStore *store, SignetKeyset *keyset, const char *password, SignetLevel level,
         const char *new_password, GError **error)
{
  g_autoptr (SignetSecret) old = password != NULL ? signet_secret_new_text (password) : NULL;
  g_autoptr (SignetSecret) new = new_password != NULL ? signet_secret_new_text (new_password) : NULL;

  return signet_keysets_protect (SIGNET_STORE (store), keyset, old, level, new, NULL, error);
}

/* PASSWORD (NULL: none) opens all three keys of the sample. */
static void
assert_opens (SignetKeyset *keyset, const char *password)
{
  g_autoptr (SignetSecret) secret = password != NULL ? signet_secret_new_text (password) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) keys = signet_keyset_unlock (keyset, secret, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (keys->len, ==, 3);
  for (guint i = 0; i < keys->len; i++)
    g_assert_true (g_bytes_equal (signet_private_key_get_spki (keys->pdata[i]),
                                  signet_private_key_get_spki (test_key (SIGNET_KEY_P256, i))));
}

static void
assert_closed (SignetKeyset *keyset, const char *password)
{
  g_autoptr (SignetSecret) secret = password != NULL ? signet_secret_new_text (password) : NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_keyset_unlock (keyset, secret, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);
}

/* From each level to each: the keys stay, the result is what is stored, and at High the new password alone opens. */
static void
test_protect (gconstpointer data)
{
  SignetLevel from = GPOINTER_TO_UINT (data) / 10, to = GPOINTER_TO_UINT (data) % 10;
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetKeyset) keyset = save (store, "Work", from);
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyset) changed = protect (store, keyset, from == SIGNET_LEVEL_HIGH ? SAMPLE_PASSWORD : NULL, to,
                                              to == SIGNET_LEVEL_HIGH ? NEW_PASSWORD : NULL, &error);

  g_assert_no_error (error);
  g_autoptr (SignetKeyset) stored = load (store, "Work");
  g_assert_true (signet_keyset_equal (stored, changed));
  g_assert_cmpuint (signet_keyset_get_level (stored), ==, to);
  g_assert_cmpstr (signet_keyset_get_id (stored), ==, signet_keyset_get_id (keyset));
  g_assert_cmpstr (signet_keyset_get_name (stored), ==, "Work");
  g_assert_cmpuint (signet_memory_store_count_items (store, SIGNET_ITEM_KEYSET), ==, 1);
  assert_opens (stored, to == SIGNET_LEVEL_HIGH ? NEW_PASSWORD : NULL);
  if (to == SIGNET_LEVEL_HIGH) {
    assert_closed (stored, SAMPLE_PASSWORD);
    assert_closed (stored, NULL);
  }
}

/* Nothing has been written since COUNT writes, and the old password opens. */
static void
assert_untouched (SignetMemoryStore *store, SignetKeyset *keyset, guint writes)
{
  g_autoptr (SignetKeyset) stored = load (store, signet_keyset_get_name (keyset));

  g_assert_cmpuint (signet_memory_store_count_writes (store), ==, writes);
  g_assert_true (signet_keyset_equal (stored, keyset));
}

/* High does not let go of its keys without its password. */
static void
test_wrong_password (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetKeyset) keyset = save (store, "Work", SIGNET_LEVEL_HIGH);
  static const char *const wrong[] = { NULL, "wrong", "", NEW_PASSWORD };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    for (guint level = SIGNET_LEVEL_LOW; level <= SIGNET_LEVEL_HIGH; level++) {
      g_autoptr (GError) error = NULL;
      const char *new_password = level == SIGNET_LEVEL_HIGH ? NEW_PASSWORD : NULL;
      g_assert_null (protect (store, keyset, wrong[i], level, new_password, &error));
      g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);
    }
  }
  assert_untouched (store, keyset, 1);
}

static SignetKeyset *
rename_to (SignetMemoryStore *store, SignetKeyset *keyset, const char *name, const char *password, GError **error)
{
  g_autoptr (SignetSecret) secret = password != NULL ? signet_secret_new_text (password) : NULL;

  return signet_keysets_rename (SIGNET_STORE (store), keyset, name, secret, NULL, error);
}

/* What cannot be a password changes nothing. */
static void
test_new_password_refused (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetKeyset) keyset = save (store, "Work", SIGNET_LEVEL_HIGH);
  g_autofree char *too_long = g_strnfill (SIGNET_MAX_PASSWORD + 1, 'x');
  const char *refused[] = { "", too_long };

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (protect (store, keyset, SAMPLE_PASSWORD, SIGNET_LEVEL_HIGH, refused[i], &error));
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
  }
  assert_untouched (store, keyset, 1);
}

/* A lifetime of keys. */
static SignetKeyset *
save_long_history (SignetMemoryStore *store, guint history)
{
  g_autoptr (SampleIds) sample = sample_ids_new ();
  g_autoptr (SignetSecret) password = sample_password (SIGNET_LEVEL_HIGH);
  g_autoptr (GError) error = NULL;

  sample_ids_add (sample, SIGNET_ID_SIGNING, TRUE, 0, "asa@example.org", 0, NULL);
  for (guint i = 0; i <= history; i++)
    sample_ids_add (sample, SIGNET_ID_ENCRYPTION, i == 0, 1 + i, "asa@example.org", 0, NULL);
  SignetKeyset *keyset = signet_keyset_new ("Work", SIGNET_LEVEL_HIGH, sample->ids, sample->keys, password, &error);
  g_assert_no_error (error);
  signet_keysets_save (SIGNET_STORE (store), keyset, NULL, &error);
  g_assert_no_error (error);
  return keyset;
}

/* However many keys there are, the password is made into a key once to open and once to seal. */
static void
test_one_kdf_run_each_way (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetKeyset) keyset = save_long_history (store, 100);
  g_autoptr (SignetSecret) new_password = signet_secret_new_text (NEW_PASSWORD);

  kdf_runs = 0;
  g_autoptr (SignetKeyset) changed = protect (store, keyset, SAMPLE_PASSWORD, SIGNET_LEVEL_HIGH, NEW_PASSWORD, NULL);
  g_assert_nonnull (changed);
  g_assert_cmpuint (kdf_runs, ==, 2);
  g_assert_cmpuint (signet_keyset_count_history (changed), ==, 100);

  kdf_runs = 0;
  g_autoptr (GPtrArray) keys = signet_keyset_unlock (changed, new_password, NULL);
  g_assert_cmpuint (keys->len, ==, 102);
  g_assert_cmpuint (kdf_runs, ==, 1);
  for (guint i = 0; i < keys->len; i++)
    g_assert_true (g_bytes_equal (signet_private_key_get_spki (keys->pdata[i]),
                                  signet_private_key_get_spki (test_key (SIGNET_KEY_P256, i))));

  kdf_runs = 0;
  g_autoptr (SignetKeyset) renamed = rename_to (store, changed, "Home", NEW_PASSWORD, NULL);
  g_assert_nonnull (renamed);
  g_assert_cmpuint (kdf_runs, ==, 2);

  kdf_runs = 0;
  g_autoptr (SignetKeyset) low = protect (store, renamed, NEW_PASSWORD, SIGNET_LEVEL_LOW, NULL, NULL);
  g_assert_nonnull (low);
  g_assert_cmpuint (kdf_runs, ==, 1);
}

/* Any name that a person may give; everything else about the keyset stays, and its password goes on to open it. */
static void
test_rename (gconstpointer data)
{
  SignetLevel level = GPOINTER_TO_UINT (data);
  const char *password = level == SIGNET_LEVEL_HIGH ? SAMPLE_PASSWORD : NULL;
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetKeyset) keyset = save (store, "Work", level);
  g_autofree char *longest = g_strnfill (SIGNET_MAX_NAME, 'x');
  const char *names[] = {
    "WORK", "Work, private, and all the rest", "a=b;c/d\\e\"f'g<h>&%s|", "\360\237\224\221\360\237\220\216 keys",
    "\327\242\327\221\327\225\327\223\327\224", longest,
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (SignetKeyset) renamed = rename_to (store, keyset, names[i], password, &error);
    g_assert_no_error (error);
    g_autoptr (SignetKeyset) stored = load (store, names[i]);
    g_assert_true (signet_keyset_equal (stored, renamed));
    g_assert_cmpstr (signet_keyset_get_name (stored), ==, names[i]);
    g_assert_cmpstr (signet_keyset_get_id (stored), ==, signet_keyset_get_id (keyset));
    g_assert_cmpuint (signet_keyset_get_level (stored), ==, level);
    g_assert_cmpuint (signet_memory_store_count_items (store, SIGNET_ITEM_KEYSET), ==, 1);
    assert_opens (stored, password);
    g_set_object (&keyset, stored);
  }
}

static void
test_rename_refused (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetKeyset) home = save (store, "Home", SIGNET_LEVEL_LOW);
  g_autoptr (SignetKeyset) keyset = save (store, "Work", SIGNET_LEVEL_HIGH);
  g_autofree char *too_long = g_strnfill (SIGNET_MAX_NAME + 1, 'x');
  const struct {
    const char *name, *password;
    SignetError code;
  } cases[] = {
    { "", SAMPLE_PASSWORD, SIGNET_ERROR_INVALID },
    { "two\nlines", SAMPLE_PASSWORD, SIGNET_ERROR_INVALID },
    { "\342\200\217Work", SAMPLE_PASSWORD, SIGNET_ERROR_INVALID },           /* right-to-left mark */
    { "Wo\342\200\256rk", SAMPLE_PASSWORD, SIGNET_ERROR_INVALID },           /* right-to-left override */
    { "\377", SAMPLE_PASSWORD, SIGNET_ERROR_INVALID },
    { too_long, SAMPLE_PASSWORD, SIGNET_ERROR_INVALID },
    { "Home", SAMPLE_PASSWORD, SIGNET_ERROR_EXISTS },
    { " hOME ", SAMPLE_PASSWORD, SIGNET_ERROR_EXISTS },
    { "Garden", "wrong", SIGNET_ERROR_WRONG_PASSWORD },
    { "Garden", NULL, SIGNET_ERROR_WRONG_PASSWORD },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (rename_to (store, keyset, cases[i].name, cases[i].password, &error));
    g_assert_error (error, SIGNET_ERROR, (int) cases[i].code);
  }
  assert_untouched (store, keyset, 2);
  assert_untouched (store, home, 2);
}

static void
test_remove (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetKeyset) keyset = save (store, "Work", SIGNET_LEVEL_HIGH);
  g_autoptr (SignetKeyset) other = save (store, "Home", SIGNET_LEVEL_LOW);
  g_autoptr (GError) error = NULL;

  g_assert_true (signet_keysets_remove (SIGNET_STORE (store), keyset, NULL, &error));
  g_assert_no_error (error);
  g_assert_null (load (store, "Work"));
  assert_untouched (store, other, 3);
}

/* All three refuse with CODE, and write nothing. */
static void
assert_all_refuse (SignetMemoryStore *store, SignetKeyset *keyset, SignetError code)
{
  guint writes = signet_memory_store_count_writes (store);
  g_autoptr (GError) protect_error = NULL, rename_error = NULL, remove_error = NULL;

  g_assert_null (protect (store, keyset, SAMPLE_PASSWORD, SIGNET_LEVEL_HIGH, "a third horse", &protect_error));
  g_assert_error (protect_error, SIGNET_ERROR, (int) code);
  g_assert_null (rename_to (store, keyset, "Garden", SAMPLE_PASSWORD, &rename_error));
  g_assert_error (rename_error, SIGNET_ERROR, (int) code);
  g_assert_false (signet_keysets_remove (SIGNET_STORE (store), keyset, NULL, &remove_error));
  g_assert_error (remove_error, SIGNET_ERROR, (int) code);
  g_assert_cmpuint (signet_memory_store_count_writes (store), ==, writes);
}

/* Who still looks at the keyset of before learns it, even when only the seal is another, and undoes nothing. */
static void
test_changed_meanwhile (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetKeyset) seen = save (store, "Work", SIGNET_LEVEL_HIGH);
  g_autoptr (SignetKeyset) resealed = protect (store, seen, SAMPLE_PASSWORD, SIGNET_LEVEL_HIGH, NEW_PASSWORD, NULL);

  g_assert_nonnull (resealed);
  assert_all_refuse (store, seen, SIGNET_ERROR_CHANGED);
  g_autoptr (SignetKeyset) renamed = rename_to (store, resealed, "Home", NEW_PASSWORD, NULL);
  g_assert_nonnull (renamed);
  assert_all_refuse (store, resealed, SIGNET_ERROR_CHANGED);
  assert_opens (renamed, NEW_PASSWORD);
  assert_untouched (store, renamed, 3);
}

static void
test_removed_meanwhile (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetKeyset) seen = save (store, "Work", SIGNET_LEVEL_HIGH);
  g_autoptr (SignetKeyset) other = save (store, "Home", SIGNET_LEVEL_LOW);

  g_assert_true (signet_keysets_remove (SIGNET_STORE (store), seen, NULL, NULL));
  assert_all_refuse (store, seen, SIGNET_ERROR_NOT_FOUND);
  assert_untouched (store, other, 3);
}

/* What the store says is handed on, and what it holds is the old keyset or the new one. */
static void
test_store_fails (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetKeyset) keyset = save (store, "Work", SIGNET_LEVEL_HIGH);

  signet_memory_store_lock (store, TRUE);
  assert_all_refuse (store, keyset, SIGNET_ERROR_LOCKED);
  signet_memory_store_lock (store, FALSE);
  g_assert_true (signet_store_unlock (SIGNET_STORE (store), NULL, NULL));
  signet_memory_store_fail (store, SIGNET_ERROR_NO_STORE);
  assert_all_refuse (store, keyset, SIGNET_ERROR_NO_STORE);
  signet_memory_store_work (store);
  assert_untouched (store, keyset, 1);

  for (guint stored = FALSE; stored <= TRUE; stored++) {
    g_autoptr (GError) error = NULL;
    signet_memory_store_fail_put (store, 1, SIGNET_ERROR_UNREACHABLE, stored);
    g_assert_null (protect (store, keyset, SAMPLE_PASSWORD, SIGNET_LEVEL_HIGH, NEW_PASSWORD, &error));
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_UNREACHABLE);
    g_autoptr (SignetKeyset) left = load (store, "Work");
    assert_opens (left, stored ? NEW_PASSWORD : SAMPLE_PASSWORD);
  }
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

static GAsyncResult *
await (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static void
test_async (void)
{
  g_autoptr (SignetMemoryStore) memory = signet_memory_store_new ();
  SignetStore *store = SIGNET_STORE (memory);
  g_autoptr (SignetKeyset) keyset = save (memory, "Work", SIGNET_LEVEL_HIGH);
  g_autoptr (SignetSecret) old = sample_password (SIGNET_LEVEL_HIGH), new = signet_secret_new_text (NEW_PASSWORD);
  g_autoptr (GAsyncResult) protected = NULL, refused = NULL, renamed = NULL, removed = NULL;
  g_autoptr (GError) error = NULL;

  signet_keysets_protect_async (store, keyset, old, SIGNET_LEVEL_HIGH, new, NULL, take_result, &protected);
  g_autoptr (SignetKeyset) changed = signet_keysets_protect_finish (store, await (&protected), &error);
  g_assert_no_error (error);
  assert_opens (changed, NEW_PASSWORD);

  signet_keysets_rename_async (store, changed, "Home", old, NULL, take_result, &refused);
  g_assert_null (signet_keysets_rename_finish (store, await (&refused), &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);
  g_clear_error (&error);

  signet_keysets_rename_async (store, changed, "Home", new, NULL, take_result, &renamed);
  g_autoptr (SignetKeyset) home = signet_keysets_rename_finish (store, await (&renamed), &error);
  g_assert_no_error (error);
  assert_untouched (memory, home, 3);

  signet_keysets_remove_async (store, home, NULL, take_result, &removed);
  g_assert_true (signet_keysets_remove_finish (store, await (&removed), &error));
  g_assert_no_error (error);
  g_assert_cmpuint (signet_memory_store_count_items (memory, SIGNET_ITEM_KEYSET), ==, 0);
}

/* Cancelled before the write: nothing has happened. */
static void
test_cancelled_before (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetKeyset) keyset = save (store, "Work", SIGNET_LEVEL_LOW);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (signet_keysets_remove (SIGNET_STORE (store), keyset, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  signet_keysets_protect_async (SIGNET_STORE (store), keyset, NULL, SIGNET_LEVEL_MEDIUM, NULL, cancellable, take_result,
                                &result);
  g_assert_null (signet_keysets_protect_finish (SIGNET_STORE (store), await (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_untouched (store, keyset, 1);
}

/* Cancelled during the write: nobody is told that the password is the old one when it is the new. */
static void
test_cancelled_during (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetKeyset) keyset = save (store, "Work", SIGNET_LEVEL_LOW);
  g_autoptr (SignetSecret) new = signet_secret_new_text (NEW_PASSWORD);
  g_autoptr (GCancellable) cancellable = g_cancellable_new (), second = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  signet_memory_store_cancel_put (store, cancellable);
  signet_keysets_protect_async (SIGNET_STORE (store), keyset, NULL, SIGNET_LEVEL_HIGH, new, cancellable, take_result,
                                &result);
  g_autoptr (SignetKeyset) changed = signet_keysets_protect_finish (SIGNET_STORE (store), await (&result), &error);
  g_assert_no_error (error);
  g_assert_true (g_cancellable_is_cancelled (cancellable));
  assert_untouched (store, changed, 2);

  signet_memory_store_cancel_put (store, second);
  g_autoptr (SignetKeyset) renamed = signet_keysets_rename (SIGNET_STORE (store), changed, "Home", new, second, &error);
  g_assert_no_error (error);
  assert_untouched (store, renamed, 3);
}

static SignetKeyset *
put_back (SignetMemoryStore *store, SignetKeyset *former, SignetKeyset *now, GError **error)
{
  return signet_keysets_put_back (SIGNET_STORE (store), former, now, NULL, error);
}

/* A name, without the password even at High. */
static void
test_put_back_name (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetKeyset) former = save (store, "Work", SIGNET_LEVEL_HIGH);
  g_autoptr (SignetSecret) password = signet_secret_new_text (SAMPLE_PASSWORD);
  g_autoptr (SignetKeyset) now = signet_keysets_rename (SIGNET_STORE (store), former, "Office", password, NULL, NULL);
  g_autoptr (GError) error = NULL;
  guint runs = kdf_runs;
  g_autoptr (SignetKeyset) back = put_back (store, former, now, &error);

  g_assert_no_error (error);
  g_assert_true (signet_keyset_equal (back, former));
  g_assert_cmpuint (kdf_runs, ==, runs);
  g_autoptr (SignetKeyset) stored = load (store, "Work");
  g_autoptr (SignetSecret) blob = signet_keyset_to_blob (stored, NULL), wanted = signet_keyset_to_blob (former, NULL);
  g_assert_true (signet_secret_equal (blob, wanted));
  g_assert_cmpuint (signet_memory_store_count_items (store, SIGNET_ITEM_KEYSET), ==, 1);
  assert_opens (stored, SAMPLE_PASSWORD);
}

static void
test_put_back_removed (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetKeyset) former = save (store, "Work", SIGNET_LEVEL_LOW);
  g_autoptr (GPtrArray) before = signet_store_list (SIGNET_STORE (store), SIGNET_ITEM_KEYSET, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (signet_keysets_remove (SIGNET_STORE (store), former, NULL, NULL));
  g_assert_cmpuint (signet_memory_store_count_items (store, SIGNET_ITEM_KEYSET), ==, 0);
  g_autoptr (SignetKeyset) back = put_back (store, former, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) after = signet_store_list (SIGNET_STORE (store), SIGNET_ITEM_KEYSET, NULL, NULL);
  g_assert_cmpuint (after->len, ==, 1);
  g_assert_true (signet_secret_equal (after->pdata[0], before->pdata[0]));
  assert_opens (back, NULL);
}

/* What has happened since is not undone with it: above all, no former password comes back. */
static void
test_put_back_too_late (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetKeyset) former = save (store, "Work", SIGNET_LEVEL_HIGH);
  g_autoptr (SignetSecret) password = signet_secret_new_text (SAMPLE_PASSWORD);
  g_autoptr (SignetKeyset) now = signet_keysets_rename (SIGNET_STORE (store), former, "Office", password, NULL, NULL);
  g_autoptr (SignetKeyset) protected = protect (store, now, SAMPLE_PASSWORD, SIGNET_LEVEL_HIGH, NEW_PASSWORD, NULL);
  guint writes = signet_memory_store_count_writes (store);
  g_autoptr (GError) error = NULL;

  g_assert_null (put_back (store, former, now, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_CHANGED);
  g_clear_error (&error);
  g_assert_null (put_back (store, former, NULL, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_CHANGED);
  g_clear_error (&error);
  assert_untouched (store, protected, writes);

  g_assert_true (signet_keysets_remove (SIGNET_STORE (store), protected, NULL, NULL));
  g_assert_null (put_back (store, former, now, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_autoptr (SignetKeyset) other = save (store, "wORK", SIGNET_LEVEL_LOW);
  g_assert_null (put_back (store, former, NULL, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_EXISTS);
  g_assert_cmpuint (signet_memory_store_count_items (store, SIGNET_ITEM_KEYSET), ==, 1);
}

int
main (int argc, char **argv)
{
  static const char *const names[] = { NULL, "low", "medium", "high" };

  g_test_init (&argc, &argv, NULL);
  for (guint from = SIGNET_LEVEL_LOW; from <= SIGNET_LEVEL_HIGH; from++) {
    for (guint to = SIGNET_LEVEL_LOW; to <= SIGNET_LEVEL_HIGH; to++) {
      g_autofree char *path = g_strdup_printf ("/keyset/keyset-change/protect/%s-%s", names[from], names[to]);
      g_test_add_data_func (path, GUINT_TO_POINTER (from * 10 + to), test_protect);
    }
  }
  g_test_add_func ("/keyset/keyset-change/wrong-password", test_wrong_password);
  g_test_add_func ("/keyset/keyset-change/new-password-refused", test_new_password_refused);
  g_test_add_func ("/keyset/keyset-change/one-kdf-run-each-way", test_one_kdf_run_each_way);
  g_test_add_data_func ("/keyset/keyset-change/rename/low", GUINT_TO_POINTER (SIGNET_LEVEL_LOW), test_rename);
  g_test_add_data_func ("/keyset/keyset-change/rename/high", GUINT_TO_POINTER (SIGNET_LEVEL_HIGH), test_rename);
  g_test_add_func ("/keyset/keyset-change/rename/refused", test_rename_refused);
  g_test_add_func ("/keyset/keyset-change/remove", test_remove);
  g_test_add_func ("/keyset/keyset-change/changed-meanwhile", test_changed_meanwhile);
  g_test_add_func ("/keyset/keyset-change/removed-meanwhile", test_removed_meanwhile);
  g_test_add_func ("/keyset/keyset-change/store-fails", test_store_fails);
  g_test_add_func ("/keyset/keyset-change/async", test_async);
  g_test_add_func ("/keyset/keyset-change/cancelled-before", test_cancelled_before);
  g_test_add_func ("/keyset/keyset-change/cancelled-during", test_cancelled_during);
  g_test_add_func ("/keyset/keyset-change/put-back/name", test_put_back_name);
  g_test_add_func ("/keyset/keyset-change/put-back/removed", test_put_back_removed);
  g_test_add_func ("/keyset/keyset-change/put-back/too-late", test_put_back_too_late);
  return g_test_run ();
}
