/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/listener.h"

#include "authority/tls-stream.h"
#include "base/error.h"
#include "base/i18n.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_CONNECTIONS 512        /* file descriptors: a process has 1024 where nobody raised that */

#define ROOM 32                    /* more, while those that were shown the door are on their way out */
#define BACKLOG 128                /* not yet accepted; GIO's 10 make clients wait whole seconds */

/* Seconds that a connection may be at each thing. */
#define RECEIVE_TIME 20            /* the handshake and the first request, or a later request from its first byte */
#define ANSWER_TIME 90             /* making the answer, and the client taking it */
#define IDLE_TIME 60               /* until the next request */

typedef enum { STATE_RECEIVING, STATE_ANSWERING, STATE_IDLE } State;

#define GONE G_MAXINT64            /* the deadline of a connection that has been cut */

/* Lives with the address object that goes into the SoupServer for it, and so as long as the SoupServer's own
 * connection. */
typedef struct {
  SignetListener *listener;        /* NULL when that went first */
  GSocket *socket;
  State state;
  gint64 deadline;                 /* monotonic, microseconds */
} Connection;

struct _SignetListener {
  SoupServer *server;
  SignetTlsCredentials *credentials;     /* NULL: plain HTTP */
  GSocketService *service;
  GHashTable *connections;         /* set of Connection */
  guint sweep;
  char *address;
  int keep_alive_peer;
};

/* --- one connection --- */

static void
set_state (Connection *connection, State state)
{
  static const int seconds[] = { RECEIVE_TIME, ANSWER_TIME, IDLE_TIME };

  connection->state = state;
  connection->deadline = g_get_monotonic_time () + seconds[state] * G_TIME_SPAN_SECOND;
}

/* The SoupServer sees the end of the stream, and does the rest. */
static void
cut (Connection *connection)
{
  connection->deadline = GONE;
  g_socket_shutdown (connection->socket, TRUE, TRUE, NULL);
}

static void
connection_free (gpointer data)
{
  Connection *connection = data;

  if (connection->listener != NULL)
    g_hash_table_remove (connection->listener->connections, connection);
  g_object_unref (connection->socket);
  g_free (connection);
}

#define CONNECTION_KEY "signet-connection"

static void
add_connection (SignetListener *self, GSocket *socket, GSocketAddress *address)
{
  Connection *connection = g_new0 (Connection, 1);

  connection->listener = self;
  connection->socket = g_object_ref (socket);
  set_state (connection, STATE_RECEIVING);
  g_hash_table_add (self->connections, connection);
  g_object_set_data_full (G_OBJECT (address), CONNECTION_KEY, connection, connection_free);
}

static Connection *
find_connection (SoupServerMessage *message)
{
  return g_object_get_data (G_OBJECT (soup_server_message_get_remote_address (message)), CONNECTION_KEY);
}

/* Without a farewell (RST): a client that goes on sending is to notice. */
void
signet_listener_cut (SoupServerMessage *message)
{
  const struct linger none = { 1, 0 };
  Connection *connection = find_connection (message);

  if (connection->deadline == GONE)
    return;
  setsockopt (g_socket_get_fd (connection->socket), SOL_SOCKET, SO_LINGER, &none, sizeof none);
  cut (connection);
}

/* --- what the SoupServer says that its connections are at --- */

static void
request_started (SoupServer *server, SoupServerMessage *message)
{
  set_state (find_connection (message), STATE_RECEIVING);
}

static void
request_read (SoupServer *server, SoupServerMessage *message)
{
  set_state (find_connection (message), STATE_ANSWERING);
}

static void
request_finished (SoupServer *server, SoupServerMessage *message, SignetListener *self)
{
  Connection *connection = find_connection (message);

  set_state (connection, STATE_IDLE);
  if (!g_socket_service_is_active (self->service))
    cut (connection);
}

/* --- closing --- */

static gboolean
close_late (gpointer data)
{
  SignetListener *self = data;
  gint64 now = g_get_monotonic_time ();
  GHashTableIter iter;
  gpointer connection;

  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, &connection, NULL))
    if (((Connection *) connection)->deadline < now)
      cut (connection);
  return G_SOURCE_CONTINUE;
}

/* All but those to which an answer is on its way. */
static void
close_unanswered (SignetListener *self)
{
  GHashTableIter iter;
  gpointer connection;

  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, &connection, NULL))
    if (((Connection *) connection)->state != STATE_ANSWERING)
      cut (connection);
}

/* When the house is full, whoever has been idle longest goes: a newcomer has something to ask.  If all are still
 * talking, it is whoever has talked longest: an honest client is done in no time. */
static void
make_room (SignetListener *self)
{
  Connection *longest = NULL;
  GHashTableIter iter;
  gpointer connection;

  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, &connection, NULL)) {
    Connection *candidate = connection;

    if (candidate->state == STATE_ANSWERING || candidate->deadline == GONE)
      continue;
    if (longest == NULL || candidate->state > longest->state ||
        (candidate->state == longest->state && candidate->deadline < longest->deadline))
      longest = candidate;
  }
  if (longest != NULL)
    cut (longest);
}

/* --- opening --- */

typedef struct {
  SoupServer *server;
  GSocketAddress *local;
  GSocketAddress *remote;
} Arrival;

static void
arrival_free (Arrival *arrival)
{
  g_object_unref (arrival->server);
  g_object_unref (arrival->local);
  g_object_unref (arrival->remote);
  g_free (arrival);
}

static void
hand_over (Arrival *arrival, GIOStream *stream)
{
  soup_server_accept_iostream (arrival->server, stream, arrival->local, arrival->remote, NULL);
}

