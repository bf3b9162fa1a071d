/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset-health.h"

#include "base/clock.h"
#include "base/error.h"
#include "sample-keyset.h"

#include <string.h>

#define DAY (24 * 3600)

#define GOOD SIGNET_HEALTH_GOOD
#define WARNING SIGNET_HEALTH_WARNING
#define FAILED SIGNET_HEALTH_FAILED

/* One ID, and what is odd about it. */
typedef struct {
  const char *name;
  SignetIdUse use;
  TestUse made_for;
  gboolean rsa;
  gboolean no_address;
  const char *purpose;         /* an extended key usage */
  int begin, end;              /* days from now; 0: good ones */
  gboolean no_chain;
  gboolean other_ca;           /* the chain is another authority's */
  gboolean other_key;          /* the private key is not the certificate's */
  SignetRevocationVerdict verdict;
  SignetHealthCheck check;     /* which of its findings is */
  SignetHealth health;         /* this one, while all others are good */
} Case;

#define SIGNING .use = SIGNET_ID_SIGNING, .made_for = TEST_USE_SIGNING, .verdict = SIGNET_REVOCATION_GOOD
#define ENCRYPTION .use = SIGNET_ID_ENCRYPTION, .made_for = TEST_USE_ENCRYPTION, .verdict = SIGNET_REVOCATION_GOOD

static const Case cases[] = {
  { "signing", SIGNING },
  { "signing-rsa", SIGNING, .rsa = TRUE },
  { "encryption", ENCRYPTION },
  { "encryption-rsa", ENCRYPTION, .rsa = TRUE },
  { "no-chain", SIGNING, .no_chain = TRUE, .check = SIGNET_CHECK_CHAIN, .health = WARNING },
  { "other-authority", SIGNING, .other_ca = TRUE, .check = SIGNET_CHECK_CHAIN, .health = FAILED },
  { "signing-cannot-sign", .use = SIGNET_ID_SIGNING, .made_for = TEST_USE_ENCRYPTION,
    .verdict = SIGNET_REVOCATION_GOOD, .check = SIGNET_CHECK_PURPOSE, .health = FAILED },
  { "encryption-cannot-encrypt", .use = SIGNET_ID_ENCRYPTION, .made_for = TEST_USE_SIGNING,
    .verdict = SIGNET_REVOCATION_GOOD, .check = SIGNET_CHECK_PURPOSE, .health = FAILED },
  { "no-address", SIGNING, .no_address = TRUE, .check = SIGNET_CHECK_ADDRESS, .health = FAILED },
  { "expired", SIGNING, .begin = -30, .end = -1, .check = SIGNET_CHECK_DATES, .health = FAILED },
  { "not-yet", ENCRYPTION, .begin = 2, .end = 90, .check = SIGNET_CHECK_DATES, .health = FAILED },
  { "ends-soon", ENCRYPTION, .begin = -30, .end = 20, .check = SIGNET_CHECK_DATES, .health = WARNING },
  { "revoked", .use = SIGNET_ID_SIGNING, .made_for = TEST_USE_SIGNING, .verdict = SIGNET_REVOCATION_REVOKED,
    .check = SIGNET_CHECK_REVOCATION, .health = FAILED },
  { "unknown", .use = SIGNET_ID_SIGNING, .made_for = TEST_USE_SIGNING, .verdict = SIGNET_REVOCATION_UNKNOWN,
    .check = SIGNET_CHECK_REVOCATION, .health = WARNING },
  { "other-key", SIGNING, .other_key = TRUE, .check = SIGNET_CHECK_KEY, .health = FAILED },
  { "other-encryption-key", ENCRYPTION, .other_key = TRUE, .check = SIGNET_CHECK_KEY, .health = FAILED },
};

static TestCa *ca, *stranger;

