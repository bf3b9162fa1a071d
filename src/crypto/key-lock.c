/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/key-lock.h"

#include "base/error.h"
#include "base/i18n.h"
#include "crypto/gnutls-types.h"
#include "crypto/random.h"

#include <string.h>

#define VERSION_1 1
#define SALT_LENGTH 32
#define CLEAR_LENGTH (1 + SALT_LENGTH)
#define KEY_LENGTH 32
#define NONCE_LENGTH 12
#define TAG_LENGTH 16
#define HASH_LENGTH 32
#define INFO "signet key lock 1"

static gboolean
fail (GError **error, int code)
{
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_FAILED, _("The keys could not be sealed or opened: %s"),
               gnutls_strerror (code));
  return FALSE;
}

/* Key, then nonce. */
static SignetSecret *
derive (SignetSecret *key, const guint8 *salt, GError **error)
{
  g_autoptr (SignetSecret) pseudorandom = signet_secret_alloc (HASH_LENGTH);
  g_autoptr (SignetSecret) derived = signet_secret_alloc (KEY_LENGTH + NONCE_LENGTH);
  gnutls_datum_t key_datum = signet_datum_from_secret (key), salt_datum = { (unsigned char *) salt, SALT_LENGTH };
  gnutls_datum_t info = { (unsigned char *) INFO, strlen (INFO) };

  int code = gnutls_hkdf_extract (GNUTLS_MAC_SHA256, &key_datum, &salt_datum, signet_secret_edit (pseudorandom));
  gnutls_datum_t datum = signet_datum_from_secret (pseudorandom);
  if (code >= 0)
    code = gnutls_hkdf_expand (GNUTLS_MAC_SHA256, &datum, &info, signet_secret_edit (derived),
                               KEY_LENGTH + NONCE_LENGTH);
  if (code >= 0)
    return g_steal_pointer (&derived);
  fail (error, code);
  return NULL;
}

static gnutls_aead_cipher_hd_t
open_cipher (SignetSecret *derived, GError **error)
{
  gnutls_datum_t datum = { (unsigned char *) signet_secret_get (derived, NULL), KEY_LENGTH };
  gnutls_aead_cipher_hd_t cipher = NULL;
  int code = gnutls_aead_cipher_init (&cipher, GNUTLS_CIPHER_AES_256_GCM, &datum);

  if (code < 0)
    fail (error, code);
  return code < 0 ? NULL : cipher;
}

GBytes *
signet_key_lock_seal (SignetSecret *plain, SignetSecret *key, GBytes *header, GError **error)
{
  gsize plain_length, header_length;
  const guint8 *data = signet_secret_get (plain, &plain_length);
  const guint8 *authenticated = g_bytes_get_data (header, &header_length);
  size_t sealed_length = plain_length + TAG_LENGTH;
  g_autofree guint8 *box = g_malloc (CLEAR_LENGTH + sealed_length);
  g_autoptr (GBytes) salt = signet_random_bytes (SALT_LENGTH);

  box[0] = VERSION_1;
  memcpy (box + 1, g_bytes_get_data (salt, NULL), SALT_LENGTH);
  g_autoptr (SignetSecret) derived = derive (key, box + 1, error);
  g_auto (gnutls_aead_cipher_hd_t) cipher = derived != NULL ? open_cipher (derived, error) : NULL;
  if (cipher == NULL)
    return NULL;
  int code = gnutls_aead_cipher_encrypt (cipher, signet_secret_get (derived, NULL) + KEY_LENGTH, NONCE_LENGTH,
                                         authenticated, header_length, TAG_LENGTH, data, plain_length,
                                         box + CLEAR_LENGTH, &sealed_length);
  if (code < 0) {
    fail (error, code);
    return NULL;
  }
  return g_bytes_new_take (g_steal_pointer (&box), CLEAR_LENGTH + sealed_length);
}

static gboolean
check_box (const guint8 *data, gsize length, GError **error)
{
  if (length > 0 && data[0] != VERSION_1)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                         _("These keys were stored by a later version of Signet. Use that version."));
  else if (length < CLEAR_LENGTH + TAG_LENGTH)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED,
                         _("The keys are stored in a damaged form. Restore them from a backup."));
  else
    return TRUE;
  return FALSE;
}

SignetSecret *
signet_key_lock_open (GBytes *box, SignetSecret *key, GBytes *header, GError **error)
{
  gsize length, header_length;
  const guint8 *data = g_bytes_get_data (box, &length);
  const guint8 *authenticated = g_bytes_get_data (header, &header_length);

  if (!check_box (data, length, error))
    return NULL;
  g_autoptr (SignetSecret) derived = derive (key, data + 1, error);
  g_auto (gnutls_aead_cipher_hd_t) cipher = derived != NULL ? open_cipher (derived, error) : NULL;
  if (cipher == NULL)
    return NULL;

  size_t plain_length = length - CLEAR_LENGTH - TAG_LENGTH;
  g_autoptr (SignetSecret) plain = signet_secret_alloc (plain_length);
  int code = gnutls_aead_cipher_decrypt (cipher, signet_secret_get (derived, NULL) + KEY_LENGTH, NONCE_LENGTH,
                                         authenticated, header_length, TAG_LENGTH, data + CLEAR_LENGTH,
                                         length - CLEAR_LENGTH, signet_secret_edit (plain), &plain_length);
  if (code >= 0)
    return g_steal_pointer (&plain);
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD,
                       _("These keys are sealed under another key, or are damaged."));
  return NULL;
}
