/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enroll/pending-private.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "keyset/item-format.h"
#include "protocol/request.h"

#include <string.h>

/* The stored form is a frame of keyset/item-format.h:
 *   header  id, state, authority, authority-name, pin, address, keyset, nonce, created, retry-at, failures, request,
 *           reply-id; and where there is one: renews (the id of a keyset), location, problem (a text) and problem-code
 *           (SignetError), reply, confirmation
 *   body    u8 length, temporary key | AsymmetricKeyPackage of the signing key and the reply key, or nothing
 * or, of one that was saved as a file:
 *   header  id, state, address, keyset, created, request, reply-id, level
 *   body    the private key as enroll/file-request.c seals it, or nothing
 */
#define MAGIC "SignetRq"
#define FORMAT_VERSION 1

static const char *const state_names[] = { "created", "waiting", "ready", "confirming", "refused", "removed",
                                          "certificate" };

const char *
signet_pending_state_to_name (SignetPendingState state)
{
  return state_names[state];
}

static JsonObject *
build_header (SignetPending *self)
{
  const SignetPendingFacts *facts = &self->facts;
  JsonObject *header = json_object_new ();

  json_object_set_string_member (header, "id", self->id);
  json_object_set_string_member (header, "state", state_names[self->state]);
  json_object_set_string_member (header, "address", self->address);
  json_object_set_string_member (header, "keyset", self->keyset_name);
  json_object_set_int_member (header, "created", self->created);
  signet_json_set_bytes (header, "request", facts->request);
  signet_json_set_bytes (header, "reply-id", facts->reply_id);
  if (self->level != 0) {
    json_object_set_string_member (header, "level", signet_level_to_name (self->level));
    return header;
  }
  json_object_set_string_member (header, "authority", self->authority_url);
  json_object_set_string_member (header, "authority-name", self->authority_name);
  signet_json_set_bytes (header, "pin", facts->pin);
  json_object_set_string_member (header, "nonce", facts->nonce);
  json_object_set_int_member (header, "retry-at", self->retry_at);
  json_object_set_int_member (header, "failures", facts->failures);
  if (self->renewed != NULL)
    json_object_set_string_member (header, "renews", self->renewed);
  if (facts->location != NULL)
    json_object_set_string_member (header, "location", facts->location);
  if (self->problem != NULL) {
    json_object_set_string_member (header, "problem", self->problem->message);
    json_object_set_int_member (header, "problem-code",
                                self->problem->domain == SIGNET_ERROR ? self->problem->code : SIGNET_ERROR_FAILED);
  }
  if (facts->reply != NULL)
    signet_json_set_bytes (header, "reply", facts->reply);
  if (facts->confirmation != NULL)
    signet_json_set_bytes (header, "confirmation", facts->confirmation);
  return header;
}

static SignetSecret *
build_body (SignetPending *self, GError **error)
{
  const SignetPendingFacts *facts = &self->facts;
  g_autoptr (SignetSecret) package = NULL;
  if (self->level != 0)
    return facts->sealed != NULL ? signet_secret_ref (facts->sealed) : signet_secret_new (NULL, 0);

  gsize key_length = facts->temporary_key != NULL ? signet_secret_length (facts->temporary_key) : 0;

  if (facts->signing_key != NULL) {
    g_autoptr (GPtrArray) keys = g_ptr_array_new ();

    g_ptr_array_add (keys, facts->signing_key);
    g_ptr_array_add (keys, facts->reply_key);
    package = signet_private_keys_to_package (keys, error);
    if (package == NULL)
      return NULL;
  }

  gsize package_length = package != NULL ? signet_secret_length (package) : 0;
  SignetSecret *body = signet_secret_alloc (1 + key_length + package_length);
  guint8 *data = signet_secret_edit (body);

  data[0] = key_length;
  if (key_length > 0)
    memcpy (data + 1, signet_secret_get (facts->temporary_key, NULL), key_length);
  if (package_length > 0)
    memcpy (data + 1 + key_length, signet_secret_get (package, NULL), package_length);
  return body;
}

