/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net/http.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "config.h"
#include "net/answer.h"
#include "net/deadline.h"
#include "net/pin.h"
#include "net/url.h"

#include <libsoup/soup.h>
#include <string.h>

#define DEFAULT_TIMEOUT 60        /* seconds: an authority may make an RSA key before it answers */
#define BLOCK (16 * 1024)

/* One request on a session, a connection and a main context of its own: nothing of one exchange, least of all what was
 * once trusted, reaches the next. */
typedef struct {
  const SignetHttpRequest *request;
  GUri *url;
  SoupMessage *message;
  GCancellable *cancellable;      /* the caller's wish, the deadline and our own refusal meet here */
  SignetDeadline *deadline;
  gboolean trusted;               /* what comes is from a server whose certificate we trust, or need not */
  gboolean refused;               /* by us, after the handshake */
} Exchange;

static guint
get_timeout (const SignetHttpRequest *request)
{
  return request->timeout != 0 ? request->timeout : DEFAULT_TIMEOUT;
}

/* "user:password" in base64 (RFC 7617 section 2).  libsoup copies it into plain memory to send it; ours is wiped. */
static SignetSecret *
make_basic (const char *user, SignetSecret *password)
{
  gsize user_length = strlen (user), password_length, length;
  const guint8 *bytes = signet_secret_get (password, &password_length);
  g_autoptr (SignetSecret) pair = signet_secret_alloc (user_length + 1 + password_length);
  guint8 *text = signet_secret_edit (pair);
  int state = 0, save = 0;

  memcpy (text, user, user_length);
  text[user_length] = ':';
  memcpy (text + user_length + 1, bytes, password_length);

  length = strlen ("Basic ") + (signet_secret_length (pair) + 2) / 3 * 4;
  SignetSecret *basic = signet_secret_alloc (length);
  char *out = (char *) signet_secret_edit (basic);
  memcpy (out, "Basic ", strlen ("Basic "));
  out += strlen ("Basic ");
  out += g_base64_encode_step (text, signet_secret_length (pair), FALSE, out, &state, &save);
  g_base64_encode_close (FALSE, out, &state, &save);
  signet_wipe (&save, sizeof save);
  return basic;
}

static gboolean
is_without_tls (Exchange *self)
{
  return g_str_equal (g_uri_get_scheme (self->url), "http");
}

/* The handshake is over and nothing has been written.  A resumed TLS session skips the trust decision of the handshake
 * (glib-networking 2.74), but its certificate errors are still found anew: so the decision is made here, for every
 * connection, and the password does not enter libsoup before it. */
static void
on_starting (SoupMessage *message, gpointer user_data)
{
  Exchange *self = user_data;

  self->trusted = is_without_tls (self) ||
                  (soup_message_get_tls_peer_certificate (message) != NULL &&
                   soup_message_get_tls_peer_certificate_errors (message) == 0 &&
                   soup_message_get_tls_protocol_version (message) >= G_TLS_PROTOCOL_VERSION_TLS_1_2);
  self->refused = !self->trusted;
  if (self->trusted && self->request->sent != NULL)
    *self->request->sent = TRUE;
  if (self->refused) {
    g_cancellable_cancel (self->cancellable);
  } else if (self->request->user != NULL) {
    g_autoptr (SignetSecret) basic = make_basic (self->request->user, self->request->password);
    soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                  (const char *) signet_secret_get (basic, NULL));
  }
}

/* Without this an answer that was cut off by somebody on the way would look like a short one. */
static void
on_network_event (SoupMessage *message, GSocketClientEvent event, GIOStream *connection, gpointer user_data)
{
  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING)
    g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (connection), TRUE);
}

/* The one status with which libsoup 3.2 cannot be kept from reading the whole body into memory and asking again. */
static void
on_got_headers (SoupMessage *message, gpointer user_data)
{
  Exchange *self = user_data;

  if (soup_message_get_status (message) == SOUP_STATUS_MISDIRECTED_REQUEST)
    g_cancellable_cancel (self->cancellable);
}

static void
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

/* The desktop's proxy is used, for some organizations leave no other way out; TLS goes through it from end to end.
 * This machine is never reached through one.  The time-out is libsoup's for one step, which would else be 60. */
static SoupSession *
make_session (Exchange *self)
{
  SoupSession *session = soup_session_new_with_options ("user-agent", "Signet/" VERSION,
                                                        "timeout", get_timeout (self->request), NULL);

  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);     /* it would undo the cap on the body */
  if (signet_url_is_loopback (self->url))
    soup_session_set_proxy_resolver (session, NULL);
  if (self->request->pin != NULL) {
    g_autoptr (GTlsDatabase) database = signet_pin_database_new (self->request->pin);
    soup_session_set_tls_database (session, database);
  }
  return session;
}

