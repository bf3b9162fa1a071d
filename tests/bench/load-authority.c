/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads an authority that is being served:
 *
 *   load-authority FOLDER CLIENTS [ENROLLMENTS]
 *
 * Writes invitations into the authority's database, makes and signs all requests, and only then starts the clock: each
 * client keeps one TLS connection, sends a request, fetches its reply, and takes the next.  Prints the enrollments a
 * second, how long one took (median, 99th percentile), and how many P-256 signatures a second GnuTLS makes here on
 * one core. */
#include "authority/authority-keys.h"
#include "authority/authority.h"
#include "authority/settings.h"
#include "base/clock.h"
#include "base/hex.h"
#include "base/process.h"
#include "crypto/random.h"
#include "protocol/authority-info.h"
#include "protocol/request.h"
#include "protocol/temporary-key.h"

#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define DEFAULT_ENROLLMENTS 6000   /* with several clients; a quarter of that with one */
#define MAX_ANSWER (64 * 1024)

typedef struct {
  char *id;
  GByteArray *post;                /* the whole HTTP request */
  char *get;
  gint64 taken;                    /* microseconds */
} Enrollment;

typedef struct {
  SignetSettings *settings;
  gnutls_certificate_credentials_t credentials;
  Enrollment *enrollments;
  guint count;
  gint next;                       /* atomic */
} Load;

static GError *error;

static gpointer
must (gpointer result, const char *what)
{
  if (result == NULL) {
    fprintf (stderr, "load-authority: %s: %s\n", what, error != NULL ? error->message : "failed");
    exit (1);
  }
  return result;
}

/* --- before the clock starts --- */

static char *
random_id (void)
{
  g_autoptr (GBytes) bytes = signet_random_bytes (SIGNET_REQUEST_ID_LENGTH / 2);

  return signet_hex_encode (bytes);
}

static GBytes *
sign_request (const char *id, const char *address)
{
  g_autofree char *nonce = random_id ();
  g_autoptr (SignetPrivateKey) signing = must (signet_private_key_generate (SIGNET_KEY_P256, &error), "key");
  g_autoptr (SignetPrivateKey) reply = must (signet_private_key_generate (SIGNET_KEY_P256, &error), "key");

  return must (signet_request_build (id, nonce, address, signet_clock_now (), signing, reply, &error), "request");
}

