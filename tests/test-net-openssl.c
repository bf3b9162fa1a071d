/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/error.h"
#include "foreign.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

/* Our client, in a process of its own, against OpenSSL's server with certificates that OpenSSL made. */
static char *folder, *pin, *wrong_pin;      /* the pins hexadecimal */

typedef struct {
  GSubprocess *process;
  GDataInputStream *output;   /* kept open, or the server would stop at its next word */
  char *url;
} Server;

/* Runs a line of shell in the folder. */
static char *
shell (const char *line)
{
  g_autofree char *command = g_strdup_printf ("cd '%s' && { %s; } 2>>log", folder, line);
  g_autoptr (GBytes) output = foreign_run (NULL, "sh", "-e", "-c", command, NULL);

  char *text = foreign_text (output);
  return text != NULL ? g_strchomp (text) : NULL;
}

static void
make_certificates (void)
{
  g_autoptr (GError) error = NULL;

  folder = g_dir_make_tmp ("signet-test-XXXXXX", &error);
  g_assert_no_error (error);
  g_free (shell (
    "openssl req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -subj '/O=Example/CN=Root' -days 10 "
    "-addext keyUsage=critical,keyCertSign,cRLSign && "
    "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr "
    "-subj /CN=server && "
    "printf 'subjectAltName=IP:127.0.0.1\\nextendedKeyUsage=serverAuth\\n' >extensions && "
    "openssl x509 -req -in server.csr -CA root.pem -CAkey root.key -set_serial 7 -days 5 -extfile extensions "
    "-out server.pem"));
  pin = shell ("openssl x509 -in root.pem -noout -pubkey | openssl pkey -pubin -outform DER | "
               "openssl dgst -sha256 -r | cut -d ' ' -f 1");
  wrong_pin = shell ("openssl x509 -in server.pem -noout -pubkey | openssl pkey -pubin -outform DER | "
                     "openssl dgst -sha256 -r | cut -d ' ' -f 1");
}

static void
remove_certificates (void)
{
  g_autofree char *log = g_build_filename (folder, "log", NULL);

  g_free (shell ("rm -f root.key root.pem server.key server.csr server.pem extensions"));
  g_unlink (log);
  g_rmdir (folder);
  g_free (folder);
  g_free (pin);
  g_free (wrong_pin);
}

/* A test that fails takes its server along. */
static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static Server *
server_new (const char *options)
{
  Server *self = g_new0 (Server, 1);
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autofree char *command = NULL, *line = NULL;
  g_autoptr (GError) error = NULL;

  command = g_strdup_printf ("cd '%s' && exec openssl s_server -accept 127.0.0.1:0 -cert server.pem -key server.key "
                             "-cert_chain root.pem -CAfile root.pem -www %s 2>>log", folder, options);
  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  self->process = g_subprocess_launcher_spawn (launcher, &error, "sh", "-c", command, NULL);
  g_assert_no_error (error);

  /* It names its port when it listens. */
  self->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  while (line == NULL || !g_str_has_prefix (line, "ACCEPT ")) {
    g_free (line);
    line = g_data_input_stream_read_line_utf8 (self->output, NULL, NULL, &error);
    g_assert_no_error (error);
    g_assert_nonnull (line);
  }
  self->url = g_strdup_printf ("https://%s/", line + strlen ("ACCEPT "));
  return self;
}

static void
server_free (Server *self)
{
  g_subprocess_force_exit (self->process);
  g_assert_true (g_subprocess_wait (self->process, NULL, NULL));
  g_object_unref (self->output);
  g_object_unref (self->process);
  g_free (self->url);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Server, server_free)

/* What net-client says about the exchanges with these pins. */
static void
check (Server *self, const char *mode, const char *pins[3], const char *expected)
{
  g_autofree char *client = g_test_build_filename (G_TEST_BUILT, "net-client", NULL);
  g_autoptr (GBytes) output = mode != NULL
    ? foreign_run (NULL, client, mode, self->url, pins[0], pins[1], pins[2], NULL)
    : foreign_run (NULL, client, self->url, pins[0], pins[1], pins[2], NULL);
  g_autofree char *text = foreign_text (output);

  g_assert_cmpstr (text, ==, expected);
}

/* Nothing of an earlier trust is left: "error 6" is SIGNET_ERROR_UNTRUSTED. */
static void
test_wrong_after_right (gconstpointer options)
{
  g_autoptr (Server) server = server_new (options);

  G_STATIC_ASSERT (SIGNET_ERROR_UNTRUSTED == 6);
  check (server, NULL, (const char *[]) { pin, wrong_pin, pin }, "200\nerror 6\n200\n");
  check (server, NULL, (const char *[]) { wrong_pin, pin, "-" }, "error 6\n200\nerror 6\n");
}

/* Also where GIO does resume the session, and so does not ask whom we trust: the server says that it was resumed, and
 * then, with the wrong pin, gets nothing. */
static void
test_resumed (gconstpointer options)
{
  g_autoptr (Server) server = server_new (options);

  check (server, "--bare", (const char *[]) { pin, pin, wrong_pin },
         "200\n200 resumed\nerror 6\n");
  check (server, "--bare", (const char *[]) { pin, pin, "-" }, "200\n200 resumed\nerror 6\n");
}

/* "error 14" is SIGNET_ERROR_UNREACHABLE. */
static void
test_no_connection (gconstpointer options)
{
  g_autoptr (Server) server = server_new (options);

  G_STATIC_ASSERT (SIGNET_ERROR_UNREACHABLE == 14);
  check (server, NULL, (const char *[]) { pin, pin, pin }, "error 14\nerror 14\nerror 14\n");
}

static void
test_connection (gconstpointer options)
{
  g_autoptr (Server) server = server_new (options);

  check (server, NULL, (const char *[]) { pin, pin, pin }, "200\n200\n200\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  make_certificates ();
  g_test_add_data_func ("/net/openssl/wrong-after-right/tls-1.3", "-tls1_3", test_wrong_after_right);
  g_test_add_data_func ("/net/openssl/wrong-after-right/tls-1.2", "-tls1_2", test_wrong_after_right);
  g_test_add_data_func ("/net/openssl/resumed", "-tls1_3", test_resumed);
  g_test_add_data_func ("/net/openssl/tls-1.1", "-tls1_1 -cipher DEFAULT:@SECLEVEL=0", test_no_connection);
  g_test_add_data_func ("/net/openssl/tls-1.0", "-tls1 -cipher DEFAULT:@SECLEVEL=0", test_no_connection);
  g_test_add_data_func ("/net/openssl/client-certificate/required", "-Verify 1", test_no_connection);
  g_test_add_data_func ("/net/openssl/client-certificate/wanted", "-verify 1", test_connection);
  g_test_add_data_func ("/net/openssl/chacha20", "-ciphersuites TLS_CHACHA20_POLY1305_SHA256 -tls1_3", test_connection);
  g_test_add_data_func ("/net/openssl/p-384", "-groups P-384", test_connection);
  int result = g_test_run ();

  remove_certificates ();
  return result;
}
