/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/cms.h"

#include "base/error.h"
#include "base/limits.h"
#include "crypto/cms-native.h"
#include "crypto/der.h"

/* SignedData and certs-only.  GnuTLS has no EnvelopedData, so Signet's CMS is OpenSSL's, and nothing of OpenSSL leaves
 * the three files cms*.c. */

#define MAX_CERTIFICATES (SIGNET_MAX_IDS + SIGNET_MAX_CHAIN)

static const EVP_MD *
choose_digest (EVP_PKEY *key)
{
  if (EVP_PKEY_get_base_id (key) != EVP_PKEY_EC || EVP_PKEY_get_bits (key) <= 256)
    return EVP_sha256 ();
  return EVP_PKEY_get_bits (key) <= 384 ? EVP_sha384 () : EVP_sha512 ();
}

static gboolean
add_chain (CMS_ContentInfo *cms, SignetPrivateKey *signer, GBytes *certificate, GPtrArray *chain)
{
  for (guint i = 0; i < chain->len; i++) {
    if (g_bytes_equal (chain->pdata[i], certificate))
      continue;     /* the signer's own is there already */
    g_autoptr (X509) link = signet_cms_get_certificate (signer, chain->pdata[i]);
    if (link == NULL || !CMS_add1_cert (cms, link))
      return FALSE;
  }
  return TRUE;
}

static CMS_ContentInfo *
sign (const guint8 *data, gsize length, EVP_PKEY *key, X509 *certificate, guint flags)
{
  g_autoptr (CMS_ContentInfo) cms = CMS_sign (NULL, NULL, NULL, NULL, CMS_PARTIAL | CMS_BINARY);

  if (cms == NULL || key == NULL || certificate == NULL ||
      CMS_add1_signer (cms, certificate, key, choose_digest (key), CMS_BINARY | CMS_NOSMIMECAP | flags) == NULL ||
      !signet_cms_fill (cms, data, length))
    return NULL;
  return g_steal_pointer (&cms);
}

GBytes *
signet_cms_sign_with_key (GBytes *content, SignetPrivateKey *signer, GError **error)
{
  g_auto (SignetErrorMark) mark G_GNUC_UNUSED = signet_error_mark ();
  gsize length;
  const guint8 *data = g_bytes_get_data (content, &length);
  g_autoptr (X509) nameless = signet_cms_make_nameless_certificate (signet_private_key_get_spki (signer));
  g_autoptr (CMS_ContentInfo) cms = sign (data, length, signet_cms_get_key (signer), nameless,
                                          CMS_USE_KEYID | CMS_NOCERTS);
  GBytes *der = cms != NULL ? signet_cms_write_bytes (cms) : NULL;

  if (der == NULL)
    signet_cms_set_failed (error);
  return der;
}

SignetSecret *
signet_cms_sign_with_certificate (SignetSecret *content, SignetPrivateKey *signer, GBytes *certificate,
                                  GPtrArray *chain, GError **error)
{
  g_auto (SignetErrorMark) mark G_GNUC_UNUSED = signet_error_mark ();
  gsize length;
  const guint8 *data = signet_secret_get (content, &length);
  g_autoptr (X509) own = signet_cms_get_certificate (signer, certificate);
  g_autoptr (CMS_ContentInfo) cms = sign (data, length, signet_cms_get_key (signer), own, 0);
  SignetSecret *der = cms != NULL && add_chain (cms, signer, certificate, chain) ? signet_cms_write_secret (cms) : NULL;

  if (der == NULL)
    signet_cms_set_failed (error);
  return der;
}

struct _SignetSignedData {
  CMS_ContentInfo *cms;
  CMS_SignerInfo *signer;      /* owned by cms */
  const EVP_MD *digest;
  SignetSecret *content;
};

void
signet_signed_data_free (SignetSignedData *self)
{
  g_clear_pointer (&self->cms, signet_cms_free);
  g_clear_pointer (&self->content, signet_secret_unref);
  g_free (self);
}

