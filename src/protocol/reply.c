/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/reply.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mail-address.h"
#include "cert/path.h"
#include "crypto/cms.h"
#include "protocol/name.h"
#include "protocol/parts.h"

#include <string.h>

#define VERSION 1
#define JSON_TYPE "application/json"
#define CERTIFICATES_TYPE "application/pkcs7-mime"
#define KEY_TYPE "application/pkcs8"
#define DIGEST_LENGTH 32
#define CLOCK_SKEW (24 * 3600)        /* seconds that the user's clock may be behind the authority's */

/* The manifest, the certificates, then the keys. */
enum { MANIFEST, CERTIFICATES, FIRST_KEY };

SignetReply *
signet_reply_new (void)
{
  SignetReply *self = g_new0 (SignetReply, 1);

  self->encryption = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_certificate_unref);
  self->encryption_keys = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_private_key_unref);
  self->chain = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_certificate_unref);
  return self;
}

void
signet_reply_free (SignetReply *self)
{
  g_free (self->request_id);
  g_clear_pointer (&self->request_digest, g_bytes_unref);
  g_free (self->nonce);
  g_free (self->address);
  g_free (self->authority);
  g_clear_pointer (&self->signing, signet_certificate_unref);
  g_ptr_array_unref (self->encryption);
  g_ptr_array_unref (self->encryption_keys);
  g_ptr_array_unref (self->chain);
  g_free (self);
}

static char *
fingerprint (SignetCertificate *certificate)
{
  g_autoptr (GBytes) digest = signet_certificate_get_fingerprint (certificate);

  return signet_hex_encode (digest);
}

/* --- building --- */

static void
add_part (GPtrArray *parts, const char *type, SignetSecret *body)
{
  g_ptr_array_add (parts, signet_part_new (type, NULL, body));
}

static void
add_manifest (GPtrArray *parts, SignetReply *self)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *encryption = json_array_new ();
  g_autofree char *digest = signet_hex_encode (self->request_digest);
  g_autofree char *signing = fingerprint (self->signing);

  for (guint i = 0; i < self->encryption->len; i++) {
    g_autofree char *certificate = fingerprint (self->encryption->pdata[i]);
    json_array_add_string_element (encryption, certificate);
  }
  json_object_set_int_member (object, "signet-reply", VERSION);
  json_object_set_string_member (object, "request", self->request_id);
  json_object_set_string_member (object, "request-digest", digest);
  json_object_set_string_member (object, "nonce", self->nonce);
  json_object_set_string_member (object, "address", self->address);
  json_object_set_string_member (object, "authority", self->authority);
  json_object_set_int_member (object, "issued", self->issued);
  json_object_set_int_member (object, "expires", self->expires);
  json_object_set_string_member (object, "signing", signing);
  json_object_set_array_member (object, "encryption", encryption);

  g_autofree char *text = signet_json_print (object);
  g_autoptr (SignetSecret) body = signet_secret_new_text (text);
  add_part (parts, JSON_TYPE, body);
}

static void
add_ders (GPtrArray *ders, GPtrArray *certificates)
{
  for (guint i = 0; i < certificates->len; i++)
    g_ptr_array_add (ders, signet_certificate_get_der (certificates->pdata[i]));
}

static gboolean
add_certificates (GPtrArray *parts, SignetReply *self, GError **error)
{
  g_autoptr (GPtrArray) ders = g_ptr_array_new ();

  g_ptr_array_add (ders, signet_certificate_get_der (self->signing));
  add_ders (ders, self->encryption);
  add_ders (ders, self->chain);

  g_autoptr (GBytes) bundle = signet_cms_build_certs_only (ders, error);
  if (bundle == NULL)
    return FALSE;
  g_autoptr (SignetSecret) body = signet_secret_new (g_bytes_get_data (bundle, NULL), g_bytes_get_size (bundle));
  add_part (parts, CERTIFICATES_TYPE, body);
  return TRUE;
}

static gboolean
add_keys (GPtrArray *parts, SignetReply *self, GError **error)
{
  for (guint i = 0; i < self->encryption_keys->len; i++) {
    g_autoptr (SignetSecret) body = signet_private_key_to_pkcs8 (self->encryption_keys->pdata[i], error);
    if (body == NULL)
      return FALSE;
    add_part (parts, KEY_TYPE, body);
  }
  return TRUE;
}

