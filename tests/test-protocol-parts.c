/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/parts.h"

#include "base/error.h"
#include "base/limits.h"

#include "foreign.h"

#include <string.h>

static GPtrArray *
parse (const char *text, GError **error)
{
  g_autoptr (SignetSecret) entity = signet_secret_new_text (text);

  return signet_parts_parse (entity, SIGNET_MAX_MESSAGE, error);
}

/* "type;name;body|…", bodies cut at 40 characters. */
static char *
summarize (GPtrArray *parts)
{
  g_autoptr (GString) summary = g_string_new (NULL);

  for (guint i = 0; i < parts->len; i++) {
    SignetPart *part = parts->pdata[i];
    g_string_append_printf (summary, "%s%s;%s;%.40s", i > 0 ? "|" : "", part->content_type,
                            part->name != NULL ? part->name : "",
                            (const char *) signet_secret_get (part->body, NULL));
  }
  return g_strdup (summary->str);
}

typedef struct {
  const char *name;
  const char *text;
  const char *summary;
} Case;

#define MIXED "Content-Type: multipart/mixed; boundary=b\r\n\r\n"

static const Case cases[] = {
  { "leaf", "Content-Type: text/plain\r\n\r\nhello", "text/plain;;hello" },
  { "no-headers", "\r\nhello", "text/plain;;hello" },
  { "headers-only", "Content-Type: a/b", "a/b;;" },
  { "empty", "", "text/plain;;" },
  { "upper-case", "CONTENT-TYPE: Application/JSON\r\n\r\n{}", "application/json;;{}" },
  { "bare-line-feeds", "Content-Type: multipart/mixed;\n boundary=\"b\"\n\n--b\nContent-Type: a/b\n\none\n--b\n\ntwo\n"
                       "--b--\n",
    "a/b;;one|text/plain;;two" },
  { "two", MIXED "--b\r\nContent-Type: a/b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n", "a/b;;one|text/plain;;two" },
  { "preamble-epilogue", MIXED "for old programs\r\n--b\r\n\r\none\r\n--b--\r\n-- \r\nlist footer\r\n--b\r\n\r\n"
                               "hidden\r\n",
    "text/plain;;one" },
  { "unclosed", MIXED "--b\r\n\r\none\r\n--b\r\n\r\ntwo", "text/plain;;one|text/plain;;two" },
  { "no-delimiter", MIXED "one", "" },
  { "delimiter-only", MIXED "--b--", "" },
  { "empty-part", MIXED "--b\r\n--b--", "text/plain;;" },
  { "space-after-delimiter", MIXED "--b \t\r\n\r\none\r\n--b--  \r\n", "text/plain;;one" },
  { "longer-delimiter", MIXED "--b\r\n\r\none\r\n--bb\r\n--b--x\r\n--b--", "text/plain;;one\r\n--bb\r\n--b--x" },
  { "nested", MIXED "--b\r\nContent-Type: multipart/alternative; boundary=bb\r\n\r\n--bb\r\n\r\none\r\n--bb\r\n\r\n"
                    "two\r\n--bb--\r\n"
    "--b\r\n\r\nthree\r\n--b--", "text/plain;;one|text/plain;;two|text/plain;;three" },
  { "inner-unclosed", MIXED "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\none\r\n--b\r\n\r\n"
                            "two\r\n--b--",
    "text/plain;;one|text/plain;;two" },
  { "message", "Content-Type: message/rfc822\r\n\r\nSubject: x\r\nContent-Type: a/b\r\n\r\none", "a/b;;one" },
  { "message-in-base64", "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
                         "Q29udGVudC1UeXBlOiBhL2IKCm9uZQ==",
    "a/b;;one" },
  { "digest", "Content-Type: multipart/digest; boundary=b\n\n--b\n\nContent-Type: a/b\n\none\n--b--", "a/b;;one" },
  { "base64", "Content-Transfer-Encoding: BASE64\n\naGVs\n  bG8=\n", "text/plain;;hello" },
  { "quoted-printable", "Content-Transfer-Encoding: quoted-printable\n\nh=65l=\nlo", "text/plain;;hello" },
  { "unknown-encoding", "Content-Transfer-Encoding: x-what\n\naGVs", "text/plain;;aGVs" },
  { "file-name", "Content-Type: a/b\nContent-Disposition: attachment; filename=\"x y.z\"\n\n1", "a/b;x y.z;1" },
  { "file-name-in-type", "Content-Type: a/b; name=x.z\nContent-Disposition: attachment\n\n1", "a/b;x.z;1" },
  { "file-name-before-type", "Content-Disposition: attachment; filename=x.z\nContent-Type: a/b; name=other\n\n1",
    "a/b;x.z;1" },
  { "file-name-2231", "Content-Type: a/b\nContent-Disposition: attachment; filename*0*=utf-8''d%C3%AF; "
                      "filename*1=g.z\n\n1",
    "a/b;dïg.z;1" },
  { "file-name-2047", "Content-Type: a/b; name=\"=?utf-8?Q?d=C3=AFg.z?=\"\n\n1", "a/b;dïg.z;1" },
  { "folded", "Content-Type:\n\ta/b;\n name=x\n\n1", "a/b;x;1" },
  { "space-before-colon", "Content-Type : a/b\n\n1", "a/b;;1" },
  { "other-field", "X-Content-Type: a/b\nContent-Type-X: a/b\n\n1", "text/plain;;1" },
  { "nonsense-type", "Content-Type: ;;;\n\n1", "application/octet-stream;;1" },
};

