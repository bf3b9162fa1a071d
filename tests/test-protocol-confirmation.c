/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/confirmation.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/limits.h"
#include "crypto/cms.h"

#include "test-ca.h"

#include <string.h>

#define ID "00112233445566778899aabbccddeeff"
#define OTHER_ID "10112233445566778899aabbccddeeff"
#define DIGEST "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static gboolean
verify (GBytes *bytes, const char *id, const char *digest_hex, SignetPrivateKey *key, GError **error)
{
  g_autoptr (GBytes) digest = signet_hex_decode (digest_hex, 32);

  return signet_confirmation_verify (bytes, id, digest, signet_private_key_get_spki (key), error);
}

static void
assert_refused (GBytes *bytes, const char *id, const char *digest, SignetPrivateKey *key, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (verify (bytes, id, digest, key, &error));
  g_assert_error (error, SIGNET_ERROR, code);
}

static GBytes *
build (SignetPrivateKey *key)
{
  g_autoptr (GBytes) digest = signet_hex_decode (DIGEST, 32);
  g_autoptr (GError) error = NULL;
  GBytes *bytes = signet_confirmation_build (ID, digest, key, &error);

  g_assert_no_error (error);
  return bytes;
}

static void
test_round (void)
{
  for (guint i = SIGNET_KEY_P256; i <= SIGNET_KEY_RSA_3072; i++) {
    g_autoptr (GBytes) bytes = build (test_key (i, 0));
    g_autoptr (GError) error = NULL;

    g_assert_true (verify (bytes, ID, DIGEST, test_key (i, 0), &error));
    g_assert_no_error (error);
  }
}

static void
test_refused (void)
{
  SignetPrivateKey *key = test_key (SIGNET_KEY_P256, 0);
  g_autoptr (GBytes) bytes = build (key), empty = g_bytes_new_static ("", 0);
  g_autofree char *zeros = g_malloc0 (SIGNET_MAX_REQUEST + 1);
  g_autoptr (GBytes) huge = g_bytes_new (zeros, SIGNET_MAX_REQUEST + 1);
  g_autofree char *other_digest = g_strconcat ("1", &DIGEST[1], NULL);

  assert_refused (bytes, OTHER_ID, DIGEST, key, SIGNET_ERROR_INVALID);
  assert_refused (bytes, ID, other_digest, key, SIGNET_ERROR_INVALID);
  assert_refused (bytes, ID, DIGEST, test_key (SIGNET_KEY_P256, 1), SIGNET_ERROR_UNTRUSTED);
  assert_refused (empty, ID, DIGEST, key, SIGNET_ERROR_INVALID);
  assert_refused (huge, ID, DIGEST, key, SIGNET_ERROR_TOO_LARGE);
}

static void
test_other_content (void)
{
  static const char *const texts[] = {
    "", "{}", "hello",
    "{\"signet-confirmation\": 2, \"request\": \"" ID "\", \"reply-digest\": \"" DIGEST "\"}",
    "{\"signet-confirmation\": 1, \"request\": \"" ID "\"}",
    "{\"signet-confirmation\": 1, \"reply-digest\": \"" DIGEST "\"}",
    "{\"signet-confirmation\": 1, \"request\": \"" ID "\", \"reply-digest\": \"0011\"}",
    "{\"signet-confirmation\": 1, \"request\": \"" ID "\", \"request\": \"" ID "\", \"reply-digest\": \"" DIGEST "\"}",
  };
  SignetPrivateKey *key = test_key (SIGNET_KEY_P256, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GBytes) content = g_bytes_new_static (texts[i], strlen (texts[i]));
    g_autoptr (GBytes) bytes = signet_cms_sign_with_key (content, key, NULL);

    g_assert_nonnull (bytes);
    assert_refused (bytes, ID, DIGEST, key, SIGNET_ERROR_INVALID);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/confirmation/round", test_round);
  g_test_add_func ("/protocol/confirmation/refused", test_refused);
  g_test_add_func ("/protocol/confirmation/other-content", test_other_content);
  return g_test_run ();
}
