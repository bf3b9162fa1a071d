/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/key-pool.h"

#include "crypto/public-key.h"

#define DEADLINE (60 * G_TIME_SPAN_SECOND)

static void
assert_kind (SignetPrivateKey *key, const char *kind)
{
  g_autofree char *text = NULL;

  g_assert_nonnull (key);
  text = signet_public_key_describe (signet_private_key_get_spki (key));
  g_assert_cmpstr (text, ==, kind);
}

static void
wait_for (SignetKeyPool *pool, guint count)
{
  gint64 end = g_get_monotonic_time () + DEADLINE;

  while (signet_key_pool_count (pool) < count && g_get_monotonic_time () < end)
    g_usleep (10000);
  g_assert_cmpuint (signet_key_pool_count (pool), ==, count);
}

static void
test_ec (void)
{
  g_autoptr (SignetKeyPool) pool = signet_key_pool_new (SIGNET_KEY_P384, 5);

  for (guint i = 0; i < 20; i++) {
    g_autoptr (SignetPrivateKey) key = signet_key_pool_try_take (pool);
    assert_kind (key, "P-384");
  }
  g_assert_cmpuint (signet_key_pool_count (pool), ==, 0);
}

/* Filled up to its size and no further; what is taken is a different key each time, and is made good. */
static void
test_rsa (void)
{
  g_autoptr (SignetKeyPool) pool = signet_key_pool_new (SIGNET_KEY_RSA_3072, 2);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  wait_for (pool, 2);
  g_autoptr (SignetPrivateKey) first = signet_key_pool_try_take (pool);
  g_autoptr (SignetPrivateKey) second = signet_key_pool_try_take (pool);
  g_autoptr (SignetPrivateKey) third = signet_key_pool_take (pool, cancellable);
  assert_kind (first, "RSA-3072");
  assert_kind (second, "RSA-3072");
  assert_kind (third, "RSA-3072");
  g_assert_false (g_bytes_equal (signet_private_key_get_spki (first), signet_private_key_get_spki (second)));
  g_assert_false (g_bytes_equal (signet_private_key_get_spki (second), signet_private_key_get_spki (third)));
  wait_for (pool, 2);
}

static gpointer
take (gpointer data)
{
  gpointer *arguments = data;

  while (!g_cancellable_is_cancelled (arguments[1])) {
    g_autoptr (SignetPrivateKey) key = signet_key_pool_take (arguments[0], arguments[1]);
    g_assert_true (key != NULL || g_cancellable_is_cancelled (arguments[1]));
  }
  return NULL;
}

/* Those who wait for a key that will not come are woken. */
static void
test_cancel (void)
{
  g_autoptr (SignetKeyPool) pool = signet_key_pool_new (SIGNET_KEY_RSA_4096, 1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gpointer arguments[] = { pool, cancellable };
  GThread *threads[3];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("taker", take, arguments);
  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_null (signet_key_pool_take (pool, cancellable));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/authority/key-pool/ec", test_ec);
  g_test_add_func ("/authority/key-pool/rsa", test_rsa);
  g_test_add_func ("/authority/key-pool/cancel", test_cancel);
  return g_test_run ();
}
