/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "hostile-server.h"

#include "foreign-leaks.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#define PATIENCE (30 * G_USEC_PER_SEC)

struct _HostileServer {
  GTlsCertificate *certificate;
  const HostilePlan *plan;
  GSocketListener *listener;
  guint port;
  GThread *thread;
  GCancellable *stop;

  GMutex mutex;             /* over what follows */
  GCond changed;
  guint connections;
  gboolean acting;
  GString *received;
};

static void
note (HostileServer *self, const char *text, gsize length, gboolean connected, gboolean acting)
{
  g_mutex_lock (&self->mutex);
  g_string_append_len (self->received, text, length);
  self->connections += connected;
  self->acting |= acting;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

static gsize
get_body_length (const char *head)
{
  const char *length = strstr (head, "Content-Length: ");

  return length != NULL ? g_ascii_strtoull (length + strlen ("Content-Length: "), NULL, 10) : 0;
}

static gboolean
read_request (HostileServer *self, GInputStream *input)
{
  g_autoptr (GString) request = g_string_new (NULL);
  char block[4096];
  gssize length;

  while ((length = g_input_stream_read (input, block, sizeof block, self->stop, NULL)) > 0) {
    g_string_append_len (request, block, length);
    note (self, block, length, FALSE, FALSE);
    const char *end = strstr (request->str, "\r\n\r\n");
    if (end != NULL && (self->plan->stage == HOSTILE_AFTER_HEAD ||
                        request->len - (end + 4 - request->str) >= get_body_length (request->str)))
      return TRUE;
  }
  return FALSE;
}

/* Between two bytes of a drip; the server's end ends it. */
static gboolean
pause_drip (HostileServer *self)
{
  GPollFD fd;

  g_cancellable_make_pollfd (self->stop, &fd);
  int stopped = g_poll (&fd, 1, self->plan->drip);
  g_cancellable_release_fd (self->stop);
  return stopped == 0;
}

static gboolean
send_bytes (HostileServer *self, GOutputStream *output, const char *bytes, gsize length)
{
  gboolean sent;

  FOREIGN_LEAKS_BEGIN;      /* glib-networking 2.74: the error of a TLS record that could not be sent */
  sent = g_output_stream_write_all (output, bytes, length, NULL, self->stop, NULL);
  FOREIGN_LEAKS_END;
  note (self, NULL, 0, FALSE, TRUE);
  return sent;
}

/* In large blocks, so that the client finds more whenever it comes back for more. */
static void
flood (HostileServer *self, GOutputStream *output)
{
  g_autoptr (GString) block = g_string_new (NULL);

  while (block->len < 64 * 1024)
    g_string_append (block, self->plan->flood);
  while (send_bytes (self, output, block->str, block->len))
    ;
}

static void
drip (HostileServer *self, GOutputStream *output)
{
  gsize length = strlen (self->plan->flood);

  for (gsize i = 0; send_bytes (self, output, self->plan->flood + i % length, 1) && pause_drip (self); i++)
    ;
}

static void
act (HostileServer *self, GIOStream *stream)
{
  GOutputStream *output = g_io_stream_get_output_stream (stream);
  const HostilePlan *plan = self->plan;

  if (plan->answer == NULL && plan->flood == NULL)
    note (self, NULL, 0, FALSE, TRUE);
  if (plan->answer != NULL && !send_bytes (self, output, plan->answer, strlen (plan->answer)))
    return;
  if (plan->more != NULL &&
      !send_bytes (self, output, g_bytes_get_data (plan->more, NULL), g_bytes_get_size (plan->more)))
    return;
  if (plan->flood != NULL && plan->drip != 0)
    drip (self, output);
  else if (plan->flood != NULL)
    flood (self, output);
  if (plan->end == HOSTILE_CLOSE)
    g_io_stream_close (stream, NULL, NULL);
  else if (plan->end == HOSTILE_HOLD)
    g_input_stream_skip (g_io_stream_get_input_stream (stream), G_MAXSSIZE, self->stop, NULL);
}

static void
serve_secured (HostileServer *self, GSocketConnection *connection)
{
  g_autoptr (GIOStream) stream = g_tls_server_connection_new (G_IO_STREAM (connection), self->certificate, NULL);

  g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (stream), (const char *[]) { "h2", "http/1.1", NULL });
  if (g_tls_connection_handshake (G_TLS_CONNECTION (stream), self->stop, NULL)) {
    /* A client that was to speak HTTP/2 would be heard: nothing of it reads like a request. */
    if (read_request (self, g_io_stream_get_input_stream (stream)))
      act (self, stream);
  }
  /* A socket that is closed first has nobody to say good-bye to. */
  g_socket_close (g_socket_connection_get_socket (connection), NULL);
}

static void
serve (HostileServer *self, GSocketConnection *connection)
{
  char hello[8];

  if (self->plan->stage == HOSTILE_AFTER_ACCEPT ||
      (self->plan->stage == HOSTILE_AFTER_HELLO &&
       g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), hello, sizeof hello, self->stop,
                            NULL) > 0))
    act (self, G_IO_STREAM (connection));
  else
    serve_secured (self, connection);
}

static gpointer
run (gpointer data)
{
  HostileServer *self = data;

  for (;;) {
    g_autoptr (GSocketConnection) connection = g_socket_listener_accept (self->listener, NULL, self->stop, NULL);
    if (connection == NULL)
      return NULL;
    g_socket_set_option (g_socket_connection_get_socket (connection), IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
    note (self, NULL, 0, TRUE, FALSE);
    serve (self, connection);
  }
}

GSocketListener *
hostile_server_listen (guint *port)
{
  GSocketListener *listener = g_socket_listener_new ();
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) got = NULL;

  g_assert_true (g_socket_listener_add_address (listener, wanted, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                                &got, NULL));
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got));
  return listener;
}

HostileServer *
hostile_server_new (GTlsCertificate *certificate, const HostilePlan *plan)
{
  HostileServer *self = g_new0 (HostileServer, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->received = g_string_new (NULL);
  self->certificate = g_object_ref (certificate);
  self->plan = plan;
  self->stop = g_cancellable_new ();
  self->listener = hostile_server_listen (&self->port);
  self->thread = g_thread_new ("hostile-server", run, self);
  return self;
}

void
hostile_server_free (HostileServer *self)
{
  g_cancellable_cancel (self->stop);
  g_thread_join (self->thread);
  g_object_unref (self->listener);
  g_object_unref (self->stop);
  g_object_unref (self->certificate);
  g_string_free (self->received, TRUE);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

guint
hostile_server_get_port (HostileServer *self)
{
  return self->port;
}

char *
hostile_server_get_url (HostileServer *self, const char *path)
{
  return g_strdup_printf ("https://127.0.0.1:%u%s", self->port, path);
}

guint
hostile_server_get_connections (HostileServer *self)
{
  g_autoptr (GMutexLocker) lock = g_mutex_locker_new (&self->mutex);

  return self->connections;
}

char *
hostile_server_get_received (HostileServer *self)
{
  g_autoptr (GMutexLocker) lock = g_mutex_locker_new (&self->mutex);

  return g_strdup (self->received->str);
}

void
hostile_server_wait (HostileServer *self)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;

  g_mutex_lock (&self->mutex);
  while (!self->acting)
    if (!g_cond_wait_until (&self->changed, &self->mutex, end))
      g_error ("The client did not come as far as the plan");
  g_mutex_unlock (&self->mutex);
}
