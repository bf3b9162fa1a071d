/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net/http.h"

#include "base/error.h"
#include "base/process.h"
#include "hostile-server.h"
#include "tls-identity.h"

#include <string.h>

/* A wire to a good server that is cut after so many bytes of what the server says, whatever they were: handshake,
 * header, body, good-bye. */
typedef struct {
  GSocketListener *listener;
  guint server_port;
  gsize left;               /* bytes still to pass */
  gboolean cut;
} Wire;

static gpointer
pass_up (gpointer data)
{
  GSocketConnection **ends = data;

  g_output_stream_splice (g_io_stream_get_output_stream (G_IO_STREAM (ends[1])),
                          g_io_stream_get_input_stream (G_IO_STREAM (ends[0])), G_OUTPUT_STREAM_SPLICE_NONE,
                          NULL, NULL);
  return NULL;
}

static void
pass_down (Wire *wire, GSocketConnection *client, GSocketConnection *server)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (server));
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (client));
  char block[4096];
  gssize length;

  while ((length = g_input_stream_read (input, block, sizeof block, NULL, NULL)) > 0) {
    gsize passed = MIN ((gsize) length, wire->left);
    g_output_stream_write_all (output, block, passed, NULL, NULL, NULL);
    wire->left -= passed;
    wire->cut = (gsize) length > passed || wire->left == 0;
    if (wire->cut)
      return;
  }
}

static gpointer
run_wire (gpointer data)
{
  Wire *wire = data;
  g_autoptr (GSocketClient) dialer = g_socket_client_new ();
  g_autoptr (GSocketConnection) client = g_socket_listener_accept (wire->listener, NULL, NULL, NULL);
  g_autoptr (GSocketConnection) server = g_socket_client_connect_to_host (dialer, "127.0.0.1", wire->server_port, NULL,
                                                                          NULL);
  GSocketConnection *ends[] = { client, server };
  GThread *up = g_thread_new ("wire-up", pass_up, ends);

  pass_down (wire, client, server);
  g_socket_shutdown (g_socket_connection_get_socket (client), TRUE, TRUE, NULL);
  g_socket_shutdown (g_socket_connection_get_socket (server), TRUE, TRUE, NULL);
  g_thread_join (up);
  return NULL;
}

/* Whether the answer comes through a wire that is cut after LENGTH bytes. */
static gboolean
send_through (HostileServer *server, GBytes *pin, gsize length, gboolean *was_cut)
{
  guint port;
  g_autoptr (GSocketListener) listener = hostile_server_listen (&port);
  Wire wire = { .listener = listener, .server_port = hostile_server_get_port (server), .left = length };
  GThread *thread = g_thread_new ("wire", run_wire, &wire);
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u/", port);
  g_autoptr (GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();
  g_autoptr (SignetHttpAnswer) answer = signet_http_send (&(SignetHttpRequest) {
    .method = "GET", .url = url, .pin = pin, .max_body = 1000, .timeout = 20 }, NULL, &error);

  g_assert_cmpint (g_get_monotonic_time () - begin, <, 10 * G_USEC_PER_SEC);
  g_thread_join (thread);
  *was_cut = wire.cut;
  if (answer != NULL)
    g_assert_cmpmem (g_bytes_get_data (answer->body, NULL), g_bytes_get_size (answer->body), "hello", 5);
  else
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_UNREACHABLE);
  return answer != NULL;
}

/* Cut at every step, the answer is whole or there is none. */
static void
test_cut (gconstpointer data)
{
  HostilePlan plan = { .answer = data };
  g_autoptr (TlsIdentity) root = tls_identity_new_root ("Root"), identity = tls_identity_new_server (root);
  g_autoptr (GTlsCertificate) certificate = tls_identity_present (identity, root, NULL);
  g_autoptr (GBytes) pin = tls_identity_get_pin (root);
  g_autoptr (HostileServer) server = hostile_server_new (certificate, &plan);
  gboolean came = FALSE, was_cut = TRUE;
  guint failures = 0;

  for (gsize length = 0; was_cut; length += 61) {
    gboolean came_before = came;
    came = send_through (server, pin, length, &was_cut);
    g_assert_true (came || !came_before);
    failures += !came;
  }
  g_assert_true (came);
  g_assert_cmpuint (failures, >, 10);
}

int
main (int argc, char **argv)
{
  signet_process_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/net/cut/counted", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", test_cut);
  g_test_add_data_func ("/net/cut/chunked",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", test_cut);
  g_test_add_data_func ("/net/cut/closed", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello", test_cut);
  return g_test_run ();
}
