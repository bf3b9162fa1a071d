/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define OPENSSL_SUPPRESS_DEPRECATED   /* for EC_KEY: crypto/cms-native.h says why */
#include "crypto/cms.h"

#include "base/error.h"
#include "base/i18n.h"
#include "crypto/cms-native.h"
#include "crypto/der.h"
#include "crypto/gnutls-types.h"
#include "crypto/public-key.h"

#include <openssl/ecdh.h>
#include <string.h>

/* AuthEnvelopedData. */

#define KEY_LENGTH 32
#define WRAPPED_LENGTH (KEY_LENGTH + 8)
#define NONCE_LENGTH 12
#define TAG_LENGTH 16
#define MAX_FIELD 66      /* bytes of a coordinate, on P-521 */

/* Each of the algorithms has one encoding only, written and compared whole. */
#define AES256_WRAP 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2d

static const guint8 aes256_wrap[] = { AES256_WRAP };      /* RFC 3565 section 2.3.2, without parameters */
static const guint8 key_agreement[] = {     /* dhSinglePass-stdDH-sha256kdf-scheme, RFC 5753 section 7.1.4 */
  0x30, 0x15, 0x06, 0x06, 0x2b, 0x81, 0x04, 0x01, 0x0b, 0x01, AES256_WRAP,
};
static const guint8 shared_info[] = {       /* ECC-CMS-SharedInfo, RFC 5753 section 7.2: for a key of 256 bits */
  0x30, 0x15, AES256_WRAP, 0xa2, 0x06, 0x04, 0x04, 0x00, 0x00, 0x01, 0x00,
};
static const guint8 ec_public_key[] = {     /* RFC 5753 section 3.1.1: without parameters, the recipient's count */
  0x30, 0x09, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
};
static const guint8 aes256_gcm_start[] = {  /* RFC 5084 section 3.2, up to the 12 bytes of the nonce … */
  0x30, 0x1e, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2e, 0x30, 0x11, 0x04, 0x0c,
};
static const guint8 aes256_gcm_end[] = {    /* … and after it: a tag of 16 bytes */
  0x02, 0x01, TAG_LENGTH,
};
static const guint8 data_type[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01 };
static const guint8 envelope_type[] = {     /* id-ct-authEnvelopedData, RFC 5083 section 2.1 */
  0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x17,
};

/* --- locking --- */

/* By hand, from OpenSSL's and GnuTLS's primitives: CMS_encrypt() takes nearly three times as long, since it prepares
 * each key anew for each step, and an authority locks two contents for each digital ID.  Unlocking is left to CMS. */

typedef struct {
  guint8 wrapping[KEY_LENGTH];
  guint8 content[KEY_LENGTH];
} Keys;

static void
keys_clear (Keys *self)
{
  signet_wipe (self, sizeof *self);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Keys, keys_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)

/* The KDF of ANSI X9.63 (SEC 1 section 3.6.1): one block of SHA-256 is as long as the key. */
static gboolean
agree (EC_KEY *ephemeral, EC_KEY *recipient, guint8 key[KEY_LENGTH])
{
  static const guint8 counter[] = { 0, 0, 0, 1 };
  guint8 input[MAX_FIELD + sizeof counter + sizeof shared_info];
  int length = ECDH_compute_key (input, MAX_FIELD, EC_KEY_get0_public_key (recipient), ephemeral, NULL);
  gboolean good = length > 0;

  if (good) {
    memcpy (input + length, counter, sizeof counter);
    memcpy (input + length + sizeof counter, shared_info, sizeof shared_info);
    good = EVP_Digest (input, length + sizeof counter + sizeof shared_info, key, NULL, EVP_sha256 (), NULL);
  }
  signet_wipe (input, sizeof input);
  return good;
}