/* SHA-2, and the same for the content as for the attributes; RSA PKCS#1 v1.5 or ECDSA. */
static gboolean
check_algorithms (SignetSignedData *self, GError **error)
{
  X509_ALGOR *digest, *signature;
  int signature_digest, signature_key;

  CMS_SignerInfo_get0_algs (self->signer, NULL, NULL, &digest, &signature);
  int digest_nid = OBJ_obj2nid (digest->algorithm), signature_nid = OBJ_obj2nid (signature->algorithm);
  if (digest_nid != NID_sha256 && digest_nid != NID_sha384 && digest_nid != NID_sha512)
    return signet_cms_set_unsupported (error);
  self->digest = EVP_get_digestbynid (digest_nid);

  if (signature_nid == NID_rsaEncryption)
    return TRUE;
  if (!OBJ_find_sigid_algs (signature_nid, &signature_digest, &signature_key) || signature_digest != digest_nid ||
      (signature_key != NID_rsaEncryption && signature_key != NID_X9_62_id_ecPublicKey))
    return signet_cms_set_unsupported (error);
  return TRUE;
}

/* Exactly one attribute of KIND with exactly one value of TYPE (what -3 asks for). */
static gpointer
get_attribute (CMS_SignerInfo *signer, int kind, int type)
{
  return CMS_signed_get0_data_by_OBJ (signer, OBJ_nid2obj (kind), -3, type);
}

/* Without signed attributes the signature would be over the content itself, and could be one that was made over other
 * bytes for another purpose. */
static gboolean
check_attributes (SignetSignedData *self, GError **error)
{
  ASN1_OBJECT *type = get_attribute (self->signer, NID_pkcs9_contentType, V_ASN1_OBJECT);
  ASN1_OCTET_STRING *digest = get_attribute (self->signer, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING);

  if (type == NULL || OBJ_obj2nid (type) != NID_pkcs7_data || digest == NULL)
    return signet_cms_set_invalid (error);
  return TRUE;
}

static gboolean
read_signed_data (SignetSignedData *self, GError **error)
{
  STACK_OF (CMS_SignerInfo) *signers = CMS_get0_SignerInfos (self->cms);
  ASN1_OCTET_STRING **content = CMS_get0_content (self->cms);

  if (sk_CMS_SignerInfo_num (signers) != 1 || content == NULL || *content == NULL)
    return signet_cms_set_invalid (error);
  self->signer = sk_CMS_SignerInfo_value (signers, 0);
  self->content = signet_secret_new (ASN1_STRING_get0_data (*content), ASN1_STRING_length (*content));
  return check_algorithms (self, error) && check_attributes (self, error);
}

SignetSignedData *
signet_signed_data_parse (const guint8 *der, gsize length, gsize max, GError **error)
{
  g_auto (SignetErrorMark) mark G_GNUC_UNUSED = signet_error_mark ();
  g_autoptr (SignetSignedData) self = g_new0 (SignetSignedData, 1);

  self->cms = signet_cms_read_message (der, length, max, NID_pkcs7_signed, error);
  return self->cms != NULL && read_signed_data (self, error) ? g_steal_pointer (&self) : NULL;
}

SignetSecret *
signet_signed_data_get_content (SignetSignedData *self)
{
  return self->content;
}

/* The signature is over the attributes, one of which is the content's digest.  The digest is taken from the caller's
 * copy: CMS_verify() would leave pieces of the content behind on the stack. */
static gboolean
verify (SignetSignedData *self, X509 *signer, GError **error)
{
  ASN1_OCTET_STRING *expected = get_attribute (self->signer, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING);
  guint8 digest[EVP_MAX_MD_SIZE];
  guint digest_length;
  gsize length;
  const guint8 *data = signet_secret_get (self->content, &length);

  CMS_SignerInfo_set1_signer_cert (self->signer, signer);
  if (CMS_SignerInfo_verify (self->signer) != 1 ||
      !EVP_Digest (data, length, digest, &digest_length, self->digest, NULL) ||
      ASN1_STRING_length (expected) != (int) digest_length ||
      CRYPTO_memcmp (ASN1_STRING_get0_data (expected), digest, digest_length) != 0)
    return signet_cms_set_untrusted (error);
  return TRUE;
}

gboolean
signet_signed_data_verify_key (SignetSignedData *self, GBytes *spki, GError **error)
{
  g_auto (SignetErrorMark) mark G_GNUC_UNUSED = signet_error_mark ();
  g_autoptr (X509) nameless = signet_cms_make_nameless_certificate (spki);

  if (nameless == NULL)
    return signet_cms_set_untrusted (error);
  return verify (self, nameless, error);
}

