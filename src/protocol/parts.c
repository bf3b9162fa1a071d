/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/parts.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "protocol/mime.h"

#include <string.h>

/* Multiparts, built and taken apart.
 *
 * The cutting at boundaries is done here and not by GMimeParser, for three reasons.  Bodies hold private keys, and
 * its buffers are not wiped.  It recurses with the input.  And for every message/rfc822 within, it reads address
 * lines that nobody here needs: GMime 3.2.13 overflows the stack on nested address groups ("To: a:a:a:…"), and
 * takes minutes over a long list.  GMime reads what is hard to read: parameters (RFC 2045, 2047 and 2231) and
 * transfer encodings. */

#define BOUNDARY "=_signet_="         /* "=" then "_" is in no line of base64 */
#define LINE_BYTES 57                 /* of input to 76 characters of base64, the most that RFC 2045 allows on a line */
#define LINE_CHARACTERS 76

typedef struct {
  const char *text;
  gsize length;
} Span;

SignetPart *
signet_part_new (const char *content_type, const char *name, SignetSecret *body)
{
  SignetPart *part = g_new0 (SignetPart, 1);

  part->content_type = g_strdup (content_type);
  part->name = g_strdup (name);
  part->body = signet_secret_ref (body);
  return part;
}

void
signet_part_free (SignetPart *part)
{
  g_free (part->content_type);
  g_free (part->name);
  signet_secret_unref (part->body);
  g_free (part);
}

gboolean
signet_part_is (SignetPart *part, const char *content_type, const char *suffix)
{
  g_autofree char *name = part->name != NULL ? g_ascii_strdown (part->name, -1) : NULL;

  return strcmp (part->content_type, content_type) == 0 || (name != NULL && g_str_has_suffix (name, suffix));
}

/* --- building --- */

static char *
build_heading (SignetPart *part)
{
  return g_strdup_printf ("--" BOUNDARY "\r\nContent-Type: %s\r\nContent-Transfer-Encoding: base64\r\n\r\n",
                          part->content_type);
}

static gsize
encoded_length (SignetSecret *body)
{
  gsize length = signet_secret_length (body), lines = (length + LINE_BYTES - 1) / LINE_BYTES;

  return (length + 2) / 3 * 4 + lines * strlen ("\r\n");
}

static char *
append (char *at, const char *text)
{
  return (char *) memcpy (at, text, strlen (text)) + strlen (text);
}

static char *
append_base64 (char *at, SignetSecret *body)
{
  gsize length;
  const guint8 *bytes = signet_secret_get (body, &length);

  for (gsize i = 0; i < length; i += LINE_BYTES) {
    int state = 0, save = 0;

    at += g_base64_encode_step (bytes + i, MIN (LINE_BYTES, length - i), FALSE, at, &state, &save);
    at += g_base64_encode_close (FALSE, at, &state, &save);
    at = append (at, "\r\n");
  }
  return at;
}

SignetSecret *
signet_parts_build (GPtrArray *parts)
{
  static const char heading[] = "Content-Type: multipart/mixed; boundary=\"" BOUNDARY "\"\r\n\r\n";
  static const char closing[] = "--" BOUNDARY "--\r\n";
  g_autoptr (GPtrArray) headings = g_ptr_array_new_with_free_func (g_free);
  gsize length = strlen (heading) + strlen (closing);

  for (guint i = 0; i < parts->len; i++) {
    SignetPart *part = parts->pdata[i];
    g_ptr_array_add (headings, build_heading (part));
    length += strlen (headings->pdata[i]) + encoded_length (part->body);
  }

  SignetSecret *entity = signet_secret_alloc (length);
  char *at = append ((char *) signet_secret_edit (entity), heading);
  for (guint i = 0; i < parts->len; i++) {
    SignetPart *part = parts->pdata[i];
    at = append_base64 (append (at, headings->pdata[i]), part->body);
  }
  append (at, closing);
  return entity;
}

/* --- lines --- */