/* RFC 3394. */
static gboolean
wrap (const Keys *keys, guint8 wrapped[WRAPPED_LENGTH])
{
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  int length = 0;

  EVP_CIPHER_CTX_set_flags (context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  return EVP_EncryptInit_ex (context, EVP_aes_256_wrap (), NULL, keys->wrapping, NULL) &&
         EVP_EncryptUpdate (context, wrapped, &length, keys->content, KEY_LENGTH) && length == WRAPPED_LENGTH;
}

/* KeyAgreeRecipientInfo, RFC 5652 section 6.2.2; POINT begins with the BIT STRING's count of unused bits. */
static GByteArray *
write_recipient (const guint8 *point, gsize point_length, GBytes *id, const guint8 wrapped[WRAPPED_LENGTH])
{
  g_autoptr (GByteArray) originator = g_byte_array_new (), key = g_byte_array_new ();
  GByteArray *info = g_byte_array_new ();

  g_byte_array_append (originator, ec_public_key, sizeof ec_public_key);
  signet_der_append (originator, SIGNET_DER_BIT_STRING, point, point_length);
  signet_der_enclose (originator, SIGNET_DER_CONTEXT (1));
  signet_der_enclose (originator, SIGNET_DER_CONTEXT (0));

  signet_der_append (key, SIGNET_DER_OCTET_STRING, g_bytes_get_data (id, NULL), g_bytes_get_size (id));
  signet_der_enclose (key, SIGNET_DER_CONTEXT (0));
  signet_der_append (key, SIGNET_DER_OCTET_STRING, wrapped, WRAPPED_LENGTH);
  signet_der_enclose (key, SIGNET_DER_SEQUENCE);
  signet_der_enclose (key, SIGNET_DER_SEQUENCE);

  signet_der_append (info, SIGNET_DER_INTEGER, "\3", 1);
  g_byte_array_append (info, originator->data, originator->len);
  g_byte_array_append (info, key_agreement, sizeof key_agreement);
  g_byte_array_append (info, key->data, key->len);
  signet_der_enclose (info, SIGNET_DER_CONTEXT (1));
  signet_der_enclose (info, SIGNET_DER_SET);
  return info;
}

/* A fresh content key, and the RecipientInfos that give it to the recipient alone. */
static GByteArray *
lock_key (GBytes *recipient_spki, Keys *keys)
{
  g_autoptr (GBytes) id = signet_public_key_get_id (recipient_spki, NULL);
  g_autoptr (EC_KEY) recipient = signet_cms_read_ec_key (recipient_spki);
  if (id == NULL || recipient == NULL)
    return NULL;

  const EC_GROUP *group = EC_KEY_get0_group (recipient);
  g_autoptr (EC_KEY) ephemeral = EC_KEY_new ();
  guint8 point[1 + 1 + 2 * MAX_FIELD] = { 0 }, wrapped[WRAPPED_LENGTH];
  if (!EC_KEY_set_group (ephemeral, group) || !EC_KEY_generate_key (ephemeral) ||
      !agree (ephemeral, recipient, keys->wrapping) || gnutls_rnd (GNUTLS_RND_KEY, keys->content, KEY_LENGTH) < 0 ||
      !wrap (keys, wrapped))
    return NULL;

  gsize length = EC_POINT_point2oct (group, EC_KEY_get0_public_key (ephemeral), POINT_CONVERSION_UNCOMPRESSED,
                                     point + 1, sizeof point - 1, NULL);
  return length > 0 ? write_recipient (point, 1 + length, id, wrapped) : NULL;
}

/* EncryptedContentInfo and the tag after it. */
static GByteArray *
lock_content (SignetSecret *content, const Keys *keys)
{
  g_auto (gnutls_aead_cipher_hd_t) cipher = NULL;
  gnutls_datum_t key = { (guint8 *) keys->content, KEY_LENGTH };
  guint8 nonce[NONCE_LENGTH];
  gsize length, sealed_length = signet_secret_length (content) + TAG_LENGTH;
  const guint8 *data = signet_secret_get (content, &length);
  g_autofree guint8 *sealed = g_malloc (sealed_length);

  if (gnutls_rnd (GNUTLS_RND_NONCE, nonce, sizeof nonce) < 0 ||
      gnutls_aead_cipher_init (&cipher, GNUTLS_CIPHER_AES_256_GCM, &key) < 0 ||
      gnutls_aead_cipher_encrypt (cipher, nonce, sizeof nonce, NULL, 0, TAG_LENGTH, data, length, sealed,
                                  &sealed_length) < 0 || sealed_length != length + TAG_LENGTH)
    return NULL;

  GByteArray *info = g_byte_array_new ();
  g_byte_array_append (info, data_type, sizeof data_type);
  g_byte_array_append (info, aes256_gcm_start, sizeof aes256_gcm_start);
  g_byte_array_append (info, nonce, sizeof nonce);
  g_byte_array_append (info, aes256_gcm_end, sizeof aes256_gcm_end);
  signet_der_append (info, 0x80, sealed, length);
  signet_der_enclose (info, SIGNET_DER_SEQUENCE);
  signet_der_append (info, SIGNET_DER_OCTET_STRING, sealed + length, TAG_LENGTH);
  return info;
}

GBytes *
signet_cms_encrypt_to_key (SignetSecret *content, GBytes *recipient_spki, GError **error)
{
  g_auto (SignetErrorMark) mark G_GNUC_UNUSED = signet_error_mark ();
  g_auto (Keys) keys = { { 0 } };
  g_autoptr (GByteArray) recipients = lock_key (recipient_spki, &keys);
  g_autoptr (GByteArray) locked = recipients != NULL ? lock_content (content, &keys) : NULL;
  g_autoptr (GByteArray) der = g_byte_array_new ();

  if (locked == NULL) {
    signet_cms_set_failed (error);
    return NULL;
  }
  signet_der_append (der, SIGNET_DER_INTEGER, "\0", 1);
  g_byte_array_append (der, recipients->data, recipients->len);
  g_byte_array_append (der, locked->data, locked->len);
  signet_der_enclose (der, SIGNET_DER_SEQUENCE);
  signet_der_enclose (der, SIGNET_DER_CONTEXT (0));
  g_byte_array_prepend (der, envelope_type, sizeof envelope_type);
  signet_der_enclose (der, SIGNET_DER_SEQUENCE);
  return g_byte_array_free_to_bytes (g_steal_pointer (&der));
}

/* --- unlocking --- */

/* AuthEnvelopedData ::= SEQUENCE { version, RecipientInfos SET, EncryptedContentInfo, MAC OCTET STRING }, without the
 * optional parts: OpenSSL 3.0 does not authenticate authAttrs, and nobody authenticates unauthAttrs. */
static gboolean
check_shape (const guint8 *der, gsize length, gsize *content_length, GError **error)
{
  SignetDer rest;
  SignetDerElement type, content, version, recipients, encrypted, algorithm, tag;

  if (!signet_der_open (der, length, SIGNET_DER_SEQUENCE, &rest) ||
      !signet_der_expect (&rest, SIGNET_DER_OID, &type) ||
      !signet_der_expect (&rest, SIGNET_DER_CONTEXT (0), &content) || rest.length > 0 ||
      !signet_der_open (content.contents.data, content.contents.length, SIGNET_DER_SEQUENCE, &rest) ||
      !signet_der_expect (&rest, SIGNET_DER_INTEGER, &version) || version.contents.length != 1 ||
      version.contents.data[0] != 0 ||
      !signet_der_expect (&rest, SIGNET_DER_SET, &recipients) ||
      !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &encrypted) ||
      !signet_der_expect (&rest, SIGNET_DER_OCTET_STRING, &tag) || rest.length > 0)
    return signet_cms_set_invalid (error);

  rest = encrypted.contents;
  if (!signet_der_expect (&rest, SIGNET_DER_OID, &type) ||
      !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &algorithm) ||
      !signet_der_expect (&rest, 0x80, &content) || rest.length > 0)
    return signet_cms_set_invalid (error);

  const gsize start = sizeof aes256_gcm_start, end = sizeof aes256_gcm_end;
  if (tag.contents.length != TAG_LENGTH || algorithm.whole.length != start + NONCE_LENGTH + end ||
      memcmp (algorithm.whole.data, aes256_gcm_start, start) != 0 ||
      memcmp (algorithm.whole.data + start + NONCE_LENGTH, aes256_gcm_end, end) != 0)
    return signet_cms_set_unsupported (error);
  *content_length = content.contents.length;
  return TRUE;
}

