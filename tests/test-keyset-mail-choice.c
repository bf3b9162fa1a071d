/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/mail-choice.h"

#include "sample-keyset.h"

#define ADDRESS "asa@example.org"
#define DAY (24 * 3600)
#define NOW G_GINT64_CONSTANT (1800000000)

/* A keyset with an ID of each use, from FROM until UNTIL (days from now). */
static SignetKeyset *
make (const char *name, const char *address, int from, int until)
{
  g_autoptr (SampleIds) sample = sample_ids_new ();
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 2; i++) {
    SignetPrivateKey *key = test_key (SIGNET_KEY_P256, i);
    const TestFacts facts = {
      .use = i == 0 ? TEST_USE_SIGNING : TEST_USE_ENCRYPTION, .spki = signet_private_key_get_spki (key),
      .address = address, .not_before = NOW + from * DAY, .not_after = NOW + until * DAY,
    };
    g_autoptr (SignetCertificate) certificate = test_ca_issue (sample->ca, &facts);

    g_ptr_array_add (sample->ids, signet_digital_id_new (i == 0 ? SIGNET_ID_SIGNING : SIGNET_ID_ENCRYPTION, TRUE,
                                                         certificate, test_ca_get_chain (sample->ca), "Authority",
                                                         NOW, NULL));
    g_ptr_array_add (sample->keys, signet_private_key_ref (key));
  }

  SignetKeyset *keyset = signet_keyset_new (name, SIGNET_LEVEL_LOW, sample->ids, sample->keys, NULL, &error);
  g_assert_no_error (error);
  return keyset;
}

static SignetKeyset *revoked;      /* its IDs are known to be; or NULL */

static gboolean
is_revoked (SignetDigitalId *id, gpointer data)
{
  g_assert_true (data == &revoked);
  return revoked != NULL && signet_keyset_get_current (revoked, id->use) == id;
}

/* What is answered, for both uses alike. */
static void
check (GPtrArray *keysets, const char *address, SignetKeyset *chosen, SignetKeyset *wanted, SignetChoiceReason reason,
       SignetChoiceLapse lapse)
{
  g_autoptr (SignetMailDefaults) defaults = signet_mail_defaults_new (address);

  if (chosen != NULL) {
    signet_mail_defaults_set_signing_keyset (defaults, signet_keyset_get_id (chosen));
    signet_mail_defaults_set_encryption_keyset (defaults, signet_keyset_get_id (chosen));
  }
  for (SignetIdUse use = SIGNET_ID_SIGNING; use <= SIGNET_ID_ENCRYPTION; use++) {
    g_autoptr (SignetIdChoice) choice = signet_id_choice_new (keysets, defaults, use, NOW, is_revoked,
                                                              &revoked);
    g_autofree char *why = signet_id_choice_explain (choice);

    g_assert_true (choice->keyset == wanted);
    g_assert_true (choice->id == (wanted != NULL ? signet_keyset_get_current (wanted, use) : NULL));
    g_assert_cmpint (choice->reason, ==, reason);
    g_assert_cmpint (choice->lapse, ==, lapse);
    g_assert_cmpint (signet_id_choice_get_lapse_name (choice) != NULL, ==, lapse != SIGNET_LAPSE_NO);
    g_assert_true (wanted == NULL || strstr (why, signet_keyset_get_name (wanted)) != NULL);
  }
}

static void
test_automatic (void)
{
  g_autoptr (GPtrArray) keysets = g_ptr_array_new_with_free_func (g_object_unref);
  SignetKeyset *old = make ("Old", ADDRESS, -400, -20), *early = make ("Early", ADDRESS, 10, 400);
  SignetKeyset *home = make ("Home", "asa@home.example", -1, 300);
  SignetKeyset *work = make ("Work", ADDRESS, -100, 300), *newer = make ("Newer", "ASA@example.org", -10, 20);

  check (keysets, ADDRESS, NULL, NULL, SIGNET_CHOICE_NONE, SIGNET_LAPSE_NO);
  g_ptr_array_add (keysets, home);
  check (keysets, ADDRESS, NULL, NULL, SIGNET_CHOICE_NONE, SIGNET_LAPSE_NO);
  check (keysets, "asa@home.example", NULL, home, SIGNET_CHOICE_ONLY, SIGNET_LAPSE_NO);
  g_ptr_array_add (keysets, old);
  g_ptr_array_add (keysets, early);
  check (keysets, ADDRESS, NULL, NULL, SIGNET_CHOICE_NOT_VALID, SIGNET_LAPSE_NO);
  g_ptr_array_add (keysets, work);
  check (keysets, ADDRESS, NULL, work, SIGNET_CHOICE_ONLY, SIGNET_LAPSE_NO);
  g_ptr_array_add (keysets, newer);
  check (keysets, ADDRESS, NULL, newer, SIGNET_CHOICE_NEWEST, SIGNET_LAPSE_NO);
  g_ptr_array_insert (keysets, 0, g_object_ref (newer));       /* in whatever order they come */
  g_ptr_array_remove_index (keysets, keysets->len - 1);
  check (keysets, ADDRESS, NULL, newer, SIGNET_CHOICE_NEWEST, SIGNET_LAPSE_NO);
}

