/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is asked of a server.  HTTPS by TLS 1.2 or later, unless PLAIN says otherwise, through the desktop's proxy where
 * there is one and the server is not this machine; no redirect is followed; no cookie, no cache, no proxy
 * credentials. */
typedef struct {
  const char *method;         /* "GET" or "POST" */
  const char *url;            /* absolute; anything but https (or PLAIN's) is refused before a connection is made */
  GBytes *pin;                /* SHA-256 of the SubjectPublicKeyInfo of a CA to which the server's chain must lead, and
                                 which it must hold (net/pin.h); NULL: the system's trust */
  const char *user;           /* HTTP Basic, sent with the first request (RFC 7617), with PASSWORD; or NULL */
  SignetSecret *password;
  const char *content_type;
  GBytes *body;
  gsize max_body;             /* of the answer; more is SIGNET_ERROR_TOO_LARGE */
  guint timeout;              /* seconds for the whole exchange; 0: the default of 60 */
  gboolean plain;             /* an http URL will do as well, for what is signed itself and no secret (RFC 5280 section
                                 8); without PIN and USER */
  gboolean *sent;             /* becomes TRUE when some of it may have reached the server, be it with an error; or
                                 NULL */
} SignetHttpRequest;

typedef struct {
  guint status;
  char *content_type;         /* without parameters, lower case; or NULL */
  char *location;             /* absolute and of the same origin as the request; or NULL */
  gint64 retry_after;         /* seconds, 0 to SIGNET_MAX_RETRY_AFTER; -1: not said (RFC 9110 section 10.2.3) */
  GBytes *body;
} SignetHttpAnswer;

/* Blocks its thread (it runs a main context of its own).  Any answer of the server is an answer, also 401 or 500.
 * Errors: SIGNET_ERROR_UNTRUSTED (certificate or pin: nothing has been sent), _UNREACHABLE (no connection, cut, too
 * slow), _TOO_LARGE, _INVALID (URL, or a redirect: named in the text), G_IO_ERROR_CANCELLED. */
SignetHttpAnswer *signet_http_send (const SignetHttpRequest *request, GCancellable *cancellable, GError **error);
void signet_http_answer_free (SignetHttpAnswer *answer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetHttpAnswer, signet_http_answer_free)

G_END_DECLS
