/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/random.h"

/* Two draws differ, and over a thousand bytes each value of a bit comes up about as often as the other. */
static void
check_spread (const guint8 *data, const guint8 *other, gsize length)
{
  guint ones = 0;

  for (gsize i = 0; i < length; i++)
    for (guint bit = 0; bit < 8; bit++)
      ones += data[i] >> bit & 1;
  g_assert_cmpuint (ones, >, length * 8 * 45 / 100);
  g_assert_cmpuint (ones, <, length * 8 * 55 / 100);
  g_assert_true (memcmp (data, other, length) != 0);
}

static void
test_secret (void)
{
  g_autoptr (SignetSecret) a = signet_random_secret (1000), b = signet_random_secret (1000);
  g_autoptr (SignetSecret) none = signet_random_secret (0);

  g_assert_cmpuint (signet_secret_length (a), ==, 1000);
  g_assert_cmpuint (signet_secret_length (none), ==, 0);
  check_spread (signet_secret_get (a, NULL), signet_secret_get (b, NULL), 1000);
}

static void
test_bytes (void)
{
  g_autoptr (GBytes) a = signet_random_bytes (1000), b = signet_random_bytes (1000), none = signet_random_bytes (0);

  g_assert_cmpuint (g_bytes_get_size (a), ==, 1000);
  g_assert_cmpuint (g_bytes_get_size (none), ==, 0);
  check_spread (g_bytes_get_data (a, NULL), g_bytes_get_data (b, NULL), 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crypto/random/secret", test_secret);
  g_test_add_func ("/crypto/random/bytes", test_bytes);
  return g_test_run ();
}
