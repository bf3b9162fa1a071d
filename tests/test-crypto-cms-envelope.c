/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/cms.h"

#include "base/error.h"
#include "crypto/public-key.h"

#include "cms-fixtures.h"

#include <string.h>

static GBytes *
encrypt (SignetPrivateKey *recipient, SignetSecret *content)
{
  g_autoptr (GError) error = NULL;
  GBytes *der = signet_cms_encrypt_to_key (content, signet_private_key_get_spki (recipient), &error);

  g_assert_no_error (error);
  return der;
}

static int
decrypt_error (GBytes *der, gsize max, SignetPrivateKey *recipient)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_cms_decrypt_with_key (der, max, recipient, &error));
  g_assert_cmpint (error->domain, ==, SIGNET_ERROR);
  return error->code;
}

static void
test_envelope (void)
{
  static const gsize lengths[] = { 0, 1, 15, 16, 17, 255, 256, 4095, 4096, 4097, 60000 };

  for (guint algorithm = SIGNET_KEY_P256; algorithm <= SIGNET_KEY_P384; algorithm++) {
    g_autoptr (SignetPrivateKey) recipient = generate (algorithm);
    for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
      g_autoptr (SignetSecret) content = signet_secret_alloc (lengths[i]);
      memset (signet_secret_edit (content), 'a' + i, lengths[i]);
      g_autoptr (GBytes) der = encrypt (recipient, content);
      g_autoptr (GError) error = NULL;
      g_autoptr (SignetSecret) again = signet_cms_decrypt_with_key (der, MAX_MESSAGE, recipient, &error);
      g_assert_no_error (error);
      g_assert_true (signet_secret_equal (content, again));
    }
  }
}

