/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/reply.h"

#include "base/error.h"
#include "base/limits.h"

#include "foreign.h"

#include <string.h>

#define ID "00112233445566778899aabbccddeeff"
#define DATE 1700000000          /* Tue, 14 Nov 2023 22:13:20 +0000 */

/* Bytes that begin as a reply does. */
static GBytes *
make_attachment (gsize length)
{
  guint8 *bytes = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    bytes[i] = i * 31 + i / 256;
  memcpy (bytes, "\x30\x83", 2);
  return g_bytes_new_take (bytes, length);
}

static GBytes *
build (GBytes *attachment, const char *authority)
{
  g_autoptr (GError) error = NULL;
  GBytes *message = signet_reply_message_build (attachment, authority, "ca@Authority.example", "asa@example.org", ID,
                                                DATE, &error);

  g_assert_no_error (error);
  return message;
}

/* --- building --- */

static const char *const names[] = {
  "Example Authority",
  "Example, Inc. <ca@evil.example>",
  "\"Quoted\\\" (and commented)",
  "Myndigheten för ärenden, Åre",
  "認証局の長い名前認証局の長い名前認証局の長い名前認証局の長い名前認証局の長い名前認証局の長い名前",
  "=?utf-8?Q?not_encoded?=",
  "Emoji 🔐 authority with a name that is long enough for its header line to be folded somewhere, perhaps even twice",
};

/* Python's reader finds a well formed message that says what it should, and the attachment byte for byte. */
static void
test_others_read (gconstpointer data)
{
  static const char script[] =
    "import sys, email, email.policy, email.utils, re\n"
    "from email.header import decode_header, make_header\n"
    "raw = sys.stdin.buffer.read()\n"
    "assert re.fullmatch(rb'([\\x20-\\x7e\\t]{0,78}\\r\\n)*', raw), 'only short lines of ASCII, each ended by CRLF'\n"
    "m = email.message_from_bytes(raw, policy=email.policy.default)\n"
    "assert not m.defects and not any(h.defects for h in m.values())\n"
    "assert not any(len(w) > 75 for w in re.findall(rb'=\\?.*\\?=', raw)), 'RFC 2047 section 2'\n"
    "names = [k.lower() for k in m.keys()]\n"
    "assert len(names) == len(set(names)), names\n"
    "wanted = 'from to subject date message-id mime-version content-type auto-submitted'\n"
    "assert set(names) == set(wanted.split()), names\n"
    "def decode(text): return str(make_header(decode_header(text)))\n"
    "plain = email.message_from_bytes(raw)           # the newer reader joins encoded words of names wrongly\n"
    "name, address = email.utils.parseaddr(plain['from'])\n"
    "name = decode(name)\n"
    "assert address == 'ca@authority.example' and m['to'] == 'asa@example.org'\n"
    "assert decode(plain['subject']) == 'Your digital ID from ' + name, m['subject']\n"
    "assert m['date'].datetime.timestamp() == 1700000000\n"
    "assert m['message-id'] == '<00112233445566778899aabbccddeeff@authority.example>'\n"
    "assert m['auto-submitted'] == 'auto-generated' and m['mime-version'] == '1.0'\n"
    "text, attachment = m.iter_parts()\n"
    "assert not text.defects and not attachment.defects\n"
    "assert text.get_content_type() == 'text/plain' and name in text.get_content()\n"
    "assert attachment.get_content_type() == 'application/vnd.signet.reply'\n"
    "assert attachment.is_attachment() and attachment.get_filename() == 'digital-id.signet-reply'\n"
    "assert attachment['content-type'].params['name'] == 'digital-id.signet-reply'\n"
    "print(name)\n"
    "print(attachment.get_content().hex())\n";
  const char *name = data;
  g_autoptr (GBytes) attachment = make_attachment (1000);
  g_autoptr (GBytes) message = build (attachment, name);
  g_autoptr (GBytes) output = foreign_run (message, "python3", "-X", "utf8", "-c", script, NULL);
  g_autofree char *text = foreign_text (output);
  g_autoptr (GString) expected = g_string_new (name);

  g_string_append_c (expected, '\n');
  for (gsize i = 0; i < 1000; i++)
    g_string_append_printf (expected, "%02x", ((const guint8 *) g_bytes_get_data (attachment, NULL))[i]);
  g_string_append_c (expected, '\n');
  g_assert_cmpstr (text, ==, expected->str);
}

static void
test_same_again (void)
{
  g_autoptr (GBytes) attachment = make_attachment (1000);
  g_autoptr (GBytes) a = build (attachment, "Ö"), b = build (attachment, "Ö");

  g_assert_true (g_bytes_equal (a, b));
}

