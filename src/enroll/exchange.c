/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enroll/exchange.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "net/http.h"
#include "protocol/confirmation.h"
#include "protocol/reply.h"
#include "protocol/request.h"
#include "protocol/revocation-request.h"

/* When an authority names no time, and the shortest time between two questions. */
#define DEFAULT_RETRY 60
#define SHORTEST_RETRY 1

static SignetHttpAnswer *
ask (SignetHttpRequest *request, SignetExchangeNote *note, GCancellable *cancellable, GError **error)
{
  request->sent = &note->sent;

  SignetHttpAnswer *answer = signet_http_send (request, cancellable, error);
  note->retry_after = answer != NULL ? MAX (answer->retry_after, 0) : 0;
  return answer;
}

/* The request is in, and its reply is not there yet. */
static void
note_waiting (const SignetHttpAnswer *answer, SignetExchangeNote *note)
{
  note->retry_after = answer->retry_after < 0 ? DEFAULT_RETRY : MAX (answer->retry_after, SHORTEST_RETRY);
}

/* --- what an answer outside the expected ones means to a person --- */

static gboolean
fail (GError **error, SignetError code, const char *text)
{
  g_set_error_literal (error, SIGNET_ERROR, code, text);
  return FALSE;
}

/* No verdict of an authority: something else answers in its place, or it is broken. */
static gboolean
fail_senseless (GError **error)
{
  return fail (error, SIGNET_ERROR_UNREACHABLE,
               _("The server's answer makes no sense. If that goes on, tell your administrator."));
}

static gboolean
fail_no_authority (GError **error)
{
  return fail (error, SIGNET_ERROR_NOT_FOUND,
               _("There is no Signet authority at this address. Check the server's name."));
}

/* Whole minutes, one at the least. */
static guint
minutes_to_wait (const SignetHttpAnswer *answer)
{
  return (MAX (answer->retry_after, 1) + 59) / 60;
}

static gboolean
fail_status (const SignetHttpAnswer *answer, GError **error)
{
  if (answer->status >= 500)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_UNREACHABLE,
                 _("The server has a problem of its own (%u). If that goes on, tell your administrator."),
                 answer->status);
  else if (answer->status == 429)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_BUSY,
                 g_dngettext (GETTEXT_PACKAGE, "The server asks to wait for %u minute.",
                              "The server asks to wait for %u minutes.", minutes_to_wait (answer)),
                 minutes_to_wait (answer));
  else if (answer->status >= 400)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_REFUSED,
                 _("The server did not accept the request (%u). Ask your administrator."), answer->status);
  else
    return fail_senseless (error);
  return FALSE;
}

/* The answer to a temporary key. */
static gboolean
fail_key (const SignetHttpAnswer *answer, GError **error)
{
  if (answer->status == 401 || answer->status == 403)
    return fail (error, SIGNET_ERROR_REFUSED,
                 _("The temporary key was not accepted. Check it and the mail address; if both are right, it has been "
                   "used or has run out: ask your administrator for a new one."));
  if (answer->status == 404)
    return fail_no_authority (error);
  if (answer->status != 429)
    return fail_status (answer, error);
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_BUSY,
               g_dngettext (GETTEXT_PACKAGE,
                            "There were too many wrong temporary keys for this address. It is locked for %u minute.",
                            "There were too many wrong temporary keys for this address. It is locked for %u minutes.",
                            minutes_to_wait (answer)),
               minutes_to_wait (answer));
  return FALSE;
}

/* The answer to somebody who asks for a reply, or tells of one. */
static gboolean
fail_reply (const SignetHttpAnswer *answer, GError **error)
{
  if (answer->status == 404)
    return fail (error, SIGNET_ERROR_NOT_FOUND,
                 _("The server knows nothing of this request. Open the reply from your mail, or ask your "
                   "administrator."));
  if (answer->status == 410)
    return fail (error, SIGNET_ERROR_NOT_FOUND,
                 _("The server has no reply to this request any more. Ask your administrator for a new invitation."));
  return fail_status (answer, error);
}

/* The answer to the signature of a digital ID. */
static gboolean
fail_signature (const SignetHttpAnswer *answer, GError **error)
{
  if (answer->status == 401 || answer->status == 403)
    return fail (error, SIGNET_ERROR_REFUSED,
                 _("Your organization did not accept this digital ID: it has been revoked, has expired, or has been "
                   "renewed elsewhere. Ask your administrator for a new invitation."));
  if (answer->status == 404 || answer->status == 405)
    return fail_no_authority (error);
  if (answer->status == 429)
    return fail (error, SIGNET_ERROR_BUSY,
                 _("Your organization does not renew this digital ID now: it is too early, or it was renewed too often "
                   "today. Try again later."));
  return fail_status (answer, error);
}

