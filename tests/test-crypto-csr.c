/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/csr.h"

#include "base/error.h"
#include "base/limits.h"

#include "foreign.h"

#include <string.h>

static GBytes *
build (SignetPrivateKey *key, const char *address)
{
  g_autoptr (GError) error = NULL;
  GBytes *der = signet_csr_build (key, address, &error);

  g_assert_no_error (error);
  return der;
}

static void
test_round (void)
{
  for (guint i = SIGNET_KEY_P256; i <= SIGNET_KEY_RSA_3072; i++) {
    g_autoptr (SignetPrivateKey) key = signet_private_key_generate (i, NULL);
    g_autoptr (GBytes) der = build (key, "asa@example.org");
    g_autoptr (GError) error = NULL;
    g_autoptr (SignetCsr) csr = signet_csr_parse (der, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (csr->address, ==, "asa@example.org");
    g_assert_true (g_bytes_equal (csr->spki, signet_private_key_get_spki (key)));
  }
}

/* OpenSSL finds the signature good, by the expected hash, and the same names. */
static void
test_others_read (void)
{
  static const char *const hashes[] = { "ecdsa-with-SHA256", "ecdsa-with-SHA384", "sha256WithRSAEncryption" };

  for (guint i = SIGNET_KEY_P256; i <= SIGNET_KEY_RSA_3072; i++) {
    g_autoptr (SignetPrivateKey) key = signet_private_key_generate (i, NULL);
    g_autoptr (GBytes) der = build (key, "asa@example.org");
    g_autoptr (GBytes) output = foreign_run (der, "openssl", "req", "-inform", "DER", "-verify", "-noout", "-text",
                                             NULL);
    g_autofree char *text = foreign_text (output);

    g_assert_nonnull (strstr (text, "Subject: CN = asa@example.org"));
    g_assert_nonnull (strstr (text, "email:asa@example.org"));
    g_assert_nonnull (strstr (text, hashes[i]));
  }
}

static void
test_long_address (void)
{
  g_autoptr (SignetPrivateKey) key = signet_private_key_generate (SIGNET_KEY_P256, NULL);
  g_autofree char *domain = g_strnfill (SIGNET_MAX_ADDRESS - 4, 'd'), *address = g_strconcat ("asa@", domain, NULL);
  g_autoptr (GBytes) der = build (key, address);
  g_autoptr (SignetCsr) csr = signet_csr_parse (der, NULL);

  g_assert_cmpstr (csr->address, ==, address);
}

#define REQ "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -outform DER "
#define SAN "-subj /CN=x -addext subjectAltName="

typedef struct {
  const char *name;
  const char *command;
  const char *address;   /* NULL: refused with CODE */
  int code;
} ForeignCase;

static const ForeignCase foreign_cases[] = {
  { "good", REQ SAN "email:Asa@Example.org", "Asa@example.org", 0 },
  { "empty-subject", REQ "-subj / -addext subjectAltName=email:asa@example.org", "asa@example.org", 0 },
  { "no-address", REQ "-subj /CN=asa@example.org", NULL, SIGNET_ERROR_INVALID },
  { "two-addresses", REQ SAN "email:asa@example.org,email:eve@example.org", NULL, SIGNET_ERROR_INVALID },
  { "address-and-host", REQ SAN "email:asa@example.org,DNS:example.org", NULL, SIGNET_ERROR_INVALID },
  { "host", REQ SAN "DNS:example.org", NULL, SIGNET_ERROR_INVALID },
  { "no-address-at-all", REQ SAN "email:asa", NULL, SIGNET_ERROR_INVALID },
  { "sha1", REQ "-sha1 " SAN "email:asa@example.org", NULL, SIGNET_ERROR_UNSUPPORTED },
  { "rsa-pss", "openssl req -new -newkey rsa:2048 -sigopt rsa_padding_mode:pss -nodes -keyout /dev/null -outform DER "
    SAN "email:asa@example.org", NULL, SIGNET_ERROR_UNSUPPORTED },
};

static void
check_foreign (gconstpointer data)
{
  const ForeignCase *test = data;
  g_autoptr (GBytes) der = foreign_run (NULL, "sh", "-c", test->command, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetCsr) csr = signet_csr_parse (der, &error);

  if (test->address != NULL) {
    g_assert_no_error (error);
    g_assert_cmpstr (csr->address, ==, test->address);
  } else {
    g_assert_error (error, SIGNET_ERROR, test->code);
    g_assert_null (csr);
  }
}

/* Whatever byte is changed, nobody else's key or address comes out. */
static void
test_mutations (void)
{
  g_autoptr (SignetPrivateKey) key = signet_private_key_generate (SIGNET_KEY_P256, NULL);
  g_autoptr (GBytes) der = build (key, "asa@example.org");
  gsize length = g_bytes_get_size (der);

  for (gsize i = 0; i < length; i++) {
    g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (der, NULL), length);
    data[i] ^= 1 << g_test_rand_int_range (0, 8);
    g_autoptr (GBytes) changed = g_bytes_new_take (g_steal_pointer (&data), length);
    g_autoptr (GBytes) cut = g_bytes_new_from_bytes (der, 0, i);

    g_assert_null (signet_csr_parse (changed, NULL));
    g_assert_null (signet_csr_parse (cut, NULL));
  }
}

static void
test_too_large (void)
{
  g_autoptr (GBytes) der = g_bytes_new_take (g_malloc0 (SIGNET_MAX_CSR + 1), SIGNET_MAX_CSR + 1);
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_csr_parse (der, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crypto/csr/round", test_round);
  g_test_add_func ("/crypto/csr/others-read", test_others_read);
  g_test_add_func ("/crypto/csr/long-address", test_long_address);
  for (guint i = 0; i < G_N_ELEMENTS (foreign_cases); i++) {
    g_autofree char *path = g_strconcat ("/crypto/csr/foreign/", foreign_cases[i].name, NULL);
    g_test_add_data_func (path, &foreign_cases[i], check_foreign);
  }
  g_test_add_func ("/crypto/csr/mutations", test_mutations);
  g_test_add_func ("/crypto/csr/too-large", test_too_large);
  return g_test_run ();
}