static void
test_recipient (void)
{
  g_autoptr (SignetPrivateKey) recipient = generate (SIGNET_KEY_P256), other = generate (SIGNET_KEY_P256);
  g_autoptr (SignetPrivateKey) rsa = generate (SIGNET_KEY_RSA_3072);
  g_autoptr (SignetSecret) content = signet_secret_new_text ("for one");
  g_autoptr (GBytes) der = encrypt (recipient, content), again = encrypt (recipient, content);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ids = signet_cms_get_recipient_ids (der, MAX_MESSAGE, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) id = signet_public_key_get_id (signet_private_key_get_spki (recipient), NULL);

  g_assert_cmpuint (ids->len, ==, 1);
  g_assert_true (g_bytes_equal (ids->pdata[0], id));
  g_assert_false (g_bytes_equal (der, again));
  g_assert_cmpint (decrypt_error (der, MAX_MESSAGE, other), ==, SIGNET_ERROR_NOT_FOR_US);
  g_assert_cmpint (decrypt_error (der, MAX_MESSAGE, rsa), ==, SIGNET_ERROR_NOT_FOR_US);
  g_assert_cmpint (decrypt_error (der, g_bytes_get_size (der) - 1, recipient), ==, SIGNET_ERROR_TOO_LARGE);
  g_assert_null (signet_cms_encrypt_to_key (content, signet_private_key_get_spki (rsa), &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_FAILED);
}

/* OpenSSL opens what Signet locked, and says that the algorithms are those of the protocol. */
static void
test_others_decrypt (void)
{
  static const char *const curves[] = { "P-256", "P-384", "P-521" };
  g_autoptr (SignetSecret) content = signet_secret_new ("for\0one", 7);

  for (guint i = 0; i < G_N_ELEMENTS (curves); i++) {
    g_autoptr (GBytes) made = foreign_shell ("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:%s | "
                                             "openssl pkcs8 -topk8 -nocrypt -outform DER -out recipient.key",
                                             curves[i]);
    g_autoptr (SignetPrivateKey) recipient = read_key ("recipient.key");
    g_autoptr (GBytes) der = encrypt (recipient, content);
    foreign_write_bytes ("envelope.der", der);
    g_autoptr (GBytes) output = foreign_shell ("openssl cms -decrypt -inform DER -in envelope.der -keyform DER "
                                               "-inkey recipient.key -binary");
    g_assert_cmpmem (g_bytes_get_data (output, NULL), g_bytes_get_size (output), "for\0one", 7);
    g_autoptr (SignetSecret) own = signet_cms_decrypt_with_key (der, MAX_MESSAGE, recipient, NULL);
    assert_content (own, "for\0one", 7);

    g_autoptr (GBytes) same = foreign_run (der, "openssl", "cms", "-cmsout", "-inform", "DER", "-outform", "DER", NULL);
    g_assert_true (g_bytes_equal (same, der));
    g_autoptr (GBytes) print = foreign_shell ("openssl cms -cmsout -print -noout -inform DER -in envelope.der");
    g_autofree char *text = foreign_text (print);
    g_assert_nonnull (strstr (text, "id-smime-ct-authEnvelopedData"));
    g_assert_nonnull (strstr (text, "dhSinglePass-stdDH-sha256kdf-scheme"));
    g_assert_nonnull (strstr (text, "id-aes256-wrap"));
    g_assert_nonnull (strstr (text, "aes-256-gcm"));
    g_assert_nonnull (strstr (text, "originatorKey"));
  }
}

typedef struct {
  const char *name;
  const char *options;     /* of openssl cms -encrypt, with %s where the recipients stand */
  int code;                /* of opening; -1: opens */
} EnvelopeCase;

#define TO "-recip named.crt -keyid "
#define KDF "-keyopt ecdh_kdf_md:"

static const EnvelopeCase envelope_cases[] = {
  { "good", "-aes-256-gcm " TO KDF "sha256", -1 },
  { "kdf-sha1", "-aes-256-gcm " TO KDF "sha1", SIGNET_ERROR_UNSUPPORTED },
  { "kdf-default", "-aes-256-gcm " TO, SIGNET_ERROR_UNSUPPORTED },
  { "cofactor-dh", "-aes-256-gcm " TO KDF "sha256 -keyopt ecdh_cofactor_mode:1", SIGNET_ERROR_UNSUPPORTED },
  { "aes-128-gcm", "-aes-128-gcm " TO KDF "sha256", SIGNET_ERROR_UNSUPPORTED },
  { "aes-256-cbc", "-aes-256-cbc " TO KDF "sha256", SIGNET_ERROR_INVALID },
  { "by-issuer", "-aes-256-gcm -recip named.crt " KDF "sha256", SIGNET_ERROR_UNSUPPORTED },
  { "rsa", "-aes-256-gcm -recip rsa.pem.crt -keyid", SIGNET_ERROR_UNSUPPORTED },
  { "two-recipients", "-aes-256-gcm " TO KDF "sha256 -recip rsa.pem.crt", SIGNET_ERROR_INVALID },
  { "indefinite-lengths", "-stream -aes-256-gcm " TO KDF "sha256", SIGNET_ERROR_INVALID },
};

static void
check_envelope (gconstpointer data)
{
  const EnvelopeCase *test = data;

  make_identity ("rsa", NEW_RSA);
  make_identity ("ec", NEW_EC);
  g_autoptr (SignetPrivateKey) key = read_key ("ec.key");
  g_autoptr (GBytes) id = signet_public_key_get_id (signet_private_key_get_spki (key), NULL);
  g_autoptr (GString) hex = g_string_new (NULL);
  for (guint i = 0; i < 20; i++)
    g_string_append_printf (hex, "%02X", ((const guint8 *) g_bytes_get_data (id, NULL))[i]);

  foreign_write ("content", "by openssl", 10);
  g_autoptr (GBytes) der = foreign_shell (
    "openssl req -x509 -key ec.pem -subj /CN=x -addext subjectKeyIdentifier=%s -out named.crt && "
    "openssl cms -encrypt -binary -in content -outform DER %s", hex->str, test->options);
  if (test->code >= 0) {
    g_assert_cmpint (decrypt_error (der, MAX_MESSAGE, key), ==, test->code);
    return;
  }
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetSecret) content = signet_cms_decrypt_with_key (der, MAX_MESSAGE, key, &error);
  g_assert_no_error (error);
  assert_content (content, "by openssl", 10);
}

/* A tag cut to 4 bytes leaves 32 bits to guess, and OpenSSL would take it. */
static void
test_short_tag (void)
{
  g_autoptr (SignetPrivateKey) recipient = generate (SIGNET_KEY_P256);
  g_autofree char *text_of_200 = g_strnfill (200, 'x');     /* twelve bytes less take as many bytes of length */
  g_autoptr (SignetSecret) content = signet_secret_new_text (text_of_200);
  g_autoptr (GBytes) der = encrypt (recipient, content);
  gsize length;
  g_autofree guint8 *data = g_bytes_unref_to_data (g_steal_pointer (&der), &length);

  /* The lengths of ContentInfo, its [0] and AuthEnvelopedData, each in three bytes, then the tag's own in one. */
  static const gsize outer[] = { 2, 19, 23 };
  for (guint i = 0; i < G_N_ELEMENTS (outer); i++) {
    guint old = data[outer[i]] << 8 | data[outer[i] + 1];
    g_assert_cmpint (data[outer[i] - 1], ==, 0x82);
    data[outer[i]] = (old - 12) >> 8;
    data[outer[i] + 1] = (old - 12) & 0xff;
  }
  g_assert_cmpint (data[length - 17], ==, 16);
  data[length - 17] = 4;
  g_autoptr (GBytes) cut = g_bytes_new (data, length - 12);
  g_assert_cmpint (decrypt_error (cut, MAX_MESSAGE, recipient), ==, SIGNET_ERROR_UNSUPPORTED);

  /* It was cut rightly. */
  g_autoptr (GBytes) output = foreign_run (cut, "openssl", "asn1parse", "-inform", "DER", NULL);
  g_autofree char *text = foreign_text (output);
  g_assert_nonnull (strstr (text, "d=3  hl=2 l=   4 prim: OCTET STRING"));
}

