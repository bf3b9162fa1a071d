/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/cms.h"

#include "base/error.h"
#include "base/limits.h"
#include "crypto/public-key.h"

#include "cms-fixtures.h"

#include <string.h>

static SignetSignedData *
parse (GBytes *der)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (der, &length);
  g_autoptr (GError) error = NULL;
  SignetSignedData *signed_data = signet_signed_data_parse (data, length, MAX_MESSAGE, &error);

  g_assert_no_error (error);
  return signed_data;
}

static int
parse_error (GBytes *der, gsize max)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (der, &length);
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_signed_data_parse (data, length, max, &error));
  g_assert_cmpint (error->domain, ==, SIGNET_ERROR);
  return error->code;
}

/* --- SignedData --- */

static void
test_sign_with_key (void)
{
  for (guint i = SIGNET_KEY_P256; i <= SIGNET_KEY_RSA_3072; i++) {
    g_autoptr (SignetPrivateKey) key = generate (i), other = generate (SIGNET_KEY_P256);
    g_autoptr (GBytes) content = g_bytes_new ("a request", 9);
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) der = signet_cms_sign_with_key (content, key, &error);
    g_assert_no_error (error);

    g_autoptr (SignetSignedData) signed_data = parse (der);
    assert_content (signet_signed_data_get_content (signed_data), "a request", 9);
    g_assert_true (signet_signed_data_verify_key (signed_data, signet_private_key_get_spki (key), &error));
    g_assert_no_error (error);
    g_assert_false (signet_signed_data_verify_key (signed_data, signet_private_key_get_spki (other), &error));
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED);
    g_clear_error (&error);

    g_autoptr (GBytes) no_signer = NULL;
    g_autoptr (GPtrArray) certificates = NULL;
    g_assert_false (signet_signed_data_verify_certificate (signed_data, &no_signer, &certificates, &error));
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED);
    g_assert_null (no_signer);
    g_assert_null (certificates);
  }
}

/* OpenSSL verifies it once it is given a certificate with that key and that subject key identifier. */
static void
test_others_verify_key (void)
{
  g_autoptr (SignetPrivateKey) key = generate (SIGNET_KEY_P256);
  g_autoptr (SignetSecret) pkcs8 = signet_private_key_to_pkcs8 (key, NULL);
  g_autoptr (GBytes) content = g_bytes_new ("a request", 9);
  g_autoptr (GBytes) der = signet_cms_sign_with_key (content, key, NULL);
  g_autoptr (GBytes) id = signet_public_key_get_id (signet_private_key_get_spki (key), NULL);
  g_autoptr (GString) hex = g_string_new (NULL);

  for (guint i = 0; i < 20; i++)
    g_string_append_printf (hex, "%02X", ((const guint8 *) g_bytes_get_data (id, NULL))[i]);
  foreign_write_bytes ("signed.der", der);
  write_secret ("signer.key", pkcs8);
  g_autoptr (GBytes) output = foreign_shell (
    "openssl req -x509 -key signer.key -keyform DER -subj /CN=x -addext subjectKeyIdentifier=%s -out signer.crt && "
    "openssl cms -verify -noverify -inform DER -in signed.der -nointern -certfile signer.crt -binary", hex->str);
  g_assert_true (g_bytes_equal (output, content));
}

