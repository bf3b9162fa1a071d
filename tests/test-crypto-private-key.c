/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/private-key.h"

#include "base/error.h"
#include "base/limits.h"
#include "crypto/der.h"
#include "crypto/public-key.h"

#include "foreign.h"

#include <string.h>

static SignetPrivateKey *
generate (SignetKeyAlgorithm algorithm)
{
  g_autoptr (GError) error = NULL;
  SignetPrivateKey *key = signet_private_key_generate (algorithm, &error);

  g_assert_no_error (error);
  return key;
}

static void
test_names (void)
{
  SignetKeyAlgorithm algorithm = SIGNET_KEY_P256;

  for (guint i = SIGNET_KEY_P256; i <= SIGNET_KEY_RSA_4096; i++) {
    g_assert_true (signet_key_algorithm_from_name (signet_key_algorithm_to_name (i), &algorithm));
    g_assert_cmpint (algorithm, ==, i);
  }
  g_assert_false (signet_key_algorithm_from_name ("P-192", &algorithm));
  g_assert_cmpint (algorithm, ==, SIGNET_KEY_RSA_4096);
}

/* Out and in again: the same key, the same bytes. */
static void
test_pkcs8 (void)
{
  for (guint i = SIGNET_KEY_P256; i <= SIGNET_KEY_RSA_4096; i++) {
    g_autoptr (SignetPrivateKey) key = generate (i);
    g_autoptr (GError) error = NULL;
    g_autoptr (SignetSecret) der = signet_private_key_to_pkcs8 (key, &error);
    g_assert_no_error (error);
    g_autoptr (SignetPrivateKey) again = signet_private_key_new_from_pkcs8 (der, &error);
    g_assert_no_error (error);
    g_autoptr (SignetSecret) der_again = signet_private_key_to_pkcs8 (again, &error);
    g_autofree char *description = signet_public_key_describe (signet_private_key_get_spki (again));

    g_assert_true (g_bytes_equal (signet_private_key_get_spki (key), signet_private_key_get_spki (again)));
    g_assert_true (signet_secret_equal (der, der_again));
    g_assert_cmpstr (description, ==, signet_key_algorithm_to_name (i));
  }
}

/* OpenSSL and GnuTLS's tool read what Signet writes and see the same public key. */
static void
test_others_read (void)
{
  static const char *const facts[] = { "SECP256R1", "SECP384R1", "(3072 bits)" };

  for (guint i = SIGNET_KEY_P256; i <= SIGNET_KEY_RSA_3072; i++) {
    g_autoptr (SignetPrivateKey) key = generate (i);
    g_autoptr (SignetSecret) der = signet_private_key_to_pkcs8 (key, NULL);
    g_autoptr (GBytes) input = g_bytes_new (signet_secret_get (der, NULL), signet_secret_length (der));
    g_autoptr (GBytes) spki = foreign_run (input, "openssl", "pkey", "-inform", "DER", "-pubout", "-outform", "DER",
                                           NULL);
    g_assert_true (g_bytes_equal (spki, signet_private_key_get_spki (key)));

    g_autoptr (GBytes) info = foreign_run (input, "certtool", "--key-info", "--inder", NULL);
    g_autofree char *text = foreign_text (info);
    g_assert_nonnull (strstr (text, facts[i]));
  }
}

static void
check_value_length (SignetPrivateKey *key, gsize expected)
{
  g_autoptr (SignetSecret) pkcs8 = signet_private_key_to_pkcs8 (key, NULL);
  SignetDer rest;
  SignetDerElement element;
  gsize length;
  const guint8 *data = signet_secret_get (pkcs8, &length);

  g_assert_true (signet_der_open (data, length, SIGNET_DER_SEQUENCE, &rest));
  g_assert_true (signet_der_expect (&rest, SIGNET_DER_INTEGER, &element));
  g_assert_true (signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &element));
  g_assert_true (signet_der_expect (&rest, SIGNET_DER_OCTET_STRING, &element));
  g_assert_true (signet_der_open (element.contents.data, element.contents.length, SIGNET_DER_SEQUENCE, &rest));
  g_assert_true (signet_der_expect (&rest, SIGNET_DER_INTEGER, &element));
  g_assert_true (signet_der_expect (&rest, SIGNET_DER_OCTET_STRING, &element));
  g_assert_cmpuint (element.contents.length, ==, expected);
}

/* RFC 5915 section 3: the value is as long as the curve's order, whatever it begins with.  Half of all values have
 * their top bit set, and one in 256 begins with a zero. */
