/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define OPENSSL_SUPPRESS_DEPRECATED   /* for EC_KEY: the header says why */
#include "crypto/cms-native.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "crypto/der.h"
#include "crypto/private-key-foreign.h"
#include "crypto/public-key.h"

#define MAX_DEPTH 24      /* a certificate inside SignedData goes about 14 levels down */
#define MAX_CACHED 16     /* certificates kept with a key: its own and the chain above it */

void
signet_cms_free (CMS_ContentInfo *cms)
{
  ASN1_OCTET_STRING **content = CMS_get0_content (cms);

  if (content != NULL && *content != NULL)
    OPENSSL_cleanse ((void *) ASN1_STRING_get0_data (*content), ASN1_STRING_length (*content));
  CMS_ContentInfo_free (cms);
}

gboolean
signet_cms_set_failed (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_FAILED,
                       _("The message could not be signed or locked: the key or the certificate does not fit."));
  return FALSE;
}

gboolean
signet_cms_set_invalid (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                       _("The message cannot be read. It may have been changed on its way: ask for it again."));
  return FALSE;
}

gboolean
signet_cms_set_unsupported (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                       _("The message is signed or locked in a way that this version of Signet does not know. A newer "
                         "version may."));
  return FALSE;
}

gboolean
signet_cms_set_untrusted (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED,
                       _("The message was changed on its way, or somebody else signed it. Do not use it, and ask for "
                         "it again."));
  return FALSE;
}

gboolean
signet_cms_set_damaged (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED,
                       _("The message was changed on its way and cannot be opened. Ask for it again."));
  return FALSE;
}

gboolean
signet_cms_check_size (gsize length, gsize max, GError **error)
{
  if (length <= max && length <= G_MAXINT)
    return TRUE;
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE,
                       _("The message is larger than Signet reads. Ask for it again."));
  return FALSE;
}

X509 *
signet_cms_read_certificate (GBytes *der)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (der, &length), *end = data + length;
  g_autoptr (X509) certificate = length <= SIGNET_MAX_CERTIFICATE ? d2i_X509 (NULL, &data, length) : NULL;

  return data == end ? g_steal_pointer (&certificate) : NULL;
}

GBytes *
signet_cms_write_certificate (X509 *certificate)
{
  int length = i2d_X509 (certificate, NULL);
  guint8 *data = g_malloc (length), *out = data;

  i2d_X509 (certificate, &out);
  return g_bytes_new_take (data, length);
}

/* What is kept with a private key: itself, and the certificates that were sent with its signatures, because reading one
 * takes OpenSSL three times as long as signing. */
typedef struct {
  EVP_PKEY *key;
  GMutex lock;
  GHashTable *certificates;   /* GBytes → X509 */
} Native;

static gpointer
native_new (SignetSecret *pkcs8)
{
  gsize length;
  const guint8 *data = signet_secret_get (pkcs8, &length);
  g_autoptr (PKCS8_PRIV_KEY_INFO) info = d2i_PKCS8_PRIV_KEY_INFO (NULL, &data, length);
  EVP_PKEY *key = info != NULL ? EVP_PKCS82PKEY (info) : NULL;

  if (key == NULL)
    return NULL;
  Native *self = g_new0 (Native, 1);
  g_mutex_init (&self->lock);
  self->key = key;
  self->certificates = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref,
                                              (GDestroyNotify) X509_free);
  return self;
}

static void
native_free (gpointer data)
{
  Native *self = data;

  g_hash_table_unref (self->certificates);
  g_mutex_clear (&self->lock);
  EVP_PKEY_free (self->key);
  g_free (self);
}

EVP_PKEY *
signet_cms_get_key (SignetPrivateKey *key)
{
  Native *native = signet_private_key_get_foreign (key, native_new, native_free);

  return native != NULL ? native->key : NULL;
}

X509 *
signet_cms_get_certificate (SignetPrivateKey *key, GBytes *der)
{
  Native *native = signet_private_key_get_foreign (key, native_new, native_free);
  if (native == NULL)
    return NULL;

  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&native->lock);
  X509 *certificate = g_hash_table_lookup (native->certificates, der);
  if (certificate == NULL) {
    certificate = signet_cms_read_certificate (der);
    if (certificate == NULL)
      return NULL;
    if (g_hash_table_size (native->certificates) >= MAX_CACHED)
      g_hash_table_remove_all (native->certificates);
    g_hash_table_insert (native->certificates, g_bytes_ref (der), certificate);
  }
  X509_up_ref (certificate);
  return certificate;
}