static void
prepare_one (gpointer data, gpointer user_data)
{
  Enrollment *enrollment = data;
  Load *load = user_data;
  g_autofree char *address = g_strdup_printf ("load.%s@%s", enrollment->id, load->settings->domains[0]);
  g_autoptr (SignetSecret) key = signet_temporary_key_generate ();
  g_autofree char *credentials = g_strdup_printf ("%s:%s", address, signet_secret_get_text (key));
  g_autofree char *basic = g_base64_encode ((guint8 *) credentials, strlen (credentials));
  g_autoptr (GBytes) body = sign_request (enrollment->id, address);
  g_autofree char *head = g_strdup_printf ("POST " SIGNET_PATH_REQUESTS " HTTP/1.1\r\nHost: %s\r\n"
                                           "Authorization: Basic %s\r\nContent-Type: " SIGNET_REQUEST_MIME_TYPE "\r\n"
                                           "Content-Length: %u\r\n\r\n", load->settings->host, basic,
                                           (guint) g_bytes_get_size (body));

  g_byte_array_append (enrollment->post, (guint8 *) head, strlen (head));
  g_byte_array_append (enrollment->post, g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  enrollment->get = g_strdup_printf ("GET " SIGNET_PATH_REQUESTS "/%s HTTP/1.1\r\nHost: %s\r\n\r\n", enrollment->id,
                                     load->settings->host);
}

/* The temporary key out of the request's credentials: nobody else has it. */
static void
invite (SignetDatabase *database, Enrollment *enrollment, Load *load)
{
  const char *basic = strstr ((char *) enrollment->post->data, "Basic ") + strlen ("Basic ");
  g_autofree char *base64 = g_strndup (basic, strchr (basic, '\r') - basic);
  gsize length;
  g_autofree char *credentials = (char *) g_base64_decode (base64, &length);
  g_autofree char *address = g_strndup (credentials, strcspn (credentials, ":"));
  const char *text = credentials + strlen (address) + 1;
  g_autoptr (SignetSecret) key = signet_secret_new (text, credentials + length - text);
  g_autoptr (GBytes) digest = signet_temporary_key_digest (key);
  gint64 now = signet_clock_now ();
  guint withdrawn;

  must (GINT_TO_POINTER (signet_database_add_invitation (database, address, digest, now, now + 3600, &withdrawn,
                                                         &error)), "invitation");
}

static void
prepare (Load *load, const char *folder)
{
  g_autofree char *path = signet_authority_database_path (folder);
  g_autoptr (SignetDatabase) database = must (signet_database_open (path, FALSE, &error), "database");
  GThreadPool *pool = g_thread_pool_new (prepare_one, load, g_get_num_processors (), TRUE, NULL);

  load->enrollments = g_new0 (Enrollment, load->count);
  for (guint i = 0; i < load->count; i++) {
    load->enrollments[i].id = random_id ();
    load->enrollments[i].post = g_byte_array_new ();
    g_thread_pool_push (pool, &load->enrollments[i], NULL);
  }
  g_thread_pool_free (pool, FALSE, TRUE);
  must (GINT_TO_POINTER (signet_database_begin (database, &error)), "transaction");
  for (guint i = 0; i < load->count; i++)
    invite (database, &load->enrollments[i], load);
  must (GINT_TO_POINTER (signet_database_commit (database, &error)), "commit");
}

/* --- one client --- */

static int
dial (const char *listen)
{
  g_autoptr (GSocketConnectable) parsed = must (g_network_address_parse (listen, 0, &error), "address");
  g_autoptr (GSocketAddress) address =
    g_inet_socket_address_new_from_string (g_network_address_get_hostname (G_NETWORK_ADDRESS (parsed)),
                                           g_network_address_get_port (G_NETWORK_ADDRESS (parsed)));
  struct sockaddr_storage native;
  gssize length = g_socket_address_get_native_size (address);
  int on = 1, fd = socket (g_socket_address_get_family (address), SOCK_STREAM, 0);

  g_socket_address_to_native (address, &native, sizeof native, NULL);
  if (connect (fd, (struct sockaddr *) &native, length) < 0)
    must (NULL, "connect");
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

static gnutls_session_t
begin_session (Load *load)
{
  gnutls_session_t session;
  int code, fd = dial (load->settings->listen);

  gnutls_init (&session, GNUTLS_CLIENT);
  gnutls_set_default_priority (session);
  gnutls_credentials_set (session, GNUTLS_CRD_CERTIFICATE, load->credentials);
  gnutls_session_set_verify_cert (session, load->settings->host, 0);
  gnutls_transport_set_int (session, fd);
  do
    code = gnutls_handshake (session);
  while (code < 0 && !gnutls_error_is_fatal (code));
  must (GINT_TO_POINTER (code == 0), gnutls_strerror (code));
  return session;
}

/* Sends, and reads one answer with a Content-Length into BUFFER: its status. */
static int
exchange (gnutls_session_t session, gconstpointer request, gsize length, char *buffer)
{
  gsize have = 0, want = 0;

  must (GINT_TO_POINTER (gnutls_record_send (session, request, length) == (gssize) length), "send");
  while (want == 0 || have < want) {
    gssize count = gnutls_record_recv (session, buffer + have, MAX_ANSWER - have - 1);
    if (count == GNUTLS_E_AGAIN || count == GNUTLS_E_INTERRUPTED)
      continue;
    must (GINT_TO_POINTER (count > 0), "the server hung up");
    have += count;
    buffer[have] = '\0';

    const char *end = want == 0 ? strstr (buffer, "\r\n\r\n") : NULL;
    if (end != NULL)
      want = end + 4 - buffer + strtoul (strstr (buffer, "Content-Length: ") + strlen ("Content-Length: "), NULL, 10);
  }
  return atoi (buffer + strlen ("HTTP/1.1 "));
}

static gpointer
run_client (gpointer data)
{
  Load *load = data;
  gnutls_session_t session = begin_session (load);
  g_autofree char *buffer = g_malloc (MAX_ANSWER);
  guint i;

  while ((i = (guint) g_atomic_int_add (&load->next, 1)) < load->count) {
    Enrollment *enrollment = &load->enrollments[i];
    gint64 begin = g_get_monotonic_time ();
    int status = exchange (session, enrollment->post->data, enrollment->post->len, buffer);

    must (GINT_TO_POINTER (status == 202), buffer);
    status = exchange (session, enrollment->get, strlen (enrollment->get), buffer);
    must (GINT_TO_POINTER (status == 200 && strstr (buffer, "digital-id.signet-reply") != NULL), buffer);
    enrollment->taken = g_get_monotonic_time () - begin;
  }
  gnutls_bye (session, GNUTLS_SHUT_WR);
  gnutls_deinit (session);
  return NULL;
}

/* --- the result --- */

static int
compare_taken (gconstpointer a, gconstpointer b)
{
  gint64 x = ((const Enrollment *) a)->taken, y = ((const Enrollment *) b)->taken;

  return x < y ? -1 : x > y;
}

/* GnuTLS's own rate, on one core. */
static double
measure_signing (void)
{
  g_autoptr (SignetPrivateKey) key = must (signet_private_key_generate (SIGNET_KEY_P256, &error), "key");
  gnutls_datum_t digest = { (unsigned char *) "0123456789abcdef0123456789abcdef", 32 };
  gint64 begin = g_get_monotonic_time ();
  guint count = 0;

  for (; g_get_monotonic_time () - begin < G_USEC_PER_SEC; count++) {
    gnutls_datum_t signature;
    gnutls_privkey_sign_hash2 (signet_private_key_get_gnutls (key), GNUTLS_SIGN_ECDSA_SHA256, 0, &digest, &signature);
    gnutls_free (signature.data);
  }
  return count * (double) G_USEC_PER_SEC / (g_get_monotonic_time () - begin);
}

static void
report (Load *load, guint clients, gint64 taken)
{
  qsort (load->enrollments, load->count, sizeof (Enrollment), compare_taken);
  printf ("%.0f enrollments/s, %u clients, %u enrollments; one takes %.1f ms (median), %.1f ms (99 %%); "
          "GnuTLS signs %.0f/s\n", load->count * (double) G_USEC_PER_SEC / taken, clients, load->count,
          load->enrollments[load->count / 2].taken / 1000.0, load->enrollments[load->count * 99 / 100].taken / 1000.0,
          measure_signing ());
}

int
main (int argc, char **argv)
{
  signet_process_init ();
  if (argc < 3)
    return 2;

  Load load = { 0 };
  guint clients = MAX (1, atoi (argv[2]));
  g_autofree char *root = g_build_filename (argv[1], "keys", "root.pem", NULL);
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();

  load.settings = must (signet_settings_load (argv[1], &error), "settings");
  load.count = argc > 3 ? atoi (argv[3]) : clients > 1 ? DEFAULT_ENROLLMENTS : DEFAULT_ENROLLMENTS / 4;
  gnutls_certificate_allocate_credentials (&load.credentials);
  must (GINT_TO_POINTER (gnutls_certificate_set_x509_trust_file (load.credentials, root, GNUTLS_X509_FMT_PEM) > 0),
        root);
  prepare (&load, argv[1]);

  gint64 begin = g_get_monotonic_time ();
  for (guint i = 0; i < clients; i++)
    g_ptr_array_add (threads, g_thread_new ("client", run_client, &load));
  for (guint i = 0; i < clients; i++)
    g_thread_join (threads->pdata[i]);
  report (&load, clients, g_get_monotonic_time () - begin);
  return 0;
}
