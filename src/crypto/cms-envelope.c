/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/cms.h"

#include "base/error.h"
#include "base/i18n.h"
#include "crypto/cms-native.h"
#include "crypto/der.h"
#include "crypto/public-key.h"

#include <string.h>

/* AuthEnvelopedData. */

#define NONCE_LENGTH 12
#define TAG_LENGTH 16

/* Each of the algorithms below has one encoding only, compared whole. */
static const guint8 aes256_wrap[] = {       /* RFC 3565 section 2.3.2, without parameters */
  0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2d,
};
static const guint8 aes256_gcm_start[] = {  /* RFC 5084 section 3.2, up to the 12 bytes of the nonce … */
  0x30, 0x1e, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2e, 0x30, 0x11, 0x04, 0x0c,
};
static const guint8 aes256_gcm_end[] = {    /* … and after it: a tag of 16 bytes */
  0x02, 0x01, TAG_LENGTH,
};

static gboolean
lock (CMS_ContentInfo *cms, X509 *recipient, SignetSecret *content)
{
  gsize length;
  const guint8 *data = signet_secret_get (content, &length);
  CMS_RecipientInfo *info = CMS_add1_recipient_cert (cms, recipient, CMS_USE_KEYID);

  return info != NULL && CMS_RecipientInfo_type (info) == CMS_RECIPINFO_AGREE &&
         EVP_PKEY_CTX_set_ecdh_kdf_md (CMS_RecipientInfo_get0_pkey_ctx (info), EVP_sha256 ()) > 0 &&
         signet_cms_fill (cms, data, length);
}

GBytes *
signet_cms_encrypt_to_key (SignetSecret *content, GBytes *recipient_spki, GError **error)
{
  g_auto (SignetErrorMark) mark G_GNUC_UNUSED = signet_error_mark ();
  g_autoptr (X509) nameless = signet_cms_make_nameless_certificate (recipient_spki);
  g_autoptr (CMS_ContentInfo) cms = CMS_encrypt (NULL, NULL, EVP_aes_256_gcm (), CMS_PARTIAL | CMS_BINARY);
  GBytes *der = nameless != NULL && cms != NULL && lock (cms, nameless, content) ? signet_cms_write_bytes (cms) : NULL;

  if (der == NULL)
    signet_cms_set_failed (error);
  return der;
}

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
