/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/public-key.h"

#include "base/error.h"
#include "crypto/private-key.h"

#include "foreign.h"

#include <string.h>

#define GENPKEY "openssl genpkey -quiet -algorithm "
#define EC "EC -pkeyopt ec_paramgen_curve:"
#define TO_PUBLIC " | openssl pkey -pubout -outform DER"

typedef struct {
  const char *name;
  const char *command;       /* for sh: writes a SubjectPublicKeyInfo to its output */
  const char *description;   /* NULL: refused with CODE */
  int code;
} Case;

static void
check_read (gconstpointer data)
{
  const Case *test = data;
  g_autoptr (GBytes) spki = foreign_run (NULL, "sh", "-c", test->command, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *description = signet_public_key_describe (spki);
  SignetPublicKeyKind kind;
  guint bits = 0;
  gboolean ok = signet_public_key_read (spki, &kind, &bits, &error);

  g_assert_cmpuint (g_bytes_get_size (spki), >, 30);
  g_assert_cmpstr (description, ==, test->description != NULL ? test->description : "Unknown");
  if (test->description == NULL) {
    g_assert_error (error, SIGNET_ERROR, test->code);
    g_assert_cmpuint (bits, ==, 0);
    return;
  }
  g_assert_no_error (error);
  g_assert_true (ok);
  g_assert_cmpint (kind, ==, test->description[0] == 'R' ? SIGNET_PUBLIC_KEY_RSA : SIGNET_PUBLIC_KEY_EC);
  g_assert_cmpuint (bits, ==, atoi (strchr (test->description, '-') + 1));
}

static const Case cases[] = {
  { "p256", GENPKEY EC "P-256" TO_PUBLIC, "P-256", 0 },
  { "p384", GENPKEY EC "P-384" TO_PUBLIC, "P-384", 0 },
  { "p521", GENPKEY EC "P-521" TO_PUBLIC, "P-521", 0 },
  { "rsa-2048", GENPKEY "RSA -pkeyopt rsa_keygen_bits:2048" TO_PUBLIC, "RSA-2048", 0 },
  { "rsa-512", GENPKEY "RSA -pkeyopt rsa_keygen_bits:512" TO_PUBLIC, NULL, SIGNET_ERROR_UNSUPPORTED },
  { "ed25519", GENPKEY "ED25519" TO_PUBLIC, NULL, SIGNET_ERROR_UNSUPPORTED },
  { "k256", GENPKEY EC "secp256k1" TO_PUBLIC, NULL, SIGNET_ERROR_UNSUPPORTED },
  { "compressed-point", GENPKEY EC "P-256 | openssl ec -pubout -conv_form compressed -outform DER", NULL,
    SIGNET_ERROR_INVALID },
  { "pem", GENPKEY EC "P-256 | openssl pkey -pubout", NULL, SIGNET_ERROR_INVALID },
};

/* An RSA key whose public exponent is EXPONENT: everything else is good. */
static gboolean
is_accepted_with_exponent (guint8 exponent)
{
  g_autoptr (GBytes) good = foreign_run (NULL, "sh", "-c", GENPKEY "RSA -pkeyopt rsa_keygen_bits:2048 "
                                         "-pkeyopt rsa_keygen_pubexp:3" TO_PUBLIC, NULL);
  gsize length;
  g_autofree guint8 *data = g_bytes_unref_to_data (g_steal_pointer (&good), &length);
  SignetPublicKeyKind kind;
  guint bits;

  g_assert_cmpint (data[length - 1], ==, 3);
  data[length - 1] = exponent;
  g_autoptr (GBytes) spki = g_bytes_new (data, length);
  return signet_public_key_read (spki, &kind, &bits, NULL);
}

static void
test_exponent (void)
{
  g_assert_true (is_accepted_with_exponent (3));
  g_assert_true (is_accepted_with_exponent (17));
  g_assert_false (is_accepted_with_exponent (0));
  g_assert_false (is_accepted_with_exponent (1));
  g_assert_false (is_accepted_with_exponent (2));
}

static void
test_id (void)
{
  g_autoptr (SignetPrivateKey) key = signet_private_key_generate (SIGNET_KEY_P256, NULL);
  GBytes *spki = signet_private_key_get_spki (key);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) id = signet_public_key_get_id (spki, &error);
  g_assert_no_error (error);

  /* An uncompressed point of P-256 is the last 65 bytes. */
  g_autoptr (GBytes) bits = g_bytes_new_from_bytes (spki, g_bytes_get_size (spki) - 65, 65);
  g_autoptr (GBytes) digest = foreign_run (bits, "openssl", "dgst", "-sha256", "-binary", NULL);
  g_assert_cmpmem (g_bytes_get_data (id, NULL), g_bytes_get_size (id), g_bytes_get_data (digest, NULL), 20);
}

static void
test_id_refused (void)
{
  static const char *const inputs[] = {
    "", "\x30", "\x30\x80", "\x30\x02\x05\x00", "\x30\x06\x30\x00\x03\x02\x01\x04", "\x30\x05\x30\x00\x03\x01\x00",
    "\x30\x08\x30\x00\x03\x02\x00\x04\x05\x00",
  };
  static const gsize lengths[] = { 0, 1, 2, 4, 8, 7, 10 };

  for (guint i = 0; i < G_N_ELEMENTS (inputs); i++) {
    g_autoptr (GBytes) spki = g_bytes_new (inputs[i], lengths[i]);
    g_autoptr (GError) error = NULL;
    g_assert_null (signet_public_key_get_id (spki, &error));
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/crypto/public-key/read/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], check_read);
  }
  g_test_add_func ("/crypto/public-key/exponent", test_exponent);
  g_test_add_func ("/crypto/public-key/id", test_id);
  g_test_add_func ("/crypto/public-key/id-refused", test_id_refused);
  return g_test_run ();
}
