/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/password-lock.h"
#include "sample-keyset.h"

#include <stdio.h>

/* A line for 1 and one for 100 keys in the history of a keyset at High, RSA-3072 as the authority issues them:
 * milliseconds of its change of password, of its unlock, and of one run of the password lock alone; the medians of
 * nine. */

#define ROUNDS 9
#define RSA_KEYS 4      /* each takes a third of a second to make: they serve in turn, with new certificates */

static int
compare (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return first < second ? -1 : first > second;
}

static double
median (double *times)
{
  qsort (times, ROUNDS, sizeof *times, compare);
  return times[ROUNDS / 2];
}

static double
passed_since (gint64 start)
{
  return (g_get_monotonic_time () - start) / 1000.0;
}

static void
add_encryption_id (SampleIds *sample, guint number)
{
  SignetPrivateKey *key = test_key (SIGNET_KEY_RSA_3072, number % RSA_KEYS);
  const TestFacts facts = {
    .use = TEST_USE_ENCRYPTION, .spki = signet_private_key_get_spki (key), .address = "asa@example.org",
  };
  g_autoptr (SignetCertificate) certificate = test_ca_issue (sample->ca, &facts);

  g_ptr_array_add (sample->ids, signet_digital_id_new (SIGNET_ID_ENCRYPTION, number == 0, certificate,
                                                       test_ca_get_chain (sample->ca), "Example Authority", 0, NULL));
  g_ptr_array_add (sample->keys, signet_private_key_ref (key));
}

static SignetKeyset *
make_keyset (guint history, SignetSecret *password)
{
  g_autoptr (SampleIds) sample = sample_ids_new ();
  g_autoptr (GError) error = NULL;

  sample_ids_add (sample, SIGNET_ID_SIGNING, TRUE, 0, "asa@example.org", 0, NULL);
  for (guint i = 0; i <= history; i++)
    add_encryption_id (sample, i);
  SignetKeyset *keyset = signet_keyset_new ("Work", SIGNET_LEVEL_HIGH, sample->ids, sample->keys, password, &error);
  g_assert_no_error (error);
  return keyset;
}

static void
run_lock (SignetSecret *password)
{
  g_autoptr (GBytes) header = g_bytes_new_static ("header", 6);
  g_autoptr (SignetSecret) nothing = signet_secret_alloc (1);
  g_autoptr (GBytes) box = signet_password_lock_seal (nothing, password, header, NULL);

  g_assert_nonnull (box);
}

/* In turns: a machine is not equally fast all the time. */
static void
measure (guint history, SignetSecret *password)
{
  g_autoptr (SignetKeyset) keyset = make_keyset (history, password);
  double changes[ROUNDS], unlocks[ROUNDS], locks[ROUNDS];

  for (guint i = 0; i < ROUNDS; i++) {
    gint64 start = g_get_monotonic_time ();
    g_autoptr (SignetKeyset) changed = signet_keyset_protect (keyset, password, SIGNET_LEVEL_HIGH, password, NULL);
    changes[i] = passed_since (start);
    start = g_get_monotonic_time ();
    g_autoptr (GPtrArray) keys = signet_keyset_unlock (keyset, password, NULL);
    unlocks[i] = passed_since (start);
    start = g_get_monotonic_time ();
    run_lock (password);
    locks[i] = passed_since (start);
    g_assert_true (changed != NULL && keys != NULL && keys->len == history + 2);
  }
  printf ("%u %.1f %.1f %.1f\n", history, median (changes), median (unlocks), median (locks));
}

int
main (void)
{
  g_autoptr (SignetSecret) password = signet_secret_new_text (SAMPLE_PASSWORD);

  measure (1, password);
  measure (100, password);
  return 0;
}