static void
hands_shaken (SignetTlsStream *stream, gboolean good, gpointer data)
{
  Arrival *arrival = data;

  if (good)
    hand_over (arrival, G_IO_STREAM (stream));
  else
    g_io_stream_close (G_IO_STREAM (stream), NULL, NULL);
  arrival_free (arrival);
}

static void
receive (SignetListener *self, GSocketConnection *stream, GSocketAddress *local, GSocketAddress *remote)
{
  Arrival *arrival = g_new0 (Arrival, 1);

  arrival->server = g_object_ref (self->server);
  arrival->local = g_object_ref (local);
  arrival->remote = g_object_ref (remote);
  if (self->credentials != NULL) {
    g_autoptr (SignetTlsStream) secured = signet_tls_stream_new (stream, self->credentials);
    signet_tls_stream_shake_hands (secured, hands_shaken, arrival);
  } else {
    hand_over (arrival, G_IO_STREAM (stream));
    arrival_free (arrival);
  }
}

static gboolean
incoming (GSocketService *service, GSocketConnection *stream, GObject *source, SignetListener *self)
{
  GSocket *socket = g_socket_connection_get_socket (stream);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (stream, NULL);
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (stream, NULL);

  if (g_hash_table_size (self->connections) >= MAX_CONNECTIONS)
    make_room (self);
  if (g_hash_table_size (self->connections) >= MAX_CONNECTIONS + ROOM || remote == NULL || local == NULL) {
    g_io_stream_close (G_IO_STREAM (stream), NULL, NULL);
    return TRUE;
  }
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  add_connection (self, socket, remote);
  receive (self, stream, local, remote);
  return TRUE;
}

/* SoupServer keeps a connection alive only while it has a listener of its own.  It gets one end of a pair of
 * sockets, on which nothing will ever come. */
static void
allow_keep_alive (SignetListener *self)
{
  g_autoptr (GSocket) socket = NULL;
  int ends[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
    return;
  self->keep_alive_peer = ends[1];
  socket = g_socket_new_from_fd (ends[0], NULL);
  if (socket != NULL)
    soup_server_listen_socket (self->server, socket, 0, NULL);
}

SignetListener *
signet_listener_new (SoupServer *server, SignetTlsCredentials *credentials)
{
  SignetListener *self = g_new0 (SignetListener, 1);

  self->server = g_object_ref (server);
  self->credentials = credentials != NULL ? signet_tls_credentials_ref (credentials) : NULL;
  self->connections = g_hash_table_new (NULL, NULL);
  self->service = g_socket_service_new ();
  self->keep_alive_peer = -1;
  allow_keep_alive (self);
  g_socket_listener_set_backlog (G_SOCKET_LISTENER (self->service), BACKLOG);
  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming), self);
  g_signal_connect (server, "request-started", G_CALLBACK (request_started), self);
  g_signal_connect (server, "request-read", G_CALLBACK (request_read), self);
  g_signal_connect (server, "request-finished", G_CALLBACK (request_finished), self);
  self->sweep = g_timeout_add_seconds (1, close_late, self);
  return self;
}

void
signet_listener_free (SignetListener *self)
{
  GHashTableIter iter;
  gpointer connection;

  signet_listener_stop (self);
  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, &connection, NULL)) {
    ((Connection *) connection)->listener = NULL;
    cut (connection);
  }
  g_source_remove (self->sweep);
  g_signal_handlers_disconnect_by_data (self->server, self);
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_object_unref (self->service);
  g_clear_pointer (&self->credentials, signet_tls_credentials_unref);
  g_hash_table_unref (self->connections);
  if (self->keep_alive_peer >= 0)
    close (self->keep_alive_peer);
  g_free (self->address);
  g_free (self);
}

static char *
describe (GSocketAddress *address)
{
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (address);
  g_autofree char *host = g_inet_address_to_string (g_inet_socket_address_get_address (inet));

  return g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%u" : "%s:%u", host,
                          g_inet_socket_address_get_port (inet));
}

gboolean
signet_listener_listen (SignetListener *self, const char *address, GError **error)
{
  g_autoptr (GSocketConnectable) parsed = g_network_address_parse (address, 0, NULL);
  g_autoptr (GSocketAddress) wanted = NULL;
  g_autoptr (GSocketAddress) taken = NULL;
  g_autoptr (GError) problem = NULL;

  if (parsed != NULL)
    wanted = g_inet_socket_address_new_from_string (g_network_address_get_hostname (G_NETWORK_ADDRESS (parsed)),
                                                    g_network_address_get_port (G_NETWORK_ADDRESS (parsed)));
  if (wanted == NULL) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                 _("“%s” is not an address and port to listen on. It should look like 127.0.0.1:8443."), address);
    return FALSE;
  }
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), wanted, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &taken, &problem)) {
    g_set_error (error, SIGNET_ERROR,
                 g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE) ? SIGNET_ERROR_BUSY
                                                                                  : SIGNET_ERROR_FAILED,
                 _("The authority cannot listen on %s: %s"), address, problem->message);
    return FALSE;
  }
  self->address = describe (taken);
  return TRUE;
}

char *
signet_listener_get_address (SignetListener *self)
{
  return g_strdup (self->address);
}

void
signet_listener_set_credentials (SignetListener *self, SignetTlsCredentials *credentials)
{
  signet_tls_credentials_ref (credentials);
  signet_tls_credentials_unref (self->credentials);
  self->credentials = credentials;
}

void
signet_listener_stop (SignetListener *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  close_unanswered (self);
}

guint
signet_listener_count_answering (SignetListener *self)
{
  GHashTableIter iter;
  gpointer connection;
  guint count = 0;

  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, &connection, NULL))
    count += ((Connection *) connection)->state == STATE_ANSWERING;
  return count;
}
