/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/clock.h"
#include "keyset/secret-service-store.h"

static void
put_text (SignetStore *store, const char *id, const char *text)
{
  g_autoptr (SignetSecret) blob = signet_secret_new_text (text);
  g_autoptr (SignetItem) item = signet_item_new (SIGNET_ITEM_KEYSET, id, "Test", blob);
  g_autoptr (GError) error = NULL;

  signet_store_put (store, item, NULL, &error);
  g_assert_no_error (error);
}

static void
assert_count (SignetStore *store, guint count)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) blobs = signet_store_list (store, SIGNET_ITEM_KEYSET, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (blobs->len, ==, count);
}

/* Foreign eyes: whether a draft lies in the keyring. */
static gboolean
has_draft (void)
{
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;

  g_spawn_command_line_sync ("secret-tool search --all signet draft", &output, NULL, NULL, &error);
  g_assert_no_error (error);
  return *output != '\0';
}

/* What a killed keyring leaves of a new item is no item; it goes when nobody can be at work on it any more. */
static void
test_draft (void)
{
  g_autoptr (SignetStore) store = signet_secret_service_store_new ();
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_command_line_sync ("sh -c 'printf x | secret-tool store --label=Draft signet draft id cut'", NULL, NULL,
                             &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  assert_count (store, 0);

  put_text (store, "one", "1");
  g_assert_true (has_draft ());
  signet_clock_set (g_get_real_time () / G_USEC_PER_SEC + 3600);
  put_text (store, "two", "2");
  signet_clock_set (0);
  g_assert_false (has_draft ());
  assert_count (store, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keyset/draft", test_draft);
  return g_test_run ();
}
