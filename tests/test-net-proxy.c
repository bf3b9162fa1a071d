/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/error.h"
#include "base/hex.h"
#include "base/process.h"
#include "hostile-server.h"
#include "tls-identity.h"

#include <gnutls/x509.h>
#include <string.h>

/* A proxy of the network, for one client.  Whatever host it is asked for, it leads to one port of this machine; or it
 * says ANSWER instead. */
typedef struct {
  GSocketListener *listener;
  GCancellable *stop;
  GThread *thread;
  guint port, target;
  const char *answer;
  GString *asked;           /* what the client said in the clear */
} Proxy;

static gpointer
pass_back (gpointer data)
{
  GIOStream **ends = data;

  g_output_stream_splice (g_io_stream_get_output_stream (ends[0]), g_io_stream_get_input_stream (ends[1]),
                          G_OUTPUT_STREAM_SPLICE_NONE, NULL, NULL);
  return NULL;
}

static void
say (GIOStream *stream, const char *text)
{
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), text, strlen (text), NULL, NULL, NULL);
}

static void
lead (Proxy *self, GIOStream *client)
{
  g_autoptr (GSocketClient) dialer = g_socket_client_new ();
  g_autoptr (GSocketConnection) server = NULL;

  g_socket_client_set_enable_proxy (dialer, FALSE);
  server = g_socket_client_connect_to_host (dialer, "127.0.0.1", self->target, NULL, NULL);
  say (client, "HTTP/1.1 200 Connection established\r\n\r\n");

  GIOStream *ends[] = { client, G_IO_STREAM (server) };
  GThread *back = g_thread_new ("proxy-back", pass_back, ends);
  g_output_stream_splice (g_io_stream_get_output_stream (G_IO_STREAM (server)), g_io_stream_get_input_stream (client),
                          G_OUTPUT_STREAM_SPLICE_NONE, NULL, NULL);
  g_socket_shutdown (g_socket_connection_get_socket (server), TRUE, TRUE, NULL);
  g_thread_join (back);
}

static gpointer
run_proxy (gpointer data)
{
  Proxy *self = data;
  g_autoptr (GSocketConnection) client = g_socket_listener_accept (self->listener, NULL, self->stop, NULL);
  char c;

  if (client == NULL)
    return NULL;
  while (strstr (self->asked->str, "\r\n\r\n") == NULL &&
         g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (client)), &c, 1, NULL, NULL) == 1)
    g_string_append_c (self->asked, c);
  if (self->answer == NULL)
    lead (self, G_IO_STREAM (client));
  else
    say (G_IO_STREAM (client), self->answer);
  return NULL;
}

static void
proxy_start (Proxy *self)
{
  self->asked = g_string_new (NULL);
  self->stop = g_cancellable_new ();
  self->listener = hostile_server_listen (&self->port);
  self->thread = g_thread_new ("proxy", run_proxy, self);
}

static void
proxy_stop (Proxy *self)
{
  g_cancellable_cancel (self->stop);
  g_thread_join (self->thread);
  g_object_unref (self->listener);
  g_object_unref (self->stop);
  g_string_free (self->asked, TRUE);
}

/* One exchange of a client whose desktop says that there is this proxy. */
static char *
send_with_proxy (Proxy *proxy, const char *url, GBytes *pin)
{
  g_autofree char *client = g_test_build_filename (G_TEST_BUILT, "net-client", NULL);
  g_autofree char *address = g_strdup_printf ("http://asa:secret@127.0.0.1:%u", proxy->port);
  g_autofree char *hex = signet_hex_encode (pin);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GError) error = NULL;
  char *text;

  g_subprocess_launcher_setenv (launcher, "GIO_USE_PROXY_RESOLVER", "libproxy", TRUE);
  g_subprocess_launcher_setenv (launcher, "https_proxy", address, TRUE);
  g_subprocess_launcher_unsetenv (launcher, "no_proxy");
  g_autoptr (GSubprocess) process = g_subprocess_launcher_spawn (launcher, &error, client, url, hex, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

typedef struct {
  const char *host;
  const char *answer;         /* of the proxy; NULL: it leads on */
  const char *expected;       /* of net-client */
  gboolean asked, reached;
} ProxyCase;

/* "error 14" is SIGNET_ERROR_UNREACHABLE, "error 6" SIGNET_ERROR_UNTRUSTED. */
static const ProxyCase cases[] = {
  { "authority.example", NULL, "200\n", TRUE, TRUE },
  { "other.example", NULL, "error 6\n", TRUE, TRUE },
  { "authority.example", "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", "error 14\n", TRUE },
  { "authority.example", "HTTP/1.1 407 Proxy\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n",
    "error 14\n", TRUE },
  { "authority.example", "HTTP/1.1 302 Found\r\nLocation: https://evil.example/\r\n\r\n", "error 14\n", TRUE },
  { "authority.example", "HTTP/1.1 404 No\r\nContent-Length: 5\r\n\r\nhello", "error 14\n", TRUE },
  { "authority.example", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "error 14\n", TRUE },
  { "authority.example", "", "error 14\n", TRUE },
  { "127.0.0.1", NULL, "200\n", FALSE, TRUE },
  { "localhost", NULL, "200\n", FALSE, TRUE },
};

static void
test_proxy (void)
{
  const HostilePlan plan = { .answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" };
  g_autoptr (TlsIdentity) root = tls_identity_new_root ("Root"), here = tls_identity_new_server (root);
  g_autoptr (TlsIdentity) away = tls_identity_new (&(TlsFacts) { .name = "authority", .dns = "authority.example",
                                                                 .not_before = -1, .not_after = 9 }, root);
  g_autoptr (GTlsCertificate) local = tls_identity_present (here, root, NULL);
  g_autoptr (GTlsCertificate) remote = tls_identity_present (away, root, NULL);
  g_autoptr (GBytes) pin = tls_identity_get_pin (root);

  G_STATIC_ASSERT (SIGNET_ERROR_UNREACHABLE == 14 && SIGNET_ERROR_UNTRUSTED == 6);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (HostileServer) server = hostile_server_new (cases[i].asked ? remote : local, &plan);
    g_autofree char *url = g_strdup_printf ("https://%s:%u/", cases[i].host, hostile_server_get_port (server));
    Proxy proxy = { .answer = cases[i].answer, .target = hostile_server_get_port (server) };

    g_test_message ("case %u", i);
    proxy_start (&proxy);
    g_autofree char *text = send_with_proxy (&proxy, url, pin);
    g_assert_cmpstr (text, ==, cases[i].expected);
    g_assert_cmpuint (hostile_server_get_connections (server), ==, cases[i].reached);
    g_assert_cmpint (g_str_has_prefix (proxy.asked->str, "CONNECT "), ==, cases[i].asked);
    g_assert_null (strstr (proxy.asked->str, "Authorization"));
    proxy_stop (&proxy);
  }
}

int
main (int argc, char **argv)
{
  signet_process_init ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/proxy", test_proxy);
  return g_test_run ();
}