static SignetDigitalId *
make_id (const Case *test, SignetPrivateKey *key)
{
  gint64 now = signet_clock_now ();
  const TestFacts facts = {
    .use = test->made_for, .spki = signet_private_key_get_spki (key), .name = "Asa", .purpose = test->purpose,
    .address = test->no_address ? NULL : "asa@example.org",
    .not_before = test->begin != 0 ? now + (gint64) test->begin * DAY : 0,
    .not_after = test->end != 0 ? now + (gint64) test->end * DAY : 0,
  };
  g_autoptr (SignetCertificate) certificate = test_ca_issue (ca, &facts);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();

  return signet_digital_id_new (test->use, TRUE, certificate,
                                test->no_chain ? none : test_ca_get_chain (test->other_ca ? stranger : ca), "Example",
                                now, NULL);
}

static SignetRevocationState *
make_state (SignetRevocationVerdict verdict)
{
  SignetRevocationState *state = signet_revocation_state_new ();

  state->status = (SignetRevocationStatus) { .verdict = verdict, .revoked = 1767323045 };
  return state;
}

static GPtrArray *
check (SignetKeyset *keyset, GPtrArray *keys, const GError *locked, SignetRevocationVerdict verdict)
{
  g_autoptr (GPtrArray) states = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_revocation_state_free);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < signet_keyset_get_ids (keyset)->len; i++)
    g_ptr_array_add (states, make_state (verdict));
  GPtrArray *findings = signet_keyset_check_health (keyset, keys, locked, states, signet_clock_now (), NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < findings->len; i++) {
    SignetFinding *finding = findings->pdata[i];
    g_test_message ("%s %s: %s %s", signet_health_to_name (finding->health),
                    signet_health_check_to_name (finding->check), finding->text,
                    finding->advice != NULL ? finding->advice : "");
    g_assert_true ((finding->health == GOOD) == (finding->advice == NULL));
  }
  return findings;
}

static void
check_case (gconstpointer data)
{
  const Case *test = data;
  SignetKeyAlgorithm algorithm = test->rsa ? SIGNET_KEY_RSA_3072 : SIGNET_KEY_P256;
  SignetPrivateKey *key = test_key (algorithm, 0);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_digital_id_unref);
  g_autoptr (GPtrArray) keys = g_ptr_array_new (), wrong_keys = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  guint seen = 0, odd = 0;

  g_ptr_array_add (ids, make_id (test, key));
  g_ptr_array_add (keys, key);
  g_ptr_array_add (wrong_keys, test_key (algorithm, 1));
  g_autoptr (SignetKeyset) keyset = signet_keyset_new ("Work", SIGNET_LEVEL_LOW, ids, keys, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) findings = check (keyset, test->other_key ? wrong_keys : keys, NULL, test->verdict);
  for (guint i = 0; i < findings->len; i++) {
    SignetFinding *finding = findings->pdata[i];

    if (finding->id == NULL)
      continue;
    seen++;
    odd += finding->health != GOOD;
    g_assert_cmpint (finding->health, ==, finding->check == test->check ? test->health : (SignetHealth) GOOD);
  }
  g_assert_cmpuint (seen, ==, 6);      /* chain, purpose, address, dates, revocation, key */
  g_assert_cmpuint (odd, ==, test->health != GOOD);
}

static const SignetFinding *
find (GPtrArray *findings, SignetDigitalId *id, SignetHealthCheck wanted)
{
  for (guint i = 0; i < findings->len; i++) {
    SignetFinding *finding = findings->pdata[i];
    if (finding->id == id && finding->check == wanted)
      return finding;
  }
  return NULL;
}

/* A whole keyset: everything of the current IDs, and of older ones whether their keys work. */
static void
test_keyset (void)
{
  g_autoptr (SignetKeyset) keyset = sample_keyset_new ("Work", SIGNET_LEVEL_HIGH);
  g_autoptr (SignetSecret) password = sample_password (SIGNET_LEVEL_HIGH);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) keys = signet_keyset_unlock (keyset, password, &error);
  GPtrArray *ids = signet_keyset_get_ids (keyset);
  g_autoptr (GPtrArray) findings = check (keyset, keys, NULL, SIGNET_REVOCATION_GOOD);

  g_assert_cmpint (signet_findings_get_worst (findings), ==, GOOD);
  g_assert_cmpuint (findings->len, ==, 1 + 6 + 6 + 1);
  g_assert_nonnull (find (findings, NULL, SIGNET_CHECK_PASSWORD));
  g_assert_nonnull (find (findings, ids->pdata[2], SIGNET_CHECK_KEY));
  g_assert_null (find (findings, ids->pdata[2], SIGNET_CHECK_DATES));

  gpointer first = keys->pdata[1];
  keys->pdata[1] = keys->pdata[2];
  keys->pdata[2] = first;
  g_autoptr (GPtrArray) swapped = check (keyset, keys, NULL, SIGNET_REVOCATION_GOOD);
  g_assert_cmpint (find (swapped, ids->pdata[1], SIGNET_CHECK_KEY)->health, ==, FAILED);
  g_assert_cmpint (find (swapped, ids->pdata[2], SIGNET_CHECK_KEY)->health, ==, FAILED);
  g_assert_cmpint (find (swapped, ids->pdata[0], SIGNET_CHECK_KEY)->health, ==, GOOD);
}

