/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/request.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mail-address.h"
#include "crypto/cms.h"
#include "crypto/der.h"
#include "crypto/public-key.h"
#include "protocol/certified.h"
#include "protocol/parts.h"

#include <string.h>

#define VERSION 1
#define FINGERPRINT_LENGTH 64      /* hexadecimal digits of a SHA-256 */
#define JSON_TYPE "application/json"
#define CSR_TYPE "application/pkcs10"

static const char *const operations[] = { [SIGNET_REQUEST_ENROLL] = "enroll", [SIGNET_REQUEST_RENEW] = "renew" };

enum { MANIFEST, SIGNING, REPLY, N_PARTS };

gboolean
signet_request_id_is_valid (const char *id)
{
  return strlen (id) == SIGNET_REQUEST_ID_LENGTH && strspn (id, "0123456789abcdef") == SIGNET_REQUEST_ID_LENGTH;
}

void
signet_request_free (SignetRequest *self)
{
  g_free (self->id);
  g_free (self->nonce);
  g_free (self->address);
  g_clear_pointer (&self->signing_spki, g_bytes_unref);
  g_clear_pointer (&self->reply_spki, g_bytes_unref);
  g_clear_pointer (&self->renewed, signet_certificate_unref);
  g_free (self);
}

/* --- building --- */

static void
add_part (GPtrArray *parts, const char *type, gconstpointer data, gsize length)
{
  g_autoptr (SignetSecret) body = signet_secret_new (data, length);

  g_ptr_array_add (parts, signet_part_new (type, NULL, body));
}

static gboolean
add_csr (GPtrArray *parts, SignetPrivateKey *key, const char *address, GError **error)
{
  g_autoptr (GBytes) csr = signet_csr_build (key, address, error);

  if (csr == NULL)
    return FALSE;
  add_part (parts, CSR_TYPE, g_bytes_get_data (csr, NULL), g_bytes_get_size (csr));
  return TRUE;
}

static char *
fingerprint (SignetCertificate *certificate)
{
  g_autoptr (GBytes) digest = signet_certificate_get_fingerprint (certificate);

  return signet_hex_encode (digest);
}

/* RENEWED: NULL for an enrollment. */
static GBytes *
build (const char *id, const char *nonce, const char *address, gint64 time, SignetCertificate *renewed,
       SignetPrivateKey *signing_key, SignetPrivateKey *reply_key, GError **error)
{
  g_autofree char *normal = signet_mail_address_normalize (address, error);
  g_autofree char *renews = renewed != NULL ? fingerprint (renewed) : NULL;
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_part_free);

  if (normal == NULL)
    return NULL;
  json_object_set_int_member (object, "signet-request", VERSION);
  json_object_set_string_member (object, "operation",
                                 operations[renewed != NULL ? SIGNET_REQUEST_RENEW : SIGNET_REQUEST_ENROLL]);
  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "nonce", nonce);
  json_object_set_string_member (object, "address", normal);
  json_object_set_int_member (object, "time", time);
  if (renews != NULL)
    json_object_set_string_member (object, "renews", renews);

  g_autofree char *text = signet_json_print (object);
  add_part (parts, JSON_TYPE, text, strlen (text));
  if (!add_csr (parts, signing_key, normal, error) || !add_csr (parts, reply_key, normal, error))
    return NULL;

  g_autoptr (SignetSecret) entity = signet_parts_build (parts);
  g_autoptr (GBytes) content = g_bytes_new (signet_secret_get (entity, NULL), signet_secret_length (entity));
  return signet_cms_sign_with_key (content, signing_key, error);
}

GBytes *
signet_request_build (const char *id, const char *nonce, const char *address, gint64 time,
                      SignetPrivateKey *signing_key, SignetPrivateKey *reply_key, GError **error)
{
  return build (id, nonce, address, time, NULL, signing_key, reply_key, error);
}

GBytes *
signet_request_build_renewal (const char *id, const char *nonce, const char *address, gint64 time,
                              SignetPrivateKey *signing_key, SignetPrivateKey *reply_key, SignetCertificate *current,
                              SignetPrivateKey *current_key, GError **error)
{
  g_autoptr (GBytes) request = build (id, nonce, address, time, current, signing_key, reply_key, error);

  if (request == NULL)
    return NULL;
  return signet_certified_sign (request, current, current_key, error);
}

/* --- reading --- */