static SoupMessage *
make_message (Exchange *self)
{
  SoupMessage *message = soup_message_new_from_uri (self->request->method, self->url);

  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_NEW_CONNECTION);
  soup_message_disable_feature (message, SOUP_TYPE_AUTH_MANAGER);     /* it would read all of a 401 into memory */
  if (self->request->body != NULL)
    soup_message_set_request_body_from_bytes (message, self->request->content_type, self->request->body);
  g_signal_connect (message, "starting", G_CALLBACK (on_starting), self);
  g_signal_connect (message, "network-event", G_CALLBACK (on_network_event), self);
  g_signal_connect (message, "got-headers", G_CALLBACK (on_got_headers), self);
  return message;
}

static void
set_untrusted (Exchange *self, GError **error)
{
  GTlsCertificateFlags flags = soup_message_get_tls_peer_certificate_errors (self->message);
  const char *host = g_uri_get_host (self->url);

  if (flags == G_TLS_CERTIFICATE_EXPIRED || flags == G_TLS_CERTIFICATE_NOT_ACTIVATED)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED,
                 _("The server “%s” shows a certificate that is not valid today, so nothing was sent to it. Check the "
                   "date of this computer; if it is right, tell your administrator."), host);
  else if (flags == G_TLS_CERTIFICATE_BAD_IDENTITY)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED,
                 _("The server “%s” shows the certificate of another server, so nothing was sent to it. Check the "
                   "address; if it is right, tell your administrator."), host);
  else
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED,
                 _("The server “%s” could not prove that it is the one that you want to reach, so nothing was sent to "
                   "it. Check the address; if it is right, tell your administrator."), host);
}

/* Why the exchange came to nothing: what we decided before what the network made of it. */
static void
set_failure (Exchange *self, GCancellable *cancellable, const GError *cause, GError **error)
{
  const char *host = g_uri_get_host (self->url);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return;
  if (cause->domain == SIGNET_ERROR)
    g_propagate_error (error, g_error_copy (cause));
  else if (self->refused || g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    set_untrusted (self, error);
  else if (signet_deadline_has_passed (self->deadline))
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_UNREACHABLE,
                 _("The server “%s” did not answer in time. It may be busy, or your network slow."), host);
  else if (self->trusted)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_UNREACHABLE,
                 _("The server “%s” broke off its answer. If that goes on, tell your administrator."), host);
  else if (cause->domain == G_TLS_ERROR)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_UNREACHABLE,
                 _("No secure connection to the server “%s” could be made. Check the address; if it is right, tell "
                   "your administrator."), host);
  else
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_UNREACHABLE,
                 _("The server “%s” could not be reached. Check its address and your network."), host);
}

static gboolean
set_too_large (Exchange *self, GError **error)
{
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE,
               _("The server “%s” sent more than it may. Tell your administrator."), g_uri_get_host (self->url));
  return FALSE;
}

static gboolean
read_blocks (Exchange *self, GInputStream *stream, GByteArray *body, GError **error)
{
  guint8 block[BLOCK];
  gssize length;

  while ((length = g_input_stream_read (stream, block, sizeof block, self->cancellable, error)) > 0) {
    if ((gsize) length > self->request->max_body - body->len)
      return set_too_large (self, error);
    g_byte_array_append (body, block, length);
  }
  return length == 0;
}

/* Whether the end of the body may be where the connection ended without TLS's good-bye.  Old servers end so; that is
 * borne where the body is not what was asked for. */
static gboolean
may_end_anywhere (SoupMessage *message, SoupEncoding encoding)
{
  guint status = soup_message_get_status (message);

  return encoding == SOUP_ENCODING_EOF && status != SOUP_STATUS_OK && status != SOUP_STATUS_CREATED;
}

static GBytes *
read_body (Exchange *self, GInputStream *stream, GError **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);
  SoupEncoding encoding = soup_message_headers_get_encoding (headers);
  goffset length = soup_message_headers_get_content_length (headers);
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_autoptr (GError) cause = NULL;

  if (encoding == SOUP_ENCODING_CONTENT_LENGTH && (guint64) length > self->request->max_body) {
    set_too_large (self, error);
    return NULL;
  }
  if (!read_blocks (self, stream, body, &cause) &&
      !(g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_EOF) && may_end_anywhere (self->message, encoding))) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  /* With "Connection: close" libsoup takes a body that is shorter than it was said to be. */
  if (encoding == SOUP_ENCODING_CONTENT_LENGTH && body->len < length &&
      soup_message_get_status (self->message) != SOUP_STATUS_NO_CONTENT) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "short");
    return NULL;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&body));
}