/* Without the password everything else is still found out. */
static void
test_locked (void)
{
  g_autoptr (SignetKeyset) keyset = sample_keyset_new ("Work", SIGNET_LEVEL_HIGH);
  g_autoptr (GError) refused = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "no");
  g_autoptr (GError) damaged = g_error_new_literal (SIGNET_ERROR, SIGNET_ERROR_DAMAGED, "The keyset is damaged.");
  g_autoptr (GPtrArray) without = check (keyset, NULL, refused, SIGNET_REVOCATION_GOOD);
  g_autoptr (GPtrArray) broken = check (keyset, NULL, damaged, SIGNET_REVOCATION_GOOD);

  g_assert_cmpuint (without->len, ==, 1 + 5 + 5);
  g_assert_cmpint (signet_findings_get_worst (without), ==, WARNING);
  g_assert_cmpint (find (without, NULL, SIGNET_CHECK_PASSWORD)->health, ==, WARNING);
  g_assert_cmpint (find (broken, NULL, SIGNET_CHECK_PASSWORD)->health, ==, FAILED);
  g_assert_cmpstr (find (broken, NULL, SIGNET_CHECK_PASSWORD)->text, ==, "The keyset is damaged.");
}

/* Signing and encryption for different addresses. */
static void
test_two_addresses (void)
{
  g_autoptr (SampleIds) sample = sample_ids_new ();
  g_autoptr (GError) error = NULL;

  sample_ids_add (sample, SIGNET_ID_SIGNING, TRUE, 0, "asa@example.org", 0, NULL);
  sample_ids_add (sample, SIGNET_ID_ENCRYPTION, TRUE, 1, "bo@example.org", 0, NULL);
  g_autoptr (SignetKeyset) keyset = signet_keyset_new ("Work", SIGNET_LEVEL_LOW, sample->ids, sample->keys, NULL,
                                                       &error);
  g_autoptr (GPtrArray) findings = check (keyset, sample->keys, NULL, SIGNET_REVOCATION_GOOD);
  const SignetFinding *finding = find (findings, signet_keyset_get_ids (keyset)->pdata[1], SIGNET_CHECK_ADDRESS);

  g_assert_cmpint (finding->health, ==, WARNING);
  g_assert_nonnull (strstr (finding->text, "bo@example.org"));
  g_assert_cmpint (signet_findings_get_worst (findings), ==, WARNING);
}

static void
test_cancelled (void)
{
  g_autoptr (SignetKeyset) keyset = sample_keyset_new ("Work", SIGNET_LEVEL_LOW);
  g_autoptr (GPtrArray) keys = signet_keyset_unlock (keyset, NULL, NULL), none = g_ptr_array_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (signet_keyset_check_health (keyset, keys, NULL, none, 0, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ca = test_ca_new ("Example");
  stranger = test_ca_new ("Stranger");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/keyset/keyset-health/case/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], check_case);
  }
  g_test_add_func ("/keyset/keyset-health/keyset", test_keyset);
  g_test_add_func ("/keyset/keyset-health/locked", test_locked);
  g_test_add_func ("/keyset/keyset-health/two-addresses", test_two_addresses);
  g_test_add_func ("/keyset/keyset-health/cancelled", test_cancelled);
  int result = g_test_run ();
  test_ca_free (ca);
  test_ca_free (stranger);
  return result;
}