/* Cuts the first line, with its line break, off REST. */
static Span
take_line (Span *rest)
{
  const char *end = memchr (rest->text, '\n', rest->length);
  Span line = { rest->text, end != NULL ? (gsize) (end - rest->text) + 1 : rest->length };

  rest->text += line.length;
  rest->length -= line.length;
  return line;
}

static Span
without_break (Span line)
{
  if (line.length > 0 && line.text[line.length - 1] == '\n')
    line.length--;
  if (line.length > 0 && line.text[line.length - 1] == '\r')
    line.length--;
  return line;
}

static gboolean
is_blank (Span span)
{
  for (gsize i = 0; i < span.length; i++)
    if (!g_ascii_isspace (span.text[i]))
      return FALSE;
  return TRUE;
}

/* --- the head of an entity --- */

typedef struct {
  GMimeContentType *type;
  GMimeContentEncoding encoding;
  char *name;
} Head;

static void
head_clear (Head *head)
{
  g_clear_object (&head->type);
  g_clear_pointer (&head->name, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Head, head_clear)

/* A header field with the lines that continue it. */
static Span
take_field (Span *rest)
{
  Span field = take_line (rest);

  while (rest->length > 0 && (rest->text[0] == ' ' || rest->text[0] == '\t'))
    field.length += take_line (rest).length;
  return field;
}

/* The value of FIELD, on one line, when it is the one called NAME. */
static char *
get_value (Span field, const char *name)
{
  gsize skip = strlen (name);

  if (field.length < skip || g_ascii_strncasecmp (field.text, name, skip) != 0)
    return NULL;
  while (skip < field.length && (field.text[skip] == ' ' || field.text[skip] == '\t'))
    skip++;
  if (skip == field.length || field.text[skip] != ':')
    return NULL;
  return g_strstrip (g_strdelimit (g_strndup (field.text + skip + 1, field.length - skip - 1), "\r\n", ' '));
}

/* GMime gives bytes that it cannot decode as they are. */
static char *
copy_name (const char *name)
{
  return name != NULL ? g_utf8_make_valid (name, -1) : NULL;
}

/* Reads FIELD if it is one of the three that matter.  The first of its name counts. */
static gboolean
read_field (Head *head, Span field, GError **error)
{
  g_autofree char *type = head->type == NULL ? get_value (field, "Content-Type") : NULL;
  g_autofree char *disposition = head->name == NULL ? get_value (field, "Content-Disposition") : NULL;
  g_autofree char *encoding = get_value (field, "Content-Transfer-Encoding");

  if ((type != NULL || disposition != NULL) && field.length > SIGNET_MAX_HEADER) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE, _("A header of the message is too long."));
    return FALSE;
  }
  if (type != NULL) {
    head->type = g_mime_content_type_parse (NULL, type);
  } else if (disposition != NULL) {
    g_autoptr (GMimeContentDisposition) parsed = g_mime_content_disposition_parse (NULL, disposition);
    head->name = copy_name (g_mime_content_disposition_get_parameter (parsed, "filename"));
  } else if (encoding != NULL && head->encoding == GMIME_CONTENT_ENCODING_DEFAULT) {
    head->encoding = g_mime_content_encoding_from_string (encoding);
  }
  return TRUE;
}

/* Takes the header fields and the empty line after them off REST. */
static gboolean
read_head (Head *head, Span *rest, const char *default_type, GError **error)
{
  while (rest->length > 0) {
    Span field = take_field (rest);
    if (without_break (field).length == 0)
      break;
    if (!read_field (head, field, error))
      return FALSE;
  }
  if (head->type == NULL)
    head->type = g_mime_content_type_parse (NULL, default_type);
  if (head->name == NULL)
    head->name = copy_name (g_mime_content_type_get_parameter (head->type, "name"));
  return TRUE;
}

/* --- entities --- */

static gboolean read_entity (GPtrArray *parts, Span entity, const char *default_type, guint depth, GError **error);

/* Whether LINE is the delimiter "--BOUNDARY" (RFC 2046 section 5.1.1); CLOSING becomes TRUE when it is the last
 * one, with "--" after it. */
