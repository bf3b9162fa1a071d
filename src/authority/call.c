/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/call.h"

#include "base/error.h"
#include "base/json.h"

#include <string.h>

SignetCall *
signet_call_new (SignetCallKind kind)
{
  SignetCall *self = g_new0 (SignetCall, 1);

  self->kind = kind;
  self->retry_after = -1;
  return self;
}

void
signet_call_free (SignetCall *self)
{
  g_free (self->id);
  g_free (self->address);
  g_clear_pointer (&self->key, signet_secret_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->answer, g_bytes_unref);
  g_free (self->location);
  g_free (self);
}

void
signet_call_refuse (SignetCall *self, SignetStatus status, const char *text)
{
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "error", text);
  char *json = signet_json_print (object);
  g_clear_pointer (&self->answer, g_bytes_unref);
  self->status = status;
  self->content_type = "application/json";
  self->answer = g_bytes_new_take (json, strlen (json));
}

SignetStatus
signet_call_status_for (const GError *error)
{
  if (g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE))
    return SIGNET_STATUS_TOO_LARGE;
  if (g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED) ||
      g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_REFUSED))
    return SIGNET_STATUS_UNPROCESSABLE;
  return SIGNET_STATUS_BAD_REQUEST;
}
