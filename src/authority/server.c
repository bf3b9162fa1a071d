/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/server.h"

#include "authority/listener.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "protocol/authority-info.h"
#include "protocol/confirmation.h"
#include "protocol/request.h"
#include "protocol/revocation-request.h"

#include <libsoup/soup.h>
#include <string.h>

#define MAX_CREDENTIALS 1024 /* bytes of a decoded Authorization header: an address and a key with room to spare */
#define MAX_DISCARDED (1024 * 1024) /* bytes of a body that is read only to be answered politely */

struct _SignetServer {
  SignetService *service;
  SoupServer *soup;
  SignetListener *listener;
  guint under_way;                 /* calls with the service */
};

/* A message while the service has it.  The client may go away meanwhile. */
typedef struct {
  SignetServer *server;
  SoupServerMessage *message;
  gulong finished;
  gboolean gone;
} Exchange;

/* --- answering --- */

static void
set_answer (SoupServerMessage *message, SignetCall *call)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_server_message_set_status (message, call->status, NULL);
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  if (call->location != NULL)
    soup_message_headers_replace (headers, "Location", call->location);
  if (call->status == SIGNET_STATUS_UNAUTHORIZED)
    soup_message_headers_replace (headers, "WWW-Authenticate", "Basic realm=\"Signet\", charset=\"UTF-8\"");
  if (call->retry_after >= 0) {
    g_autofree char *seconds = g_strdup_printf ("%" G_GINT64_FORMAT, call->retry_after);
    soup_message_headers_replace (headers, "Retry-After", seconds);
  }
  if (call->answer != NULL) {
    soup_message_headers_set_content_type (headers, call->content_type, NULL);
    soup_message_body_append_bytes (soup_server_message_get_response_body (message), call->answer);
  }
}

static void
refuse (SoupServerMessage *message, SignetStatus status, const char *text)
{
  g_autoptr (SignetCall) call = signet_call_new (SIGNET_CALL_INFO);

  signet_call_refuse (call, status, text);
  set_answer (message, call);
}

static void
refuse_unknown (SoupServerMessage *message)
{
  refuse (message, SIGNET_STATUS_NOT_FOUND, _("There is nothing at this address."));
}

static void
refuse_size (SoupServerMessage *message)
{
  refuse (message, SIGNET_STATUS_TOO_LARGE, _("That is larger than a request can be."));
}

/* --- what is asked --- */

typedef struct {
  SignetCallKind kind;
  char *id;                        /* or NULL */
} Route;

/* GET takes nothing, POST one kind of body. */
static const struct {
  const char *method;
  const char *allow;
  const char *content_type;
} forms[] = {
  [SIGNET_CALL_INFO] = { "GET", "GET, HEAD", NULL },
  [SIGNET_CALL_SUBMIT] = { "POST", "POST", SIGNET_REQUEST_MIME_TYPE },
  [SIGNET_CALL_FETCH] = { "GET", "GET, HEAD", NULL },
  [SIGNET_CALL_CONFIRM] = { "POST", "POST", SIGNET_CONFIRMATION_MIME_TYPE },
  [SIGNET_CALL_REVOKE] = { "POST", "POST", SIGNET_REVOCATION_MIME_TYPE },
};

static gboolean
find_route (const char *path, Route *route)
{
  const char *rest;

  *route = (Route) { SIGNET_CALL_INFO, NULL };
  if (g_str_equal (path, SIGNET_PATH_AUTHORITY))
    return TRUE;
  if (g_str_equal (path, SIGNET_PATH_REVOCATIONS)) {
    route->kind = SIGNET_CALL_REVOKE;
    return TRUE;
  }
  if (!g_str_has_prefix (path, SIGNET_PATH_REQUESTS))
    return FALSE;

  rest = path + strlen (SIGNET_PATH_REQUESTS);
  route->kind = SIGNET_CALL_SUBMIT;
  if (*rest == '\0')
    return TRUE;
  if (*rest != '/' || strlen (rest) < 1 + SIGNET_REQUEST_ID_LENGTH)
    return FALSE;

  g_autofree char *id = g_strndup (rest + 1, SIGNET_REQUEST_ID_LENGTH);
  rest += 1 + SIGNET_REQUEST_ID_LENGTH;
  route->kind = *rest == '\0' ? SIGNET_CALL_FETCH : SIGNET_CALL_CONFIRM;
  if (!signet_request_id_is_valid (id) || (*rest != '\0' && !g_str_equal (rest, "/confirmation")))
    return FALSE;
  route->id = g_steal_pointer (&id);
  return TRUE;
}

static gboolean
is_allowed (SoupServerMessage *message, SignetCallKind kind)
{
  const char *method = soup_server_message_get_method (message);

  return g_str_equal (method, forms[kind].method) ||
         (g_str_equal (method, "HEAD") && g_str_equal (forms[kind].method, "GET"));
}

/* Address and temporary key (RFC 7617).  libsoup keeps the header itself; this copy of it is wiped. */
static void
read_credentials (SignetCall *call, SoupServerMessage *message)
{
  const char *header = soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                                     "Authorization");
  gsize length = 0;

  if (header == NULL || g_ascii_strncasecmp (header, "Basic ", strlen ("Basic ")) != 0 ||
      strlen (header) > MAX_CREDENTIALS * 4 / 3)
    return;

  guint8 *plain = g_base64_decode (header + strlen ("Basic "), &length);
  g_autoptr (SignetSecret) secret = signet_secret_new (plain, length);
  signet_wipe (plain, length);
  g_free (plain);

  const char *text = signet_secret_get_text (secret);
  const char *colon = text != NULL ? strchr (text, ':') : NULL;
  if (colon == NULL)
    return;
  call->address = g_strndup (text, colon - text);
  call->key = signet_secret_new_text (colon + 1);
}