static void
test_parse (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = parse (c->text, &error);

  g_assert_no_error (error);
  g_autofree char *summary = summarize (parts);
  g_assert_cmpstr (summary, ==, c->summary);
}

static void
assert_refused (const char *text, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = parse (text, &error);

  g_assert_null (parts);
  g_assert_error (error, SIGNET_ERROR, code);
}

static void
test_no_boundary (void)
{
  assert_refused ("Content-Type: multipart/mixed\n\n--\n\n1\n----", SIGNET_ERROR_INVALID);
  assert_refused ("Content-Type: multipart/mixed; boundary=\"\"\n\n--\n\n1\n----", SIGNET_ERROR_INVALID);
}

/* BEFORE, COUNT times EACH (with its number for each #), AFTER. */
static char *
repeat (const char *before, const char *each, guint count, const char *after)
{
  g_autoptr (GString) text = g_string_new (before);

  for (guint i = 0; i < count; i++) {
    char number[16];
    g_snprintf (number, sizeof number, "%u", i);
    for (const char *c = each; *c != '\0'; c++)
      g_string_append_len (text, *c == '#' ? number : c, *c == '#' ? (gssize) strlen (number) : 1);
  }
  g_string_append (text, after);
  return g_strdup (text->str);
}

static void
test_depth (void)
{
  static const char multipart[] = "Content-Type: multipart/mixed; boundary=b#\n\n--b#\n";
  static const char message[] = "Content-Type: message/rfc822\n\n";
  g_autofree char *deepest = repeat ("", multipart, SIGNET_MAX_PART_DEPTH, "\n1");
  g_autofree char *deeper = repeat ("", multipart, SIGNET_MAX_PART_DEPTH + 1, "\n1");
  g_autofree char *messages = repeat ("", message, SIGNET_MAX_PART_DEPTH + 1, "\n1");
  g_autofree char *abyss = repeat ("", "Content-Type: multipart/mixed; boundary=#\n\n--#\n", 70000, "\n1");
  g_autofree char *many_messages = repeat ("", message, 100000, "\n1");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = parse (deepest, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (parts->len, ==, 1);
  assert_refused (deeper, SIGNET_ERROR_TOO_LARGE);
  assert_refused (messages, SIGNET_ERROR_TOO_LARGE);
  assert_refused (abyss, SIGNET_ERROR_TOO_LARGE);
  assert_refused (many_messages, SIGNET_ERROR_TOO_LARGE);
}

static void
test_count (void)
{
  g_autofree char *most = repeat (MIXED, "--b\n\n1\n", SIGNET_MAX_PARTS, "--b--");
  g_autofree char *more = repeat (MIXED, "--b\n\n1\n", SIGNET_MAX_PARTS + 1, "--b--");
  g_autofree char *horde = repeat (MIXED, "--b\n", 1000000, "--b--");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = parse (most, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (parts->len, ==, SIGNET_MAX_PARTS);
  assert_refused (more, SIGNET_ERROR_TOO_LARGE);
  assert_refused (horde, SIGNET_ERROR_TOO_LARGE);
}

static void
test_size (void)
{
  g_autoptr (SignetSecret) entity = signet_secret_new_text ("\n1234");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = signet_parts_parse (entity, 5, NULL);

  g_assert_nonnull (parts);
  g_assert_null (signet_parts_parse (entity, 4, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE);
}

/* Each of these takes GMime's own parser minutes, gigabytes, or the stack. */
static void
test_hostile (void)
{
  static const char *const cases_of_4_mib[][3] = {
    { "Content-Type: message/rfc822\n\nTo: ", "a:", "\n\n1" },
    { "Content-Type: message/rfc822\n\nTo: ", "a,", "\n\n1" },
    { "Content-Type: message/rfc822\n\n", "To:a\n", "\n1" },
    { "", "Content-Type:a\n", "\n1" },
    { "Content-Type: multipart/mixed; boundary=b\n\n", "--\n", "" },
    { "", "\n", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases_of_4_mib); i++) {
    const char *const *c = cases_of_4_mib[i];
    g_autofree char *text = repeat (c[0], c[1], (SIGNET_MAX_MESSAGE - 100) / strlen (c[1]), c[2]);
    gint64 start = g_get_monotonic_time ();
    g_autoptr (GPtrArray) parts = parse (text, NULL);

    g_assert_nonnull (parts);
    g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
  }
}

static void
test_long_header (void)
{
  g_autofree char *type = repeat ("Content-Type: a/b", "; a#=b", 2000, "\n\n1");
  g_autofree char *other = repeat ("X: a", "\n b#", 100000, "\n\n1");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = parse (other, &error);

  assert_refused (type, SIGNET_ERROR_TOO_LARGE);
  g_assert_no_error (error);
  g_assert_cmpuint (parts->len, ==, 1);
}

static GPtrArray *
sample (void)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_part_free);

  for (gsize length = 0; length < 400; length += 1 + length / 2) {
    g_autoptr (SignetSecret) body = signet_secret_alloc (length);
    guint8 *bytes = signet_secret_edit (body);
    for (gsize i = 0; i < length; i++)
      bytes[i] = i * 7 + length;
    g_ptr_array_add (parts, signet_part_new ("application/pkcs8", NULL, body));
  }
  return parts;
}

static void
test_round (void)
{
  g_autoptr (GPtrArray) parts = sample ();
  g_autoptr (SignetSecret) entity = signet_parts_build (parts);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) again = signet_parts_parse (entity, SIGNET_MAX_MESSAGE, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (again->len, ==, parts->len);
  for (guint i = 0; i < parts->len; i++) {
    SignetPart *a = parts->pdata[i], *b = again->pdata[i];
    g_assert_cmpstr (a->content_type, ==, b->content_type);
    g_assert_true (signet_secret_equal (a->body, b->body));
  }
}

/* Python's reader finds the same parts, no defect, and only CRLF; it prints what we compare. */
static void
test_others_read (void)
{
  static const char script[] =
    "import sys, email, email.policy\n"
    "raw = sys.stdin.buffer.read()\n"
    "assert raw.count(b'\\n') == raw.count(b'\\r\\n') and max(map(len, raw.split(b'\\r\\n'))) <= 78\n"
    "message = email.message_from_bytes(raw, policy=email.policy.default)\n"
    "assert not message.defects, message.defects\n"
    "for part in message.iter_parts():\n"
    "  assert not part.defects, part.defects\n"
    "  print(part.get_content_type(), part.get_content().hex())\n";
  g_autoptr (GPtrArray) parts = sample ();
  g_autoptr (SignetSecret) entity = signet_parts_build (parts);
  g_autoptr (GBytes) input = g_bytes_new (signet_secret_get (entity, NULL), signet_secret_length (entity));
  g_autoptr (GBytes) output = foreign_run (input, "python3", "-X", "utf8", "-c", script, NULL);
  g_autofree char *text = foreign_text (output);
  g_autoptr (GString) expected = g_string_new (NULL);

  for (guint i = 0; i < parts->len; i++) {
    SignetPart *part = parts->pdata[i];
    gsize length;
    const guint8 *bytes = signet_secret_get (part->body, &length);
    g_string_append_printf (expected, "%s ", part->content_type);
    for (gsize j = 0; j < length; j++)
      g_string_append_printf (expected, "%02x", bytes[j]);
    g_string_append_c (expected, '\n');
  }
  g_assert_cmpstr (text, ==, expected->str);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/protocol/parts/parse/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], test_parse);
  }
  g_test_add_func ("/protocol/parts/no-boundary", test_no_boundary);
  g_test_add_func ("/protocol/parts/depth", test_depth);
  g_test_add_func ("/protocol/parts/count", test_count);
  g_test_add_func ("/protocol/parts/size", test_size);
  g_test_add_func ("/protocol/parts/hostile", test_hostile);
  g_test_add_func ("/protocol/parts/long-header", test_long_header);
  g_test_add_func ("/protocol/parts/round", test_round);
  g_test_add_func ("/protocol/parts/others-read", test_others_read);
  return g_test_run ();
}
