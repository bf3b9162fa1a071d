/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net/http.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/process.h"
#include "hostile-server.h"
#include "tls-identity.h"

#include <glib/gstdio.h>
#include <gnutls/x509.h>

#define SERVER GNUTLS_KP_TLS_WWW_SERVER

static const HostilePlan plan = { .answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", .end = HOSTILE_HOLD };

/* "Root" and, with the same name, the root of somebody else; and one that the system trusts. */
static TlsIdentity *root, *evil, *system_root;

/* A server with what it presents gets our request, or nothing at all. */
static void
check (GTlsCertificate *presented, const char *host, GBytes *pin, gboolean trusted)
{
  g_autoptr (HostileServer) server = hostile_server_new (presented, &plan);
  g_autofree char *url = g_strdup_printf ("https://%s:%u/", host, hostile_server_get_port (server));
  g_autoptr (SignetSecret) password = signet_secret_new_text ("secret");
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetHttpAnswer) answer = signet_http_send (&(SignetHttpRequest) {
    .method = "GET", .url = url, .pin = pin, .user = "asa@example.org", .password = password, .timeout = 20 },
    NULL, &error);
  g_autofree char *received = hostile_server_get_received (server);

  g_assert_cmpuint (hostile_server_get_connections (server), ==, 1);
  if (trusted) {
    g_assert_no_error (error);
    g_assert_true (g_str_has_prefix (received, "GET / HTTP/1.1\r\n"));
  } else {
    g_assert_null (answer);
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED);
    g_assert_cmpstr (received, ==, "");
  }
}

static TlsIdentity *
make_ca (const char *name, TlsIdentity *issuer, int path_length)
{
  return tls_identity_new (&(TlsFacts) { .name = name, .not_before = -2, .not_after = 900, .is_ca = TRUE,
                                         .path_length = path_length }, issuer);
}

static void
test_right (void)
{
  g_autoptr (TlsIdentity) middle = make_ca ("Middle", root, 0);
  g_autoptr (TlsIdentity) direct = tls_identity_new_server (root), below = tls_identity_new_server (middle);
  g_autoptr (GTlsCertificate) with_root = tls_identity_present (direct, root, NULL);
  g_autoptr (GTlsCertificate) with_both = tls_identity_present (below, middle, root, NULL);
  g_autoptr (GTlsCertificate) with_middle = tls_identity_present (below, middle, NULL);
  g_autoptr (GTlsCertificate) with_stranger = tls_identity_present (direct, root, evil, NULL);
  g_autoptr (GBytes) root_pin = tls_identity_get_pin (root), middle_pin = tls_identity_get_pin (middle);

  check (with_root, "127.0.0.1", root_pin, TRUE);
  check (with_root, "localhost", root_pin, TRUE);
  check (with_both, "127.0.0.1", root_pin, TRUE);
  check (with_both, "127.0.0.1", middle_pin, TRUE);
  check (with_middle, "127.0.0.1", middle_pin, TRUE);
  check (with_stranger, "127.0.0.1", root_pin, TRUE);
}

static void
test_wrong_pin (void)
{
  g_autoptr (TlsIdentity) server = tls_identity_new_server (root);
  g_autoptr (GTlsCertificate) presented = tls_identity_present (server, root, NULL);
  g_autoptr (GTlsCertificate) alone = tls_identity_present (server, NULL);
  g_autoptr (GBytes) root_pin = tls_identity_get_pin (root), evil_pin = tls_identity_get_pin (evil);
  g_autoptr (GBytes) short_pin = g_bytes_new_from_bytes (root_pin, 0, 31), no_pin = g_bytes_new (NULL, 0);

  check (presented, "127.0.0.1", evil_pin, FALSE);
  check (presented, "127.0.0.1", short_pin, FALSE);
  check (presented, "127.0.0.1", no_pin, FALSE);
  check (alone, "127.0.0.1", root_pin, FALSE);
}