static gboolean
refuse (GError **error, SignetError code, const char *text)
{
  g_set_error_literal (error, SIGNET_ERROR, code, text);
  return FALSE;
}

static GPtrArray *
split (SignetSecret *content, GError **error)
{
  static const char *const types[N_PARTS] = { JSON_TYPE, CSR_TYPE, CSR_TYPE };
  g_autoptr (GPtrArray) parts = signet_parts_parse (content, SIGNET_MAX_REQUEST, error);
  gboolean good = parts != NULL && parts->len == N_PARTS;

  for (guint i = 0; good && i < N_PARTS; i++)
    good = strcmp (((SignetPart *) parts->pdata[i])->content_type, types[i]) == 0;
  if (parts != NULL && !good)
    refuse (error, SIGNET_ERROR_INVALID, _("The request does not hold what a request must hold."));
  return good ? g_steal_pointer (&parts) : NULL;
}

/* What is asked for, and how it is signed, must be the same thing. */
static gboolean
read_operation (SignetRequest *self, const char *operation, GError **error)
{
  self->operation = strcmp (operation, operations[SIGNET_REQUEST_RENEW]) == 0 ? SIGNET_REQUEST_RENEW
                                                                               : SIGNET_REQUEST_ENROLL;
  if (strcmp (operation, operations[self->operation]) != 0)
    return refuse (error, SIGNET_ERROR_UNSUPPORTED,
                   _("The request asks for something that this authority does not do."));
  if ((self->operation == SIGNET_REQUEST_RENEW) != (self->renewed != NULL))
    return refuse (error, SIGNET_ERROR_UNTRUSTED,
                   _("The request is not signed as what it asks for must be: a renewal by the current key, and only "
                     "that."));
  return TRUE;
}

static gboolean
read_renews (SignetRequest *self, JsonObject *object, GError **error)
{
  const char *renews = signet_json_get_text (object, "renews", FINGERPRINT_LENGTH, error);
  g_autofree char *signer = fingerprint (self->renewed);

  if (renews == NULL)
    return FALSE;
  return strcmp (renews, signer) == 0 ||
         refuse (error, SIGNET_ERROR_UNTRUSTED, _("The request is signed by another certificate than it renews."));
}

static gboolean
read_manifest (SignetRequest *self, SignetPart *part, GError **error)
{
  gsize length;
  const guint8 *bytes = signet_secret_get (part->body, &length);
  g_autoptr (JsonObject) object = signet_json_parse ((const char *) bytes, length, SIGNET_MAX_JSON, error);
  const char *operation, *id, *nonce, *address;
  gint64 version;

  if (object == NULL || !signet_json_get_integer (object, "signet-request", 1, G_MAXINT64, &version, error))
    return FALSE;
  if (version != VERSION)
    return refuse (error, SIGNET_ERROR_UNSUPPORTED, _("The request is of a newer kind than this authority knows."));
  if ((operation = signet_json_get_text (object, "operation", 64, error)) == NULL ||
      (id = signet_json_get_text (object, "id", SIGNET_REQUEST_ID_LENGTH, error)) == NULL ||
      (nonce = signet_json_get_text (object, "nonce", SIGNET_REQUEST_ID_LENGTH, error)) == NULL ||
      (address = signet_json_get_text (object, "address", SIGNET_MAX_ADDRESS, error)) == NULL ||
      !signet_json_get_integer (object, "time", 0, G_MAXINT64, &self->time, error))
    return FALSE;
  if (!read_operation (self, operation, error) || (self->renewed != NULL && !read_renews (self, object, error)))
    return FALSE;
  if (!signet_request_id_is_valid (id) || !signet_request_id_is_valid (nonce))
    return refuse (error, SIGNET_ERROR_INVALID, _("The request has no proper number."));

  self->address = signet_mail_address_normalize (address, error);
  if (self->address == NULL)
    return FALSE;
  if (strcmp (self->address, address) != 0)
    return refuse (error, SIGNET_ERROR_INVALID, _("The request does not write its address in the one proper form."));
  self->id = g_strdup (id);
  self->nonce = g_strdup (nonce);
  return TRUE;
}

/* The key of a CSR that asks for ADDRESS; the CSR's own signature proves that whoever made it has the key. */
static GBytes *
read_csr (SignetPart *part, const char *address, GError **error)
{
  gsize length;
  const guint8 *bytes = signet_secret_get (part->body, &length);
  g_autoptr (GBytes) der = g_bytes_new (bytes, length);
  g_autoptr (SignetCsr) csr = signet_csr_parse (der, error);

  if (csr == NULL)
    return NULL;
  if (strcmp (csr->address, address) != 0) {
    refuse (error, SIGNET_ERROR_INVALID, _("The request asks for certificates of different addresses."));
    return NULL;
  }
  return g_bytes_ref (csr->spki);
}