SignetSecret *
signet_pending_to_blob (SignetPending *self, GError **error)
{
  g_autoptr (JsonObject) header = build_header (self);
  g_autoptr (GBytes) prefix = signet_item_format_prefix (MAGIC, FORMAT_VERSION, header);
  g_autoptr (SignetSecret) body = build_body (self, error);

  return body != NULL ? signet_item_format_build (prefix, body, error) : NULL;
}

static gboolean
parse_state (SignetPending *self, JsonObject *header, GError **error)
{
  const char *name = signet_json_get_text (header, "state", 32, error);

  if (name == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (state_names); i++) {
    if (g_str_equal (name, state_names[i])) {
      self->state = i;
      return TRUE;
    }
  }
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                       _("This request was stored by a later version of Signet. Update Signet to go on with it."));
  return FALSE;
}

static gboolean
dup_text (JsonObject *header, const char *member, gsize max, char **text, GError **error)
{
  *text = g_strdup (signet_json_get_text (header, member, max, error));
  return *text != NULL;
}

static gboolean
dup_optional_text (JsonObject *header, const char *member, gsize max, char **text, GError **error)
{
  return !json_object_has_member (header, member) || dup_text (header, member, max, text, error);
}

static gboolean
dup_bytes (JsonObject *header, const char *member, gsize max, GBytes **bytes, GError **error)
{
  *bytes = signet_json_get_bytes (header, member, max, error);
  return *bytes != NULL;
}

static gboolean
dup_optional_bytes (JsonObject *header, const char *member, gsize max, GBytes **bytes, GError **error)
{
  return !json_object_has_member (header, member) || dup_bytes (header, member, max, bytes, error);
}

static gboolean
parse_problem (SignetPending *self, JsonObject *header, GError **error)
{
  const char *text;
  gint64 code;

  if (!json_object_has_member (header, "problem"))
    return TRUE;
  if ((text = signet_json_get_text (header, "problem", SIGNET_MAX_NOTICE, error)) == NULL ||
      !signet_json_get_integer (header, "problem-code", 0, G_MAXINT, &code, error))
    return FALSE;
  self->problem = g_error_new_literal (SIGNET_ERROR, code, text);
  return TRUE;
}

/* Of those that were saved as a file, and only of those. */
static gboolean
parse_level (SignetPending *self, JsonObject *header, GError **error)
{
  const char *name = signet_json_get_text (header, "level", 32, error);

  if (name != NULL && !signet_level_from_name (name, &self->level)) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED, _("The stored request is damaged."));
    return FALSE;
  }
  return name != NULL;
}

static gboolean
parse_header (SignetPending *self, JsonObject *header, GError **error)
{
  SignetPendingFacts *facts = &self->facts;
  gint64 failures;

  if (!parse_state (self, header, error) ||
      !dup_text (header, "id", SIGNET_REQUEST_ID_LENGTH, &self->id, error) ||
      !dup_text (header, "address", SIGNET_MAX_ADDRESS, &self->address, error) ||
      !dup_text (header, "keyset", SIGNET_MAX_NAME * 4, &self->keyset_name, error) ||
      !signet_json_get_integer (header, "created", 0, G_MAXINT64, &self->created, error) ||
      !dup_bytes (header, "request", SIGNET_MAX_REQUEST, &facts->request, error) ||
      !dup_bytes (header, "reply-id", 20, &facts->reply_id, error))
    return FALSE;
  if (json_object_has_member (header, "level"))
    return parse_level (self, header, error);
  if (!dup_text (header, "authority", SIGNET_MAX_URL, &self->authority_url, error) ||
      !dup_text (header, "authority-name", SIGNET_MAX_NAME * 4, &self->authority_name, error) ||
      !dup_bytes (header, "pin", 32, &facts->pin, error) ||
      !dup_text (header, "nonce", SIGNET_REQUEST_ID_LENGTH, &facts->nonce, error) ||
      !signet_json_get_integer (header, "retry-at", 0, G_MAXINT64, &self->retry_at, error) ||
      !signet_json_get_integer (header, "failures", 0, 100, &failures, error) ||
      !dup_optional_text (header, "renews", 64, &self->renewed, error) ||
      !dup_optional_text (header, "location", SIGNET_MAX_URL, &facts->location, error) ||
      !parse_problem (self, header, error) ||
      !dup_optional_bytes (header, "reply", SIGNET_MAX_REPLY, &facts->reply, error) ||
      !dup_optional_bytes (header, "confirmation", SIGNET_MAX_REQUEST, &facts->confirmation, error))
    return FALSE;
  facts->failures = failures;
  return TRUE;
}