static void
test_value_length (void)
{
  for (guint i = 0; i < 1000; i++) {
    g_autoptr (SignetPrivateKey) key = generate (SIGNET_KEY_P256);
    check_value_length (key, 32);
  }
  for (guint i = 0; i < 20; i++) {
    g_autoptr (SignetPrivateKey) key = generate (SIGNET_KEY_P384);
    check_value_length (key, 48);
  }

  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
    foreign_run (NULL, "sh", "-c", "openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-521"
                                   " | openssl pkcs8 -topk8 -nocrypt -outform DER", NULL);
  g_autoptr (SignetSecret) der = signet_secret_new (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autoptr (SignetPrivateKey) p521 = signet_private_key_new_from_pkcs8 (der, &error);
  g_assert_no_error (error);
  check_value_length (p521, 66);
}

typedef struct {
  const char *name;
  const char *command;     /* for sh: writes a key to its output */
  int code;                /* SignetError, or -1: it is a good key */
} ForeignCase;

static void
check_import (gconstpointer data)
{
  const ForeignCase *test = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = foreign_run (NULL, "sh", "-c", test->command, NULL);
  g_autoptr (SignetSecret) der = signet_secret_new (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autoptr (SignetPrivateKey) key = signet_private_key_new_from_pkcs8 (der, &error);

  g_assert_cmpuint (g_bytes_get_size (bytes), >, 30);
  if (test->code < 0) {
    g_assert_no_error (error);
    g_assert_nonnull (key);
  } else {
    g_assert_error (error, SIGNET_ERROR, test->code);
  }
}

#define GENPKEY "openssl genpkey -quiet -algorithm "
#define EC "EC -pkeyopt ec_paramgen_curve:"
#define TO_DER " | openssl pkcs8 -topk8 -outform DER "
#define PLAIN TO_DER "-nocrypt"

static const ForeignCase foreign_cases[] = {
  { "p256", GENPKEY EC "P-256" PLAIN, -1 },
  { "p384", GENPKEY EC "P-384" PLAIN, -1 },
  { "p521", GENPKEY EC "P-521" PLAIN, -1 },
  { "rsa-2048", GENPKEY "RSA -pkeyopt rsa_keygen_bits:2048" PLAIN, -1 },
  { "rsa-exponent-3", GENPKEY "RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3" PLAIN, -1 },
  { "rsa-1024", GENPKEY "RSA -pkeyopt rsa_keygen_bits:1024" PLAIN, SIGNET_ERROR_UNSUPPORTED },
  { "rsa-pss", GENPKEY "RSA-PSS -pkeyopt rsa_keygen_bits:2048" PLAIN, SIGNET_ERROR_UNSUPPORTED },
  { "p224", GENPKEY EC "P-224" PLAIN, SIGNET_ERROR_UNSUPPORTED },
  { "k256", GENPKEY EC "secp256k1" PLAIN, SIGNET_ERROR_UNSUPPORTED },
  { "ed25519", GENPKEY "ED25519" PLAIN, SIGNET_ERROR_UNSUPPORTED },
  { "x25519", GENPKEY "X25519" PLAIN, SIGNET_ERROR_UNSUPPORTED },
  { "explicit-curve", GENPKEY EC "P-256 -pkeyopt ec_param_enc:explicit" PLAIN, SIGNET_ERROR_UNSUPPORTED },
  { "pem", GENPKEY EC "P-256", SIGNET_ERROR_INVALID },
  { "pkcs1", "openssl genrsa -traditional 2048 | openssl rsa -traditional -outform DER", SIGNET_ERROR_INVALID },
  { "sec1", "openssl ecparam -name prime256v1 -genkey -noout -outform DER", SIGNET_ERROR_INVALID },
  { "encrypted", GENPKEY EC "P-256" TO_DER "-passout pass:x", SIGNET_ERROR_INVALID },
  { "public-half", GENPKEY EC "P-256 | openssl pkey -pubout -outform DER",
    SIGNET_ERROR_INVALID },
};

/* A OneAsymmetricKey of version 2 carries its public key once more, and any version may carry attributes. */
static void
test_version_2 (void)
{
  static const guint8 attributes[] = { 0xa0, 0 }, public_key[] = { 0x81, 2, 0, 4 };
  g_autoptr (SignetPrivateKey) key = generate (SIGNET_KEY_P256);
  g_autoptr (SignetSecret) der = signet_private_key_to_pkcs8 (key, NULL);
  gsize length;
  const guint8 *data = signet_secret_get (der, &length);
  g_autoptr (GByteArray) longer = g_byte_array_new ();

  g_assert_cmpuint (data[1], ==, 0x81);
  g_byte_array_append (longer, data, length);
  g_byte_array_append (longer, attributes, sizeof attributes);
  g_byte_array_append (longer, public_key, sizeof public_key);
  longer->data[2] += sizeof attributes + sizeof public_key;

  g_autoptr (SignetSecret) wrong_version = signet_secret_new (longer->data, longer->len);
  g_assert_null (signet_private_key_new_from_pkcs8 (wrong_version, NULL));

  longer->data[5] = 1;
  g_autoptr (SignetSecret) version_2 = signet_secret_new (longer->data, longer->len);
  g_autoptr (SignetPrivateKey) again = signet_private_key_new_from_pkcs8 (version_2, NULL);
  g_autoptr (SignetSecret) der_again = signet_private_key_to_pkcs8 (again, NULL);
  g_assert_true (signet_secret_equal (der, der_again));
}

/* No byte of a key can be changed into another key that is accepted, and nothing may be missing or left over. */
static void
test_mutations (void)
{
  g_autoptr (SignetPrivateKey) key = generate (SIGNET_KEY_P256);
  g_autoptr (SignetSecret) der = signet_private_key_to_pkcs8 (key, NULL);
  gsize length = signet_secret_length (der);

  for (gsize i = 0; i < length; i++) {
    g_autoptr (SignetSecret) changed = signet_secret_new (signet_secret_get (der, NULL), length);
    signet_secret_edit (changed)[i] ^= 1 << g_test_rand_int_range (0, 8);
    g_autoptr (SignetPrivateKey) other = signet_private_key_new_from_pkcs8 (changed, NULL);
    if (other != NULL)
      g_assert_true (g_bytes_equal (signet_private_key_get_spki (other), signet_private_key_get_spki (key)));

    g_autoptr (SignetSecret) cut = signet_secret_new (signet_secret_get (der, NULL), i);
    g_assert_null (signet_private_key_new_from_pkcs8 (cut, NULL));
  }

  g_autoptr (SignetSecret) trailing = signet_secret_alloc (length + 1);
  memcpy (signet_secret_edit (trailing), signet_secret_get (der, NULL), length);
  g_assert_null (signet_private_key_new_from_pkcs8 (trailing, NULL));
}

static void
test_too_large (void)
{
  g_autoptr (SignetSecret) der = signet_secret_alloc (SIGNET_MAX_PRIVATE_KEY + 1);
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_private_key_new_from_pkcs8 (der, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE);
}

static void
test_package (void)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_private_key_unref);
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (keys, generate (SIGNET_KEY_P384));
  g_ptr_array_add (keys, generate (SIGNET_KEY_P256));
  g_autoptr (SignetSecret) der = signet_private_keys_to_package (keys, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) again = signet_private_keys_from_package (der, &error);
  g_assert_no_error (error);

  g_assert_cmpuint (again->len, ==, 2);
  for (guint i = 0; i < again->len; i++)
    g_assert_true (g_bytes_equal (signet_private_key_get_spki (again->pdata[i]),
                                  signet_private_key_get_spki (keys->pdata[i])));

  /* OpenSSL sees a SEQUENCE of two SEQUENCEs. */
  g_autoptr (GBytes) input = g_bytes_new (signet_secret_get (der, NULL), signet_secret_length (der));
  g_autoptr (GBytes) output = foreign_run (input, "openssl", "asn1parse", "-inform", "DER", NULL);
  g_autofree char *text = foreign_text (output);
  g_auto (GStrv) tops = g_strsplit (text, "d=1 ", -1);
  g_assert_cmpuint (g_strv_length (tops), ==, 3);
}