/* A version that OpenSSL does not look at, or another encoding of the sender's point, may open: to the same content. */
static void
test_envelope_mutations (void)
{
  g_autoptr (SignetPrivateKey) recipient = generate (SIGNET_KEY_P256);
  g_autoptr (SignetSecret) content = signet_secret_new_text ("content");
  g_autoptr (GBytes) der = encrypt (recipient, content);
  gsize length = g_bytes_get_size (der);
  guint accepted = 0;

  for (gsize i = 0; i < length * 8; i++) {
    g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (der, NULL), length);
    data[i / 8] ^= 1 << i % 8;
    g_autoptr (GBytes) changed = g_bytes_new_take (g_steal_pointer (&data), length);
    g_autoptr (SignetSecret) opened = signet_cms_decrypt_with_key (changed, MAX_MESSAGE, recipient, NULL);
    if (opened == NULL)
      continue;
    g_assert_true (signet_secret_equal (opened, content));
    accepted++;
  }
  g_assert_cmpuint (accepted, <, 20);
  for (gsize i = 0; i < length; i++) {
    g_autoptr (GBytes) cut = g_bytes_new_from_bytes (der, 0, i);
    g_assert_cmpint (decrypt_error (cut, MAX_MESSAGE, recipient), ==, SIGNET_ERROR_INVALID);
  }
}

static void
test_damaged (void)
{
  g_autoptr (SignetPrivateKey) recipient = generate (SIGNET_KEY_P256);
  g_autoptr (SignetSecret) content = signet_secret_new_text ("content");
  gsize length;
  g_autoptr (GBytes) der = encrypt (recipient, content);
  g_autofree guint8 *data = g_bytes_unref_to_data (g_steal_pointer (&der), &length);

  data[length - 1] ^= 1;
  g_autoptr (GBytes) changed = g_bytes_new (data, length);
  g_assert_cmpint (decrypt_error (changed, MAX_MESSAGE, recipient), ==, SIGNET_ERROR_DAMAGED);
}

static gpointer
use_key (gpointer data)
{
  SignetPrivateKey *key = data;
  g_autoptr (GBytes) content = g_bytes_new ("x", 1);
  g_autoptr (SignetSecret) secret = signet_secret_new_text ("y");

  for (guint i = 0; i < 50; i++) {
    g_autoptr (GBytes) der = signet_cms_sign_with_key (content, key, NULL), envelope = encrypt (key, secret);
    g_autoptr (SignetSignedData) signed_data = signet_signed_data_parse (g_bytes_get_data (der, NULL),
      g_bytes_get_size (der), MAX_MESSAGE, NULL);
    g_autoptr (SignetSecret) opened = signet_cms_decrypt_with_key (envelope, MAX_MESSAGE, key, NULL);

    g_assert_true (signet_signed_data_verify_key (signed_data, signet_private_key_get_spki (key), NULL));
    g_assert_true (signet_secret_equal (opened, secret));
  }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (SignetPrivateKey) key = generate (SIGNET_KEY_P256);
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("cms", use_key, key);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  foreign_begin ();
  g_test_add_func ("/crypto/cms-envelope/round", test_envelope);
  g_test_add_func ("/crypto/cms-envelope/recipient", test_recipient);
  g_test_add_func ("/crypto/cms-envelope/others-decrypt", test_others_decrypt);
  for (guint i = 0; i < G_N_ELEMENTS (envelope_cases); i++) {
    g_autofree char *path = g_strconcat ("/crypto/cms-envelope/foreign/", envelope_cases[i].name, NULL);
    g_test_add_data_func (path, &envelope_cases[i], check_envelope);
  }
  g_test_add_func ("/crypto/cms-envelope/short-tag", test_short_tag);
  g_test_add_func ("/crypto/cms-envelope/mutations", test_envelope_mutations);
  g_test_add_func ("/crypto/cms-envelope/damaged", test_damaged);
  g_test_add_func ("/crypto/cms-envelope/threads", test_threads);
  int result = g_test_run ();
  foreign_end ();
  return result;
}
