/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net/http.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/process.h"
#include "foreign-leaks.h"
#include "hostile-server.h"
#include "tls-identity.h"

#include <string.h>

#define CAP 1000                  /* bytes of an answer's body */
#define PROMPTLY (G_USEC_PER_SEC * 20)     /* on a busy machine; a hang lasts longer */

/* What every test shares: a server's certificate under a root, and the root's pin. */
static GTlsCertificate *certificate;
static GBytes *pin;

static SignetHttpAnswer *
send_to (const char *url, guint timeout, GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetSecret) password = signet_secret_new_text ("correct:horse");

  return signet_http_send (&(SignetHttpRequest) { .method = "GET", .url = url, .pin = pin, .user = "asa@example.org",
                                                  .password = password, .max_body = CAP, .timeout = timeout },
                           cancellable, error);
}

/* As send_to(), where it ends by being cancelled, or by the deadline.  GLib 2.74 leaks the source of a GCancellable
 * that goes away in the very moment in which another thread cancels it. */
static SignetHttpAnswer *
send_in_vain (const char *url, guint timeout, GCancellable *cancellable, GError **error)
{
  SignetHttpAnswer *answer;

  FOREIGN_LEAKS_BEGIN;
  answer = send_to (url, timeout, cancellable, error);
  FOREIGN_LEAKS_END;
  return answer;
}

/* "Basic " and the base64 of "asa@example.org:correct:horse". */
#define BASIC "Authorization: Basic YXNhQGV4YW1wbGUub3JnOmNvcnJlY3Q6aG9yc2U=\r\n"

typedef struct {
  const char *answer;
  HostileEnd end;
  int code;                 /* of SIGNET_ERROR; or OK */
  guint status;
  const char *body;
} AnswerCase;

#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
#define OK -1
#define CUT SIGNET_ERROR_UNREACHABLE

