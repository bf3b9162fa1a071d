/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/reply.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "base/mail-address.h"
#include "protocol/mime.h"
#include "protocol/name.h"
#include "protocol/parts.h"
#include "protocol/request.h"

#include <string.h>

/* The mail around a reply.  Its header lines are written here: GMime 3.2.13 makes encoded words longer than the 75
 * characters of RFC 2047, which some servers break up. */

#define FILE_SUFFIX ".signet-reply"
#define LONGEST_LINE 74               /* with the brackets of an address still within RFC 5322's 78 */
#define LONGEST_PLAIN 60              /* characters of a name that are sure to fit behind a field's name */
#define LAST_DATE G_GINT64_CONSTANT (253402300799)       /* the end of the year 9999: four digits */
#define WORD_BYTES 36                 /* of UTF-8 in an encoded word: 60 characters, and the field's name before it */

/* --- building; lines end with LF until the message is whole --- */

static gboolean
is_plain (const char *text)
{
  return g_str_is_ascii (text) && strlen (text) <= LONGEST_PLAIN && strstr (text, "=?") == NULL;
}

/* TEXT as encoded words (RFC 2047), one a line, none with a part of a character. */
static void
append_words (GString *message, const char *text)
{
  while (*text != '\0') {
    const char *end = text;
    while (*end != '\0' && g_utf8_next_char (end) - text <= WORD_BYTES)
      end = g_utf8_next_char (end);

    g_autofree char *word = g_base64_encode ((const guchar *) text, end - text);
    g_string_append_printf (message, "=?utf-8?B?%s?=%s", word, *end != '\0' ? "\n " : "");
    text = end;
  }
}

static void
append_from (GString *message, const char *name, const char *address)
{
  gsize start = message->len;

  g_string_append (message, "From: ");
  if (is_plain (name)) {
    g_string_append_c (message, '"');
    for (const char *c = name; *c != '\0'; c++)
      g_string_append_printf (message, "%s%c", *c == '"' || *c == '\\' ? "\\" : "", *c);
    g_string_append_c (message, '"');
  } else {
    append_words (message, name);
  }
  gboolean fits = is_plain (name) && message->len - start + strlen (address) <= LONGEST_LINE;
  g_string_append_printf (message, "%s <%s>\n", fits ? "" : "\n", address);
}

static void
append_subject (GString *message, const char *subject)
{
  g_string_append (message, "Subject: ");
  if (is_plain (subject))
    g_string_append (message, subject);
  else
    append_words (message, subject);
  g_string_append_c (message, '\n');
}

static void
append_encoded (GString *message, GMimeContentEncoding encoding, const char *bytes, gsize length)
{
  GMimeEncoding state;

  g_mime_encoding_init_encode (&state, encoding);
  g_autofree char *text = g_malloc (g_mime_encoding_outlen (&state, length) + 1);
  g_string_append_len (message, text, g_mime_encoding_flush (&state, bytes, length, text));
}

/* What the user reads.  Lines under 70 characters: nothing needs to wrap them. */
static void
append_text (GString *message, const char *authority)
{
  g_autofree char *text = g_strdup_printf (_("Hello,\n"
                                             "\n"
                                             "your digital ID is ready. It comes from\n"
                                             "%s.\n"
                                             "\n"
                                             "To install it, open the attached file\n"
                                             "“%s” with Signet, on the computer\n"
                                             "and in the account from which you asked for it. It opens nowhere else.\n"
                                             "\n"
                                             "If Signet is running there, it may have fetched this reply already;\n"
                                             "then there is nothing left to do with this message.\n"
                                             "\n"
                                             "If you did not ask for a digital ID, please tell your administrator.\n"),
                                           authority, SIGNET_REPLY_FILE_NAME);

  g_string_append (message, "Content-Type: text/plain; charset=utf-8\n"
                            "Content-Transfer-Encoding: quoted-printable\n\n");
  append_encoded (message, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE, text, strlen (text));
}

/* The name stands in both headers: some programs look only at one. */
static void
append_attachment (GString *message, GBytes *attachment)
{
  gsize length;
  const char *bytes = g_bytes_get_data (attachment, &length);

  g_string_append (message, "Content-Type: " SIGNET_REPLY_MIME_TYPE "; name=\"" SIGNET_REPLY_FILE_NAME "\"\n"
                            "Content-Disposition: attachment; filename=\"" SIGNET_REPLY_FILE_NAME "\"\n"
                            "Content-Transfer-Encoding: base64\n\n");
  append_encoded (message, GMIME_CONTENT_ENCODING_BASE64, bytes, length);
}

static GBytes *
with_crlf (GString *text)
{
  GString *lines = g_string_sized_new (text->len + text->len / 32);

  for (gsize i = 0; i < text->len; i++) {
    if (text->str[i] == '\n')
      g_string_append_c (lines, '\r');
    g_string_append_c (lines, text->str[i]);
  }
  return g_string_free_to_bytes (lines);
}

