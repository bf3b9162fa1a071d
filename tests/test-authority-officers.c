/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/officers.h"

#include "authority/escrow.h"
#include "base/error.h"

static const char *const names[] = { "Anna", "Berit", "Carl" };
static const char *const passwords[] = { "the first password", "the second password", "the third password" };

typedef struct {
  SignetPrivateKey *recovery_key;
  GBytes *spki;
  GBytes *sealed;
  SignetRoster *roster;            /* two of three */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) seeds = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_officer_seed_free);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (SignetSecret) password = signet_secret_new_text (passwords[i]);
    g_ptr_array_add (seeds, signet_officer_seed_new (names[i], password));
    g_assert_true (signet_officer_seed_check (seeds->pdata[i], seeds, i, &error));
  }
  self->recovery_key = signet_private_key_generate (SIGNET_KEY_P256, &error);
  self->spki = signet_private_key_get_spki (self->recovery_key);
  self->roster = signet_roster_create (seeds, 2, self->recovery_key, &self->sealed, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  signet_roster_free (self->roster);
  g_bytes_unref (self->sealed);
  signet_private_key_unref (self->recovery_key);
}

static SignetOfficerKeys *
open_with (Fixture *self, guint number, const char *text, GError **error)
{
  g_autoptr (SignetSecret) password = signet_secret_new_text (text);

  return signet_roster_open (self->roster, self->roster->officers->pdata[number], password, self->spki, error);
}

static SignetOfficerKeys *
open_officer (Fixture *self, guint number)
{
  g_autoptr (GError) error = NULL;
  SignetOfficerKeys *keys = open_with (self, number, passwords[number], &error);

  g_assert_no_error (error);
  return keys;
}

static void
test_boxes (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    SignetOfficer *officer = self->roster->officers->pdata[i];
    g_autoptr (SignetOfficerKeys) keys = open_officer (self, i);
    g_autoptr (GError) error = NULL;

    g_assert_cmpstr (keys->officer->name, ==, names[i]);
    g_assert_true (g_bytes_equal (signet_private_key_get_spki (keys->signing_key), officer->signing_spki));
    g_assert_true (g_bytes_equal (signet_private_key_get_spki (keys->exchange_key), officer->exchange_spki));
    g_assert_false (g_bytes_equal (officer->signing_spki, officer->exchange_spki));
    g_assert_null (open_with (self, i, passwords[(i + 1) % 3], &error));
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);
  }
  g_assert_true (signet_roster_find (self->roster, "bERIT") == self->roster->officers->pdata[1]);
  g_assert_null (signet_roster_find (self->roster, "Dora"));
}

/* One officer's box in the place of another's does not open: the name is sealed with it. */
static void
test_exchanged_boxes (Fixture *self, gconstpointer data)
{
  SignetOfficer *first = self->roster->officers->pdata[0], *second = self->roster->officers->pdata[1];
  g_autoptr (GError) error = NULL;

  g_bytes_unref (first->sealed);
  first->sealed = g_bytes_ref (second->sealed);
  g_assert_null (open_with (self, 0, passwords[1], &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);
}

/* Every two of the three open the recovery key, no single one does, and strangers' shares are of no use. */
static void
test_recovery_key (Fixture *self, gconstpointer data)
{
  for (guint mask = 1; mask < 8; mask++) {
    g_autoptr (GPtrArray) shares = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_secret_unref);
    g_autoptr (GError) error = NULL;

    for (guint i = 0; i < 3; i++) {
      if ((mask & (1u << i)) != 0) {
        g_autoptr (SignetOfficerKeys) keys = open_officer (self, i);
        g_ptr_array_add (shares, signet_secret_ref (keys->share));
      }
    }
    g_autoptr (SignetPrivateKey) key =
      signet_roster_open_recovery_key (self->sealed, shares, self->spki, &error);
    if (shares->len >= 2) {
      g_assert_no_error (error);
      g_assert_true (g_bytes_equal (signet_private_key_get_spki (key), self->spki));
    } else {
      g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);
    }
  }
}