static const struct {
  const char *authority, *from, *address, *id;
  gint64 date;
} refused[] = {
  { "Ex\r\nBcc: eve@example.org", "ca@example.org", "asa@example.org", ID, DATE },
  { "Ex\nample", "ca@example.org", "asa@example.org", ID, DATE },
  { "", "ca@example.org", "asa@example.org", ID, DATE },
  { "Example", "ca@example.org\r\nBcc: eve@example.org", "asa@example.org", ID, DATE },
  { "Example", "ca", "asa@example.org", ID, DATE },
  { "Example", "ca@example.org", "asa@example.org, eve@example.org", ID, DATE },
  { "Example", "ca@example.org", "asa@example.org\nX: y", ID, DATE },
  { "Example", "ca@example.org", "asa@example.org", "1>\r\nX: y", DATE },
  { "Example", "ca@example.org", "asa@example.org", "", DATE },
  { "Example", "ca@example.org", "asa@example.org", ID, -1 },
  { "Example", "ca@example.org", "asa@example.org", ID, G_MAXINT64 },
};

static void
test_refused (void)
{
  g_autoptr (GBytes) attachment = make_attachment (10);

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) message = signet_reply_message_build (attachment, refused[i].authority, refused[i].from,
                                                             refused[i].address, refused[i].id, refused[i].date,
                                                             &error);

    g_test_message ("case %u", (guint) i);
    g_assert_null (message);
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
  }
}

static gpointer
build_many (gpointer data)
{
  for (int i = 0; i < 50; i++) {
    g_autoptr (GBytes) message = build (data, "Ö");
    g_autoptr (GBytes) found = signet_reply_message_extract (message, NULL);
    g_assert_true (g_bytes_equal (data, found));
  }
  return NULL;
}

/* The very first use of GMime in its process, from four threads at once: main() runs this case in one of its own. */
static void
test_threads (void)
{
  GThread *threads[4];

  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
    g_test_trap_assert_passed ();
    return;
  }
  g_autoptr (GBytes) attachment = make_attachment (1000);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("build", build_many, attachment);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* --- finding the attachment --- */

static GBytes *
bytes_of (GString *text)
{
  return g_bytes_new (text->str, text->len);
}

static void
assert_found (GBytes *message, GBytes *attachment)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) found = signet_reply_message_extract (message, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (found, attachment));
}

/* What programs do to a message on its way to Signet: each takes the message as it was built. */
static void
to_bare_line_feeds (GString *text)
{
  g_string_replace (text, "\r\n", "\n", 0);
}

static void
to_mbox (GString *text)
{
  g_string_prepend (text, "From ca@authority.example Tue Nov 14 22:13:20 2023\r\n");
}

static void
to_mbox_of_two (GString *text)
{
  to_mbox (text);
  g_string_append (text, "\r\nFrom ca@authority.example Tue Nov 14 22:13:20 2023\r\nSubject: another\r\n\r\nhello\r\n");
}

static void
with_blank_lines_before (GString *text)
{
  g_string_prepend (text, "\r\n\r\n");
}

static void
with_trace_headers (GString *text)
{
  g_string_prepend (text, "Return-Path: <ca@authority.example>\r\n"
                          "Received: from a by b;\r\n\tTue, 14 Nov 2023 22:13:20 +0000\r\n");
}

static void
to_forwarded (GString *text)
{
  g_string_prepend (text, "From: asa@example.org\r\nSubject: Fwd: Your digital ID\r\n"
                          "Content-Type: multipart/mixed; boundary=f\r\n\r\n"
                          "--f\r\nContent-Type: text/plain\r\n\r\nWhat is this?\r\n"
                          "--f\r\nContent-Type: message/rfc822\r\n\r\n");
  g_string_append (text, "\r\n--f--\r\n");
}

/* A list that wraps what it sends on, and adds a footer as a part of its own. */
static void
to_mailing_list (GString *text)
{
  gsize body = strstr (text->str, "Content-Type: ") - text->str;
  g_autofree char *rest = g_strdup (text->str + body);

  g_string_truncate (text, body);
  g_string_append (text, "Content-Type: multipart/mixed; boundary=\"list\"\r\n\r\n--list\r\n");
  g_string_append (text, rest);
  g_string_append (text, "\r\n--list\r\nContent-Type: text/plain\r\n\r\n-- \r\nTo unsubscribe, ask.\r\n--list--\r\n");
}

static void
with_footer_below (GString *text)
{
  g_string_append (text, "\r\n--\r\nThis mail is confidential.\r\nSigned: nobody\r\n");
}

static void
to_octet_stream (GString *text)
{
  g_string_replace (text, "application/vnd.signet.reply;", "application/octet-stream;", 1);
}

static void
without_names (GString *text)
{
  g_string_replace (text, "; name=\"digital-id.signet-reply\"", "", 1);
  g_string_replace (text, "; filename=\"digital-id.signet-reply\"", "", 1);
}