typedef struct {
  CMS_ContentInfo *cms;
  CMS_RecipientInfo *recipient;        /* these three owned by cms */
  CMS_RecipientEncryptedKey *key;
  ASN1_OCTET_STRING *id;
  gsize content_length;
} Envelope;

static void
envelope_clear (Envelope *self)
{
  g_clear_pointer (&self->cms, signet_cms_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Envelope, envelope_clear)

/* stdDH with SHA-256 (RFC 5753 section 7.1.4) and a fresh key of the sender's: what OpenSSL would otherwise accept
 * with SHA-1 too. */
static gboolean
check_agreement (CMS_RecipientInfo *recipient, GError **error)
{
  X509_ALGOR *algorithm = NULL, *ephemeral_algorithm = NULL;
  ASN1_OCTET_STRING *ukm = NULL;
  ASN1_BIT_STRING *ephemeral = NULL;

  if (!CMS_RecipientInfo_kari_get0_alg (recipient, &algorithm, &ukm) || algorithm == NULL ||
      !CMS_RecipientInfo_kari_get0_orig_id (recipient, &ephemeral_algorithm, &ephemeral, NULL, NULL, NULL))
    return signet_cms_set_invalid (error);

  ASN1_TYPE *wrap = algorithm->parameter;
  if (OBJ_obj2nid (algorithm->algorithm) != NID_dhSinglePass_stdDH_sha256kdf_scheme || ukm != NULL ||
      ephemeral == NULL || wrap == NULL || wrap->type != V_ASN1_SEQUENCE ||
      ASN1_STRING_length (wrap->value.sequence) != sizeof aes256_wrap ||
      memcmp (ASN1_STRING_get0_data (wrap->value.sequence), aes256_wrap, sizeof aes256_wrap) != 0)
    return signet_cms_set_unsupported (error);
  return TRUE;
}

/* One recipient, named by its key. */
static gboolean
read_envelope (Envelope *self, GBytes *der, gsize max, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (der, &length);

  self->cms = signet_cms_read_message (data, length, max, NID_id_smime_ct_authEnvelopedData, error);
  if (self->cms == NULL || !check_shape (data, length, &self->content_length, error))
    return FALSE;

  STACK_OF (CMS_RecipientInfo) *recipients = CMS_get0_RecipientInfos (self->cms);
  if (sk_CMS_RecipientInfo_num (recipients) != 1)
    return signet_cms_set_invalid (error);
  self->recipient = sk_CMS_RecipientInfo_value (recipients, 0);
  if (CMS_RecipientInfo_type (self->recipient) != CMS_RECIPINFO_AGREE)
    return signet_cms_set_unsupported (error);

  STACK_OF (CMS_RecipientEncryptedKey) *keys = CMS_RecipientInfo_kari_get0_reks (self->recipient);
  if (sk_CMS_RecipientEncryptedKey_num (keys) != 1)
    return signet_cms_set_invalid (error);
  self->key = sk_CMS_RecipientEncryptedKey_value (keys, 0);
  if (!CMS_RecipientEncryptedKey_get0_id (self->key, &self->id, NULL, NULL, NULL, NULL) || self->id == NULL)
    return signet_cms_set_unsupported (error);
  return check_agreement (self->recipient, error);
}

GPtrArray *
signet_cms_get_recipient_ids (GBytes *der, gsize max, GError **error)
{
  g_auto (SignetErrorMark) mark G_GNUC_UNUSED = signet_error_mark ();
  g_auto (Envelope) envelope = { NULL };

  if (!read_envelope (&envelope, der, max, error))
    return NULL;

  GPtrArray *ids = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_ptr_array_add (ids, g_bytes_new (ASN1_STRING_get0_data (envelope.id), ASN1_STRING_length (envelope.id)));
  return ids;
}

static gboolean
check_recipient (Envelope *envelope, SignetPrivateKey *recipient, GError **error)
{
  g_autoptr (GBytes) id = signet_public_key_get_id (signet_private_key_get_spki (recipient), NULL);

  if (id != NULL && (gsize) ASN1_STRING_length (envelope->id) == g_bytes_get_size (id) &&
      memcmp (ASN1_STRING_get0_data (envelope->id), g_bytes_get_data (id, NULL), g_bytes_get_size (id)) == 0)
    return TRUE;
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOR_US,
                       _("The message is locked for another key. It may belong to another request or computer."));
  return FALSE;
}

