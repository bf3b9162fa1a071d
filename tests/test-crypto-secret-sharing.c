/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/secret-sharing.h"

#include "base/error.h"
#include "crypto/random.h"

#define SECRET_LENGTH 32

static SignetSecret *
combine (GPtrArray *shares, guint mask)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < shares->len; i++) {
    if ((mask & (1u << i)) != 0)
      g_ptr_array_add (chosen, shares->pdata[i]);
  }
  SignetSecret *secret = signet_secret_combine (chosen, &error);
  g_assert_no_error (error);
  return secret;
}

static guint
count_bits (guint mask)
{
  guint bits = 0;

  for (; mask != 0; mask &= mask - 1)
    bits++;
  return bits;
}

/* Every set of shares, of every split up to six: it opens when there are enough of them, and else it does not. */
static void
test_subsets (void)
{
  for (guint count = 1; count <= 6; count++) {
    for (guint threshold = 1; threshold <= count; threshold++) {
      g_autoptr (SignetSecret) secret = signet_random_secret (SECRET_LENGTH);
      g_autoptr (GPtrArray) shares = signet_secret_split (secret, threshold, count);

      g_assert_cmpuint (shares->len, ==, count);
      for (guint mask = 1; mask < (1u << count); mask++) {
        g_autoptr (SignetSecret) combined = combine (shares, mask);
        g_assert_cmpint (signet_secret_equal (combined, secret), ==, count_bits (mask) >= threshold);
      }
    }
  }
}

static void
test_most (void)
{
  g_autoptr (SignetSecret) secret = signet_random_secret (SECRET_LENGTH);
  g_autoptr (GPtrArray) shares = signet_secret_split (secret, SIGNET_MAX_SHARES, SIGNET_MAX_SHARES);
  g_autoptr (SignetSecret) all = combine (shares, (1u << SIGNET_MAX_SHARES) - 1);
  g_autoptr (SignetSecret) less = combine (shares, (1u << (SIGNET_MAX_SHARES - 1)) - 1);

  g_assert_true (signet_secret_equal (all, secret));
  g_assert_false (signet_secret_equal (less, secret));
}

/* Two of the three shares that are needed: as the third runs through all values, so does the secret.  So they exclude
 * no secret, and make none likelier. */
static void
test_too_few_say_nothing (void)
{
  const guint8 byte = 0x5a;
  g_autoptr (SignetSecret) secret = signet_secret_new (&byte, 1);
  g_autoptr (GPtrArray) shares = signet_secret_split (secret, 3, 5);
  gboolean seen[256] = { FALSE };

  for (guint value = 0; value < 256; value++) {
    const guint8 guess[] = { 3, value };
    g_autoptr (SignetSecret) third = signet_secret_new (guess, sizeof guess);
    g_autoptr (GPtrArray) set = g_ptr_array_new ();
    g_ptr_array_add (set, shares->pdata[0]);
    g_ptr_array_add (set, shares->pdata[1]);
    g_ptr_array_add (set, third);
    g_autoptr (SignetSecret) combined = combine (set, 7);
    guint8 found = *signet_secret_get (combined, NULL);
    g_assert_false (seen[found]);
    seen[found] = TRUE;
  }
}

/* Coefficients are new each time, so a share of one split says nothing about another, and no share is the secret. */
static void
test_fresh (void)
{
  g_autoptr (SignetSecret) secret = signet_secret_alloc (SECRET_LENGTH);
  g_autoptr (GPtrArray) first = signet_secret_split (secret, 2, 3);
  g_autoptr (GPtrArray) second = signet_secret_split (secret, 2, 3);

  for (guint i = 0; i < 3; i++) {
    const guint8 *share = signet_secret_get (first->pdata[i], NULL);
    g_autoptr (SignetSecret) bare = signet_secret_new (share + 1, SECRET_LENGTH);
    g_assert_cmpuint (share[0], ==, i + 1);
    g_assert_false (signet_secret_equal (first->pdata[i], second->pdata[i]));
    g_assert_false (signet_secret_equal (bare, secret));
  }
}

/* 0x53 and 0xca are each other's inverse in this field (FIPS 197 section 4.2), so the polynomial 0x42 + 0x53 x goes
 * through these two points. */
static void
test_known_points (void)
{
  const guint8 points[][2] = { { 0x01, 0x42 ^ 0x53 }, { 0xca, 0x42 ^ 0x01 } };
  g_autoptr (GPtrArray) shares = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_secret_unref);

  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    g_ptr_array_add (shares, signet_secret_new (points[i], 2));
  g_autoptr (SignetSecret) secret = combine (shares, 3);
  g_assert_cmpuint (signet_secret_length (secret), ==, 1);
  g_assert_cmphex (*signet_secret_get (secret, NULL), ==, 0x42);
}

static void
test_refused (void)
{
  static const struct {
    const char *name;
    const char *shares[3];
  } cases[] = {
    { "none", { NULL } },
    { "twice", { "\1aa", "\2bb", "\1aa" } },
    { "unequal", { "\1aa", "\2b" } },
    { "empty", { "\1", "\2" } },
    { "nothing", { "", "" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GPtrArray) shares = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_secret_unref);
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", cases[i].name);
    for (guint k = 0; k < 3 && cases[i].shares[k] != NULL; k++)
      g_ptr_array_add (shares, signet_secret_new_text (cases[i].shares[k]));
    g_assert_null (signet_secret_combine (shares, &error));
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
  }

  const guint8 zero[] = { 0, 'a' };      /* the share that would be the secret itself */
  g_autoptr (GPtrArray) shares = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_secret_unref);
  g_autoptr (GError) error = NULL;
  g_ptr_array_add (shares, signet_secret_new (zero, sizeof zero));
  g_assert_null (signet_secret_combine (shares, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crypto/secret-sharing/subsets", test_subsets);
  g_test_add_func ("/crypto/secret-sharing/most", test_most);
  g_test_add_func ("/crypto/secret-sharing/too-few-say-nothing", test_too_few_say_nothing);
  g_test_add_func ("/crypto/secret-sharing/fresh", test_fresh);
  g_test_add_func ("/crypto/secret-sharing/known-points", test_known_points);
  g_test_add_func ("/crypto/secret-sharing/refused", test_refused);
  return g_test_run ();
}
