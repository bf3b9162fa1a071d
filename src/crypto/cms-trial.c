/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/cms-trial.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "crypto/cms.h"
#include "crypto/cms-native.h"
#include "crypto/random.h"

#include <string.h>

#define TEXT_LENGTH 200     /* bytes: more than one block of any cipher or hash */

static gboolean
set_failed (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_FAILED, _("The key does not work."));
  return FALSE;
}

static gboolean
check_fit (SignetPrivateKey *key, X509 *certificate, GError **error)
{
  guint8 *spki = NULL;
  int length = certificate != NULL ? i2d_X509_PUBKEY (X509_get_X509_PUBKEY (certificate), &spki) : -1;
  g_autoptr (GBytes) bytes = length > 0 ? g_bytes_new (spki, length) : NULL;
  gboolean fits = bytes != NULL && g_bytes_equal (bytes, signet_private_key_get_spki (key));

  OPENSSL_free (spki);
  if (!fits)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED,
                         _("The private key belongs to another certificate."));
  return fits;
}

static gboolean
is_text (const guint8 *data, gsize length, GBytes *text)
{
  return length == g_bytes_get_size (text) && memcmp (data, g_bytes_get_data (text, NULL), length) == 0;
}

static gboolean
sign_and_check (SignetPrivateKey *key, GBytes *certificate, GBytes *text, GError **error)
{
  g_autoptr (GPtrArray) no_chain = g_ptr_array_new ();
  g_autoptr (GPtrArray) certificates = NULL;
  g_autoptr (GBytes) signer = NULL;
  g_autoptr (SignetSecret) content = signet_secret_new (g_bytes_get_data (text, NULL), TEXT_LENGTH);
  g_autoptr (SignetSecret) der = signet_cms_sign_with_certificate (content, key, certificate, no_chain, error);

  if (der == NULL)
    return FALSE;
  g_autoptr (SignetSignedData) message = signet_signed_data_parse (signet_secret_get (der, NULL),
                                                                   signet_secret_length (der), SIGNET_MAX_MESSAGE,
                                                                   error);
  if (message == NULL || !signet_signed_data_verify_certificate (message, &signer, &certificates, error))
    return FALSE;
  SignetSecret *signed_text = signet_signed_data_get_content (message);
  return (g_bytes_equal (signer, certificate) &&
          is_text (signet_secret_get (signed_text, NULL), signet_secret_length (signed_text), text)) ||
         set_failed (error);
}

gboolean
signet_cms_try_signing (SignetPrivateKey *key, GBytes *certificate, GError **error)
{
  g_auto (SignetErrorMark) mark G_GNUC_UNUSED = signet_error_mark ();
  g_autoptr (X509) native = signet_cms_read_certificate (certificate);
  g_autoptr (GBytes) text = signet_random_bytes (TEXT_LENGTH);

  return check_fit (key, native, error) && sign_and_check (key, certificate, text, error);
}

gboolean
signet_cms_try_encryption (SignetPrivateKey *key, GBytes *certificate, GError **error)
{
  g_auto (SignetErrorMark) mark G_GNUC_UNUSED = signet_error_mark ();
  g_autoptr (X509) native = signet_cms_read_certificate (certificate);
  g_autoptr (GBytes) text = signet_random_bytes (TEXT_LENGTH);
  g_autoptr (BIO) in = BIO_new_mem_buf (g_bytes_get_data (text, NULL), TEXT_LENGTH), out = BIO_new (BIO_s_mem ());
  EVP_PKEY *native_key = signet_cms_get_key (key);
  char *opened = NULL;

  if (!check_fit (key, native, error))
    return FALSE;
  STACK_OF (X509) *recipients = sk_X509_new_null ();
  g_autoptr (CMS_ContentInfo) message = sk_X509_push (recipients, native) > 0
                                          ? CMS_encrypt (recipients, in, EVP_aes_256_cbc (), CMS_BINARY) : NULL;
  sk_X509_free (recipients);
  if (message == NULL || native_key == NULL || CMS_decrypt (message, native_key, native, NULL, out, CMS_BINARY) != 1)
    return set_failed (error);
  long length = BIO_get_mem_data (out, &opened);
  return is_text ((const guint8 *) opened, length, text) || set_failed (error);
}
