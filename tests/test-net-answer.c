/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net/answer.h"

#include "base/limits.h"
#include "net/url.h"

/* Sun, 06 Nov 1994 08:49:37 GMT, the date of RFC 9110 section 5.6.7. */
#define NOW G_GINT64_CONSTANT (784111777)

static void
test_content_type (void)
{
  static const struct { const char *text, *expected; } cases[] = {
    { NULL, NULL }, { "", NULL }, { "text/plain", "text/plain" },
    { "Application/PKCS7-Mime", "application/pkcs7-mime" },
    { "application/pkcs7-mime; smime-type=certs-only", "application/pkcs7-mime" }, { "text/plain ;x=y", "text/plain" },
    { "text/plain;", "text/plain" }, { "text", NULL }, { "text/", NULL }, { "/plain", NULL }, { "text/plain x", NULL },
    { "text/pl\xc3\xa4in", NULL }, { "text/plain,text/html", NULL }, { ";", NULL }, { "text/a/b", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *type = signet_answer_parse_content_type (cases[i].text);
    g_test_message ("case %u", i);
    g_assert_cmpstr (type, ==, cases[i].expected);
  }
}

static void
test_location (void)
{
  static const struct { const char *text, *expected; } cases[] = {
    { NULL, NULL }, { "", NULL },
    { "https://example.org/b", "https://example.org/b" },
    { "https://EXAMPLE.org:443/b", "https://EXAMPLE.org/b" },
    { "/b?c=d", "https://example.org/b?c=d" },
    { "b", "https://example.org/a/b" },
    { "../../../b", "https://example.org/b" },
    { "b#c", "https://example.org/a/b" },
    { "//example.org/b", "https://example.org/b" },
    { "//evil.example/b", NULL },
    { "https://evil.example/b", NULL },
    { "https://example.org.evil.example/b", NULL },
    { "https://example.org:444/b", NULL },
    { "https://example.org:0/b", NULL },
    { "http://example.org/b", NULL },
    { "https://asa@example.org/b", NULL },
    { "https://example.org@evil.example/b", NULL },
    { "javascript:alert(1)", NULL },
    { "/b c", NULL },
    { "/b\r\nX: y", NULL },
    { "/b\xc3\xa4", NULL },
    { "https://exam%70le.org/b", "https://example.org/b" },
    { "https://example.org%2f.evil.example/b", NULL },
    { "https://[::1]/b", NULL },
  };
  g_autoptr (GUri) url = signet_url_parse (NULL, "https://example.org/a/1");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *location = signet_answer_parse_location (cases[i].text, url);
    g_test_message ("case %u", i);
    g_assert_cmpstr (location, ==, cases[i].expected);
  }

  for (guint over = 0; over < 2; over++) {
    g_autofree char *path = g_strnfill (SIGNET_MAX_URL + over, 'a');
    path[0] = '/';
    g_autofree char *location = signet_answer_parse_location (path, url);
    g_assert_cmpint (location != NULL, ==, over == 0);
  }
}

static void
test_retry_after (void)
{
  static const struct { const char *text; gint64 expected; } cases[] = {
    { NULL, -1 }, { "", -1 }, { "0", 0 }, { "007", 7 }, { "120", 120 }, { "86400", SIGNET_MAX_RETRY_AFTER },
    { "86401", SIGNET_MAX_RETRY_AFTER }, { "99999999999999999999999999", SIGNET_MAX_RETRY_AFTER },
    { "-1", -1 }, { "+5", -1 }, { "1.5", -1 }, { "5s", -1 }, { "soon", -1 }, { "0x10", -1 },
    { "Sun, 06 Nov 1994 08:51:37 GMT", 120 }, { "Sunday, 06-Nov-94 08:51:37 GMT", 120 },
    { "Sun Nov  6 08:51:37 1994", 120 }, { "Sun, 06 Nov 1994 08:49:37 GMT", 0 },
    { "Sat, 05 Nov 1994 08:49:37 GMT", 0 }, { "Sun, 06 Nov 2094 08:49:37 GMT", SIGNET_MAX_RETRY_AFTER },
    { "Sun, 99 Nov 1994 08:49:37 GMT", -1 }, { "Sun, 06 Nov", -1 },
    { "Sun, 06 Nov 1994 08:49:37 GMT and then some more that goes on and on", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("case %u", i);
    g_assert_cmpint (signet_answer_parse_retry_after (cases[i].text, NOW), ==, cases[i].expected);
  }
}

static void
test_loopback (void)
{
  static const struct { const char *text; gboolean expected; } cases[] = {
    { "https://localhost/", TRUE }, { "https://LOCALHOST:8443/", TRUE }, { "https://127.0.0.1/", TRUE },
    { "https://127.8.9.10/", TRUE }, { "https://[::1]:1/", TRUE }, { "https://128.0.0.1/", FALSE },
    { "https://localhost.example.org/", FALSE }, { "https://[fe80::1]/", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GUri) url = signet_url_parse (NULL, cases[i].text);
    g_test_message ("case %u", i);
    g_assert_nonnull (url);
    g_assert_cmpint (signet_url_is_loopback (url), ==, cases[i].expected);
  }
}

/* What may come without TLS; nothing else changes. */
static void
test_plain (void)
{
  static const struct { const char *text; gboolean expected; } cases[] = {
    { "http://example.org/a.crl", TRUE }, { "https://example.org/a.crl", TRUE }, { "http://127.0.0.1:8080/", TRUE },
    { "ftp://example.org/", FALSE }, { "ldap://example.org/cn=x", FALSE }, { "file:///etc/passwd", FALSE },
    { "http://user:secret@example.org/", FALSE }, { "http:///a", FALSE }, { "/a", FALSE }, { "", FALSE },
    { "http://example.org/a\r\nX: y", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GUri) url = signet_url_parse_plain (cases[i].text);
    g_test_message ("case %u", i);
    g_assert_true ((url != NULL) == cases[i].expected);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/answer/content-type", test_content_type);
  g_test_add_func ("/net/answer/location", test_location);
  g_test_add_func ("/net/answer/retry-after", test_retry_after);
  g_test_add_func ("/net/url/loopback", test_loopback);
  g_test_add_func ("/net/url/plain", test_plain);
  return g_test_run ();
}