static void
test_same_age (void)
{
  g_autoptr (SignetKeyset) a = make ("A", ADDRESS, -1, 1), b = make ("B", ADDRESS, -1, 1);
  g_autoptr (GPtrArray) there = g_ptr_array_new (), back = g_ptr_array_new ();
  SignetKeyset *last = g_strcmp0 (signet_keyset_get_id (a), signet_keyset_get_id (b)) > 0 ? a : b;

  g_ptr_array_add (there, a);
  g_ptr_array_add (there, b);
  g_ptr_array_add (back, b);
  g_ptr_array_add (back, a);
  check (there, ADDRESS, NULL, last, SIGNET_CHOICE_NEWEST, SIGNET_LAPSE_NO);
  check (back, ADDRESS, NULL, last, SIGNET_CHOICE_NEWEST, SIGNET_LAPSE_NO);
}

static void
test_chosen (void)
{
  g_autoptr (GPtrArray) keysets = g_ptr_array_new_with_free_func (g_object_unref);
  SignetKeyset *work = make ("Work", ADDRESS, -100, 300), *newer = make ("Newer", ADDRESS, -10, 300);
  SignetKeyset *old = make ("Old", ADDRESS, -400, -20), *home = make ("Home", "asa@home.example", -1, 300);
  g_autoptr (SignetKeyset) gone = make ("Gone", ADDRESS, -1, 300);
  g_autoptr (SignetKeyset) renamed = signet_keyset_rename (work, "Office", NULL, NULL);

  g_ptr_array_add (keysets, work);
  g_ptr_array_add (keysets, newer);
  g_ptr_array_add (keysets, old);
  g_ptr_array_add (keysets, home);
  check (keysets, ADDRESS, work, work, SIGNET_CHOICE_CHOSEN, SIGNET_LAPSE_NO);
  check (keysets, ADDRESS, gone, newer, SIGNET_CHOICE_NEWEST, SIGNET_LAPSE_GONE);
  check (keysets, ADDRESS, old, newer, SIGNET_CHOICE_NEWEST, SIGNET_LAPSE_NOT_VALID);
  check (keysets, ADDRESS, home, newer, SIGNET_CHOICE_NEWEST, SIGNET_LAPSE_OTHER_ADDRESS);
  check (keysets, "nobody@example.org", work, NULL, SIGNET_CHOICE_NONE, SIGNET_LAPSE_OTHER_ADDRESS);

  g_object_unref (keysets->pdata[0]);
  keysets->pdata[0] = g_object_ref (renamed);       /* it stays chosen */
  check (keysets, ADDRESS, renamed, renamed, SIGNET_CHOICE_CHOSEN, SIGNET_LAPSE_NO);
}

/* What is revoked is as good as none. */
static void
test_revoked (void)
{
  g_autoptr (GPtrArray) keysets = g_ptr_array_new_with_free_func (g_object_unref);
  SignetKeyset *work = make ("Work", ADDRESS, -100, 300), *newer = make ("Newer", ADDRESS, -10, 300);

  g_ptr_array_add (keysets, newer);
  revoked = newer;
  check (keysets, ADDRESS, NULL, NULL, SIGNET_CHOICE_NOT_VALID, SIGNET_LAPSE_NO);
  g_ptr_array_add (keysets, work);
  check (keysets, ADDRESS, NULL, work, SIGNET_CHOICE_ONLY, SIGNET_LAPSE_NO);
  check (keysets, ADDRESS, newer, work, SIGNET_CHOICE_ONLY, SIGNET_LAPSE_NOT_VALID);
  check (keysets, ADDRESS, work, work, SIGNET_CHOICE_CHOSEN, SIGNET_LAPSE_NO);
  revoked = NULL;
  check (keysets, ADDRESS, newer, newer, SIGNET_CHOICE_CHOSEN, SIGNET_LAPSE_NO);
}