static gboolean
is_delimiter (Span line, const char *boundary, gsize length, gboolean *closing)
{
  if (line.length < 2 + length || strncmp (line.text, "--", 2) != 0 || memcmp (line.text + 2, boundary, length) != 0)
    return FALSE;

  Span rest = { line.text + 2 + length, line.length - 2 - length };
  gboolean dashes = rest.length >= 2 && strncmp (rest.text, "--", 2) == 0;
  if (!is_blank (dashes ? (Span) { rest.text + 2, rest.length - 2 } : rest))
    return FALSE;
  *closing = dashes;
  return TRUE;
}

/* What stands before the first delimiter and after the last is for nobody.  A multipart without its last delimiter
 * is one that was cut: what is there is read, and whoever uses a part finds out whether it is whole. */
static gboolean
read_multipart (GPtrArray *parts, Head *head, Span body, guint depth, GError **error)
{
  const char *boundary = g_mime_content_type_get_parameter (head->type, "boundary");
  const char *type = g_mime_content_type_is_type (head->type, "multipart", "digest") ? "message/rfc822" : "text/plain";
  gsize boundary_length = boundary != NULL ? strlen (boundary) : 0;
  const char *start = NULL;
  gboolean closing = FALSE;

  if (boundary_length == 0) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, _("The message is not well formed."));
    return FALSE;
  }
  while (!closing && (body.length > 0 || start != NULL)) {
    Span line = take_line (&body);
    gboolean at_end = line.length == 0;       /* then it stands for the delimiter that is missing */

    if (!at_end && !is_delimiter (line, boundary, boundary_length, &closing))
      continue;
    if (start != NULL && !read_entity (parts, without_break ((Span) { start, line.text - start }), type, depth, error))
      return FALSE;
    start = at_end ? NULL : line.text + line.length;
  }
  return TRUE;
}

static gboolean
read_leaf (GPtrArray *parts, Head *head, Span body, GError **error)
{
  g_autofree char *mime_type = g_mime_content_type_get_mime_type (head->type);
  g_autofree char *lower = g_ascii_strdown (mime_type, -1);
  g_autoptr (SignetSecret) decoded = signet_mime_decode (body.text, body.length, head->encoding);

  if (parts->len >= SIGNET_MAX_PARTS) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE, _("The message has too many parts."));
    return FALSE;
  }
  g_ptr_array_add (parts, signet_part_new (lower, head->name, decoded));
  return TRUE;
}

static gboolean
read_entity (GPtrArray *parts, Span entity, const char *default_type, guint depth, GError **error)
{
  g_auto (Head) head = { NULL };
  Span body = entity;

  if (!read_head (&head, &body, default_type, error))
    return FALSE;

  gboolean multipart = g_mime_content_type_is_type (head.type, "multipart", "*");
  gboolean message = g_mime_content_type_is_type (head.type, "message", "rfc822") ||
                     g_mime_content_type_is_type (head.type, "message", "global");
  if (!multipart && !message)
    return read_leaf (parts, &head, body, error);

  if (depth >= SIGNET_MAX_PART_DEPTH) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE, _("The message is nested too deep."));
    return FALSE;
  }
  if (multipart)
    return read_multipart (parts, &head, body, depth + 1, error);

  /* RFC 2046 forbids to encode a message within a message; some gateways do. */
  g_autoptr (SignetSecret) decoded = signet_mime_decode (body.text, body.length, head.encoding);
  Span inner = { (const char *) signet_secret_get (decoded, NULL), signet_secret_length (decoded) };
  return read_entity (parts, inner, "text/plain", depth + 1, error);
}

GPtrArray *
signet_parts_parse (SignetSecret *entity, gsize max, GError **error)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_part_free);
  Span span = { (const char *) signet_secret_get (entity, NULL), signet_secret_length (entity) };

  signet_mime_init ();
  if (span.length > max) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE, _("The message is larger than it may be."));
    return NULL;
  }
  return read_entity (parts, span, "text/plain", 0, error) ? g_steal_pointer (&parts) : NULL;
}
