/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/password-lock.h"

#include "base/error.h"
#include "base/limits.h"

#include <gcrypt.h>
#include <gnutls/crypto.h>
#include <string.h>

#define CLEAR_LENGTH 41
#define TAG_LENGTH 16

static GBytes *
seal (const char *plain, const char *password, const char *header)
{
  g_autoptr (SignetSecret) content = signet_secret_new_text (plain), word = signet_secret_new_text (password);
  g_autoptr (GBytes) beside = g_bytes_new (header, strlen (header));
  g_autoptr (GError) error = NULL;
  GBytes *box = signet_password_lock_seal (content, word, beside, &error);

  g_assert_no_error (error);
  return box;
}

/* PLAIN as text, or NULL and its error in CODE. */
static char *
open_box (GBytes *box, const char *password, const char *header, int *code)
{
  g_autoptr (SignetSecret) word = signet_secret_new_text (password);
  g_autoptr (GBytes) beside = g_bytes_new (header, strlen (header));
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetSecret) plain = signet_password_lock_open (box, word, beside, &error);

  *code = error != NULL ? error->code : -1;
  g_assert_true ((plain == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_cmpint (error->domain, ==, SIGNET_ERROR);
  return plain != NULL ? g_strdup (signet_secret_get_text (plain)) : NULL;
}

/* The box as the header describes it, made here with the libraries and with parameters of one's own. */
static GBytes *
build_box (guint32 passes, guint32 memory, guint32 lanes, const char *plain, const char *password, const char *header)
{
  const unsigned long parameters[] = { 32, passes, memory, lanes };
  const guint32 numbers[] = { GUINT32_TO_BE (passes), GUINT32_TO_BE (memory), GUINT32_TO_BE (lanes) };
  static const guint8 salt[] = "0123456789abcdef", nonce[] = "0123456789ab";
  guint8 key[32], sealed[1024];
  gsize sealed_length = sizeof sealed;
  gcry_kdf_hd_t kdf;
  gnutls_aead_cipher_hd_t cipher;
  gnutls_datum_t datum = { key, sizeof key };
  g_autoptr (GByteArray) box = g_byte_array_new (), text = g_byte_array_new ();

  gcry_check_version (NULL);
  g_assert_cmpint (gcry_kdf_open (&kdf, GCRY_KDF_ARGON2, GCRY_KDF_ARGON2ID, parameters, 4, password, strlen (password),
                                  salt, 16, NULL, 0, NULL, 0), ==, 0);
  g_assert_cmpint (gcry_kdf_compute (kdf, NULL), ==, 0);
  g_assert_cmpint (gcry_kdf_final (kdf, sizeof key, key), ==, 0);
  gcry_kdf_close (kdf);

  g_byte_array_append (box, (const guint8 *) "\x01", 1);
  g_byte_array_append (box, (const guint8 *) numbers, sizeof numbers);
  g_byte_array_append (box, salt, 16);
  g_byte_array_append (box, nonce, 12);
  g_byte_array_append (text, box->data, box->len);
  g_byte_array_append (text, (const guint8 *) header, strlen (header));
  g_assert_cmpint (gnutls_aead_cipher_init (&cipher, GNUTLS_CIPHER_AES_256_GCM, &datum), ==, 0);
  g_assert_cmpint (gnutls_aead_cipher_encrypt (cipher, nonce, 12, text->data, text->len, TAG_LENGTH, plain,
                                               strlen (plain), sealed, &sealed_length), ==, 0);
  gnutls_aead_cipher_deinit (cipher);
  g_byte_array_append (box, sealed, sealed_length);
  return g_byte_array_free_to_bytes (g_steal_pointer (&box));
}

static void
test_round (void)
{
  static const char *const texts[] = { "", "keys" };
  int code;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GBytes) box = seal (texts[i], "open sesame", "header");
    g_autofree char *plain = open_box (box, "open sesame", "header", &code);
    g_assert_cmpstr (plain, ==, texts[i]);
    g_assert_cmpuint (g_bytes_get_size (box), ==, CLEAR_LENGTH + strlen (texts[i]) + TAG_LENGTH);
  }
}

/* Salt and nonce are new each time, and the cost is the one that the header promises. */
static void
test_parameters (void)
{
  static const guint8 start[] = { 1, 0, 0, 0, 3, 0, 1, 0, 0, 0, 0, 0, 4 };
  g_autoptr (GBytes) a = seal ("keys", "open sesame", ""), b = seal ("keys", "open sesame", "");
  const guint8 *in_a = g_bytes_get_data (a, NULL), *in_b = g_bytes_get_data (b, NULL);

  g_assert_cmpmem (in_a, sizeof start, start, sizeof start);
  g_assert_cmpint (memcmp (in_a + 13, in_b + 13, 16), !=, 0);
  g_assert_cmpint (memcmp (in_a + 29, in_b + 29, 12), !=, 0);
  g_assert_cmpint (memcmp (in_a + CLEAR_LENGTH, in_b + CLEAR_LENGTH, 4), !=, 0);
}