static GBytes *
build_message (GBytes *attachment, const char *authority, const char *from, const char *address, const char *request_id,
               gint64 date)
{
  g_autoptr (GString) message = g_string_new (NULL);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (date);
  g_autofree char *date_text = g_mime_utils_header_format_date (time);
  g_autofree char *subject = g_strdup_printf (_("Your digital ID from %s"), authority);

  append_from (message, authority, from);
  g_string_append_printf (message, "To: %s\n", address);
  append_subject (message, subject);
  g_string_append_printf (message, "Date: %s\nMessage-ID: <%s@%s>\n", date_text, request_id, strrchr (from, '@') + 1);
  g_string_append (message, "Auto-Submitted: auto-generated\nMIME-Version: 1.0\n");         /* RFC 3834 */
  g_string_append_printf (message, "Content-Type: multipart/mixed; boundary=\"=_%s\"\n\n", request_id);
  g_string_append_printf (message, "--=_%s\n", request_id);
  append_text (message, authority);
  g_string_append_printf (message, "\n--=_%s\n", request_id);
  append_attachment (message, attachment);
  g_string_append_printf (message, "\n--=_%s--\n", request_id);
  return with_crlf (message);
}

GBytes *
signet_reply_message_build (GBytes *attachment, const char *authority, const char *from, const char *address,
                            const char *request_id, gint64 date, GError **error)
{
  g_autofree char *sender = signet_mail_address_normalize (from, error);
  g_autofree char *recipient = sender != NULL ? signet_mail_address_normalize (address, error) : NULL;

  if (recipient == NULL)
    return NULL;
  if (!signet_name_is_valid (authority) || !signet_request_id_is_valid (request_id) || date < 0 || date > LAST_DATE) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, _("The reply's message cannot be written."));
    return NULL;
  }
  signet_mime_init ();
  return build_message (attachment, authority, sender, recipient, request_id, date);
}

/* --- finding the attachment --- */

/* A DER SEQUENCE or one in BER's indefinite form; no mail begins so. */
static gboolean
is_bare (const guint8 *bytes, gsize length)
{
  return length > 2 && bytes[0] == 0x30 && bytes[1] >= 0x80;
}

/* The base64 of such a SEQUENCE and nothing else. */
static GBytes *
decode_bare (const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (bytes[i]) && !g_ascii_isspace (bytes[i]) && memchr ("+/=", bytes[i], 3) == NULL)
      return NULL;

  g_autofree char *text = g_strndup ((const char *) bytes, length);
  gsize decoded_length;
  guint8 *decoded = g_base64_decode (text, &decoded_length);
  g_autoptr (GBytes) result = g_bytes_new_take (decoded, decoded_length);
  return is_bare (decoded, decoded_length) ? g_steal_pointer (&result) : NULL;
}

/* A mail as it stands in an mbox or as some programs save it: without the line before the headers. */
static SignetSecret *
skip_mbox_line (const guint8 *bytes, gsize length)
{
  gsize start = 0;

  while (start < length && (bytes[start] == '\r' || bytes[start] == '\n'))
    start++;
  if (length - start > strlen ("From ") && memcmp (bytes + start, "From ", strlen ("From ")) == 0) {
    const guint8 *end = memchr (bytes + start, '\n', length - start);
    start = end != NULL ? (gsize) (end - bytes) + 1 : length;
  }
  return signet_secret_new (bytes + start, length - start);
}

static GBytes *
find_attachment (const guint8 *bytes, gsize length, GError **error)
{
  g_autoptr (SignetSecret) entity = skip_mbox_line (bytes, length);
  g_autoptr (GPtrArray) parts = signet_parts_parse (entity, SIGNET_MAX_MESSAGE, error);

  for (guint i = 0; parts != NULL && i < parts->len; i++) {
    SignetPart *part = parts->pdata[i];
    if (signet_part_is (part, SIGNET_REPLY_MIME_TYPE, FILE_SUFFIX))
      return g_bytes_new (signet_secret_get (part->body, NULL), signet_secret_length (part->body));
  }
  if (parts != NULL)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                         _("There is no reply of an authority in it. Open the message that you were sent, or its "
                           "attachment."));
  return NULL;
}

GBytes *
signet_reply_message_extract (GBytes *message, GError **error)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (message, &length);
  g_autoptr (GBytes) attachment = NULL;

  if (length == 0)
    bytes = (const guint8 *) "";         /* an empty GBytes has none */
  if (length <= SIGNET_MAX_MESSAGE) {
    attachment = is_bare (bytes, length) ? g_bytes_ref (message) : decode_bare (bytes, length);
    if (attachment == NULL && (attachment = find_attachment (bytes, length, error)) == NULL)
      return NULL;
  }
  if (attachment == NULL || g_bytes_get_size (attachment) > SIGNET_MAX_REPLY) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE,
                         _("That is too large to be the reply of an authority. "
                           "Choose the message that the authority has sent."));
    return NULL;
  }
  return g_steal_pointer (&attachment);
}
