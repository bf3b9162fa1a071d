/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/password-lock.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "crypto/gnutls-types.h"
#include "crypto/random.h"

#include <gcrypt.h>
#include <string.h>

#define VERSION_1 1
#define PASSES 3                 /* RFC 9106 section 4, second recommended option */
#define MEMORY (64 * 1024)       /* KiB */
#define LANES 4

#define SALT_LENGTH 16
#define NONCE_LENGTH 12
#define TAG_LENGTH 16
#define KEY_LENGTH 32
#define CLEAR_LENGTH (1 + 3 * 4 + SALT_LENGTH + NONCE_LENGTH)

/* What stands before the ciphertext. */
typedef struct {
  guint32 passes, memory, lanes;
  const guint8 *salt, *nonce;
} Parameters;

static gboolean
refuse_damaged (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED,
                       _("The keys are stored in a damaged form. Restore them from a backup, or ask your administrator "
                         "to recover them."));
  return FALSE;
}

static gboolean
fail (GError **error, const char *cause)
{
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_FAILED, _("The password could not be applied: %s"), cause);
  return FALSE;
}

static void
write_u32 (guint8 *to, guint32 value)
{
  guint32 big = GUINT32_TO_BE (value);

  memcpy (to, &big, sizeof big);
}

static guint32
read_u32 (const guint8 *from)
{
  guint32 big;

  memcpy (&big, from, sizeof big);
  return GUINT32_FROM_BE (big);
}

static void
prepare_gcrypt (void)
{
  static gsize done;

  if (!g_once_init_enter (&done))
    return;
  /* libsecret uses the same library: who comes first sets it up. */
  if (!gcry_control (GCRYCTL_INITIALIZATION_FINISHED_P)) {
    gcry_check_version (NULL);
    gcry_control (GCRYCTL_DISABLE_SECMEM, 0);      /* its small pool is not used: secrets live in pages of their own */
    gcry_control (GCRYCTL_INITIALIZATION_FINISHED, 0);
  }
  g_once_init_leave (&done, 1);
}

/* Argon2id (RFC 9106), version 0x13. */
static SignetSecret *
derive_key (SignetSecret *password, const Parameters *parameters, GError **error)
{
  const unsigned long numbers[] = { KEY_LENGTH, parameters->passes, parameters->memory, parameters->lanes };
  g_autoptr (SignetSecret) key = signet_secret_alloc (KEY_LENGTH);
  gcry_kdf_hd_t kdf = NULL;

  prepare_gcrypt ();
  gcry_error_t result = gcry_kdf_open (&kdf, GCRY_KDF_ARGON2, GCRY_KDF_ARGON2ID, numbers, G_N_ELEMENTS (numbers),
                                       signet_secret_get (password, NULL), signet_secret_length (password),
                                       parameters->salt, SALT_LENGTH, NULL, 0, NULL, 0);
  if (result == 0)
    result = gcry_kdf_compute (kdf, NULL);
  if (result == 0)
    result = gcry_kdf_final (kdf, KEY_LENGTH, signet_secret_edit (key));
  if (kdf != NULL)
    gcry_kdf_close (kdf);
  if (result != 0) {
    fail (error, gcry_strerror (result));
    return NULL;
  }
  return g_steal_pointer (&key);
}

static gnutls_aead_cipher_hd_t
open_cipher (SignetSecret *key, GError **error)
{
  gnutls_aead_cipher_hd_t cipher = NULL;
  gnutls_datum_t datum = signet_datum_from_secret (key);
  int result = gnutls_aead_cipher_init (&cipher, GNUTLS_CIPHER_AES_256_GCM, &datum);
  if (result < 0) {
    fail (error, gnutls_strerror (result));
    return NULL;
  }
  return cipher;
}

/* The clear part of the box and the caller's header, as one authenticated text. */
static GByteArray *
authenticated (const guint8 *clear, GBytes *header)
{
  GByteArray *text = g_byte_array_new ();
  gsize length;
  const guint8 *data = g_bytes_get_data (header, &length);

  g_byte_array_append (text, clear, CLEAR_LENGTH);
  g_byte_array_append (text, data, length);
  return text;
}