GBytes *
signet_reply_build (SignetReply *self, SignetPrivateKey *signer, SignetCertificate *certificate, GBytes *recipient_spki,
                    GError **error)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_part_free);
  g_autoptr (GPtrArray) chain = g_ptr_array_new ();

  add_manifest (parts, self);
  if (!add_certificates (parts, self, error) || !add_keys (parts, self, error))
    return NULL;
  add_ders (chain, self->chain);

  g_autoptr (SignetSecret) content = signet_parts_build (parts);
  g_autoptr (SignetSecret) signed_data =
    signet_cms_sign_with_certificate (content, signer, signet_certificate_get_der (certificate), chain, error);
  return signed_data != NULL ? signet_cms_encrypt_to_key (signed_data, recipient_spki, error) : NULL;
}

/* --- opening: one sentence for each refusal --- */

static gboolean
refuse (GError **error, SignetError code, const char *text)
{
  g_set_error_literal (error, SIGNET_ERROR, code, text);
  return FALSE;
}

static gboolean
refuse_damaged (GError **error)
{
  return refuse (error, SIGNET_ERROR_DAMAGED,
                 _("This reply was changed on its way. Ask the authority to send it again."));
}

static gboolean
refuse_not_ours (GError **error)
{
  return refuse (error, SIGNET_ERROR_NOT_FOR_US,
                 _("This reply is for another computer or user. Open it where the digital ID was asked for."));
}

static gboolean
refuse_authority (GError **error)
{
  return refuse (error, SIGNET_ERROR_UNTRUSTED,
                 _("This reply is from another authority than the one you asked. Nothing was installed. Tell your "
                   "administrator."));
}

static gboolean
refuse_expired (GError **error)
{
  return refuse (error, SIGNET_ERROR_EXPIRED,
                 _("This reply has expired. Ask your administrator for a new invitation."));
}

static gboolean
refuse_early (GError **error)
{
  return refuse (error, SIGNET_ERROR_EXPIRED,
                 _("This reply is dated in the future. Set this computer's date and time, then open it again."));
}

/* The authority itself sent what it should not have; read_content() puts the sentence around it. */
static gboolean
refuse_wrong (GError **error, const char *what)
{
  return refuse (error, SIGNET_ERROR_INVALID, what);
}

/* --- opening: the envelope --- */

static SignetSecret *
decrypt (GBytes *attachment, SignetPrivateKey *reply_key, GError **error)
{
  g_autoptr (GError) problem = NULL;
  SignetSecret *content = signet_cms_decrypt_with_key (attachment, SIGNET_MAX_REPLY, reply_key, &problem);

  if (content != NULL)
    return content;
  if (g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_NOT_FOR_US))
    refuse_not_ours (error);
  else if (g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_DAMAGED) ||
           g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_INVALID))
    refuse_damaged (error);
  else
    g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

/* --- opening: the signature --- */

static gboolean
has_pin (SignetCertificate *certificate, GBytes *pin)
{
  g_autoptr (GBytes) own = signet_certificate_get_pin (certificate);

  return g_bytes_equal (own, pin);
}

/* Those of the DERS (element-type GBytes) that can be read: a certificate that nobody understands vouches for
 * nothing. */
static GPtrArray *
read_certificates (GPtrArray *ders)
{
  GPtrArray *certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_certificate_unref);

  for (guint i = 0; i < ders->len; i++) {
    SignetCertificate *certificate = signet_certificate_new (ders->pdata[i], NULL);
    if (certificate != NULL)
      g_ptr_array_add (certificates, certificate);
  }
  return certificates;
}

static SignetCertificate *
find_root (GPtrArray *certificates, GBytes *pin)
{
  for (guint i = 0; i < certificates->len; i++)
    if (has_pin (certificates->pdata[i], pin))
      return certificates->pdata[i];
  return NULL;
}

/* Everybody's certificates are below the same root: people's, which name a mail address, and servers', which are not
 * for mail.  Neither may speak for the authority. */