/* --- the questions --- */

SignetAuthorityInfo *
signet_exchange_discover (SignetInvitation *invitation, GCancellable *cancellable, GError **error)
{
  g_autofree char *url = g_strconcat (signet_invitation_get_authority (invitation), SIGNET_PATH_AUTHORITY, NULL);
  SignetHttpRequest request = {
    .method = "GET",
    .url = url,
    .pin = signet_invitation_get_pin (invitation),
    .max_body = SIGNET_MAX_JSON,
  };
  g_autoptr (SignetHttpAnswer) answer = signet_http_send (&request, cancellable, error);

  if (answer == NULL)
    return NULL;
  if (answer->status != 200) {
    (void) (answer->status == 404 ? fail_no_authority (error) : fail_status (answer, error));
    return NULL;
  }
  return signet_authority_info_parse (answer->body, signet_invitation_get_pin (invitation), error);
}

gboolean
signet_exchange_submit (SignetPending *pending, char **location, SignetExchangeNote *note, GCancellable *cancellable,
                        GError **error)
{
  const SignetPendingFacts *facts = signet_pending_get_facts (pending);
  g_autofree char *url = g_strconcat (signet_pending_get_authority_url (pending), SIGNET_PATH_REQUESTS, NULL);
  SignetHttpRequest request = {
    .method = "POST",
    .url = url,
    .pin = facts->pin,
    .user = facts->temporary_key != NULL ? signet_pending_get_address (pending) : NULL,
    .password = facts->temporary_key,
    .content_type = SIGNET_REQUEST_MIME_TYPE,
    .body = facts->request,
    .max_body = SIGNET_MAX_JSON,
  };
  g_autoptr (SignetHttpAnswer) answer = ask (&request, note, cancellable, error);

  if (answer == NULL)
    return FALSE;
  if (answer->status != 202)
    return signet_pending_get_renewed (pending) != NULL ? fail_signature (answer, error) : fail_key (answer, error);
  if (answer->location == NULL)
    return fail_senseless (error);
  note_waiting (answer, note);
  *location = g_strdup (answer->location);
  return TRUE;
}

gboolean
signet_exchange_poll (SignetPending *pending, GBytes **attachment, SignetExchangeNote *note, GCancellable *cancellable,
                      GError **error)
{
  const SignetPendingFacts *facts = signet_pending_get_facts (pending);
  SignetHttpRequest request = {
    .method = "GET",
    .url = facts->location,
    .pin = facts->pin,
    .max_body = SIGNET_MAX_MESSAGE,
  };
  g_autoptr (SignetHttpAnswer) answer = ask (&request, note, cancellable, error);

  if (answer == NULL)
    return FALSE;
  if (answer->status == 202) {
    note_waiting (answer, note);
    *attachment = NULL;
    return TRUE;
  }
  if (answer->status != 200)
    return fail_reply (answer, error);

  GBytes *found = signet_reply_message_extract (answer->body, NULL);
  if (found == NULL)
    return fail_senseless (error);
  *attachment = found;
  return TRUE;
}

gboolean
signet_exchange_confirm (SignetPending *pending, SignetExchangeNote *note, GCancellable *cancellable, GError **error)
{
  const SignetPendingFacts *facts = signet_pending_get_facts (pending);
  g_autofree char *requests = g_strconcat (signet_pending_get_authority_url (pending), SIGNET_PATH_REQUESTS, "/",
                                           signet_pending_get_id (pending), NULL);
  g_autofree char *url = g_strconcat (facts->location != NULL ? facts->location : requests, "/confirmation", NULL);
  SignetHttpRequest request = {
    .method = "POST",
    .url = url,
    .pin = facts->pin,
    .content_type = SIGNET_CONFIRMATION_MIME_TYPE,
    .body = facts->confirmation,
    .max_body = SIGNET_MAX_JSON,
  };
  g_autoptr (SignetHttpAnswer) answer = ask (&request, note, cancellable, error);

  if (answer == NULL)
    return FALSE;
  return answer->status / 100 == 2 || fail_reply (answer, error);
}

gboolean
signet_exchange_revoke (const char *server, GBytes *pin, GBytes *body, GCancellable *cancellable, GError **error)
{
  g_autofree char *url = g_strconcat (server, SIGNET_PATH_REVOCATIONS, NULL);
  SignetHttpRequest request = {
    .method = "POST",
    .url = url,
    .pin = pin,
    .content_type = SIGNET_REVOCATION_MIME_TYPE,
    .body = body,
    .max_body = SIGNET_MAX_JSON,
  };
  g_autoptr (SignetHttpAnswer) answer = signet_http_send (&request, cancellable, error);

  if (answer == NULL)
    return FALSE;
  return answer->status / 100 == 2 || fail_signature (answer, error);
}