GBytes *
signet_password_lock_seal (SignetSecret *plain, SignetSecret *password, GBytes *header, GError **error)
{
  gsize plain_length;
  const guint8 *data = signet_secret_get (plain, &plain_length);
  size_t sealed_length = plain_length + TAG_LENGTH;
  g_autofree guint8 *box = g_malloc0 (CLEAR_LENGTH + sealed_length);
  g_autoptr (GBytes) random = signet_random_bytes (SALT_LENGTH + NONCE_LENGTH);
  const Parameters parameters = { PASSES, MEMORY, LANES, box + 13, box + 13 + SALT_LENGTH };

  box[0] = VERSION_1;
  write_u32 (box + 1, PASSES);
  write_u32 (box + 5, MEMORY);
  write_u32 (box + 9, LANES);
  memcpy (box + 13, g_bytes_get_data (random, NULL), SALT_LENGTH + NONCE_LENGTH);

  g_autoptr (SignetSecret) key = derive_key (password, &parameters, error);
  g_auto (gnutls_aead_cipher_hd_t) cipher = key != NULL ? open_cipher (key, error) : NULL;
  if (cipher == NULL)
    return NULL;
  g_autoptr (GByteArray) text = authenticated (box, header);
  int result = gnutls_aead_cipher_encrypt (cipher, parameters.nonce, NONCE_LENGTH, text->data, text->len, TAG_LENGTH,
                                           data, plain_length, box + CLEAR_LENGTH, &sealed_length);
  if (result < 0) {
    fail (error, gnutls_strerror (result));
    return NULL;
  }
  return g_bytes_new_take (g_steal_pointer (&box), CLEAR_LENGTH + sealed_length);
}

static gboolean
parse_box (const guint8 *data, gsize length, Parameters *parameters, GError **error)
{
  if (length > 0 && data[0] != VERSION_1) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                         _("These keys were stored by a later version of Signet. Update Signet to use them."));
    return FALSE;
  }
  if (length < CLEAR_LENGTH + TAG_LENGTH)
    return refuse_damaged (error);
  *parameters = (Parameters) { read_u32 (data + 1), read_u32 (data + 5), read_u32 (data + 9), data + 13,
                               data + 13 + SALT_LENGTH };
  /* Argon2 wants 8 KiB a lane at the least; the most that a stranger's item may ask of us is in base/limits.h. */
  if (parameters->passes < 1 || parameters->passes > SIGNET_MAX_KDF_PASSES || parameters->lanes < 1 ||
      parameters->lanes > SIGNET_MAX_KDF_LANES || parameters->memory < 8 * parameters->lanes ||
      parameters->memory > SIGNET_MAX_KDF_MEMORY)
    return refuse_damaged (error);
  return TRUE;
}

static SignetSecret *
refuse_password (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD, _("That is not the password."));
  return NULL;
}

SignetSecret *
signet_password_lock_derive_key (GBytes *box, SignetSecret *password, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (box, &length);
  Parameters parameters;

  if (!parse_box (data, length, &parameters, error))
    return NULL;
  if (signet_secret_length (password) == 0)
    return refuse_password (error);      /* libgcrypt takes no empty one, so nothing was sealed under it */
  return derive_key (password, &parameters, error);
}

SignetSecret *
signet_password_lock_open (GBytes *box, SignetSecret *password, GBytes *header, GError **error)
{
  g_autoptr (SignetSecret) key = signet_password_lock_derive_key (box, password, error);

  return key != NULL ? signet_password_lock_open_with_key (box, key, header, error) : NULL;
}

SignetSecret *
signet_password_lock_open_with_key (GBytes *box, SignetSecret *key, GBytes *header, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (box, &length);
  Parameters parameters;

  if (!parse_box (data, length, &parameters, error))
    return NULL;
  if (signet_secret_length (key) != KEY_LENGTH)
    return refuse_password (error);
  g_auto (gnutls_aead_cipher_hd_t) cipher = open_cipher (key, error);
  if (cipher == NULL)
    return NULL;

  g_autoptr (GByteArray) text = authenticated (data, header);
  size_t plain_length = length - CLEAR_LENGTH - TAG_LENGTH;
  g_autoptr (SignetSecret) plain = signet_secret_alloc (plain_length);
  int result = gnutls_aead_cipher_decrypt (cipher, parameters.nonce, NONCE_LENGTH, text->data, text->len, TAG_LENGTH,
                                           data + CLEAR_LENGTH, length - CLEAR_LENGTH, signet_secret_edit (plain),
                                           &plain_length);
  if (result >= 0)
    return g_steal_pointer (&plain);
  return refuse_password (error);
}