static gboolean
is_spokesman (SignetCertificate *signer)
{
  return signet_certificate_can_sign (signer) && signet_certificate_get_addresses (signer)[0] == NULL;
}

/* Whether the pinned authority signed it. */
static gboolean
check_signer (SignetSignedData *signed_data, GBytes *pin, gint64 now, GError **error)
{
  g_autoptr (GBytes) der = NULL;
  g_autoptr (GPtrArray) ders = NULL;
  g_autoptr (GError) problem = NULL;

  if (!signet_signed_data_verify_certificate (signed_data, &der, &ders, NULL))
    return refuse_damaged (error);

  g_autoptr (SignetCertificate) signer = signet_certificate_new (der, NULL);
  g_autoptr (GPtrArray) certificates = read_certificates (ders);
  SignetCertificate *root = find_root (certificates, pin);
  if (signer == NULL || root == NULL || !is_spokesman (signer))
    return refuse_authority (error);
  if (signet_path_validate (signer, certificates, root, SIGNET_PATH_AUTHORITY, now, &problem))
    return TRUE;
  if (!g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_EXPIRED))
    return refuse_authority (error);
  return now < signet_certificate_get_not_before (signer) ? refuse_early (error) : refuse_expired (error);
}

/* --- opening: the content, which the pinned authority signed --- */

/* Exactly a manifest, certificates and at least one key. */
static GPtrArray *
split (SignetSecret *content, GError **error)
{
  g_autoptr (GPtrArray) parts = signet_parts_parse (content, SIGNET_MAX_REPLY, error);
  gboolean good = parts != NULL && parts->len > FIRST_KEY;

  for (guint i = 0; good && i < parts->len; i++) {
    const char *type = i == MANIFEST ? JSON_TYPE : i == CERTIFICATES ? CERTIFICATES_TYPE : KEY_TYPE;
    good = strcmp (((SignetPart *) parts->pdata[i])->content_type, type) == 0;
  }
  if (parts != NULL && !good)
    refuse_wrong (error, _("It does not hold what a reply must hold."));
  return good ? g_steal_pointer (&parts) : NULL;
}

static JsonObject *
read_manifest (SignetPart *part, GError **error)
{
  gsize length;
  const guint8 *bytes = signet_secret_get (part->body, &length);
  g_autoptr (JsonObject) object = signet_json_parse ((const char *) bytes, length, SIGNET_MAX_JSON, error);
  gint64 version;

  if (object == NULL || !signet_json_get_integer (object, "signet-reply", 1, G_MAXINT64, &version, error))
    return NULL;
  if (version != VERSION) {
    refuse (error, SIGNET_ERROR_UNSUPPORTED,
            _("This reply is of a newer kind. Install a newer version of Signet, then open it again."));
    return NULL;
  }
  return g_steal_pointer (&object);
}

static gboolean
read_facts (SignetReply *self, JsonObject *manifest, GError **error)
{
  const char *request, *digest, *nonce, *address, *authority;

  if ((request = signet_json_get_text (manifest, "request", 64, error)) == NULL ||
      (digest = signet_json_get_text (manifest, "request-digest", 2 * DIGEST_LENGTH, error)) == NULL ||
      (nonce = signet_json_get_text (manifest, "nonce", 64, error)) == NULL ||
      (address = signet_json_get_text (manifest, "address", SIGNET_MAX_ADDRESS, error)) == NULL ||
      (authority = signet_json_get_text (manifest, "authority", SIGNET_MAX_NAME * 4, error)) == NULL ||
      !signet_json_get_integer (manifest, "issued", 0, G_MAXINT64 / 2, &self->issued, error) ||
      !signet_json_get_integer (manifest, "expires", 0, G_MAXINT64 / 2, &self->expires, error))
    return FALSE;

  self->request_digest = signet_hex_decode (digest, DIGEST_LENGTH);
  if (self->request_digest == NULL || !signet_name_is_valid (authority))
    return refuse_wrong (error, _("Its description cannot be read."));
  self->request_id = g_strdup (request);
  self->nonce = g_strdup (nonce);
  self->address = g_strdup (address);
  self->authority = g_strdup (authority);
  return TRUE;
}