/* Whatever of the roster is changed, the officer opens nothing for it. */
static void
test_changed_roster (Fixture *self, gconstpointer data)
{
  SignetOfficer *other = self->roster->officers->pdata[2], *own = self->roster->officers->pdata[0];
  g_autoptr (SignetPrivateKey) foreign = signet_private_key_generate (SIGNET_KEY_P256, NULL);
  GBytes **keys[] = { &other->signing_spki, &other->exchange_spki, &own->signing_spki };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    GBytes *true_key = *keys[i];
    g_autoptr (GError) error = NULL;
    *keys[i] = signet_private_key_get_spki (foreign);
    g_assert_null (open_with (self, 0, passwords[0], &error));
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED);
    *keys[i] = true_key;
  }

  g_autoptr (GError) error = NULL;
  self->roster->threshold = 1;
  g_assert_null (open_with (self, 0, passwords[0], &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED);
  self->roster->threshold = 2;

  g_clear_error (&error);
  GBytes *true_spki = self->spki;
  self->spki = signet_private_key_get_spki (foreign);
  g_assert_null (open_with (self, 0, passwords[0], &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED);
  self->spki = true_spki;

  g_clear_error (&error);
  g_ptr_array_remove_index (self->roster->officers, 1);
  g_assert_null (open_with (self, 0, passwords[0], &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED);
}

static void
test_new_password (Fixture *self, gconstpointer data)
{
  SignetOfficer *officer = self->roster->officers->pdata[0];
  g_autoptr (SignetSecret) old = signet_secret_new_text (passwords[0]);
  g_autoptr (SignetSecret) replacement = signet_secret_new_text ("quite another password");
  g_autoptr (SignetOfficerKeys) before = open_officer (self, 0);
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_officer_reseal (officer, replacement, old, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);
  g_clear_error (&error);
  GBytes *sealed = signet_officer_reseal (officer, old, replacement, &error);
  g_assert_no_error (error);
  g_bytes_unref (officer->sealed);
  officer->sealed = sealed;

  g_autoptr (SignetOfficerKeys) after = open_with (self, 0, "quite another password", &error);
  g_assert_no_error (error);
  g_assert_true (signet_secret_equal (before->share, after->share));
  g_assert_null (open_with (self, 0, passwords[0], &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);
}

static void
test_thresholds (void)
{
  static const struct {
    guint m, n;
    gboolean good;
  } cases[] = {
    { 1, 1, TRUE }, { 2, 2, TRUE }, { 2, 3, TRUE }, { 3, 3, TRUE }, { 16, 16, TRUE }, { 2, 16, TRUE },
    { 0, 0, FALSE }, { 0, 1, FALSE }, { 2, 1, FALSE }, { 4, 3, FALSE }, { 1, 2, FALSE }, { 2, 17, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_cmpint (signet_roster_check_threshold (cases[i].m, cases[i].n, &error), ==, cases[i].good);
    g_assert_true (cases[i].good || g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_INVALID));
  }
}

/* An archived key: for its address and certificate, and the recovery key, and nothing else. */
static void
test_escrow (void)
{
  g_autoptr (SignetPrivateKey) recovery = signet_private_key_generate (SIGNET_KEY_P256, NULL);
  g_autoptr (SignetPrivateKey) other = signet_private_key_generate (SIGNET_KEY_P256, NULL);
  g_autoptr (SignetPrivateKey) key = signet_private_key_generate (SIGNET_KEY_P384, NULL);
  GBytes *spki = signet_private_key_get_spki (key);
  g_autoptr (GBytes) sealed =
    signet_escrow_seal (key, "asa@example.org", signet_private_key_get_spki (recovery), NULL);
  const struct {
    SignetPrivateKey *recovery;
    const char *address;
    GBytes *spki;
    SignetError code;
  } cases[] = {
    { other, "asa@example.org", spki, SIGNET_ERROR_NOT_FOR_US },
    { recovery, "berit@example.org", spki, SIGNET_ERROR_UNTRUSTED },
    { recovery, "asa@example.or", spki, SIGNET_ERROR_UNTRUSTED },
    { recovery, "asa@example.org", signet_private_key_get_spki (other), SIGNET_ERROR_UNTRUSTED },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetPrivateKey) opened = signet_escrow_open (sealed, recovery, "Asa@example.org", spki, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (signet_private_key_get_spki (opened), spki));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) problem = NULL;
    g_assert_null (signet_escrow_open (sealed, cases[i].recovery, cases[i].address, cases[i].spki, &problem));
    g_assert_error (problem, SIGNET_ERROR, (int) cases[i].code);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/authority/officers/boxes", Fixture, NULL, set_up, test_boxes, tear_down);
  g_test_add ("/authority/officers/exchanged-boxes", Fixture, NULL, set_up, test_exchanged_boxes, tear_down);
  g_test_add ("/authority/officers/recovery-key", Fixture, NULL, set_up, test_recovery_key, tear_down);
  g_test_add ("/authority/officers/changed-roster", Fixture, NULL, set_up, test_changed_roster, tear_down);
  g_test_add ("/authority/officers/new-password", Fixture, NULL, set_up, test_new_password, tear_down);
  g_test_add_func ("/authority/officers/thresholds", test_thresholds);
  g_test_add_func ("/authority/escrow/open", test_escrow);
  return g_test_run ();
}
