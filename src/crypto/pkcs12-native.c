/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/pkcs12-native.h"

#include "crypto/openssl-types.h"

#include <openssl/pkcs12.h>
#include <openssl/provider.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_ALGOR, X509_ALGOR_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_MD, EVP_MD_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER, EVP_CIPHER_free)

#define SALT_LENGTH 16

/* Kept for the life of the process.  Without the legacy provider the newer files can still be read. */
static OSSL_LIB_CTX *
get_context (void)
{
  static gsize made;

  if (g_once_init_enter (&made)) {
    g_auto (SignetErrorMark) mark = signet_error_mark ();
    OSSL_LIB_CTX *context = OSSL_LIB_CTX_new ();
    OSSL_PROVIDER_load (context, "default");
    OSSL_PROVIDER_load (context, "legacy");
    g_once_init_leave (&made, (gsize) context);
  }
  return (OSSL_LIB_CTX *) made;
}

/* NULL for no password. */
static const char *
get_text (SignetSecret *password, gsize *length)
{
  *length = 0;
  return password != NULL ? (const char *) signet_secret_get (password, length) : NULL;
}

SignetSecret *
signet_pkcs12_native_decrypt (const SignetDer *algorithm, const SignetDer *ciphertext, SignetSecret *password)
{
  g_auto (SignetErrorMark) mark = signet_error_mark ();
  const guint8 *start = algorithm->data;
  g_autoptr (X509_ALGOR) parsed = d2i_X509_ALGOR (NULL, &start, algorithm->length);
  gsize password_length;
  const char *text = get_text (password, &password_length);
  guint8 *plain = NULL;
  int length = 0;
  SignetSecret *result = NULL;

  if (parsed != NULL && ciphertext->length > 0 &&
      PKCS12_pbe_crypt_ex (parsed, text, password_length, ciphertext->data, ciphertext->length, &plain, &length, 0,
                           get_context (), NULL) != NULL)
    result = signet_secret_new (plain, length);
  OPENSSL_clear_free (plain, length);
  return result;
}

static X509_ALGOR *
make_algorithm (gboolean old, guint iterations)
{
  if (old)
    return PKCS5_pbe_set_ex (NID_pbe_WithSHA1And3_Key_TripleDES_CBC, iterations, NULL, SALT_LENGTH, get_context ());
  g_autoptr (EVP_CIPHER) cipher = EVP_CIPHER_fetch (get_context (), "AES-256-CBC", NULL);
  return PKCS5_pbe2_set_iv_ex (cipher, iterations, NULL, SALT_LENGTH, NULL, NID_hmacWithSHA256, get_context ());
}

GBytes *
signet_pkcs12_native_encrypt (SignetSecret *plain, gboolean old, guint iterations, SignetSecret *password,
                              GBytes **algorithm)
{
  g_auto (SignetErrorMark) mark = signet_error_mark ();
  g_autoptr (X509_ALGOR) made = make_algorithm (old, iterations);
  gsize password_length;
  const char *text = get_text (password, &password_length);
  guint8 *ciphertext = NULL, *der = NULL;
  int length = 0, der_length = made != NULL ? i2d_X509_ALGOR (made, &der) : -1;
  GBytes *result = NULL;

  if (der_length > 0 &&
      PKCS12_pbe_crypt_ex (made, text, password_length, signet_secret_get (plain, NULL), signet_secret_length (plain),
                           &ciphertext, &length, 1, get_context (), NULL) != NULL) {
    *algorithm = g_bytes_new (der, der_length);
    result = g_bytes_new (ciphertext, length);
  }
  OPENSSL_free (der);
  OPENSSL_free (ciphertext);
  return result;
}

SignetSecret *
signet_pkcs12_native_mac_key (SignetSecret *password, const SignetDer *salt, guint iterations, const char *hash,
                              gsize length)
{
  g_auto (SignetErrorMark) mark = signet_error_mark ();
  g_autoptr (EVP_MD) digest = EVP_MD_fetch (get_context (), hash, NULL);
  g_autoptr (SignetSecret) key = signet_secret_alloc (length);
  gsize password_length;
  const char *text = get_text (password, &password_length);
  gboolean made = digest != NULL &&
                  PKCS12_key_gen_utf8_ex (text, password_length, (guint8 *) salt->data, salt->length, PKCS12_MAC_ID,
                                          iterations, length, signet_secret_edit (key), digest, get_context (), NULL);

  return made ? g_steal_pointer (&key) : NULL;
}
