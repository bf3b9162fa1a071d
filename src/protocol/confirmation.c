/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/confirmation.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/limits.h"
#include "crypto/cms.h"
#include "protocol/request.h"

#include <string.h>

#define VERSION 1

GBytes *
signet_confirmation_build (const char *request_id, GBytes *reply_digest, SignetPrivateKey *signing_key, GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *digest = signet_hex_encode (reply_digest);

  json_object_set_int_member (object, "signet-confirmation", VERSION);
  json_object_set_string_member (object, "request", request_id);
  json_object_set_string_member (object, "reply-digest", digest);

  char *text = signet_json_print (object);
  g_autoptr (GBytes) content = g_bytes_new_take (text, strlen (text));
  return signet_cms_sign_with_key (content, signing_key, error);
}

static gboolean
check_content (SignetSecret *content, const char *request_id, GBytes *reply_digest, GError **error)
{
  gsize length;
  const guint8 *bytes = signet_secret_get (content, &length);
  g_autoptr (JsonObject) object = signet_json_parse ((const char *) bytes, length, SIGNET_MAX_JSON, error);
  const char *id, *hex;
  gint64 version;

  if (object == NULL || !signet_json_get_integer (object, "signet-confirmation", VERSION, VERSION, &version, error) ||
      (id = signet_json_get_text (object, "request", SIGNET_REQUEST_ID_LENGTH, error)) == NULL ||
      (hex = signet_json_get_text (object, "reply-digest", 64, error)) == NULL)
    return FALSE;

  g_autoptr (GBytes) digest = signet_hex_decode (hex, 32);
  if (strcmp (id, request_id) != 0 || digest == NULL || !g_bytes_equal (digest, reply_digest)) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, _("The confirmation is for another reply."));
    return FALSE;
  }
  return TRUE;
}

gboolean
signet_confirmation_verify (GBytes *bytes, const char *request_id, GBytes *reply_digest, GBytes *signing_spki,
                            GError **error)
{
  gsize length;
  const guint8 *der = g_bytes_get_data (bytes, &length);
  g_autoptr (SignetSignedData) signed_data = signet_signed_data_parse (der, length, SIGNET_MAX_REQUEST, error);

  return signed_data != NULL && signet_signed_data_verify_key (signed_data, signing_spki, error) &&
         check_content (signet_signed_data_get_content (signed_data), request_id, reply_digest, error);
}
