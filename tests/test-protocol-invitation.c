/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/invitation.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/limits.h"

#include "foreign.h"

#include <string.h>

#define PIN "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define KEY "ABCDEFGH1K1MN0PQRST23456Z"
#define GROUPS "ABCDE-FGH1K-1MN0P-QRST2-3456Z"

static SignetInvitation *
parse (const char *text, GError **error)
{
  g_autoptr (SignetSecret) secret = signet_secret_new_text (text);

  return signet_invitation_parse (secret, error);
}

static void
assert_is (SignetInvitation *invitation, const char *authority, const char *name, const char *address)
{
  g_autofree char *pin = signet_hex_encode (signet_invitation_get_pin (invitation));

  g_assert_cmpstr (signet_invitation_get_authority (invitation), ==, authority);
  g_assert_cmpstr (signet_invitation_get_name (invitation), ==, name);
  g_assert_cmpstr (signet_invitation_get_address (invitation), ==, address);
  g_assert_cmpstr (pin, ==, PIN);
  g_assert_cmpstr (signet_secret_get_text (signet_invitation_get_temporary_key (invitation)), ==, KEY);
}

/* --- what is accepted --- */

#define AUTHORITY "https://ca.example.org:8443/signet"
#define LINK \
  "signet:invitation?authority=https%3A%2F%2Fca.example.org%3A8443%2Fsignet&name=Example%20%C3%96%26S" \
  "&address=asa%2bx%40example.org&pin=" PIN "&key=" GROUPS
#define FILE_TEXT \
  "{\"signet-invitation\": 1, \"authority\": \"https://ca.example.org:8443/signet/\", \"name\": \"Example Ö&S\",\n" \
  " \"address\": \"asa+x@EXAMPLE.org\", \"pin\": \"" PIN "\", \"temporary-key\": \"" GROUPS "\",\n" \
  " \"later\": {\"temporary-key\": \"no\"}}\n"

static const struct {
  const char *name;
  const char *text;
} good[] = {
  { "file", FILE_TEXT },
  { "file-after-space", "\r\n\t " FILE_TEXT },
  { "link", LINK },
  { "link-upper-case",
    "SIGNET:Invitation?authority=https%3A%2F%2Fca.example.org%3A8443%2Fsignet&name=Example%20%C3%96%26S"
    "&address=asa+x@example.org&"
    "pin=" PIN "&key=" KEY },
  { "link-plain",
    "signet:invitation?key=" KEY "&pin=" PIN "&address=asa+x@example.org&name=Example%20Ö%26S&authority=" AUTHORITY
    "&x=y&z" },
  { "link-in-text", "Dear Åsa,\n\nplease open this link: " LINK ".\nSee you,\nEgon\n" },
  { "link-in-brackets", "Dear Åsa, open <" LINK "> please" },
  { "link-wrapped",
    "Open <signet:invitation?authority=https%3A%2F%2Fca.example.org%3A8443%2Fsignet\r\n"
    "&name=Example%20%C3%96%26S&address=asa%2bx%40ex\r\n"
    "  ample.org&pin=" PIN "&key=ABCDE-FGH\r\n 1K-1MN0P-QRST2-3456Z>\r\nplease" },
  { "link-in-html", "<a href=\"" LINK "\">open</a>" },
  { "mail-with-link", "From: ca@example.org\nContent-Type: text/plain; charset=utf-8\n\nOpen <" LINK ">\n" },
  { "mail-with-quoted-link",
    "From: ca@example.org\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    "Open\n"
    "<signet:invitation?authority=3Dhttps%3A%2F%2Fca.example.org%3A8443%2Fsignet=\n"
    "&name=3DExample%20%C3%96%26S&address=3Dasa%2bx%40ex=\n"
    "ample.org&pin=3D" PIN "&key=3D" KEY ">\n" },
  { "mail-with-file",
    "From: ca@example.org\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nOpen the attached file.\n--b\n"
    "Content-Type: application/octet-stream; name=\"Your.Signet-Invitation\"\n\n" FILE_TEXT "\n--b--\n" },
  { "mail-with-typed-file",
    "From: ca@example.org\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nOpen the attached file.\n--b\n"
    "Content-Type: application/vnd.signet.invitation\n\n" FILE_TEXT "\n--b--\n" },
};

