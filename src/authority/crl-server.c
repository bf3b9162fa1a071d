/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/crl-server.h"

#include "authority/listener.h"

#define MAX_BODY 1024              /* bytes: nobody has anything to tell this server */

struct _SignetCrlServer {
  SignetAuthority *authority;
  SoupServer *soup;
  SignetListener *listener;
  GBytes *crl;
};

/* The file at PATH, and its type (RFC 2585); NULL when there is none. */
static GBytes *
find_file (SignetCrlServer *self, const char *path, const char **type)
{
  *type = "application/pkix-cert";
  if (g_str_equal (path, "/issuing.cer"))
    return signet_certificate_get_der (signet_issuer_get_certificate (self->authority->keys->issuing));
  if (g_str_equal (path, "/root.cer"))
    return signet_certificate_get_der (self->authority->keys->root);
  *type = "application/pkix-crl";
  return g_str_equal (path, self->authority->settings->crl_path) ? self->crl : NULL;
}

static void
handle (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer data)
{
  SignetCrlServer *self = data;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  const char *method = soup_server_message_get_method (message);
  const char *type;
  GBytes *file = find_file (self, path, &type);

  if (file == NULL) {
    soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
  } else if (!g_str_equal (method, "GET") && !g_str_equal (method, "HEAD")) {
    soup_server_message_set_status (message, SOUP_STATUS_METHOD_NOT_ALLOWED, NULL);
    soup_message_headers_replace (headers, "Allow", "GET, HEAD");
  } else {
    soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
    soup_message_headers_set_content_type (headers, type, NULL);
    soup_message_body_append_bytes (soup_server_message_get_response_body (message), file);
  }
}

static void
got_headers (SoupServerMessage *message, gpointer user_data)
{
  soup_message_headers_remove (soup_server_message_get_request_headers (message), "Range");
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Connection", "close");
}

static void
got_chunk (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  if (soup_server_message_get_request_body (message)->length > MAX_BODY)
    signet_listener_cut (message);
}

static void
request_started (SoupServer *soup, SoupServerMessage *message, gpointer user_data)
{
  g_signal_connect (message, "got-headers", G_CALLBACK (got_headers), NULL);
  g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk), NULL);
}

SignetCrlServer *
signet_crl_server_new (SignetAuthority *authority, GBytes *crl)
{
  SignetCrlServer *self = g_new0 (SignetCrlServer, 1);

  self->authority = authority;
  self->crl = g_bytes_ref (crl);
  self->soup = soup_server_new ("raw-paths", TRUE, NULL);
  g_signal_connect (self->soup, "request-started", G_CALLBACK (request_started), NULL);
  soup_server_add_handler (self->soup, NULL, handle, self, NULL);
  self->listener = signet_listener_new (self->soup, NULL);
  return self;
}

void
signet_crl_server_free (SignetCrlServer *self)
{
  signet_listener_free (self->listener);
  g_object_unref (self->soup);
  g_bytes_unref (self->crl);
  g_free (self);
}

gboolean
signet_crl_server_listen (SignetCrlServer *self, const char *address, GError **error)
{
  return signet_listener_listen (self->listener, address, error);
}

void
signet_crl_server_set_crl (SignetCrlServer *self, GBytes *crl)
{
  g_bytes_ref (crl);
  g_bytes_unref (self->crl);
  self->crl = crl;
}