static SignetCall *
make_call (SoupServerMessage *message, Route *route)
{
  SignetCall *call = signet_call_new (route->kind);

  call->id = g_steal_pointer (&route->id);
  call->body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  if (route->kind == SIGNET_CALL_SUBMIT)
    read_credentials (call, message);
  return call;
}

/* --- a request arrives --- */

/* SoupServer has no cap of its own.  What is refused is read on for a little while, since a client that is still
 * sending would not see the answer; then the line is cut. */
static void
got_chunk (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  gsize before = GPOINTER_TO_SIZE (g_object_get_data (G_OBJECT (message), "signet-received"));
  gsize received = before + g_bytes_get_size (chunk);

  g_object_set_data (G_OBJECT (message), "signet-received", GSIZE_TO_POINTER (received));
  if (received > SIGNET_MAX_REQUEST && before <= SIGNET_MAX_REQUEST) {
    soup_message_body_set_accumulate (body, FALSE);
    soup_message_body_truncate (body);
    if (soup_server_message_get_status (message) == 0)
      refuse_size (message);
  }
  if (received > MAX_DISCARDED)
    signet_listener_cut (message);
}

/* Refuses what can be refused before its body is there. */
static void
got_headers (SoupServerMessage *message, gpointer user_data)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  g_autofree char *type = NULL;
  Route route;

  soup_message_headers_remove (headers, "Range");        /* or libsoup cuts the answer to pieces */
  if (soup_server_message_get_status (message) != 0)
    return;
  if (!find_route (g_uri_get_path (soup_server_message_get_uri (message)), &route)) {
    refuse_unknown (message);
    return;
  }
  g_free (route.id);
  if (!is_allowed (message, route.kind)) {
    refuse (message, SIGNET_STATUS_METHOD_NOT_ALLOWED, _("This cannot be done here."));
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Allow", forms[route.kind].allow);
    return;
  }
  type = g_strdup (soup_message_headers_get_content_type (headers, NULL));
  if (forms[route.kind].content_type != NULL && g_strcmp0 (type, forms[route.kind].content_type) != 0)
    refuse (message, SIGNET_STATUS_UNSUPPORTED_TYPE, _("That is not a request of Signet."));
  else if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH &&
           soup_message_headers_get_content_length (headers) > SIGNET_MAX_REQUEST)
    refuse_size (message);
}

static void
request_started (SoupServer *soup, SoupServerMessage *message, SignetServer *self)
{
  g_signal_connect (message, "got-headers", G_CALLBACK (got_headers), NULL);
  g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk), NULL);
}

/* --- a request is handled --- */

static void
client_gone (SoupServerMessage *message, Exchange *exchange)
{
  exchange->gone = TRUE;
}

static void
answered (SignetCall *call, gpointer data)
{
  Exchange *exchange = data;

  exchange->server->under_way--;
  g_signal_handler_disconnect (exchange->message, exchange->finished);
  if (!exchange->gone) {
    set_answer (exchange->message, call);
    soup_server_message_unpause (exchange->message);
  }
  g_object_unref (exchange->message);
  g_free (exchange);
  signet_call_free (call);
}

static void
handle (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  SignetServer *self = data;
  Exchange *exchange;
  Route route;

  if (!find_route (path, &route)) {
    refuse_unknown (message);
    return;
  }
  exchange = g_new0 (Exchange, 1);
  exchange->server = self;
  exchange->message = g_object_ref (message);
  exchange->finished = g_signal_connect (message, "finished", G_CALLBACK (client_gone), exchange);
  self->under_way++;
  soup_server_message_pause (message);
  signet_service_handle (self->service, make_call (message, &route), answered, exchange);
}

/* --- life cycle --- */

SignetServer *
signet_server_new (SignetService *service, SignetTlsCredentials *credentials)
{
  SignetServer *self = g_new0 (SignetServer, 1);

  self->service = service;
  self->soup = soup_server_new ("raw-paths", TRUE, NULL);
  g_signal_connect (self->soup, "request-started", G_CALLBACK (request_started), self);
  soup_server_add_handler (self->soup, NULL, handle, self, NULL);
  self->listener = signet_listener_new (self->soup, credentials);
  return self;
}

void
signet_server_free (SignetServer *self)
{
  g_clear_pointer (&self->listener, signet_listener_free);
  g_object_unref (self->soup);
  g_free (self);
}

gboolean
signet_server_listen (SignetServer *self, const char *address, GError **error)
{
  return signet_listener_listen (self->listener, address, error);
}

char *
signet_server_get_address (SignetServer *self)
{
  return signet_listener_get_address (self->listener);
}

void
signet_server_set_credentials (SignetServer *self, SignetTlsCredentials *credentials)
{
  signet_listener_set_credentials (self->listener, credentials);
}

void
signet_server_stop (SignetServer *self)
{
  signet_listener_stop (self->listener);
}

gboolean
signet_server_is_done (SignetServer *self)
{
  return self->under_way == 0 && signet_listener_count_answering (self->listener) == 0;
}