static void
renamed (GString *text)
{
  to_octet_stream (text);
  g_string_replace (text, "=\"digital-id.signet-reply\"", "=\"DIGITAL~1 (2).Signet-Reply\"", 0);
}

static void
without_end (GString *text)
{
  g_string_truncate (text, strstr (text->str, "--=_" ID "--") - text->str);
}

static void (*const ways[]) (GString *text) = {
  to_bare_line_feeds, to_mbox, to_mbox_of_two, with_blank_lines_before, with_trace_headers, to_forwarded,
  to_mailing_list, with_footer_below, to_octet_stream, without_names, renamed, without_end,
};

static void
test_ways (void)
{
  g_autoptr (GBytes) attachment = make_attachment (1000), message = build (attachment, "Example");

  assert_found (message, attachment);
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++) {
    gsize length;
    const char *text = g_bytes_get_data (message, &length);
    g_autoptr (GString) changed = g_string_new_len (text, length);
    g_test_message ("way %u", (guint) i);
    ways[i] (changed);
    g_assert_false (changed->len == length && memcmp (changed->str, text, length) == 0);
    g_autoptr (GBytes) other = bytes_of (changed);
    assert_found (other, attachment);
  }
}

static void
test_ways_after_another (void)
{
  g_autoptr (GBytes) attachment = make_attachment (1000), message = build (attachment, "Example");
  g_autoptr (GString) text = g_string_new_len (g_bytes_get_data (message, NULL), g_bytes_get_size (message));

  to_mailing_list (text);
  to_forwarded (text);
  to_octet_stream (text);
  with_footer_below (text);
  to_mbox (text);
  to_bare_line_feeds (text);
  g_autoptr (GBytes) changed = bytes_of (text);
  assert_found (changed, attachment);
}

static void
test_bare (void)
{
  g_autoptr (GBytes) attachment = make_attachment (1000);
  g_autofree char *encoded = g_base64_encode (g_bytes_get_data (attachment, NULL), 1000);
  g_autoptr (GString) wrapped = g_string_new (encoded);

  assert_found (attachment, attachment);
  g_autoptr (GBytes) in_one_line = bytes_of (wrapped);
  assert_found (in_one_line, attachment);
  for (gsize i = wrapped->len - wrapped->len % 76; i > 0; i -= 76)
    g_string_insert (wrapped, i, "\r\n");
  g_string_append (wrapped, "\r\n\r\n");
  g_autoptr (GBytes) in_lines = bytes_of (wrapped);
  assert_found (in_lines, attachment);
}

static void
assert_refused (GBytes *message, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_reply_message_extract (message, &error));
  g_assert_error (error, SIGNET_ERROR, code);
}

static void
test_nothing_there (void)
{
  static const char *const texts[] = {
    "", "\n", "From ", "From x", "hello", "Subject: hello\n\nhello\n", "aGVsbG8=", "aaaa bbbb", "0", "0\n",
    "Content-Type: application/pdf; name=digital-id.pdf\n\nhello\n",
    "Content-Type: text/plain; name=digital-id.signet-reply.txt\n\nhello\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GBytes) message = g_bytes_new_static (texts[i], strlen (texts[i]));
    assert_refused (message, SIGNET_ERROR_INVALID);
  }
}

static void
test_size (void)
{
  g_autoptr (GBytes) most = make_attachment (SIGNET_MAX_REPLY), more = make_attachment (SIGNET_MAX_REPLY + 1);
  g_autoptr (GBytes) message = build (most, "Example"), larger = build (more, "Example");
  g_autoptr (GBytes) huge = make_attachment (SIGNET_MAX_MESSAGE + 1);

  assert_found (most, most);
  assert_found (message, most);
  assert_refused (more, SIGNET_ERROR_TOO_LARGE);
  assert_refused (larger, SIGNET_ERROR_TOO_LARGE);
  assert_refused (huge, SIGNET_ERROR_TOO_LARGE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/reply-message/threads", test_threads);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_strdup_printf ("/protocol/reply-message/others-read/%u", (guint) i);
    g_test_add_data_func (path, names[i], test_others_read);
  }
  g_test_add_func ("/protocol/reply-message/same-again", test_same_again);
  g_test_add_func ("/protocol/reply-message/refused", test_refused);
  g_test_add_func ("/protocol/reply-message/ways", test_ways);
  g_test_add_func ("/protocol/reply-message/ways-after-another", test_ways_after_another);
  g_test_add_func ("/protocol/reply-message/bare", test_bare);
  g_test_add_func ("/protocol/reply-message/nothing-there", test_nothing_there);
  g_test_add_func ("/protocol/reply-message/size", test_size);
  return g_test_run ();
}
