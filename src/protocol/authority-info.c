/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/authority-info.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/limits.h"
#include "protocol/name.h"

#include <string.h>

#define VERSION 1
#define OPERATION "enroll"

/* What an authority says of itself, immutable. */
struct _SignetAuthorityInfo {
  gatomicrefcount refs;
  char *name;
  char *notice;
  GPtrArray *certificates;
};

G_DEFINE_BOXED_TYPE (SignetAuthorityInfo, signet_authority_info, signet_authority_info_ref, signet_authority_info_unref)

SignetAuthorityInfo *
signet_authority_info_new (const char *name, const char *notice, GPtrArray *certificates)
{
  SignetAuthorityInfo *self = g_new0 (SignetAuthorityInfo, 1);

  g_assert (certificates->len > 0);
  g_atomic_ref_count_init (&self->refs);
  self->name = g_strdup (name);
  self->notice = g_strdup (notice);
  self->certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_certificate_unref);
  for (guint i = 0; i < certificates->len; i++)
    g_ptr_array_add (self->certificates, signet_certificate_ref (certificates->pdata[i]));
  return self;
}

SignetAuthorityInfo *
signet_authority_info_ref (SignetAuthorityInfo *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
signet_authority_info_unref (SignetAuthorityInfo *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->name);
  g_free (self->notice);
  g_ptr_array_unref (self->certificates);
  g_free (self);
}

const char *
signet_authority_info_get_name (SignetAuthorityInfo *self)
{
  return self->name;
}

const char *
signet_authority_info_get_notice (SignetAuthorityInfo *self)
{
  return self->notice;
}

SignetCertificate *
signet_authority_info_get_root (SignetAuthorityInfo *self)
{
  return self->certificates->pdata[0];
}

GPtrArray *
signet_authority_info_get_certificates (SignetAuthorityInfo *self)
{
  return self->certificates;
}

GBytes *
signet_authority_info_to_json (SignetAuthorityInfo *self)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GPtrArray) certificates = g_ptr_array_new ();
  JsonArray *operations = json_array_new ();

  for (guint i = 0; i < self->certificates->len; i++)
    g_ptr_array_add (certificates, signet_certificate_get_der (self->certificates->pdata[i]));
  json_array_add_string_element (operations, OPERATION);

  json_object_set_int_member (object, "signet-authority", VERSION);
  json_object_set_string_member (object, "name", self->name);
  if (self->notice != NULL)
    json_object_set_string_member (object, "notice", self->notice);
  signet_json_set_bytes_array (object, "certificates", certificates);
  json_object_set_array_member (object, "operations", operations);

  char *text = signet_json_print (object);
  return g_bytes_new_take (text, strlen (text));
}

/* --- reading --- */

static gboolean
refuse (GError **error, SignetError code, const char *text)
{
  g_set_error_literal (error, SIGNET_ERROR, code, text);
  return FALSE;
}

static gboolean
check_version (JsonObject *object, GError **error)
{
  JsonArray *operations;
  gint64 version;

  if (!signet_json_get_integer (object, "signet-authority", 1, G_MAXINT64, &version, error))
    return FALSE;
  if (version != VERSION)
    return refuse (error, SIGNET_ERROR_UNSUPPORTED,
                   _("The authority speaks a newer protocol. Install a newer version of Signet."));

  operations = signet_json_get_array (object, "operations", 64, error);
  if (operations == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (operations); i++) {
    JsonNode *node = json_array_get_element (operations, i);
    if (JSON_NODE_HOLDS_VALUE (node) && g_strcmp0 (json_node_get_string (node), OPERATION) == 0)
      return TRUE;
  }
  return refuse (error, SIGNET_ERROR_UNSUPPORTED,
                 _("The authority does not take requests for digital IDs here. Ask your administrator."));
}

/* The escrow notice is shown as text of several lines. */
static gboolean
check_notice (const char *notice, GError **error)
{
  for (const char *c = notice; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)) && *c != '\n')
      return refuse (error, SIGNET_ERROR_INVALID,
                     _("The authority's notice cannot be shown. Tell your administrator."));
  return TRUE;
}

static GPtrArray *
read_certificates (JsonObject *object, GError **error)
{
  g_autoptr (GPtrArray) list = signet_json_get_bytes_array (object, "certificates", SIGNET_MAX_CHAIN,
                                                            SIGNET_MAX_CERTIFICATE, error);
  g_autoptr (GPtrArray) certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_certificate_unref);

  for (guint i = 0; list != NULL && i < list->len; i++) {
    SignetCertificate *certificate = signet_certificate_new (list->pdata[i], error);
    if (certificate == NULL)
      return NULL;
    g_ptr_array_add (certificates, certificate);
    if (!signet_certificate_is_ca (certificate)) {
      refuse (error, SIGNET_ERROR_INVALID,
              _("A certificate of the authority is none that can issue. Tell your administrator."));
      return NULL;
    }
  }
  if (list != NULL && list->len == 0)
    refuse (error, SIGNET_ERROR_INVALID, _("The authority shows no certificate. Tell your administrator."));
  return list != NULL && list->len > 0 ? g_steal_pointer (&certificates) : NULL;
}

SignetAuthorityInfo *
signet_authority_info_parse (GBytes *json, GBytes *pin, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (json, &length);
  g_autoptr (JsonObject) object = signet_json_parse (text, length, SIGNET_MAX_JSON, error);
  const char *name, *notice = NULL;

  if (object == NULL || !check_version (object, error) ||
      (name = signet_json_get_text (object, "name", SIGNET_MAX_NAME * 4, error)) == NULL)
    return NULL;
  if (!signet_name_is_valid (name)) {
    refuse (error, SIGNET_ERROR_INVALID, _("The name of the authority cannot be shown. Tell your administrator."));
    return NULL;
  }
  if (json_object_has_member (object, "notice") &&
      ((notice = signet_json_get_text (object, "notice", SIGNET_MAX_NOTICE, error)) == NULL ||
       !check_notice (notice, error)))
    return NULL;

  g_autoptr (GPtrArray) certificates = read_certificates (object, error);
  if (certificates == NULL)
    return NULL;
  g_autoptr (GBytes) digest = signet_certificate_get_pin (certificates->pdata[0]);
  if (!g_bytes_equal (digest, pin)) {
    refuse (error, SIGNET_ERROR_UNTRUSTED,
            _("The server is not the authority that your invitation names. Nothing was sent. Ask your administrator."));
    return NULL;
  }
  return signet_authority_info_new (name, notice != NULL && *notice != '\0' ? notice : NULL, certificates);
}