static gboolean
check_keys (SignetRequest *self, GError **error)
{
  SignetPublicKeyKind kind;
  guint bits;

  if (!signet_public_key_read (self->signing_spki, &kind, &bits, error))
    return FALSE;
  if (kind == SIGNET_PUBLIC_KEY_RSA ? bits < 3072 || bits > 16384 : bits != 256 && bits != 384)
    return refuse (error, SIGNET_ERROR_UNSUPPORTED,
                   _("The request's signing key is of a kind that is not issued here."));
  if (!signet_public_key_read (self->reply_spki, &kind, &bits, error))
    return FALSE;
  if (kind != SIGNET_PUBLIC_KEY_EC || bits != 256)
    return refuse (error, SIGNET_ERROR_UNSUPPORTED,
                   _("The request's reply key is of a kind that replies cannot be locked to."));
  if (g_bytes_equal (self->signing_spki, self->reply_spki))
    return refuse (error, SIGNET_ERROR_INVALID, _("The request uses one key for two purposes."));
  return TRUE;
}

static gboolean
check_renewed (SignetRequest *self, GError **error)
{
  GBytes *spki = signet_certificate_get_spki (self->renewed);

  if (!signet_certificate_can_sign (self->renewed))
    return refuse (error, SIGNET_ERROR_UNTRUSTED, _("The request is not signed by a signing key."));
  if (!signet_certificate_has_address (self->renewed, self->address))
    return refuse (error, SIGNET_ERROR_UNTRUSTED,
                   _("The request is signed by the key of another mail address than it is for."));
  if (g_bytes_equal (self->signing_spki, spki) || g_bytes_equal (self->reply_spki, spki))
    return refuse (error, SIGNET_ERROR_INVALID, _("The request renews a key with itself."));
  return TRUE;
}

/* What a request holds; SIGNED_DATA is the layer by the new signing key. */
static gboolean
read_content (SignetRequest *self, SignetSignedData *signed_data, GError **error)
{
  g_autoptr (GPtrArray) parts = split (signet_signed_data_get_content (signed_data), error);

  return parts != NULL && read_manifest (self, parts->pdata[MANIFEST], error) &&
         (self->signing_spki = read_csr (parts->pdata[SIGNING], self->address, error)) != NULL &&
         (self->reply_spki = read_csr (parts->pdata[REPLY], self->address, error)) != NULL &&
         check_keys (self, error) && signet_signed_data_verify_key (signed_data, self->signing_spki, error) &&
         (self->renewed == NULL || check_renewed (self, error));
}

/* The layer by the current key: who signed it, and the layer within. */
static SignetSignedData *
open_renewal (SignetRequest *self, SignetSignedData *outer, GError **error)
{
  gsize length;
  const guint8 *der = signet_secret_get (signet_signed_data_get_content (outer), &length);

  self->renewed = signet_certified_verify (outer, error);
  return self->renewed != NULL ? signet_signed_data_parse (der, length, SIGNET_MAX_REQUEST, error) : NULL;
}

/* A multipart never begins as a SignedData does. */
static gboolean
has_inner_layer (SignetSignedData *signed_data)
{
  gsize length;
  const guint8 *content = signet_secret_get (signet_signed_data_get_content (signed_data), &length);

  return length > 0 && content[0] == SIGNET_DER_SEQUENCE;
}

SignetRequest *
signet_request_parse (GBytes *bytes, GError **error)
{
  gsize length;
  const guint8 *der = g_bytes_get_data (bytes, &length);
  g_autoptr (SignetSignedData) outer = signet_signed_data_parse (der, length, SIGNET_MAX_REQUEST, error);
  g_autoptr (SignetSignedData) inner = NULL;
  g_autoptr (SignetRequest) self = g_new0 (SignetRequest, 1);

  if (outer == NULL)
    return NULL;
  if (!has_inner_layer (outer))
    return read_content (self, outer, error) ? g_steal_pointer (&self) : NULL;
  inner = open_renewal (self, outer, error);
  return inner != NULL && read_content (self, inner, error) ? g_steal_pointer (&self) : NULL;
}