static gboolean
check_facts (SignetReply *self, const SignetReplyExpectation *expected, gint64 now, GError **error)
{
  if (strcmp (self->request_id, expected->request_id) != 0 || strcmp (self->nonce, expected->nonce) != 0 ||
      !g_bytes_equal (self->request_digest, expected->request_digest) ||
      !signet_mail_address_equal (self->address, expected->address))
    return refuse_not_ours (error);
  if (now >= self->expires)
    return refuse_expired (error);
  return self->issued <= now + CLOCK_SKEW ? TRUE : refuse_early (error);
}

/* The certificates of the bundle by fingerprint, each once. */
static GHashTable *
read_bundle (SignetPart *part, GError **error)
{
  gsize length;
  const guint8 *bytes = signet_secret_get (part->body, &length);
  g_autoptr (GBytes) der = g_bytes_new (bytes, length);
  g_autoptr (GPtrArray) ders = signet_cms_parse_certs_only (der, error);
  g_autoptr (GHashTable) bundle = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                         (GDestroyNotify) signet_certificate_unref);

  for (guint i = 0; ders != NULL && i < ders->len; i++) {
    SignetCertificate *certificate = signet_certificate_new (ders->pdata[i], error);
    if (certificate == NULL)
      return NULL;
    g_hash_table_insert (bundle, fingerprint (certificate), certificate);
  }
  return ders != NULL ? g_steal_pointer (&bundle) : NULL;
}

/* Takes the certificate out of the bundle: the manifest can name it once, and what nobody named is left. */
static SignetCertificate *
take_certificate (GHashTable *bundle, const char *name, GError **error)
{
  g_autofree char *key = NULL;
  SignetCertificate *certificate = NULL;

  if (name == NULL || !g_hash_table_steal_extended (bundle, name, (gpointer *) &key, (gpointer *) &certificate))
    refuse_wrong (error, _("It names a certificate that it does not bring."));
  return certificate;
}

static gboolean
take_certificates (SignetReply *self, JsonObject *manifest, GHashTable *bundle, GError **error)
{
  const char *name = signet_json_get_text (manifest, "signing", 2 * DIGEST_LENGTH, error);
  JsonArray *names = name != NULL ? signet_json_get_array (manifest, "encryption", SIGNET_MAX_PARTS, error) : NULL;

  if (names == NULL || (self->signing = take_certificate (bundle, name, error)) == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (names); i++) {
    JsonNode *node = json_array_get_element (names, i);
    SignetCertificate *certificate =
      take_certificate (bundle, JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL, error);
    if (certificate == NULL)
      return FALSE;
    g_ptr_array_add (self->encryption, certificate);
  }
  return TRUE;
}

/* What is left of the bundle is the chain: issuing certificates, the pinned root put last. */
static gboolean
take_chain (SignetReply *self, GHashTable *bundle, GBytes *pin, GError **error)
{
  GHashTableIter iter;
  gpointer value;
  SignetCertificate *root = NULL;

  if (g_hash_table_size (bundle) > SIGNET_MAX_CHAIN)
    return refuse_wrong (error, _("It brings too many certificates."));
  g_hash_table_iter_init (&iter, bundle);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    if (!signet_certificate_is_ca (value))
      return refuse_wrong (error, _("It brings a certificate that it does not name."));
    if (root == NULL && has_pin (value, pin))
      root = value;
    else
      g_ptr_array_add (self->chain, signet_certificate_ref (value));
  }
  if (root == NULL)
    return refuse_wrong (error, _("It does not bring the authority's own certificate."));
  g_ptr_array_add (self->chain, signet_certificate_ref (root));
  return TRUE;
}

static gboolean
take_keys (SignetReply *self, GPtrArray *parts, GError **error)
{
  if (parts->len - FIRST_KEY != self->encryption->len)
    return refuse_wrong (error, _("Its keys are not the ones that it names."));
  for (guint i = 0; i < self->encryption->len; i++) {
    SignetPart *part = parts->pdata[FIRST_KEY + i];
    SignetPrivateKey *key = signet_private_key_new_from_pkcs8 (part->body, error);
    if (key == NULL)
      return FALSE;
    g_ptr_array_add (self->encryption_keys, key);
    if (!g_bytes_equal (signet_private_key_get_spki (key), signet_certificate_get_spki (self->encryption->pdata[i])))
      return refuse_wrong (error, _("A key does not fit its certificate."));
  }
  return TRUE;
}