static void
test_good (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetInvitation) invitation = parse (good[GPOINTER_TO_UINT (data)].text, &error);

  g_assert_no_error (error);
  assert_is (invitation, AUTHORITY, "Example Ö&S", "asa+x@example.org");
}

/* --- what is refused --- */

#define REST "\"authority\": \"https://ca.example.org\", \"address\": \"asa@example.org\", \"pin\": \"" PIN "\""
#define KEY_MEMBER "\"temporary-key\": \"" KEY "\""
#define V1 "{\"signet-invitation\": 1, "
#define QUERY "signet:invitation?authority=ca.example.org&address=asa@example.org&pin=" PIN

static const struct {
  const char *name;
  const char *text;
  int code;
} bad[] = {
  { "empty", "", SIGNET_ERROR_INVALID },
  { "text", "Dear Åsa, here is nothing.", SIGNET_ERROR_INVALID },
  { "no-object", "{", SIGNET_ERROR_INVALID },
  { "no-version", "{" REST ", " KEY_MEMBER "}", SIGNET_ERROR_INVALID },
  { "version-0", "{\"signet-invitation\": 0, " REST ", " KEY_MEMBER "}", SIGNET_ERROR_INVALID },
  { "version-2", "{\"signet-invitation\": 2, \"all\": \"new\"}", SIGNET_ERROR_UNSUPPORTED },
  { "version-text", "{\"signet-invitation\": \"1\", " REST ", " KEY_MEMBER "}", SIGNET_ERROR_INVALID },
  { "no-key", V1 REST "}", SIGNET_ERROR_INVALID },
  { "key-number", V1 REST ", \"temporary-key\": 25}", SIGNET_ERROR_INVALID },
  { "key-null", V1 REST ", \"temporary-key\": null}", SIGNET_ERROR_INVALID },
  { "key-twice", V1 KEY_MEMBER ", " REST ", " KEY_MEMBER "}", SIGNET_ERROR_INVALID },
  { "key-nested", V1 REST ", \"x\": {" KEY_MEMBER "}}", SIGNET_ERROR_INVALID },
  { "key-name-escaped", V1 REST ", \"temporary\\u002dkey\": \"" KEY "\"}", SIGNET_ERROR_INVALID },
  { "key-name-escaped-after", V1 REST ", " KEY_MEMBER ", \"temporary\\u002dkey\": \"" KEY "\"}", SIGNET_ERROR_INVALID },
  { "key-escaped", V1 REST ", \"temporary-key\": \"\\u0041BCDEFGH1K1MN0PQRST23456Z\"}", SIGNET_ERROR_INVALID },
  { "key-short", V1 REST ", \"temporary-key\": \"ABCDE\"}", SIGNET_ERROR_INVALID },
  { "key-as-mask", V1 REST ", \"temporary\\u002dkey\": \"xxxxxxxxxxxxxxxxxxxxxxxxx\"}", SIGNET_ERROR_INVALID },
  { "key-cut", V1 REST ", \"temporary-key\": \"" KEY, SIGNET_ERROR_INVALID },
  { "key-cut-in-escape", V1 REST ", \"temporary-key\": \"" KEY "\\", SIGNET_ERROR_INVALID },
  { "pin-short", V1 "\"authority\": \"https://a.org\", \"address\": \"a@b.org\", \"pin\": \"0011\", " KEY_MEMBER "}",
    SIGNET_ERROR_INVALID },
  { "pin-letters",
    V1 "\"authority\": \"https://a.org\", \"address\": \"a@b.org\", \"pin\": "
    "\"zz112233445566778899aabbccddeeff00112233445566"
    "778899aabbccddeeff\", " KEY_MEMBER "}", SIGNET_ERROR_INVALID },
  { "name-broken", V1 REST ", \"name\": \"a\\nb\", " KEY_MEMBER "}", SIGNET_ERROR_INVALID },
  { "name-number", V1 REST ", \"name\": 1, " KEY_MEMBER "}", SIGNET_ERROR_INVALID },
  { "after-object", V1 REST ", " KEY_MEMBER "} x", SIGNET_ERROR_INVALID },
  { "link-bare", "signet:invitation?", SIGNET_ERROR_INVALID },
  { "link-other", "signet:keyset?authority=ca.example.org", SIGNET_ERROR_INVALID },
  { "link-no-key", QUERY, SIGNET_ERROR_INVALID },
  { "link-twice", QUERY "&key=" KEY "&key=" KEY, SIGNET_ERROR_INVALID },
  { "link-percent", QUERY "&key=%4", SIGNET_ERROR_INVALID },
  { "link-percent-cut", QUERY "&key=" KEY "%", SIGNET_ERROR_INVALID },
  { "link-percent-letters", QUERY "&key=%zz", SIGNET_ERROR_INVALID },
  { "link-nul", QUERY "&key=" KEY "%00", SIGNET_ERROR_INVALID },
  { "link-not-utf-8", QUERY "&key=" KEY "&name=%ff", SIGNET_ERROR_INVALID },
  { "link-cut-in-text", "Open " QUERY "&key=ABCDE-FGH1K-\n1MN0P-QRST2-3456Z", SIGNET_ERROR_INVALID },
  { "mail-without", "From: ca@example.org\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nNothing.\n--b--\n",
    SIGNET_ERROR_INVALID },
};