static void
test_refused (void)
{
  g_autoptr (GBytes) box = seal ("keys", "open sesame", "header");
  int code;

  g_assert_null (open_box (box, "open sesamf", "header", &code));
  g_assert_cmpint (code, ==, SIGNET_ERROR_WRONG_PASSWORD);
  g_assert_null (open_box (box, "", "header", &code));
  g_assert_cmpint (code, ==, SIGNET_ERROR_WRONG_PASSWORD);
  g_assert_null (open_box (box, "open sesame", "other header", &code));
  g_assert_cmpint (code, ==, SIGNET_ERROR_WRONG_PASSWORD);
}

/* The format is what the header says, and the parameters are read from the box. */
static void
test_format (void)
{
  static const struct { guint32 passes, memory, lanes; } cases[] = { { 1, 64, 1 }, { 2, 256, 4 }, { 3, 65536, 4 } };
  int code;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) box = build_box (cases[i].passes, cases[i].memory, cases[i].lanes, "keys", "word", "header");
    g_autofree char *plain = open_box (box, "word", "header", &code);
    g_assert_cmpstr (plain, ==, "keys");
  }
}

/* Nobody's item makes this computer work for minutes, or takes its memory. */
static void
test_caps (void)
{
  static const struct { guint32 passes, memory, lanes; } cases[] = {
    { 0, 65536, 4 },
    { SIGNET_MAX_KDF_PASSES + 1, 65536, 4 },
    { G_MAXUINT32, 65536, 4 },
    { 3, SIGNET_MAX_KDF_MEMORY + 1, 4 },
    { 3, G_MAXUINT32, 4 },
    { 3, 0, 4 },
    { 3, 31, 4 },
    { 3, 65536, 0 },
    { 3, 65536, SIGNET_MAX_KDF_LANES + 1 },
    { 3, 65536, G_MAXUINT32 },
  };
  g_autoptr (GBytes) good = build_box (1, 64, 1, "keys", "word", "header");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const guint32 numbers[] = { GUINT32_TO_BE (cases[i].passes), GUINT32_TO_BE (cases[i].memory),
                                GUINT32_TO_BE (cases[i].lanes) };
    gsize length = g_bytes_get_size (good);
    guint8 *data = g_memdup2 (g_bytes_get_data (good, NULL), length);
    int code;

    memcpy (data + 1, numbers, sizeof numbers);
    g_autoptr (GBytes) box = g_bytes_new_take (data, length);
    g_assert_null (open_box (box, "word", "header", &code));
    g_assert_cmpint (code, ==, SIGNET_ERROR_DAMAGED);
  }
}

static void
test_mutations (void)
{
  g_autoptr (GBytes) good = build_box (1, 64, 1, "keys", "word", "header");
  gsize length = g_bytes_get_size (good);
  int code;

  for (gsize i = 0; i < length; i++) {
    guint8 *data = g_memdup2 (g_bytes_get_data (good, NULL), length);
    data[i] ^= 1 << g_test_rand_int_range (0, 8);
    g_autoptr (GBytes) changed = g_bytes_new_take (data, length);
    g_assert_null (open_box (changed, "word", "header", &code));
    if (i == 0)
      g_assert_cmpint (code, ==, SIGNET_ERROR_UNSUPPORTED);
    else if (i >= 13)
      g_assert_cmpint (code, ==, SIGNET_ERROR_WRONG_PASSWORD);

    g_autoptr (GBytes) cut = g_bytes_new_from_bytes (good, 0, i);
    g_assert_null (open_box (cut, "word", "header", &code));
    g_assert_cmpint (code, ==, i < CLEAR_LENGTH + TAG_LENGTH ? SIGNET_ERROR_DAMAGED : SIGNET_ERROR_WRONG_PASSWORD);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crypto/password-lock/round", test_round);
  g_test_add_func ("/crypto/password-lock/parameters", test_parameters);
  g_test_add_func ("/crypto/password-lock/refused", test_refused);
  g_test_add_func ("/crypto/password-lock/format", test_format);
  g_test_add_func ("/crypto/password-lock/caps", test_caps);
  g_test_add_func ("/crypto/password-lock/mutations", test_mutations);
  return g_test_run ();
}