static void
test_sign_with_certificate (void)
{
  static const struct { const char *name, *certificate, *key, *new_key; } cases[] = {
    { "ec", "ec.crt", "ec.key", NEW_EC },
    { "rsa", "rsa.crt", "rsa.key", NEW_RSA },
  };

  make_identity ("issuer", NEW_EC);
  g_autoptr (GBytes) issuer = foreign_read ("issuer.crt");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    make_identity (cases[i].name, cases[i].new_key);
    g_autoptr (SignetPrivateKey) key = read_key (cases[i].key);
    g_autoptr (GBytes) certificate = foreign_read (cases[i].certificate);
    g_autoptr (SignetSecret) content = signet_secret_new ("a\0reply", 7);
    g_autoptr (GPtrArray) chain = g_ptr_array_new ();
    g_autoptr (GError) error = NULL;

    g_ptr_array_add (chain, certificate);     /* once more: it must not be in there twice */
    g_ptr_array_add (chain, issuer);
    g_autoptr (SignetSecret) secret = signet_cms_sign_with_certificate (content, key, certificate, chain, &error);
    g_assert_no_error (error);
    g_autoptr (GBytes) der = g_bytes_new (signet_secret_get (secret, NULL), signet_secret_length (secret));

    g_autoptr (SignetSignedData) signed_data = parse (der);
    g_autoptr (GBytes) signer = NULL;
    g_autoptr (GPtrArray) certificates = NULL;
    g_assert_true (signet_signed_data_verify_certificate (signed_data, &signer, &certificates, &error));
    g_assert_no_error (error);
    assert_content (signet_signed_data_get_content (signed_data), "a\0reply", 7);
    g_assert_true (g_bytes_equal (signer, certificate));
    g_assert_cmpuint (certificates->len, ==, 2);
    g_assert_true (signet_signed_data_verify_key (signed_data, signet_private_key_get_spki (key), NULL));

    foreign_write_bytes ("signed.der", der);
    g_autoptr (GBytes) output = foreign_shell ("openssl cms -verify -noverify -inform DER -in signed.der -binary");
    g_assert_cmpmem (g_bytes_get_data (output, NULL), g_bytes_get_size (output), "a\0reply", 7);
    g_autoptr (GBytes) print = foreign_shell ("openssl cms -cmsout -print -noout -inform DER -in signed.der");
    g_autofree char *text = foreign_text (print);
    g_assert_nonnull (strstr (text, "object: messageDigest"));
    g_assert_nonnull (strstr (text, "algorithm: sha256"));
  }
}