static void
test_package_refused (void)
{
  g_autoptr (SignetPrivateKey) key = generate (SIGNET_KEY_P256);
  g_autoptr (SignetSecret) single = signet_private_key_to_pkcs8 (key, NULL);
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_private_keys_from_package (single, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
  g_clear_error (&error);

  for (guint i = 0; i <= SIGNET_MAX_IDS; i++)
    g_ptr_array_add (keys, key);
  g_assert_null (signet_private_keys_to_package (keys, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE);
  g_clear_error (&error);

  g_ptr_array_set_size (keys, 1);
  g_autoptr (SignetSecret) package = signet_private_keys_to_package (keys, NULL);
  gsize length = signet_secret_length (package);
  g_autoptr (SignetSecret) cut = signet_secret_new (signet_secret_get (package, NULL), length - 1);
  g_assert_null (signet_private_keys_from_package (cut, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);

  g_ptr_array_set_size (keys, 0);
  g_autoptr (SignetSecret) empty = signet_private_keys_to_package (keys, NULL);
  g_autoptr (GPtrArray) none = signet_private_keys_from_package (empty, NULL);
  g_assert_cmpuint (none->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crypto/private-key/names", test_names);
  g_test_add_func ("/crypto/private-key/pkcs8", test_pkcs8);
  g_test_add_func ("/crypto/private-key/others-read", test_others_read);
  g_test_add_func ("/crypto/private-key/value-length", test_value_length);
  for (guint i = 0; i < G_N_ELEMENTS (foreign_cases); i++) {
    g_autofree char *path = g_strconcat ("/crypto/private-key/import/", foreign_cases[i].name, NULL);
    g_test_add_data_func (path, &foreign_cases[i], check_import);
  }
  g_test_add_func ("/crypto/private-key/version-2", test_version_2);
  g_test_add_func ("/crypto/private-key/mutations", test_mutations);
  g_test_add_func ("/crypto/private-key/too-large", test_too_large);
  g_test_add_func ("/crypto/private-key/package", test_package);
  g_test_add_func ("/crypto/private-key/package-refused", test_package_refused);
  return g_test_run ();
}
