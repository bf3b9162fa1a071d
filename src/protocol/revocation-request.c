/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/revocation-request.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mail-address.h"
#include "protocol/certified.h"

#include <string.h>

#define VERSION 1
#define FINGERPRINT_LENGTH 64      /* hexadecimal digits of a SHA-256 */

const SignetRevocationReason signet_user_reasons[] = {
  SIGNET_REASON_KEY_COMPROMISE, SIGNET_REASON_AFFILIATION_CHANGED, SIGNET_REASON_SUPERSEDED,
  SIGNET_REASON_CESSATION_OF_OPERATION,
};

static const char *const names[] = { "keyCompromise", "affiliationChanged", "superseded", "cessationOfOperation" };

const char *
signet_user_reason_to_name (SignetRevocationReason reason)
{
  for (guint i = 0; i < SIGNET_N_USER_REASONS; i++) {
    if (signet_user_reasons[i] == reason)
      return names[i];
  }
  return NULL;
}

gboolean
signet_user_reason_from_name (const char *name, SignetRevocationReason *reason)
{
  for (guint i = 0; i < SIGNET_N_USER_REASONS; i++) {
    if (strcmp (name, names[i]) == 0) {
      *reason = signet_user_reasons[i];
      return TRUE;
    }
  }
  return FALSE;
}

void
signet_revocation_request_free (SignetRevocationRequest *self)
{
  g_clear_pointer (&self->certificate, signet_certificate_unref);
  g_free (self->address);
  g_free (self);
}

static char *
fingerprint (SignetCertificate *certificate)
{
  g_autoptr (GBytes) digest = signet_certificate_get_fingerprint (certificate);

  return signet_hex_encode (digest);
}

GBytes *
signet_revocation_request_build (SignetCertificate *certificate, SignetPrivateKey *key, const char *address,
                                 SignetRevocationReason reason, gint64 time, GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *normal = signet_mail_address_normalize (address, error), *digest = fingerprint (certificate);

  if (normal == NULL)
    return NULL;
  json_object_set_int_member (object, "signet-revocation", VERSION);
  json_object_set_string_member (object, "certificate", digest);
  json_object_set_string_member (object, "address", normal);
  json_object_set_string_member (object, "reason", signet_user_reason_to_name (reason));
  json_object_set_int_member (object, "time", time);

  char *text = signet_json_print (object);
  g_autoptr (GBytes) content = g_bytes_new_take (text, strlen (text));
  return signet_certified_sign (content, certificate, key, error);
}

static gboolean
refuse (GError **error, SignetError code, const char *text)
{
  g_set_error_literal (error, SIGNET_ERROR, code, text);
  return FALSE;
}

static gboolean
read_content (SignetRevocationRequest *self, SignetSecret *content, GError **error)
{
  gsize length;
  const guint8 *bytes = signet_secret_get (content, &length);
  g_autoptr (JsonObject) object = signet_json_parse ((const char *) bytes, length, SIGNET_MAX_JSON, error);
  g_autofree char *signer = fingerprint (self->certificate);
  const char *certificate, *address, *reason;
  gint64 version;

  if (object == NULL || !signet_json_get_integer (object, "signet-revocation", 1, G_MAXINT64, &version, error))
    return FALSE;
  if (version != VERSION)
    return refuse (error, SIGNET_ERROR_UNSUPPORTED, _("The request is of a newer kind than this authority knows."));
  if ((certificate = signet_json_get_text (object, "certificate", FINGERPRINT_LENGTH, error)) == NULL ||
      (address = signet_json_get_text (object, "address", SIGNET_MAX_ADDRESS, error)) == NULL ||
      (reason = signet_json_get_text (object, "reason", 64, error)) == NULL ||
      !signet_json_get_integer (object, "time", 0, G_MAXINT64, &self->time, error) ||
      (self->address = signet_mail_address_normalize (address, error)) == NULL)
    return FALSE;
  if (!signet_user_reason_from_name (reason, &self->reason))
    return refuse (error, SIGNET_ERROR_UNSUPPORTED, _("The request gives a reason that this authority does not know."));
  if (strcmp (certificate, signer) != 0)
    return refuse (error, SIGNET_ERROR_UNTRUSTED, _("The request is signed by another certificate than it names."));
  return TRUE;
}

static gboolean
check_signer (SignetRevocationRequest *self, GError **error)
{
  if (!signet_certificate_can_sign (self->certificate))
    return refuse (error, SIGNET_ERROR_UNTRUSTED, _("The request is not signed by a signing key."));
  if (!signet_certificate_has_address (self->certificate, self->address))
    return refuse (error, SIGNET_ERROR_UNTRUSTED,
                   _("The request is signed by the key of another mail address than it is for."));
  return TRUE;
}

SignetRevocationRequest *
signet_revocation_request_parse (GBytes *bytes, GError **error)
{
  gsize length;
  const guint8 *der = g_bytes_get_data (bytes, &length);
  g_autoptr (SignetSignedData) signed_data = signet_signed_data_parse (der, length, SIGNET_MAX_REQUEST, error);
  g_autoptr (SignetRevocationRequest) self = g_new0 (SignetRevocationRequest, 1);

  if (signed_data == NULL || (self->certificate = signet_certified_verify (signed_data, error)) == NULL ||
      !read_content (self, signet_signed_data_get_content (signed_data), error) || !check_signer (self, error))
    return NULL;
  return g_steal_pointer (&self);
}