/* The pinned certificate is public: anybody can send it along. */
static void
test_appended_root (void)
{
  g_autoptr (GBytes) pin = tls_identity_get_pin (root);
  g_autoptr (TlsIdentity) other = tls_identity_new_root ("Other");
  g_autoptr (TlsIdentity) by_other = tls_identity_new_server (other), by_evil = tls_identity_new_server (evil);
  g_autoptr (TlsIdentity) own = tls_identity_new_server (NULL);
  TlsFacts linked_by_name = { .name = "server", .ip = "127.0.0.1", .not_before = -1, .not_after = 9,
                              .no_key_ids = TRUE };
  g_autoptr (TlsIdentity) by_name = tls_identity_new (&linked_by_name, evil);
  GTlsCertificate *const cases[] = {
    tls_identity_present (by_other, root, NULL),
    tls_identity_present (by_other, other, root, NULL),
    tls_identity_present (by_evil, root, NULL),
    tls_identity_present (by_evil, evil, root, NULL),
    tls_identity_present (by_evil, root, evil, NULL),
    tls_identity_present (by_name, root, NULL),
    tls_identity_present (by_name, evil, root, NULL),
    tls_identity_present (own, root, NULL),
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("case %u", i);
    check (cases[i], "127.0.0.1", pin, FALSE);
    g_object_unref (cases[i]);
  }
}

/* So is its key: anybody can write a certificate around it. */
static void
test_forged_root (void)
{
  g_autoptr (GBytes) pin = tls_identity_get_pin (root);
  g_autoptr (TlsIdentity) other = tls_identity_new_root ("Other"), by_other = tls_identity_new_server (other);
  g_autoptr (TlsIdentity) forged = tls_identity_new (&(TlsFacts) { .name = "Other", .not_before = -2, .not_after = 900,
                                                                   .is_ca = TRUE, .no_key_ids = TRUE, .key_of = root },
                                                     other);
  g_autoptr (GTlsCertificate) replaced = tls_identity_present (by_other, forged, NULL);
  g_autoptr (GTlsCertificate) both = tls_identity_present (by_other, forged, other, NULL);

  check (replaced, "127.0.0.1", pin, FALSE);
  check (both, "127.0.0.1", pin, FALSE);
}

/* The pin is a CA's. */
static void
test_pinned_leaf (void)
{
  g_autoptr (TlsIdentity) server = tls_identity_new_server (root), own = tls_identity_new_server (NULL);
  g_autoptr (TlsIdentity) ca = tls_identity_new (&(TlsFacts) { .name = "server", .ip = "127.0.0.1", .not_before = -1,
                                                               .not_after = 9, .is_ca = TRUE }, NULL);
  TlsIdentity *const cases[] = { server, own, ca };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GTlsCertificate) presented = tls_identity_present (cases[i], root, NULL);
    g_autoptr (GTlsCertificate) twice = tls_identity_present (cases[i], cases[i], root, NULL);
    g_autoptr (GBytes) pin = tls_identity_get_pin (cases[i]);
    g_test_message ("case %u", i);
    check (presented, "127.0.0.1", pin, FALSE);
    check (twice, "127.0.0.1", pin, FALSE);
  }
}

/* What the right root has signed, and must still not be taken for this server. */
static void
test_wrong_server (void)
{
  static const struct { TlsFacts facts; gboolean trusted; } cases[] = {
    { { "127.0.0.1", NULL, "127.0.0.1", SERVER, -1, 9 }, TRUE },
    { { "127.0.0.1", NULL, "127.0.0.1", NULL, -1, 9 }, TRUE },
    { { "127.0.0.1", NULL, "127.0.0.1", SERVER, -9, -1 }, FALSE },
    { { "127.0.0.1", NULL, "127.0.0.1", SERVER, 1, 9 }, FALSE },
    { { "127.0.0.1", NULL, "127.0.0.2", SERVER, -1, 9 }, FALSE },
    { { "127.0.0.1", NULL, "::1", SERVER, -1, 9 }, FALSE },
    { { "127.0.0.1", "localhost", NULL, SERVER, -1, 9 }, FALSE },
    { { "127.0.0.1", "127.0.0.1", NULL, SERVER, -1, 9 }, FALSE },
    { { "127.0.0.1", NULL, NULL, SERVER, -1, 9 }, FALSE },
    { { "127.0.0.1", NULL, "127.0.0.1", GNUTLS_KP_EMAIL_PROTECTION, -1, 9 }, FALSE },
    { { "127.0.0.1", NULL, "127.0.0.1", GNUTLS_KP_TLS_WWW_CLIENT, -1, 9 }, FALSE },
    { { "127.0.0.1", NULL, "127.0.0.1", SERVER, -1, 9, .sha1 = TRUE }, FALSE },
  };
  g_autoptr (GBytes) pin = tls_identity_get_pin (root);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (TlsIdentity) server = tls_identity_new (&cases[i].facts, root);
    g_autoptr (GTlsCertificate) presented = tls_identity_present (server, root, NULL);
    g_test_message ("case %u", i);
    check (presented, "127.0.0.1", pin, cases[i].trusted);
  }
}