static const AnswerCase answer_cases[] = {
  { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", HOSTILE_CLOSE, OK, 200, "hello" },
  { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", HOSTILE_HOLD, OK, 200, "hello" },
  { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", HOSTILE_CUT, OK, 200, "hello" },
  { "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", HOSTILE_HOLD, OK, 200, "" },
  { "HTTP/1.1 204 No Content\r\n\r\n", HOSTILE_HOLD, OK, 204, "" },
  { "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", HOSTILE_HOLD, OK, 204, "" },
  { "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno", HOSTILE_HOLD, OK, 401, "no" },
  { "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 2\r\n\r\nno", HOSTILE_HOLD, OK,
    401, "no" },
  { "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", HOSTILE_HOLD, OK, 407, "" },
  { "HTTP/1.1 421 Misdirected Request\r\nContent-Length: 0\r\n\r\n", HOSTILE_HOLD, CUT },
  { "HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\nno", HOSTILE_HOLD, OK, 500, "no" },
  { "HTTP/1.0 200 OK\r\n\r\nhello", HOSTILE_CLOSE, OK, 200, "hello" },
  { CHUNKED "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", HOSTILE_HOLD, OK, 200,
    "hello!" },
  { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    HOSTILE_HOLD, OK, 200, "hello" },
  { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", HOSTILE_HOLD, OK, 200, "hello" },
  /* 202 without a length, as EST servers send it; a body that was not asked for may end as it likes. */
  { "HTTP/1.1 202 Accepted\r\nRetry-After: 7\r\n\r\n", HOSTILE_CLOSE, OK, 202, "" },
  { "HTTP/1.1 202 Accepted\r\nRetry-After: 7\r\n\r\n", HOSTILE_CUT, OK, 202, "" },
  { "HTTP/1.1 202 Accepted\r\n\r\nwait", HOSTILE_CUT, OK, 202, "wait" },
  /* Cut off, or shorter than it was said to be. */
  { NULL, HOSTILE_CLOSE, CUT },
  { NULL, HOSTILE_CUT, CUT },
  { "HTTP/1.1 20", HOSTILE_CUT, CUT },
  { "HTTP/1.1 200 OK\r\nContent-Le", HOSTILE_CUT, CUT },
  { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", HOSTILE_CUT, CUT },
  { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", HOSTILE_CUT, CUT },
  { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", HOSTILE_CLOSE, CUT },
  { "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhell", HOSTILE_CLOSE, CUT },
  { "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhell", HOSTILE_CUT, CUT },
  { "HTTP/1.0 200 OK\r\n\r\nhell", HOSTILE_CUT, CUT },
  { CHUNKED "5\r\nhell", HOSTILE_CUT, CUT },
  { CHUNKED "5\r\nhello\r\n", HOSTILE_CUT, CUT },
  { CHUNKED "5\r\nhello\r\n0", HOSTILE_CUT, CUT },
  /* No HTTP. */
  { "SSH-2.0-OpenSSH_9.2\r\n", HOSTILE_CLOSE, CUT },
  { "\r\n\r\n", HOSTILE_CLOSE, CUT },
  { "HTTP/1.1 xyz\r\n\r\n", HOSTILE_CLOSE, CUT },
  { "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello", HOSTILE_CLOSE, CUT },
  /* Elsewhere. */
  { "HTTP/1.1 300 Choose\r\nContent-Length: 0\r\n\r\n", HOSTILE_HOLD, SIGNET_ERROR_INVALID },
  { "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", HOSTILE_HOLD,
    SIGNET_ERROR_INVALID },
  { "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", HOSTILE_HOLD, SIGNET_ERROR_INVALID },
  { "HTTP/1.1 303 See Other\r\nLocation: x:y\r\nContent-Length: 0\r\n\r\n", HOSTILE_HOLD, SIGNET_ERROR_INVALID },
  { "HTTP/1.1 304 Not Modified\r\n\r\n", HOSTILE_HOLD, SIGNET_ERROR_INVALID },
  { "HTTP/1.1 307 Moved\r\n\r\n", HOSTILE_HOLD, SIGNET_ERROR_INVALID },
  { "HTTP/1.1 308 Moved\r\nLocation: https://evil.example/\r\n\r\n", HOSTILE_HOLD, SIGNET_ERROR_INVALID },
  /* Too much. */
  { "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", HOSTILE_HOLD, SIGNET_ERROR_TOO_LARGE },
  { "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n", HOSTILE_HOLD, SIGNET_ERROR_TOO_LARGE },
};

static void
check_answer_case (const AnswerCase *c)
{
  HostilePlan plan = { .answer = c->answer, .end = c->end };
  g_autoptr (HostileServer) server = hostile_server_new (certificate, &plan);
  g_autofree char *url = hostile_server_get_url (server, "/");
  g_autoptr (GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();
  g_autoptr (SignetHttpAnswer) answer = send_to (url, 30, NULL, &error);

  g_assert_cmpint (g_get_monotonic_time () - begin, <, PROMPTLY);
  if (c->code == OK) {
    g_assert_no_error (error);
    g_assert_cmpuint (answer->status, ==, c->status);
    g_assert_cmpmem (g_bytes_get_data (answer->body, NULL), g_bytes_get_size (answer->body), c->body, strlen (c->body));
  } else {
    g_assert_null (answer);
    g_assert_error (error, SIGNET_ERROR, c->code);
  }
  g_assert_cmpuint (hostile_server_get_connections (server), ==, 1);
}

static void
test_answers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (answer_cases); i++) {
    g_test_message ("case %u: %s", i, answer_cases[i].answer);
    check_answer_case (&answer_cases[i]);
  }
}

static void
test_headers (void)
{
  HostilePlan plan = { .answer = "HTTP/1.1 202 Accepted\r\nContent-Type: TEXT/Plain; charset=x\r\nRetry-After: 5\r\n"
                                 "Location: later?id=1\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n",
                       .end = HOSTILE_HOLD };
  g_autoptr (HostileServer) server = hostile_server_new (certificate, &plan);
  g_autofree char *url = hostile_server_get_url (server, "/a/b?c");
  g_autofree char *expected = hostile_server_get_url (server, "/a/later?id=1");
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetHttpAnswer) answer = send_to (url, 30, NULL, &error);
  g_autofree char *received = hostile_server_get_received (server);

  g_assert_no_error (error);
  g_assert_cmpstr (answer->content_type, ==, "text/plain");
  g_assert_cmpstr (answer->location, ==, expected);
  g_assert_cmpint (answer->retry_after, ==, 5);

  g_assert_true (g_str_has_prefix (received, "GET /a/b?c HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (received, BASIC));
  g_assert_nonnull (strstr (received, "User-Agent: Signet/"));
  g_assert_null (strstr (received, "Accept-Encoding"));
  g_assert_null (strstr (received, "Cookie"));
}

static void
test_no_headers (void)
{
  HostilePlan plan = { .answer = "HTTP/1.1 202 Accepted\r\nLocation: https://evil.example/\r\nRetry-After: x\r\n"
                                 "Content-Type: x\r\nContent-Length: 0\r\n\r\n", .end = HOSTILE_HOLD };
  g_autoptr (HostileServer) server = hostile_server_new (certificate, &plan);
  g_autofree char *url = hostile_server_get_url (server, "/");
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetHttpAnswer) answer = send_to (url, 30, NULL, &error);

  g_assert_no_error (error);
  g_assert_null (answer->content_type);
  g_assert_null (answer->location);
  g_assert_cmpint (answer->retry_after, ==, -1);
}

/* The text names where we were sent, and nobody went there. */
static void
test_redirect (void)
{
  HostilePlan there = { .answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" };
  g_autoptr (HostileServer) elsewhere = hostile_server_new (certificate, &there);
  g_autofree char *target = g_strdup_printf ("HTTP/1.1 307 Moved\r\nLocation: https://localhost:%u/\r\n\r\n",
                                             hostile_server_get_port (elsewhere));
  HostilePlan plan = { .answer = target, .end = HOSTILE_HOLD };
  g_autoptr (HostileServer) server = hostile_server_new (certificate, &plan);
  g_autofree char *url = hostile_server_get_url (server, "/");
  g_autoptr (GError) error = NULL;

  g_assert_null (send_to (url, 30, NULL, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "“localhost”"));
  g_assert_cmpuint (hostile_server_get_connections (elsewhere), ==, 0);
}

static void
test_post (void)
{
  HostilePlan plan = { .answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", .end = HOSTILE_HOLD };
  g_autoptr (HostileServer) server = hostile_server_new (certificate, &plan);
  g_autofree char *url = hostile_server_get_url (server, "/requests"), *text = g_strnfill (SIGNET_MAX_REQUEST, 'x');
  g_autoptr (GBytes) body = g_bytes_new (text, SIGNET_MAX_REQUEST);
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetHttpAnswer) answer = signet_http_send (&(SignetHttpRequest) {
    .method = "POST", .url = url, .pin = pin, .content_type = "application/x-test", .body = body, .max_body = CAP },
    NULL, &error);
  g_autofree char *received = hostile_server_get_received (server);

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (received, "POST /requests HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (received, "Content-Type: application/x-test\r\n"));
  g_assert_nonnull (strstr (received, "Content-Length: 65536\r\n"));
  g_assert_cmpstr (strstr (received, "\r\n\r\n") + 4, ==, text);
  g_assert_null (strstr (received, "Authorization"));
}

static void
test_bad_urls (void)
{
  HostilePlan plan = { .stage = HOSTILE_AFTER_ACCEPT };
  g_autoptr (HostileServer) server = hostile_server_new (certificate, &plan);
  guint port = hostile_server_get_port (server);
  g_autofree char *plain = g_strdup_printf ("http://127.0.0.1:%u/", port);
  g_autofree char *named = g_strdup_printf ("https://asa:secret@127.0.0.1:%u/", port);
  g_autofree char *split = g_strdup_printf ("https://127.0.0.1:%u/ HTTP/1.1\r\nX: y\r\n", port);
  g_autofree char *long_path = g_strnfill (SIGNET_MAX_URL, 'a');
  g_autofree char *long_url = g_strdup_printf ("https://127.0.0.1:%u/%s", port, long_path);
  const char *const cases[] = {
    plain, named, split, long_url, "", "https:", "https://", "https:///path", "https://:443/", "127.0.0.1",
    "ftp://127.0.0.1/", "file:///etc/passwd", "https://127.0.0.1:99999/", "https://127.0.0.1:0/",
    "https://exa mple.org/", "https://ex%0aample.org/",
    "https://b\xc3\xbc" "cher.example/", "https://[::1/", "HTTP://127.0.0.1/",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_test_message ("case %u: %s", i, cases[i]);
    g_assert_null (send_to (cases[i], 5, NULL, &error));
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
    g_assert_null (strstr (error->message, "secret"));
  }
  g_assert_cmpuint (hostile_server_get_connections (server), ==, 0);
}

static void
test_bad_users (void)
{
  static const char *const cases[] = { "a:b@example.org", "a\r\nX: y", "a\x7f" };
  HostilePlan plan = { .stage = HOSTILE_AFTER_ACCEPT };
  g_autoptr (HostileServer) server = hostile_server_new (certificate, &plan);
  g_autofree char *url = hostile_server_get_url (server, "/");
  g_autoptr (SignetSecret) password = signet_secret_new_text ("x");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (signet_http_send (&(SignetHttpRequest) { .method = "GET", .url = url, .pin = pin, .user = cases[i],
                                                            .password = password }, NULL, &error));
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
  }
  g_assert_cmpuint (hostile_server_get_connections (server), ==, 0);
}

static void
check_cap (const char *text, gboolean fits)
{
  HostilePlan plan = { .answer = text };
  g_autoptr (HostileServer) server = hostile_server_new (certificate, &plan);
  g_autofree char *url = hostile_server_get_url (server, "/");
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetHttpAnswer) answer = send_to (url, 30, NULL, &error);

  if (fits) {
    g_assert_no_error (error);
    g_assert_cmpuint (g_bytes_get_size (answer->body), ==, CAP);
  } else {
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE);
  }
}

static void
test_cap (void)
{
  for (guint length = CAP; length <= CAP + 1; length++) {
    g_autofree char *body = g_strnfill (length, 'x');
    g_autofree char *chunked = g_strdup_printf (CHUNKED "%x\r\n%s\r\n0\r\n\r\n", length, body);
    g_autofree char *counted = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Length: %u\r\n\r\n%s", length, body);
    g_autofree char *closed = g_strdup_printf ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n%s", body);

    check_cap (chunked, length == CAP);
    check_cap (counted, length == CAP);
    check_cap (closed, length == CAP);
  }
}

/* A compressed body is not what was asked for: it stays as it is, and small. */
static void
test_bomb (void)
{
  g_autoptr (GConverter) gzip = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autofree guint8 *zeros = g_malloc0 (500000), *packed = g_malloc (CAP);
  gsize length, read;

  g_assert_cmpint (g_converter_convert (gzip, zeros, 500000, packed, CAP, G_CONVERTER_INPUT_AT_END, &read, &length,
                                        NULL), ==, G_CONVERTER_FINISHED);
  g_autoptr (GBytes) bomb = g_bytes_new (packed, length);
  HostilePlan plan = { .answer = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n",
                       .more = bomb };
  g_autoptr (HostileServer) server = hostile_server_new (certificate, &plan);
  g_autofree char *url = hostile_server_get_url (server, "/");
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetHttpAnswer) answer = send_to (url, 30, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (answer->body, bomb));
}

typedef struct {
  HostilePlan plan;
  int code;
} SlowCase;

/* Servers that never come to an end: each must be left by the deadline or by a cap. */
static const SlowCase slow_cases[] = {
  { { .stage = HOSTILE_AFTER_ACCEPT, .end = HOSTILE_HOLD }, CUT },
  { { .stage = HOSTILE_AFTER_HELLO, .end = HOSTILE_HOLD }, CUT },
  { { .stage = HOSTILE_AFTER_HELLO, .answer = "\x16\x03\x03\x40", .end = HOSTILE_HOLD }, CUT },
  { { .stage = HOSTILE_AFTER_HELLO, .flood = "\x16\x03\x03", .drip = 100 }, CUT },
  { { .end = HOSTILE_HOLD }, CUT },
  { { .answer = "HTTP/1.1 200 OK\r\nX: ", .end = HOSTILE_HOLD }, CUT },
  { { .answer = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello", .end = HOSTILE_HOLD }, CUT },
  { { .answer = CHUNKED, .end = HOSTILE_HOLD }, CUT },
  { { .answer = CHUNKED "5\r\nhello\r\n0\r\nX: y", .end = HOSTILE_HOLD }, CUT },
  { { .answer = "HTTP/1.1 200 OK\r\n", .flood = "X: y\r\n", .drip = 100 }, CUT },
  { { .answer = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", .flood = "x", .drip = 100 }, CUT },
  { { .answer = CHUNKED, .flood = "1\r\nx\r\n", .drip = 100 }, CUT },
  { { .answer = "HTTP/1.1 200 OK\r\n", .flood = "X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n" }, CUT },
  { { .answer = "HTTP/1.1 200 OK\r\nX: ", .flood = "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy" }, CUT },
  { { .flood = "HTTP/1.1 100 Continue\r\n\r\n" }, CUT },
  { { .flood = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" }, CUT },
  { { .flood = "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy" }, CUT },
  { { .answer = CHUNKED, .flood = "0000000000000000000000000000000000000000000000000000000000000000000000" }, CUT },
  { { .answer = CHUNKED, .flood = "1\r\nx\r\n" }, SIGNET_ERROR_TOO_LARGE },
  { { .answer = CHUNKED "7fffffffffffffff\r\n", .flood = "xxxxxxxxxxxxxxxxxxxxxxxxxx" }, SIGNET_ERROR_TOO_LARGE },
  { { .answer = "HTTP/1.1 200 OK\r\n\r\n", .flood = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" }, SIGNET_ERROR_TOO_LARGE },
  { { .answer = "HTTP/1.1 401 No\r\n\r\n", .flood = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" }, SIGNET_ERROR_TOO_LARGE },
  { { .answer = "HTTP/1.1 407 No\r\n\r\n", .flood = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" }, SIGNET_ERROR_TOO_LARGE },
  { { .answer = "HTTP/1.1 302 No\r\n\r\n", .flood = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" }, SIGNET_ERROR_INVALID },
  { { .answer = "HTTP/1.1 421 No\r\n\r\n", .flood = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" }, CUT },
};

static void
check_slow_case (gpointer data, gpointer user_data)
{
  const SlowCase *c = data;
  g_autoptr (HostileServer) server = hostile_server_new (certificate, &c->plan);
  g_autofree char *url = hostile_server_get_url (server, "/");
  g_autoptr (GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();

  g_assert_null (send_in_vain (url, c->code == CUT ? 2 : 30, NULL, &error));
  g_test_message ("case %d: %s", (int) (c - slow_cases), error->message);
  g_assert_error (error, SIGNET_ERROR, c->code);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, PROMPTLY);
  g_assert_cmpuint (hostile_server_get_connections (server), ==, 1);
}

/* Side by side, for most of them take their time. */
static void
test_slow (void)
{
  GThreadPool *pool = g_thread_pool_new (check_slow_case, NULL, 8, TRUE, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (slow_cases); i++)
    g_thread_pool_push (pool, (gpointer) &slow_cases[i], NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
}

/* The server does not read what it is sent. */
static void
test_stalled_upload (void)
{
  HostilePlan plan = { .stage = HOSTILE_AFTER_HEAD, .end = HOSTILE_HOLD };
  g_autoptr (HostileServer) server = hostile_server_new (certificate, &plan);
  g_autofree char *url = hostile_server_get_url (server, "/");
  g_autoptr (GBytes) body = g_bytes_new_take (g_malloc0 (64 << 20), 64 << 20);
  g_autoptr (GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();

  g_assert_null (signet_http_send (&(SignetHttpRequest) { .method = "POST", .url = url, .pin = pin, .body = body,
                                                          .content_type = "text/plain", .timeout = 1 }, NULL, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_UNREACHABLE);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, PROMPTLY);
}

static void
test_nobody (void)
{
  HostilePlan plan = { .stage = HOSTILE_AFTER_ACCEPT };
  HostileServer *server = hostile_server_new (certificate, &plan);
  g_autofree char *url = hostile_server_get_url (server, "/");
  const char *const cases[] = { url, "https://nobody.invalid/" };

  hostile_server_free (server);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (send_to (cases[i], 10, NULL, &error));
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_UNREACHABLE);
  }
}

typedef struct {
  HostileServer *server;
  GCancellable *cancellable;
  gint64 cancelled_at;
} Canceller;

static gpointer
cancel_when_reached (gpointer data)
{
  Canceller *canceller = data;

  hostile_server_wait (canceller->server);
  canceller->cancelled_at = g_get_monotonic_time ();
  g_cancellable_cancel (canceller->cancellable);
  return NULL;
}

static void
test_cancel (void)
{
  static const HostilePlan plans[] = {
    { .stage = HOSTILE_AFTER_ACCEPT, .end = HOSTILE_HOLD },
    { .stage = HOSTILE_AFTER_HELLO, .end = HOSTILE_HOLD },
    { .end = HOSTILE_HOLD },
    { .answer = "HTTP/1.1 200 OK\r\nX: ", .end = HOSTILE_HOLD },
    { .answer = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello", .end = HOSTILE_HOLD },
    { .flood = "HTTP/1.1 100 Continue\r\n\r\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (plans); i++) {
    g_autoptr (HostileServer) server = hostile_server_new (certificate, &plans[i]);
    g_autofree char *url = hostile_server_get_url (server, "/");
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    Canceller canceller = { server, cancellable };
    GThread *thread = g_thread_new ("canceller", cancel_when_reached, &canceller);
    g_autoptr (GError) error = NULL;

    g_test_message ("case %u", i);
    g_assert_null (send_in_vain (url, 60, cancellable, &error));
    g_thread_join (thread);
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpint (g_get_monotonic_time () - canceller.cancelled_at, <, PROMPTLY);
  }
}

static void
test_cancelled_before (void)
{
  HostilePlan plan = { .stage = HOSTILE_AFTER_ACCEPT };
  g_autoptr (HostileServer) server = hostile_server_new (certificate, &plan);
  g_autofree char *url = hostile_server_get_url (server, "/");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (send_to (url, 60, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (hostile_server_get_connections (server), ==, 0);
}

static gpointer
send_some (gpointer data)
{
  for (guint i = 0; i < 10; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (SignetHttpAnswer) answer = send_to (data, 30, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (g_bytes_get_size (answer->body), ==, 5);
  }
  return NULL;
}

/* Each exchange is one connection, from whatever thread; and how long one takes. */
static void
test_threads (void)
{
  HostilePlan plan = { .answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello" };
  g_autoptr (HostileServer) server = hostile_server_new (certificate, &plan);
  g_autofree char *url = hostile_server_get_url (server, "/");
  GThread *threads[4];
  gint64 begin = g_get_monotonic_time ();

  send_some (url);
  g_test_message ("one exchange: %.1f ms", (g_get_monotonic_time () - begin) / 10 / 1000.0);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("client", send_some, url);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (hostile_server_get_connections (server), ==, 10 + 10 * G_N_ELEMENTS (threads));
}

int
main (int argc, char **argv)
{
  signet_process_init ();
  g_test_init (&argc, &argv, NULL);

  g_autoptr (TlsIdentity) root = tls_identity_new_root ("Root"), identity = tls_identity_new_server (root);
  certificate = tls_identity_present (identity, root, NULL);
  pin = tls_identity_get_pin (root);

  g_test_add_func ("/net/http/answers", test_answers);
  g_test_add_func ("/net/http/headers", test_headers);
  g_test_add_func ("/net/http/no-headers", test_no_headers);
  g_test_add_func ("/net/http/redirect", test_redirect);
  g_test_add_func ("/net/http/post", test_post);
  g_test_add_func ("/net/http/bad-urls", test_bad_urls);
  g_test_add_func ("/net/http/bad-users", test_bad_users);
  g_test_add_func ("/net/http/cap", test_cap);
  g_test_add_func ("/net/http/bomb", test_bomb);
  g_test_add_func ("/net/http/slow", test_slow);
  g_test_add_func ("/net/http/stalled-upload", test_stalled_upload);
  g_test_add_func ("/net/http/nobody", test_nobody);
  g_test_add_func ("/net/http/cancel", test_cancel);
  g_test_add_func ("/net/http/cancelled-before", test_cancelled_before);
  g_test_add_func ("/net/http/threads", test_threads);
  int result = g_test_run ();

  g_object_unref (certificate);
  g_bytes_unref (pin);
  return result;
}