EC_KEY *
signet_cms_read_ec_key (GBytes *spki)
{
  SignetPublicKeyKind kind;
  guint bits;

  if (!signet_public_key_read (spki, &kind, &bits, NULL) || kind != SIGNET_PUBLIC_KEY_EC)
    return NULL;

  gsize length, point_length = 1 + 2 * ((bits + 7) / 8);
  const guint8 *data = g_bytes_get_data (spki, &length);
  g_autoptr (EC_KEY) key = EC_KEY_new_by_curve_name (bits == 256 ? NID_X9_62_prime256v1
                                                                 : bits == 384 ? NID_secp384r1 : NID_secp521r1);
  if (key == NULL || length < point_length ||
      !EC_KEY_oct2key (key, data + length - point_length, point_length, NULL))
    return NULL;
  return g_steal_pointer (&key);
}

static EVP_PKEY *
read_public_key (GBytes *spki)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (spki, &length);
  SignetPublicKeyKind kind;
  guint bits;

  if (!signet_public_key_read (spki, &kind, &bits, NULL))
    return NULL;
  if (kind == SIGNET_PUBLIC_KEY_RSA)
    return d2i_PUBKEY (NULL, &data, length);

  g_autoptr (EC_KEY) ec = signet_cms_read_ec_key (spki);
  g_autoptr (EVP_PKEY) key = EVP_PKEY_new ();
  return ec != NULL && EVP_PKEY_set1_EC_KEY (key, ec) ? g_steal_pointer (&key) : NULL;
}

/* OpenSSL reads no certificate's extensions before it could encode the certificate whole. */
static gboolean
complete (X509 *certificate)
{
  const X509_ALGOR *inner = X509_get0_tbs_sigalg (certificate), *outer = NULL;

  X509_get0_signature (NULL, &outer, certificate);
  return X509_ALGOR_set0 ((X509_ALGOR *) inner, OBJ_nid2obj (NID_ecdsa_with_SHA256), V_ASN1_UNDEF, NULL) &&
         X509_ALGOR_set0 ((X509_ALGOR *) outer, OBJ_nid2obj (NID_ecdsa_with_SHA256), V_ASN1_UNDEF, NULL) &&
         ASN1_INTEGER_set (X509_get_serialNumber (certificate), 0) &&
         ASN1_TIME_set (X509_getm_notBefore (certificate), 0) && ASN1_TIME_set (X509_getm_notAfter (certificate), 0);
}

X509 *
signet_cms_make_nameless_certificate (GBytes *spki)
{
  g_autoptr (X509) certificate = X509_new ();
  g_autoptr (ASN1_OCTET_STRING) id = ASN1_OCTET_STRING_new ();
  g_autoptr (GBytes) id_bytes = signet_public_key_get_id (spki, NULL);
  g_autoptr (EVP_PKEY) key = id_bytes != NULL ? read_public_key (spki) : NULL;

  if (key == NULL || !X509_set_pubkey (certificate, key) || !X509_set_version (certificate, X509_VERSION_3) ||
      !complete (certificate) ||
      !ASN1_OCTET_STRING_set (id, g_bytes_get_data (id_bytes, NULL), g_bytes_get_size (id_bytes)) ||
      !X509_add1_ext_i2d (certificate, NID_subject_key_identifier, id, 0, X509V3_ADD_DEFAULT))
    return NULL;
  return g_steal_pointer (&certificate);
}

gboolean
signet_cms_fill (CMS_ContentInfo *cms, const guint8 *data, gsize length)
{
  g_autoptr (BIO) bio = CMS_dataInit (cms, NULL);

  return bio != NULL && length <= G_MAXINT && BIO_write (bio, data, length) == (int) length && BIO_flush (bio) == 1 &&
         CMS_dataFinal (cms, bio);
}

SignetSecret *
signet_cms_write_secret (CMS_ContentInfo *cms)
{
  int length = i2d_CMS_ContentInfo (cms, NULL);
  if (length < 0)
    return NULL;

  SignetSecret *der = signet_secret_alloc (length);
  guint8 *out = signet_secret_edit (der);
  i2d_CMS_ContentInfo (cms, &out);
  return der;
}

GBytes *
signet_cms_write_bytes (CMS_ContentInfo *cms)
{
  int length = i2d_CMS_ContentInfo (cms, NULL);
  if (length < 0)
    return NULL;

  guint8 *data = g_malloc (length), *out = data;
  i2d_CMS_ContentInfo (cms, &out);
  return g_bytes_new_take (data, length);
}

CMS_ContentInfo *
signet_cms_read_message (const guint8 *der, gsize length, gsize max, int type, GError **error)
{
  if (!signet_cms_check_size (length, max, error))
    return NULL;

  const guint8 *rest = der;
  g_autoptr (CMS_ContentInfo) cms =
    signet_der_is_strict (der, length, MAX_DEPTH) ? d2i_CMS_ContentInfo (NULL, &rest, length) : NULL;
  if (cms == NULL || rest != der + length || OBJ_obj2nid (CMS_get0_type (cms)) != type ||
      OBJ_obj2nid (CMS_get0_eContentType (cms)) != NID_pkcs7_data) {
    signet_cms_set_invalid (error);
    return NULL;
  }
  return g_steal_pointer (&cms);
}
