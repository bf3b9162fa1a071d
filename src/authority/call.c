/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/call.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/json.h"
#include "protocol/authority-info.h"

#include <string.h>

#define QUEUE_PAUSE 5              /* seconds until a client may ask again for a reply that waits for a key */
#define BUSY_PAUSE 30              /* likewise when the database does not answer */

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
signet_call_accept (SignetCall *self, const char *id, gboolean queued)
{
  self->status = SIGNET_STATUS_ACCEPTED;
  self->location = g_strconcat (SIGNET_PATH_REQUESTS "/", id, NULL);
  self->retry_after = queued ? QUEUE_PAUSE : 0;
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

void
signet_call_refuse_busy (SignetCall *self, const GError *error)
{
  if (error != NULL)
    g_message ("A call could not be answered: %s", error->message);
  self->retry_after = BUSY_PAUSE;
  signet_call_refuse (self, SIGNET_STATUS_UNAVAILABLE,
                      error != NULL ? _("The authority cannot answer now. Try again later.")
                                    : _("The authority has too much to do now. Try again later."));
}

void
signet_call_refuse_conflict (SignetCall *self)
{
  signet_call_refuse (self, SIGNET_STATUS_CONFLICT,
                      _("Another request has the number of this one. Start a new request."));
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
