/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset-change.h"

#include "keyset/keyset-list.h"
#include "memory-store.h"
#include "sample-keyset.h"

#define NEW_PASSWORD "another horse"

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
  return g_test_run ();
}