/* Whether CERTIFICATE is good for mail from now on: under the pinned root, within its dates. */
static gboolean
check_path (SignetReply *self, SignetCertificate *certificate, gint64 now, GError **error)
{
  g_autoptr (GError) problem = NULL;
  SignetCertificate *root = self->chain->pdata[self->chain->len - 1];

  if (signet_path_validate (certificate, self->chain, root, SIGNET_PATH_MAIL, now, &problem))
    return TRUE;
  if (!g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_EXPIRED))
    return refuse_wrong (error, _("A certificate in it was not issued by this authority for mail."));
  return now < signet_certificate_get_not_before (certificate) ? refuse_early (error) : refuse_expired (error);
}

static gboolean
check_certificates (SignetReply *self, const SignetReplyExpectation *expected, gint64 now, GError **error)
{
  if (!g_bytes_equal (signet_certificate_get_spki (self->signing), expected->signing_spki) ||
      !signet_certificate_can_sign (self->signing))
    return refuse_wrong (error, _("The signing certificate is not for your key."));
  if (!signet_certificate_has_address (self->signing, expected->address))
    return refuse_wrong (error, _("A certificate in it is for another address."));
  for (guint i = 0; i < self->encryption->len; i++) {
    if (!signet_certificate_can_encrypt (self->encryption->pdata[i]))
      return refuse_wrong (error, _("An encryption certificate in it is not for encryption."));
    if (!signet_certificate_has_address (self->encryption->pdata[i], expected->address))
      return refuse_wrong (error, _("A certificate in it is for another address."));
  }
  return check_path (self, self->signing, now, error) && check_path (self, self->encryption->pdata[0], now, error);
}

static SignetReply *
check_content (SignetSecret *content, const SignetReplyExpectation *expected, gint64 now, GError **error)
{
  g_autoptr (SignetReply) self = signet_reply_new ();
  g_autoptr (GPtrArray) parts = split (content, error);
  g_autoptr (JsonObject) manifest = parts != NULL ? read_manifest (parts->pdata[MANIFEST], error) : NULL;
  g_autoptr (GHashTable) bundle = NULL;

  if (manifest == NULL || !read_facts (self, manifest, error) || !check_facts (self, expected, now, error) ||
      (bundle = read_bundle (parts->pdata[CERTIFICATES], error)) == NULL ||
      !take_certificates (self, manifest, bundle, error) || !take_chain (self, bundle, expected->pin, error) ||
      !take_keys (self, parts, error) || !check_certificates (self, expected, now, error))
    return NULL;
  return g_steal_pointer (&self);
}

static SignetReply *
read_content (SignetSecret *content, const SignetReplyExpectation *expected, gint64 now, GError **error)
{
  g_autoptr (GError) problem = NULL;
  SignetReply *self = check_content (content, expected, now, &problem);

  if (g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_INVALID))
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                 _("The authority's reply is not right: %s Nothing was installed. Tell your administrator."),
                 problem->message);
  else if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return self;
}

SignetReply *
signet_reply_open (GBytes *attachment, SignetPrivateKey *reply_key, const SignetReplyExpectation *expected, gint64 now,
                   GError **error)
{
  g_autoptr (SignetSecret) envelope = decrypt (attachment, reply_key, error);
  g_autoptr (SignetSignedData) signed_data = NULL;
  gsize length;

  if (envelope == NULL)
    return NULL;
  const guint8 *der = signet_secret_get (envelope, &length);
  signed_data = signet_signed_data_parse (der, length, SIGNET_MAX_REPLY, NULL);
  if (signed_data == NULL) {
    refuse_damaged (error);
    return NULL;
  }
  if (!check_signer (signed_data, expected->pin, now, error))
    return NULL;
  return read_content (signet_signed_data_get_content (signed_data), expected, now, error);
}