static void
test_wrong_name (void)
{
  static const char *const names[] = { "other.example", "localhost.example", "*", "*.localhost", "local" };
  g_autoptr (GBytes) pin = tls_identity_get_pin (root);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (TlsIdentity) server = tls_identity_new (&(TlsFacts) { .name = "localhost", .dns = names[i],
                                                                     .not_before = -1, .not_after = 9 }, root);
    g_autoptr (GTlsCertificate) presented = tls_identity_present (server, root, NULL);
    g_test_message ("case %u", i);
    check (presented, "localhost", pin, FALSE);
  }
}

/* A certificate in between, and whether it may stand there. */
static void
test_between (void)
{
  static const struct { TlsFacts facts; gboolean trusted; } cases[] = {
    { { "Middle", .not_before = -1, .not_after = 9, .is_ca = TRUE }, TRUE },
    { { "Middle", .not_before = -1, .not_after = 9, .is_ca = TRUE, .path_length = 1 }, TRUE },
    { { "Middle", .not_before = -9, .not_after = -1, .is_ca = TRUE }, FALSE },
    { { "Middle", .not_before = 1, .not_after = 9, .is_ca = TRUE }, FALSE },
    { { "Middle", .not_before = -1, .not_after = 9 }, FALSE },
    { { "Middle", .not_before = -1, .not_after = 9, .purpose = GNUTLS_KP_EMAIL_PROTECTION }, FALSE },
    { { "Middle", .not_before = -1, .not_after = 9, .is_ca = TRUE, .purpose = GNUTLS_KP_EMAIL_PROTECTION }, FALSE },
    { { "Middle", .not_before = -1, .not_after = 9, .is_ca = TRUE, .may_not_sign = TRUE }, FALSE },
  };
  g_autoptr (GBytes) pin = tls_identity_get_pin (root);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (TlsIdentity) middle = tls_identity_new (&cases[i].facts, root);
    g_autoptr (TlsIdentity) server = tls_identity_new_server (middle);
    g_autoptr (GTlsCertificate) presented = tls_identity_present (server, middle, root, NULL);
    g_test_message ("case %u", i);
    check (presented, "127.0.0.1", pin, cases[i].trusted);
  }
}

static void
test_path_length (void)
{
  g_autoptr (TlsIdentity) narrow = make_ca ("Narrow", NULL, 1), below_narrow = make_ca ("A", narrow, 0);
  g_autoptr (TlsIdentity) wide = make_ca ("Wide", NULL, 2), a = make_ca ("A", wide, 0), b = make_ca ("B", a, 0);
  g_autoptr (TlsIdentity) s1 = tls_identity_new_server (below_narrow);
  g_autoptr (TlsIdentity) s2 = tls_identity_new_server (a), s3 = tls_identity_new_server (b);
  g_autoptr (GTlsCertificate) too_deep = tls_identity_present (s1, below_narrow, narrow, NULL);
  g_autoptr (GTlsCertificate) deep = tls_identity_present (s2, a, wide, NULL);
  g_autoptr (GTlsCertificate) deeper = tls_identity_present (s3, b, a, wide, NULL);
  g_autoptr (GBytes) narrow_pin = tls_identity_get_pin (narrow), wide_pin = tls_identity_get_pin (wide);

  check (too_deep, "127.0.0.1", narrow_pin, FALSE);
  check (deep, "127.0.0.1", wide_pin, TRUE);
  check (deeper, "127.0.0.1", wide_pin, FALSE);
}