static void
test_bad (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetInvitation) invitation = parse (bad[i].text, &error);

  g_assert_null (invitation);
  g_assert_error (error, SIGNET_ERROR, bad[i].code);
  g_assert_null (strstr (error->message, "QRST2"));
}

static void
test_size (void)
{
  g_autofree char *spaces = g_strnfill (SIGNET_MAX_INVITATION, ' '), *text = g_strconcat (spaces, LINK, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (parse (text, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE);
}

/* --- the server's address, which people also type --- */

static const struct {
  const char *typed;
  const char *url;       /* NULL: refused */
} authorities[] = {
  { "https://ca.example.org", "https://ca.example.org" },
  { "https://ca.example.org/", "https://ca.example.org" },
  { "https://ca.example.org///", "https://ca.example.org" },
  { "HTTPS://ca.example.org/x/", "https://ca.example.org/x" },
  { "https://ca.example.org:443", "https://ca.example.org" },
  { " ca.example.org ", "https://ca.example.org" },
  { "ca.example.org:8443", "https://ca.example.org:8443" },
  { "ca.example.org/signet", "https://ca.example.org/signet" },
  { "192.0.2.1:8443", "https://192.0.2.1:8443" },
  { "[2001:db8::1]:8443", "https://[2001:db8::1]:8443" },
  { "http://ca.example.org", NULL },
  { "ftp://ca.example.org", NULL },
  { "file:///etc/passwd", NULL },
  { "https://", NULL },
  { "https:///x", NULL },
  { "", NULL },
  { "https://user@ca.example.org", NULL },
  { "https://user:word@ca.example.org", NULL },
  { "https://ca.example.org?x=y", NULL },
  { "https://ca.example.org#x", NULL },
  { "https://ca.example.org:99999", NULL },
  { "https://ca.exa mple.org", NULL },
  { "https://ca.example.org/\r\nHost: evil", NULL },
  { "https://c\303\244.example.org", NULL },
  { "https://ca.example.org\177", NULL },
};

static void
test_authority (void)
{
  g_autoptr (GBytes) pin = signet_hex_decode (PIN, 32);
  g_autoptr (SignetSecret) key = signet_secret_new_text (KEY);

  for (gsize i = 0; i < G_N_ELEMENTS (authorities); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (SignetInvitation) invitation =
      signet_invitation_new (authorities[i].typed, NULL, "asa@example.org", pin, key, &error);

    g_test_message ("%s", authorities[i].typed);
    if (authorities[i].url == NULL) {
      g_assert_null (invitation);
      g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
    } else {
      g_assert_no_error (error);
      g_assert_cmpstr (signet_invitation_get_authority (invitation), ==, authorities[i].url);
    }
  }
}

static void
test_long_authority (void)
{
  g_autoptr (GBytes) pin = signet_hex_decode (PIN, 32);
  g_autoptr (SignetSecret) key = signet_secret_new_text (KEY);
  g_autofree char *path = g_strnfill (SIGNET_MAX_URL, 'x'), *url = g_strconcat ("https://a.org/", path, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_invitation_new (url, NULL, "asa@example.org", pin, key, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
}

/* --- writing --- */

static void
test_round (void)
{
  static const char *const names[] = { NULL, "Example Ö&S", "\"quoted\\\" <x> 100%" };
  g_autoptr (GBytes) pin = signet_hex_decode (PIN, 32);
  g_autoptr (SignetSecret) key = signet_secret_new_text (KEY);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (SignetInvitation) invitation =
      signet_invitation_new (AUTHORITY, names[i], "o'asa+x@example.org", pin, key, &error);
    g_assert_no_error (error);
    g_autoptr (SignetSecret) file = signet_invitation_to_file (invitation);
    g_autoptr (SignetSecret) link = signet_invitation_to_link (invitation);
    g_autoptr (SignetInvitation) from_file = signet_invitation_parse (file, &error);
    g_assert_no_error (error);
    g_autoptr (SignetInvitation) from_link = signet_invitation_parse (link, &error);
    g_assert_no_error (error);

    assert_is (from_file, AUTHORITY, names[i], "o'asa+x@example.org");
    assert_is (from_link, AUTHORITY, names[i], "o'asa+x@example.org");
    g_assert_null (strpbrk (signet_secret_get_text (link), " <>\"\\"));
  }
}

/* Python's JSON and URL readers see the same fields. */
static void
test_others_read (void)
{
  static const char script[] =
    "import sys, json, urllib.parse\n"
    "file, link = sys.stdin.read().split('\\0')\n"
    "a = json.loads(file)\n"
    "b = {k: v[0] for k, v in urllib.parse.parse_qs(urllib.parse.urlsplit(link).query, strict_parsing=True).items()}\n"
    "assert urllib.parse.urlsplit(link)[:3] == ('signet', '', 'invitation')\n"
    "assert a.pop('signet-invitation') == 1 and list(a) == ['authority', 'name', 'address', 'pin', 'temporary-key']\n"
    "assert list(a.values()) == list(b.values()), (a, b)\n"
    "print(*a.values(), sep='|')\n";
  g_autoptr (GBytes) pin = signet_hex_decode (PIN, 32);
  g_autoptr (SignetSecret) key = signet_secret_new_text (KEY);
  g_autoptr (SignetInvitation) invitation =
    signet_invitation_new (AUTHORITY, "Ö & \"S\"", "asa@example.org", pin, key, NULL);
  g_autoptr (SignetSecret) file = signet_invitation_to_file (invitation), link = signet_invitation_to_link (invitation);
  GByteArray *both = g_byte_array_new ();
  g_byte_array_append (both, signet_secret_get (file, NULL), signet_secret_length (file) + 1);
  g_byte_array_append (both, signet_secret_get (link, NULL), signet_secret_length (link));
  g_autoptr (GBytes) input = g_byte_array_free_to_bytes (both);
  g_autoptr (GBytes) output = foreign_run (input, "python3", "-X", "utf8", "-c", script, NULL);
  g_autofree char *text = foreign_text (output);

  g_assert_cmpstr (text, ==, AUTHORITY "|Ö & \"S\"|asa@example.org|" PIN "|" GROUPS "\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autofree char *path = g_strconcat ("/protocol/invitation/good/", good[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_good);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *path = g_strconcat ("/protocol/invitation/bad/", bad[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_bad);
  }
  g_test_add_func ("/protocol/invitation/size", test_size);
  g_test_add_func ("/protocol/invitation/authority", test_authority);
  g_test_add_func ("/protocol/invitation/long-authority", test_long_authority);
  g_test_add_func ("/protocol/invitation/round", test_round);
  g_test_add_func ("/protocol/invitation/others-read", test_others_read);
  return g_test_run ();
}