static gboolean
refuse_redirect (Exchange *self, GError **error)
{
  const char *text = soup_message_headers_get_one (soup_message_get_response_headers (self->message), "Location");
  g_autoptr (GUri) location = text != NULL ? signet_url_parse (self->url, text) : NULL;
  const char *host = g_uri_get_host (self->url);

  if (location != NULL)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                 _("The server “%s” tried to send Signet on to “%s”, where Signet does not go unasked. Check the "
                   "address; if it is right, tell your administrator."), host, g_uri_get_host (location));
  else
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                 _("The server “%s” tried to send Signet on to another address, where Signet does not go unasked. "
                   "Check the address; if it is right, tell your administrator."), host);
  return FALSE;
}

/* An answer before TLS is the proxy's, not the server's. */
static gboolean
check_answer (Exchange *self, GError **error)
{
  if (!self->trusted) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_UNREACHABLE,
                 _("The network's proxy does not let Signet through to the server “%s”. Ask your administrator."),
                 g_uri_get_host (self->url));
    return FALSE;
  }
  return !SOUP_STATUS_IS_REDIRECTION (soup_message_get_status (self->message)) || refuse_redirect (self, error);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Connecting is left to libsoup's asynchronous side, which tries a server's IPv6 and IPv4 addresses side by side and is
 * cancellable at every step; what follows is read in a straight line. */
static GBytes *
run (Exchange *self, GError **error)
{
  g_autoptr (SoupSession) session = make_session (self);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GInputStream) stream = NULL;

  soup_session_send_async (session, self->message, G_PRIORITY_DEFAULT, self->cancellable, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  stream = soup_session_send_finish (session, result, error);
  return stream != NULL && check_answer (self, error) ? read_body (self, stream, error) : NULL;
}

static SignetHttpAnswer *
make_answer (Exchange *self, GBytes *body)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);
  SignetHttpAnswer *answer = g_new0 (SignetHttpAnswer, 1);

  answer->status = soup_message_get_status (self->message);
  answer->content_type = signet_answer_parse_content_type (soup_message_headers_get_one (headers, "Content-Type"));
  answer->location = signet_answer_parse_location (soup_message_headers_get_one (headers, "Location"), self->url);
  answer->retry_after = signet_answer_parse_retry_after (soup_message_headers_get_one (headers, "Retry-After"),
                                                         signet_clock_now ());
  answer->body = g_bytes_ref (body);
  return answer;
}

static SignetHttpAnswer *
exchange (const SignetHttpRequest *request, GUri *url, GCancellable *cancellable, GError **error)
{
  g_autoptr (GCancellable) inner = g_cancellable_new ();
  g_autoptr (SignetDeadline) deadline = signet_deadline_new (get_timeout (request), inner);
  gulong handler = cancellable != NULL
                     ? g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), inner, NULL) : 0;
  Exchange self = { .request = request, .url = url, .cancellable = inner, .deadline = deadline };
  g_autoptr (SoupMessage) message = self.message = make_message (&self);
  g_autoptr (GError) cause = NULL;
  g_autoptr (GBytes) body = run (&self, &cause);

  g_cancellable_disconnect (cancellable, handler);
  if (body != NULL)
    return make_answer (&self, body);
  set_failure (&self, cancellable, cause, error);
  return NULL;
}

/* RFC 7617 section 2: no colon in the name, no control characters. */
static gboolean
is_user (const char *user)
{
  gsize length = strlen (user);

  for (gsize i = 0; i < length; i++)
    if (user[i] == ':' || g_ascii_iscntrl (user[i]))
      return FALSE;
  return TRUE;
}

SignetHttpAnswer *
signet_http_send (const SignetHttpRequest *request, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (!request->plain || (request->pin == NULL && request->user == NULL), NULL);
  g_autoptr (GUri) url = request->plain ? signet_url_parse_plain (request->url)
                                        : signet_url_parse (NULL, request->url);

  if (url == NULL && request->plain) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                         _("The address of the server is not one that Signet can use."));
    return NULL;
  }
  if (url == NULL) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                         _("The address of the server is not one that Signet can use. It must begin with “https://” "
                           "and hold no password."));
    return NULL;
  }
  if (request->user != NULL && !is_user (request->user)) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                         _("The mail address holds a character that cannot be sent to the server. Check the address."));
    return NULL;
  }

  g_autoptr (GMainContext) context = g_main_context_new ();
  g_main_context_push_thread_default (context);
  SignetHttpAnswer *answer = exchange (request, url, cancellable, error);
  while (g_main_context_iteration (context, FALSE))
    ;                     /* what libsoup still has to put away */
  g_main_context_pop_thread_default (context);
  return answer;
}