/* NULL when there are too many. */
static GPtrArray *
write_certificates (SignetX509Stack *stack, GError **error)
{
  g_autoptr (GPtrArray) certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  if (!signet_cms_check_size (MAX (sk_X509_num (stack), 0), MAX_CERTIFICATES, error))
    return NULL;
  for (int i = 0; i < sk_X509_num (stack); i++)
    g_ptr_array_add (certificates, signet_cms_write_certificate (sk_X509_value (stack, i)));
  return g_steal_pointer (&certificates);
}

gboolean
signet_signed_data_verify_certificate (SignetSignedData *self, GBytes **signer, GPtrArray **certificates,
                                       GError **error)
{
  g_auto (SignetErrorMark) mark G_GNUC_UNUSED = signet_error_mark ();
  g_autoptr (SignetX509Stack) stack = CMS_get1_certs (self->cms);
  g_autoptr (GPtrArray) list = write_certificates (stack, error);

  if (list == NULL)
    return FALSE;
  for (guint i = 0; i < list->len; i++) {
    X509 *candidate = sk_X509_value (stack, i);
    if (CMS_SignerInfo_cert_cmp (self->signer, candidate) != 0)
      continue;
    if (!verify (self, candidate, error))
      return FALSE;
    *signer = g_bytes_ref (list->pdata[i]);
    *certificates = g_steal_pointer (&list);
    return TRUE;
  }
  return signet_cms_set_untrusted (error);
}

/* --- certs-only --- */

/* A SET OF stands in the order of its encodings (X.690 section 11.6). */
static int
compare (gconstpointer a, gconstpointer b)
{
  return g_bytes_compare (*(GBytes *const *) a, *(GBytes *const *) b);
}

/* By hand: OpenSSL reads each certificate to put it in, which takes it 0.13 ms, and there is nothing to read. */
GBytes *
signet_cms_build_certs_only (GPtrArray *certificates, GError **error)
{
  static const guint8 start[] = {     /* version 1, no digest algorithms, id-data without content */
    0x02, 0x01, 0x01, 0x31, 0x00, 0x30, 0x0b, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01,
  }, end[] = { 0x31, 0x00 }, signed_data[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02 };
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();      /* not a copy: that would free the elements as well */
  g_autoptr (GByteArray) der = g_byte_array_new ();
  gboolean good = certificates->len > 0 && certificates->len <= MAX_CERTIFICATES;

  g_ptr_array_extend (sorted, certificates, NULL, NULL);
  g_ptr_array_sort (sorted, compare);
  for (guint i = 0; good && i < sorted->len; i++) {
    SignetDer certificate = signet_der_from_bytes (sorted->pdata[i]), contents;
    good = certificate.length <= SIGNET_MAX_CERTIFICATE &&
           signet_der_open (certificate.data, certificate.length, SIGNET_DER_SEQUENCE, &contents);
    g_byte_array_append (der, certificate.data, certificate.length);
  }
  if (!good) {
    signet_cms_set_failed (error);
    return NULL;
  }
  signet_der_enclose (der, SIGNET_DER_CONTEXT (0));
  g_byte_array_prepend (der, start, sizeof start);
  g_byte_array_append (der, end, sizeof end);
  signet_der_enclose (der, SIGNET_DER_SEQUENCE);
  signet_der_enclose (der, SIGNET_DER_CONTEXT (0));
  g_byte_array_prepend (der, signed_data, sizeof signed_data);
  signet_der_enclose (der, SIGNET_DER_SEQUENCE);
  return g_byte_array_free_to_bytes (g_steal_pointer (&der));
}

GPtrArray *
signet_cms_parse_certs_only (GBytes *der, GError **error)
{
  g_auto (SignetErrorMark) mark G_GNUC_UNUSED = signet_error_mark ();
  gsize length;
  const guint8 *data = g_bytes_get_data (der, &length), *end = data + length;

  if (!signet_cms_check_size (length, SIGNET_MAX_REPLY, error))
    return NULL;

  /* Not read_message(): many authorities write BER. */
  g_autoptr (CMS_ContentInfo) cms = d2i_CMS_ContentInfo (NULL, &data, length);
  g_autoptr (SignetX509Stack) stack = NULL;
  if (cms != NULL && data == end && OBJ_obj2nid (CMS_get0_type (cms)) == NID_pkcs7_signed &&
      sk_CMS_SignerInfo_num (CMS_get0_SignerInfos (cms)) <= 0)
    stack = CMS_get1_certs (cms);
  if (sk_X509_num (stack) <= 0) {
    signet_cms_set_invalid (error);
    return NULL;
  }
  return write_certificates (stack, error);
}