static void
test_sign_mismatch (void)
{
  g_autoptr (SignetPrivateKey) key = generate (SIGNET_KEY_P256);
  g_autoptr (SignetSecret) content = signet_secret_new_text ("x");
  g_autoptr (GPtrArray) chain = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  make_identity ("ec", NEW_EC);
  g_autoptr (GBytes) certificate = foreign_read ("ec.crt"), rubbish = g_bytes_new_static ("rubbish", 7);
  g_assert_null (signet_cms_sign_with_certificate (content, key, certificate, chain, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_null (signet_cms_sign_with_certificate (content, key, rubbish, chain, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_FAILED);
}

typedef struct {
  const char *name;
  const char *options;     /* of openssl cms -sign */
  int code;                /* of parsing; -1: accepted */
} SignedCase;

static const SignedCase signed_cases[] = {
  { "good", "-nodetach -md sha256", -1 },
  { "sha512", "-nodetach -md sha512", -1 },
  { "key-identifier", "-nodetach -keyid", -1 },
  { "detached", "", SIGNET_ERROR_INVALID },
  { "no-attributes", "-nodetach -noattr", SIGNET_ERROR_INVALID },
  { "sha1", "-nodetach -md sha1", SIGNET_ERROR_UNSUPPORTED },
  { "sha224", "-nodetach -md sha224", SIGNET_ERROR_UNSUPPORTED },
  { "pss", "-nodetach -keyopt rsa_padding_mode:pss", SIGNET_ERROR_UNSUPPORTED },
  { "two-signers", "-nodetach -signer ec.pem.crt -inkey ec.pem", SIGNET_ERROR_INVALID },
  { "indefinite-lengths", "-nodetach -stream", SIGNET_ERROR_INVALID },
  { "other-content", "-nodetach -econtent_type 1.2.3.4", SIGNET_ERROR_INVALID },
};

static void
check_signed (gconstpointer data)
{
  const SignedCase *test = data;

  make_identity ("rsa", NEW_RSA);
  make_identity ("ec", NEW_EC);
  foreign_write ("content", "by openssl", 10);
  g_autoptr (GBytes) der = foreign_shell ("openssl cms -sign -binary -in content -signer rsa.pem.crt -inkey rsa.pem "
                                  "-outform DER %s", test->options);
  if (test->code >= 0) {
    g_assert_cmpint (parse_error (der, MAX_MESSAGE), ==, test->code);
    return;
  }

  g_autoptr (SignetSignedData) signed_data = parse (der);
  g_autoptr (GBytes) signer = NULL, expected = foreign_read ("rsa.crt");
  g_autoptr (GPtrArray) certificates = NULL;
  g_autoptr (GError) error = NULL;
  signet_signed_data_verify_certificate (signed_data, &signer, &certificates, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (signer, expected));
  assert_content (signet_signed_data_get_content (signed_data), "by openssl", 10);
}

static void
test_signed_caps (void)
{
  g_autoptr (SignetPrivateKey) key = generate (SIGNET_KEY_P256);
  g_autoptr (GBytes) content = g_bytes_new ("x", 1), der = signet_cms_sign_with_key (content, key, NULL);
  gsize length = g_bytes_get_size (der);
  g_autoptr (GByteArray) longer = g_bytes_unref_to_array (g_bytes_ref (der));

  g_assert_cmpint (parse_error (der, length - 1), ==, SIGNET_ERROR_TOO_LARGE);
  g_byte_array_append (longer, (const guint8 *) "", 1);
  g_autoptr (GBytes) trailing = g_byte_array_free_to_bytes (g_steal_pointer (&longer));
  g_assert_cmpint (parse_error (trailing, MAX_MESSAGE), ==, SIGNET_ERROR_INVALID);

  /* Sequences in sequences, as deep as they fit. */
  g_autofree guint8 *nested = g_malloc (120);
  for (guint i = 0; i < 60; i++) {
    nested[2 * i] = 0x30;
    nested[2 * i + 1] = 118 - 2 * i;
  }
  g_autoptr (GBytes) deep = g_bytes_new (nested, 120);
  g_assert_cmpint (parse_error (deep, MAX_MESSAGE), ==, SIGNET_ERROR_INVALID);
}

/* One bit turned, or the end cut off, at every place: refused, or the very content that was signed. */
static void
test_signed_mutations (void)
{
  g_autoptr (SignetPrivateKey) key = generate (SIGNET_KEY_P256);
  g_autoptr (GBytes) content = g_bytes_new ("content", 7), der = signet_cms_sign_with_key (content, key, NULL);
  gsize length = g_bytes_get_size (der);
  guint accepted = 0;

  for (gsize i = 0; i < length * 8; i++) {
    g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (der, NULL), length);
    data[i / 8] ^= 1 << i % 8;
    g_autoptr (SignetSignedData) signed_data = signet_signed_data_parse (data, length, MAX_MESSAGE, NULL);
    if (signed_data == NULL || !signet_signed_data_verify_key (signed_data, signet_private_key_get_spki (key), NULL))
      continue;
    assert_content (signet_signed_data_get_content (signed_data), "content", 7);
    accepted++;
  }
  g_test_message ("%u of %" G_GSIZE_FORMAT " changes do not matter", accepted, length * 8);
  g_assert_cmpuint (accepted, <, length * 8 / 4);    /* the signer's name and version, which no key vouches for */

  for (gsize i = 0; i < length; i++) {
    g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (der, NULL), i);
    g_assert_null (signet_signed_data_parse (data, i, MAX_MESSAGE, NULL));
  }
}

/* --- certs-only --- */

static gboolean
holds (GPtrArray *list, GBytes *bytes)
{
  return g_ptr_array_find_with_equal_func (list, bytes, g_bytes_equal, NULL);
}

static void
test_certs_only (void)
{
  make_identity ("ec", NEW_EC);
  make_identity ("rsa", NEW_RSA);
  g_autoptr (GBytes) one = foreign_read ("ec.crt"), two = foreign_read ("rsa.crt");
  g_autoptr (GPtrArray) certificates = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_ptr_array_add (certificates, two);
  g_ptr_array_add (certificates, one);

  g_autoptr (GBytes) der = signet_cms_build_certs_only (certificates, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) again = signet_cms_parse_certs_only (der, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->len, ==, 2);
  g_assert_true (holds (again, one));
  g_assert_true (holds (again, two));

  g_autoptr (GBytes) output = foreign_run (der, "openssl", "pkcs7", "-inform", "DER", "-print_certs", "-noout", NULL);
  g_autofree char *text = foreign_text (output);
  g_assert_nonnull (strstr (text, "subject=CN = ec"));
  g_assert_nonnull (strstr (text, "subject=CN = rsa"));
  g_autoptr (GBytes) same = foreign_run (der, "openssl", "cms", "-cmsout", "-inform", "DER", "-outform", "DER", NULL);
  g_assert_true (g_bytes_equal (same, der));
  g_autoptr (GBytes) info = foreign_run (der, "certtool", "--p7-info", "--inder", NULL);
  g_autofree char *info_text = foreign_text (info);
  g_assert_nonnull (strstr (info_text, "Number of certificates: 2"));
}

static void
test_certs_only_refused (void)
{
  g_autoptr (GPtrArray) certificates = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) rubbish = g_bytes_new_static ("rubbish", 7);

  g_assert_null (signet_cms_build_certs_only (certificates, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_FAILED);
  g_clear_error (&error);
  g_ptr_array_add (certificates, rubbish);
  g_assert_null (signet_cms_build_certs_only (certificates, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_FAILED);
  g_clear_error (&error);

  g_autoptr (GBytes) large = g_bytes_new_take (g_malloc0 (SIGNET_MAX_REPLY + 1), SIGNET_MAX_REPLY + 1);
  g_assert_null (signet_cms_parse_certs_only (large, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE);
  g_clear_error (&error);
  g_assert_null (signet_cms_parse_certs_only (rubbish, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
}

/* What others write: openssl, certtool, and authorities that use indefinite lengths. */
static void
test_certs_only_foreign (void)
{
  static const guint8 start[] = {
    0x30, 0x80, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02, 0xa0, 0x80,
    0x30, 0x80, 0x02, 0x01, 0x01, 0x31, 0x00,
    0x30, 0x80, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01, 0x00, 0x00, 0xa0, 0x80,
  }, end[] = { 0x00, 0x00, 0x31, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00 };
  static const char *const commands[] = {
    "openssl crl2pkcs7 -nocrl -certfile ec.pem.crt -outform DER",
    "certtool --p7-generate --load-certificate ec.pem.crt --outder",
    "cat indefinite",
  };

  make_identity ("ec", NEW_EC);
  g_autoptr (GBytes) one = foreign_read ("ec.crt");
  g_autoptr (GByteArray) indefinite = g_byte_array_new ();
  g_byte_array_append (indefinite, start, sizeof start);
  g_byte_array_append (indefinite, g_bytes_get_data (one, NULL), g_bytes_get_size (one));
  g_byte_array_append (indefinite, end, sizeof end);
  foreign_write ("indefinite", indefinite->data, indefinite->len);

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    g_autoptr (GBytes) der = foreign_shell ("%s", commands[i]);
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) certificates = signet_cms_parse_certs_only (der, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (certificates->len, ==, 1);
    g_assert_true (holds (certificates, one));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  foreign_begin ();
  g_test_add_func ("/crypto/cms/sign-with-key", test_sign_with_key);
  g_test_add_func ("/crypto/cms/others-verify-key", test_others_verify_key);
  g_test_add_func ("/crypto/cms/sign-with-certificate", test_sign_with_certificate);
  g_test_add_func ("/crypto/cms/sign-mismatch", test_sign_mismatch);
  for (guint i = 0; i < G_N_ELEMENTS (signed_cases); i++) {
    g_autofree char *path = g_strconcat ("/crypto/cms/signed/", signed_cases[i].name, NULL);
    g_test_add_data_func (path, &signed_cases[i], check_signed);
  }
  g_test_add_func ("/crypto/cms/signed-caps", test_signed_caps);
  g_test_add_func ("/crypto/cms/signed-mutations", test_signed_mutations);
  g_test_add_func ("/crypto/cms/certs-only", test_certs_only);
  g_test_add_func ("/crypto/cms/certs-only-refused", test_certs_only_refused);
  g_test_add_func ("/crypto/cms/certs-only-foreign", test_certs_only_foreign);
  int result = g_test_run ();
  foreign_end ();
  return result;
}