static void
test_wrong_root (void)
{
  static const struct { TlsFacts facts; gboolean trusted; } cases[] = {
    { { "Other", .not_before = -1, .not_after = 9, .is_ca = TRUE }, TRUE },
    { { "Other", .not_before = -9, .not_after = -1, .is_ca = TRUE }, FALSE },
    { { "Other", .not_before = 1, .not_after = 9, .is_ca = TRUE }, FALSE },
    { { "Other", .not_before = -1, .not_after = 9 }, FALSE },
    { { "Other", .not_before = -1, .not_after = 9, .is_ca = TRUE, .may_not_sign = TRUE }, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (TlsIdentity) other = tls_identity_new (&cases[i].facts, NULL);
    g_autoptr (TlsIdentity) server = tls_identity_new_server (other);
    g_autoptr (GTlsCertificate) presented = tls_identity_present (server, other, NULL);
    g_autoptr (GBytes) pin = tls_identity_get_pin (other);
    g_test_message ("case %u", i);
    check (presented, "127.0.0.1", pin, cases[i].trusted);
  }
}

static void
test_long_chain (void)
{
  for (guint length = SIGNET_MAX_CHAIN; length <= SIGNET_MAX_CHAIN + 1; length++) {
    g_autoptr (GPtrArray) cas = g_ptr_array_new_with_free_func ((GDestroyNotify) tls_identity_free);
    g_ptr_array_add (cas, tls_identity_new_root ("CA 1"));
    for (guint i = 2; i < length; i++) {
      g_autofree char *name = g_strdup_printf ("CA %u", i);
      g_ptr_array_add (cas, make_ca (name, cas->pdata[i - 2], 0));
    }
    TlsIdentity *c[SIGNET_MAX_CHAIN] = { NULL };
    for (guint i = 0; i < cas->len; i++)
      c[i] = cas->pdata[cas->len - 1 - i];
    G_STATIC_ASSERT (SIGNET_MAX_CHAIN == 8);
    g_autoptr (TlsIdentity) server = tls_identity_new_server (c[0]);
    g_autoptr (GTlsCertificate) presented = tls_identity_present (server, c[0], c[1], c[2], c[3], c[4], c[5], c[6],
                                                                  c[7], NULL);
    g_autoptr (GBytes) pin = tls_identity_get_pin (cas->pdata[0]);

    g_test_message ("length %u", length);
    check (presented, "127.0.0.1", pin, length == SIGNET_MAX_CHAIN);
  }
}

/* Without a pin what the system trusts is trusted, and with one it does not help. */
static void
test_system (void)
{
  g_autoptr (TlsIdentity) known = tls_identity_new_server (system_root), unknown = tls_identity_new_server (root);
  g_autoptr (TlsIdentity) named = tls_identity_new (&(TlsFacts) { .name = "x", .dns = "other.example", .not_before = -1,
                                                                  .not_after = 9 }, system_root);
  g_autoptr (GTlsCertificate) good = tls_identity_present (known, NULL);
  g_autoptr (GTlsCertificate) with_root = tls_identity_present (known, system_root, NULL);
  g_autoptr (GTlsCertificate) bad = tls_identity_present (unknown, root, NULL);
  g_autoptr (GTlsCertificate) other = tls_identity_present (named, system_root, NULL);
  g_autoptr (GBytes) pin = tls_identity_get_pin (root);

  check (good, "127.0.0.1", NULL, TRUE);
  check (bad, "127.0.0.1", NULL, FALSE);
  check (other, "127.0.0.1", NULL, FALSE);
  check (with_root, "127.0.0.1", pin, FALSE);
}

/* Instead of this machine's list of authorities.  The file is read anew for each connection; its path is returned. */
static char *
set_system_root (TlsIdentity *identity)
{
  g_autofree char *pem = tls_identity_get_certificate_pem (identity);
  g_autoptr (GError) error = NULL;
  char *path;
  int fd = g_file_open_tmp ("signet-test-XXXXXX.pem", &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_file_set_contents (path, pem, -1, &error);
  g_assert_no_error (error);
  g_autoptr (GTlsDatabase) database = g_tls_file_database_new (path, &error);
  g_assert_no_error (error);
  g_tls_backend_set_default_database (g_tls_backend_get_default (), database);
  return path;
}

int
main (int argc, char **argv)
{
  signet_process_init ();
  g_test_init (&argc, &argv, NULL);
  root = tls_identity_new_root ("Root");
  evil = tls_identity_new_root ("Root");
  system_root = tls_identity_new_root ("System");
  g_autofree char *path = set_system_root (system_root);

  g_test_add_func ("/net/pin/right", test_right);
  g_test_add_func ("/net/pin/wrong-pin", test_wrong_pin);
  g_test_add_func ("/net/pin/appended-root", test_appended_root);
  g_test_add_func ("/net/pin/forged-root", test_forged_root);
  g_test_add_func ("/net/pin/pinned-leaf", test_pinned_leaf);
  g_test_add_func ("/net/pin/wrong-server", test_wrong_server);
  g_test_add_func ("/net/pin/wrong-name", test_wrong_name);
  g_test_add_func ("/net/pin/between", test_between);
  g_test_add_func ("/net/pin/path-length", test_path_length);
  g_test_add_func ("/net/pin/wrong-root", test_wrong_root);
  g_test_add_func ("/net/pin/long-chain", test_long_chain);
  g_test_add_func ("/net/pin/system", test_system);
  int result = g_test_run ();

  g_unlink (path);
  tls_identity_free (root);
  tls_identity_free (evil);
  tls_identity_free (system_root);
  return result;
}