static gboolean
parse_body (SignetPending *self, SignetSecret *body, GError **error)
{
  SignetPendingFacts *facts = &self->facts;
  gsize length;
  const guint8 *data = signet_secret_get (body, &length);

  if (self->level != 0) {
    facts->sealed = length > 0 ? signet_secret_ref (body) : NULL;
    return TRUE;
  }
  if (length < 1 || length - 1 < data[0]) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED, _("The stored request is damaged."));
    return FALSE;
  }
  if (data[0] > 0)
    facts->temporary_key = signet_secret_new (data + 1, data[0]);
  if (length == 1u + data[0])
    return TRUE;

  g_autoptr (SignetSecret) package = signet_secret_new (data + 1 + data[0], length - 1 - data[0]);
  g_autoptr (GPtrArray) keys = signet_private_keys_from_package (package, error);
  if (keys == NULL)
    return FALSE;
  if (keys->len == 2) {
    facts->signing_key = signet_private_key_ref (keys->pdata[0]);
    facts->reply_key = signet_private_key_ref (keys->pdata[1]);
  }
  return TRUE;
}

/* Whether the item holds what its state works with, so that the steps need not ask. */
static gboolean
is_complete (SignetPending *self)
{
  const SignetPendingFacts *facts = &self->facts;
  gboolean has_keys = facts->signing_key != NULL;

  if (!signet_request_id_is_valid (self->id))
    return FALSE;
  if (self->level != 0)
    return self->state == SIGNET_PENDING_REMOVED ||
           (self->state == SIGNET_PENDING_CERTIFICATE && facts->sealed != NULL);
  if (g_bytes_get_size (facts->pin) != 32 ||
      (self->renewed != NULL && (!g_uuid_string_is_valid (self->renewed) || facts->temporary_key != NULL)))
    return FALSE;
  switch (self->state) {
    case SIGNET_PENDING_CREATED:
    case SIGNET_PENDING_REFUSED:
      return has_keys && (facts->temporary_key != NULL || self->renewed != NULL);
    case SIGNET_PENDING_WAITING:
      return has_keys && facts->location != NULL;
    case SIGNET_PENDING_READY:
      return has_keys && facts->reply != NULL;
    case SIGNET_PENDING_CONFIRMING:
      return facts->confirmation != NULL;
    case SIGNET_PENDING_REMOVED:
      return TRUE;
    case SIGNET_PENDING_CERTIFICATE:
      break;
  }
  return FALSE;
}

SignetPending *
signet_pending_from_blob (SignetSecret *blob, GError **error)
{
  g_autoptr (SignetPending) self = g_object_new (SIGNET_TYPE_PENDING, NULL);
  g_autoptr (SignetItemParts) parts = signet_item_format_parse (blob, MAGIC, FORMAT_VERSION, error);

  if (parts == NULL || !parse_header (self, parts->header, error) || !parse_body (self, parts->body, error))
    return NULL;
  if (!is_complete (self)) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED, _("The stored request is damaged."));
    return NULL;
  }
  return g_steal_pointer (&self);
}