/* To the second. */
static void
test_bounds (void)
{
  g_autoptr (SignetKeyset) keyset = make ("Work", ADDRESS, 0, 1);
  g_autoptr (GPtrArray) keysets = g_ptr_array_new ();
  g_autoptr (SignetMailDefaults) defaults = signet_mail_defaults_new (ADDRESS);
  const struct {
    gint64 at;
    gboolean valid;
  } cases[] = { { NOW - 1, FALSE }, { NOW, TRUE }, { NOW + DAY - 1, TRUE }, { NOW + DAY, FALSE } };

  g_ptr_array_add (keysets, keyset);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (SignetIdChoice) choice = signet_id_choice_new (keysets, defaults, SIGNET_ID_SIGNING, cases[i].at,
                                                              is_revoked, &revoked);

    g_assert_cmpint (choice->id != NULL, ==, cases[i].valid);
  }
}

static void
test_digest (void)
{
  const struct {
    SignetKeyAlgorithm algorithm;
    SignetDigest digest;
    const char *why;
  } cases[] = {
    { SIGNET_KEY_P256, SIGNET_DIGEST_SHA256, "SHA-256, as strong as the signing key (P-256)." },
    { SIGNET_KEY_P384, SIGNET_DIGEST_SHA384, "SHA-384, as strong as the signing key (P-384)." },
    { SIGNET_KEY_RSA_3072, SIGNET_DIGEST_SHA256, "SHA-256, which every mail program can check." },
  };
  g_autoptr (TestCa) ca = test_ca_new ("Example Authority");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (SignetMailDefaults) defaults = signet_mail_defaults_new (ADDRESS);
    g_autoptr (SignetCertificate) certificate = test_ca_issue_signing (ca, ADDRESS, test_key (cases[i].algorithm, 0));
    g_autofree char *why = NULL, *chosen_why = NULL;

    g_assert_cmpint (signet_choose_digest (defaults, certificate, &why), ==, cases[i].digest);
    g_assert_cmpstr (why, ==, cases[i].why);
    defaults->digest = SIGNET_DIGEST_SHA512;
    g_assert_cmpint (signet_choose_digest (defaults, certificate, &chosen_why), ==, SIGNET_DIGEST_SHA512);
    g_assert_cmpstr (chosen_why, ==, "SHA-512, because you chose it.");
    g_assert_cmpint (signet_choose_digest (defaults, certificate, NULL), ==, SIGNET_DIGEST_SHA512);
  }
}

static void
test_cipher (void)
{
  g_autoptr (SignetMailDefaults) defaults = signet_mail_defaults_new (ADDRESS);
  g_autofree char *unknown = NULL, *known = NULL, *chosen = NULL;

  g_assert_cmpint (signet_choose_cipher (defaults, SIGNET_CIPHER_AUTOMATIC, &unknown), ==, SIGNET_CIPHER_AES256_CBC);
  g_assert_cmpstr (unknown, ==, "AES-256-CBC, which every mail program can read.");
  g_assert_cmpint (signet_choose_cipher (defaults, SIGNET_CIPHER_AES256_GCM, &known), ==, SIGNET_CIPHER_AES256_GCM);
  g_assert_cmpstr (known, ==, "AES-256-GCM, which the recipient's mail program is known to read.");
  defaults->cipher = SIGNET_CIPHER_AES128_CBC;
  g_assert_cmpint (signet_choose_cipher (defaults, SIGNET_CIPHER_AES256_GCM, &chosen), ==, SIGNET_CIPHER_AES128_CBC);
  g_assert_cmpstr (chosen, ==, "AES-128-CBC, because you chose it.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keyset/mail-choice/automatic", test_automatic);
  g_test_add_func ("/keyset/mail-choice/same-age", test_same_age);
  g_test_add_func ("/keyset/mail-choice/chosen", test_chosen);
  g_test_add_func ("/keyset/mail-choice/revoked", test_revoked);
  g_test_add_func ("/keyset/mail-choice/bounds", test_bounds);
  g_test_add_func ("/keyset/mail-choice/digest", test_digest);
  g_test_add_func ("/keyset/mail-choice/cipher", test_cipher);
  return g_test_run ();
}
