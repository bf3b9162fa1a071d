/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/key-lock.h"

#include "base/error.h"

#include <string.h>

typedef struct {
  SignetSecret *plain;
  SignetSecret *key;
  GBytes *header;
  GBytes *box;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->plain = signet_secret_new_text ("the fish is in the water");
  self->key = signet_secret_new_text ("ABCDEFGHJKMNPQRSTVWXYZ012");
  self->header = g_bytes_new_static ("a header", 8);
  self->box = signet_key_lock_seal (self->plain, self->key, self->header, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  signet_secret_unref (self->plain);
  signet_secret_unref (self->key);
  g_bytes_unref (self->header);
  g_bytes_unref (self->box);
}

static void
assert_refused (GBytes *box, SignetSecret *key, GBytes *header, SignetError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_key_lock_open (box, key, header, &error));
  g_assert_error (error, SIGNET_ERROR, (int) code);
}

static void
test_round_trip (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetSecret) opened = signet_key_lock_open (self->box, self->key, self->header, &error);
  g_autoptr (GBytes) again = signet_key_lock_seal (self->plain, self->key, self->header, &error);

  g_assert_no_error (error);
  g_assert_true (signet_secret_equal (opened, self->plain));
  g_assert_false (g_bytes_equal (self->box, again));
  g_assert_cmpuint (g_bytes_get_size (self->box), ==, 1 + 32 + strlen ("the fish is in the water") + 16);
}

static void
test_other_key (Fixture *self, gconstpointer data)
{
  g_autoptr (SignetSecret) other = signet_secret_new_text ("ABCDEFGHJKMNPQRSTVWXYZ013");
  g_autoptr (SignetSecret) empty = signet_secret_alloc (0);
  g_autoptr (GBytes) header = g_bytes_new_static ("a header!", 9);

  assert_refused (self->box, other, self->header, SIGNET_ERROR_WRONG_PASSWORD);
  assert_refused (self->box, empty, self->header, SIGNET_ERROR_WRONG_PASSWORD);
  assert_refused (self->box, self->key, header, SIGNET_ERROR_WRONG_PASSWORD);
}

static void
test_altered (Fixture *self, gconstpointer data)
{
  gsize length;
  const guint8 *box = g_bytes_get_data (self->box, &length);

  for (gsize i = 0; i < length; i++) {
    g_autofree guint8 *copy = g_memdup2 (box, length);
    copy[i] ^= 1;
    g_autoptr (GBytes) altered = g_bytes_new (copy, length);
    assert_refused (altered, self->key, self->header,
                    i == 0 ? SIGNET_ERROR_UNSUPPORTED : SIGNET_ERROR_WRONG_PASSWORD);
  }
  for (gsize cut = 0; cut < length; cut++) {
    g_autoptr (GBytes) part = g_bytes_new (box, cut);
    assert_refused (part, self->key, self->header,
                    cut < 1 + 32 + 16 ? SIGNET_ERROR_DAMAGED : SIGNET_ERROR_WRONG_PASSWORD);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/crypto/key-lock/round-trip", Fixture, NULL, set_up, test_round_trip, tear_down);
  g_test_add ("/crypto/key-lock/other-key", Fixture, NULL, set_up, test_other_key, tear_down);
  g_test_add ("/crypto/key-lock/altered", Fixture, NULL, set_up, test_altered, tear_down);
  return g_test_run ();
}