/* GCM gives as many bytes as it takes.  They go into wiped memory, and no further before the tag, checked by the last
 * read, fits. */
static SignetSecret *
read_content (Envelope *envelope)
{
  g_autoptr (SignetSecret) content = signet_secret_alloc (envelope->content_length);
  g_autoptr (BIO) bio = CMS_dataInit (envelope->cms, NULL);
  guint8 *data = signet_secret_edit (content), beyond;
  gsize done = 0;

  if (bio == NULL)
    return NULL;
  while (done < envelope->content_length) {
    int count = BIO_read (bio, data + done, envelope->content_length - done);
    if (count <= 0)
      return NULL;
    done += count;
  }
  if (BIO_read (bio, &beyond, 1) > 0 || BIO_get_cipher_status (bio) != 1)
    return NULL;
  return g_steal_pointer (&content);
}

SignetSecret *
signet_cms_decrypt_with_key (GBytes *der, gsize max, SignetPrivateKey *recipient, GError **error)
{
  g_auto (SignetErrorMark) mark G_GNUC_UNUSED = signet_error_mark ();
  g_auto (Envelope) envelope = { NULL };
  EVP_PKEY *key = signet_cms_get_key (recipient);
  SignetSecret *content = NULL;

  if (!read_envelope (&envelope, der, max, error) || !check_recipient (&envelope, recipient, error))
    return NULL;
  if (key != NULL && CMS_RecipientInfo_kari_set0_pkey (envelope.recipient, key) &&
      CMS_RecipientInfo_kari_decrypt (envelope.cms, envelope.recipient, envelope.key) > 0)
    content = read_content (&envelope);
  if (content == NULL)
    signet_cms_set_damaged (error);
  return content;
}
