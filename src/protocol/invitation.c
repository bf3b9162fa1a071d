/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/invitation.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mail-address.h"
#include "protocol/name.h"
#include "protocol/parts.h"
#include "protocol/temporary-key.h"

#include <string.h>

/* The temporary key stays in SignetSecret all the way: it is cut out of a file before json-glib sees the rest, and
 * links are taken apart here, because neither json-glib nor GUri wipes what it reads. */

#define VERSION 1
#define LINK_START "signet:invitation?"
#define FILE_SUFFIX ".signet-invitation"
#define PIN_LENGTH 32
#define MASK 'x'

struct _SignetInvitation {
  gatomicrefcount refs;
  char *authority;
  char *name;
  char *address;
  GBytes *pin;
  SignetSecret *temporary_key;
};

G_DEFINE_BOXED_TYPE (SignetInvitation, signet_invitation, signet_invitation_ref, signet_invitation_unref)

static gpointer
refuse (GError **error, const char *text)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, text);
  return NULL;
}

/* --- life cycle --- */

/* Only what RFC 3986 allows in a URL: GUri is more forgiving than the HTTP request that the text ends up in. */
static gboolean
is_url_text (const char *text)
{
  const char *c = text;

  while (g_ascii_isgraph (*c) && strchr ("\"<>\\^`{|}", *c) == NULL)
    c++;
  return *c == '\0' && c - text <= SIGNET_MAX_URL;
}

static char *
normalize_authority (const char *text, GError **error)
{
  g_autofree char *trimmed = g_strstrip (g_strndup (text, SIGNET_MAX_URL + 1));
  g_autofree char *url = strstr (trimmed, "://") != NULL ? g_strdup (trimmed) : g_strconcat ("https://", trimmed, NULL);
  GUriFlags flags = G_URI_FLAGS_ENCODED | G_URI_FLAGS_SCHEME_NORMALIZE;
  g_autoptr (GUri) uri = is_url_text (url) ? g_uri_parse (url, flags, NULL) : NULL;

  if (uri != NULL && strcmp (g_uri_get_scheme (uri), "https") != 0)
    return refuse (error, _("The authority's server must be given by an address that begins with https://."));
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' ||
      g_uri_get_userinfo (uri) != NULL || g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    return refuse (error, _("That is not the address of an authority's server. It should look like "
                            "https://ca.example.org."));

  g_autofree char *normal = g_uri_to_string (uri);
  while (g_str_has_suffix (normal, "/"))
    normal[strlen (normal) - 1] = '\0';
  return g_steal_pointer (&normal);
}

SignetInvitation *
signet_invitation_new (const char *authority, const char *name, const char *address, GBytes *pin,
                       SignetSecret *temporary_key, GError **error)
{
  g_autofree char *url = normalize_authority (authority, error);
  g_autofree char *normal = url != NULL ? signet_mail_address_normalize (address, error) : NULL;
  g_autoptr (SignetSecret) key = normal != NULL ? signet_temporary_key_parse (temporary_key, error) : NULL;

  if (key == NULL)
    return NULL;
  if (name != NULL && *name != '\0' && !signet_name_is_valid (name))
    return refuse (error, _("The name of the authority cannot be shown. Ask your administrator for a new invitation."));
  if (pin == NULL || g_bytes_get_size (pin) != PIN_LENGTH)
    return refuse (error, _("The authority's fingerprint is not complete. It has 64 digits and letters from A to F."));

  SignetInvitation *self = g_new0 (SignetInvitation, 1);
  g_atomic_ref_count_init (&self->refs);
  self->authority = g_steal_pointer (&url);
  self->name = name != NULL && *name != '\0' ? g_strdup (name) : NULL;
  self->address = g_steal_pointer (&normal);
  self->pin = g_bytes_ref (pin);
  self->temporary_key = g_steal_pointer (&key);
  return self;
}

SignetInvitation *
signet_invitation_ref (SignetInvitation *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
signet_invitation_unref (SignetInvitation *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->authority);
  g_free (self->name);
  g_free (self->address);
  g_bytes_unref (self->pin);
  signet_secret_unref (self->temporary_key);
  g_free (self);
}

const char *
signet_invitation_get_authority (SignetInvitation *self)
{
  return self->authority;
}

const char *
signet_invitation_get_name (SignetInvitation *self)
{
  return self->name;
}

const char *
signet_invitation_get_address (SignetInvitation *self)
{
  return self->address;
}

GBytes *
signet_invitation_get_pin (SignetInvitation *self)
{
  return self->pin;
}

SignetSecret *
signet_invitation_get_temporary_key (SignetInvitation *self)
{
  return self->temporary_key;
}

/* --- writing --- */

/* BEFORE, the temporary key in groups, AFTER. */
static SignetSecret *
around_key (SignetInvitation *self, const char *before, const char *after)
{
  g_autoptr (SignetSecret) key = signet_temporary_key_format (self->temporary_key);
  gsize length = signet_secret_length (key);
  SignetSecret *text = signet_secret_alloc (strlen (before) + length + strlen (after));
  guint8 *at = signet_secret_edit (text);

  memcpy (at, before, strlen (before));
  memcpy (at + strlen (before), signet_secret_get (key, NULL), length);
  memcpy (at + strlen (before) + length, after, strlen (after));
  return text;
}

SignetSecret *
signet_invitation_to_file (SignetInvitation *self)
{
  static const char closing[] = "\n}\n";
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *pin = signet_hex_encode (self->pin);

  json_object_set_int_member (object, "signet-invitation", VERSION);
  json_object_set_string_member (object, "authority", self->authority);
  if (self->name != NULL)
    json_object_set_string_member (object, "name", self->name);
  json_object_set_string_member (object, "address", self->address);
  json_object_set_string_member (object, "pin", pin);

  g_autofree char *text = signet_json_print (object);
  g_assert (g_str_has_suffix (text, closing));
  text[strlen (text) - strlen (closing)] = '\0';
  g_autofree char *before = g_strconcat (text, ",\n  \"temporary-key\" : \"", NULL);
  g_autofree char *after = g_strconcat ("\"", closing, NULL);
  return around_key (self, before, after);
}

SignetSecret *
signet_invitation_to_link (SignetInvitation *self)
{
  g_autoptr (GString) link = g_string_new (LINK_START "authority=");
  g_autofree char *pin = signet_hex_encode (self->pin);

  g_string_append_uri_escaped (link, self->authority, NULL, FALSE);
  if (self->name != NULL) {
    g_string_append (link, "&name=");
    g_string_append_uri_escaped (link, self->name, NULL, FALSE);
  }
  g_string_append (link, "&address=");
  g_string_append_uri_escaped (link, self->address, NULL, FALSE);
  g_string_append_printf (link, "&pin=%s&key=", pin);
  return around_key (self, link->str, "");
}

/* --- reading a file --- */

/* The end of the JSON string that begins after its quotation mark at START: the place of its closing one. */
static gsize
find_string_end (const guint8 *text, gsize length, gsize start)
{
  gsize end = start;

  while (end < length && text[end] != '"')
    end += text[end] == '\\' ? 2 : 1;
  return MIN (end, length);
}

static gsize
skip_space (const guint8 *text, gsize length, gsize at)
{
  while (at < length && g_ascii_isspace (text[at]))
    at++;
  return at;
}

/* Where the value of the string that ends at END begins, when it is the member "temporary-key" with a string; else
 * 0. */
static gsize
find_key_value (const guint8 *text, gsize length, gsize start, gsize end)
{
  static const char member[] = "temporary-key";

  if (end - start != strlen (member) || memcmp (text + start, member, strlen (member)) != 0)
    return 0;
  gsize colon = skip_space (text, length, end + 1);
  gsize quote = colon < length && text[colon] == ':' ? skip_space (text, length, colon + 1) : length;
  return quote < length && text[quote] == '"' ? quote + 1 : 0;
}

/* Takes the temporary key out of the object's text and leaves MASK in its place; NULL when there is none. */
static SignetSecret *
cut_key (guint8 *text, gsize length)
{
  g_autoptr (SignetSecret) key = NULL;
  int depth = 0;

  for (gsize i = 0; i < length; i++) {
    if (text[i] == '{' || text[i] == '[') {
      depth++;
    } else if (text[i] == '}' || text[i] == ']') {
      depth--;
    } else if (text[i] == '"') {
      gsize start = i + 1;
      i = find_string_end (text, length, start);
      gsize value = depth == 1 ? find_key_value (text, length, start, i) : 0;
      if (value == 0)
        continue;
      i = find_string_end (text, length, value);
      g_clear_pointer (&key, signet_secret_unref);
      key = signet_secret_new (text + value, i - value);
      memset (text + value, MASK, i - value);
    }
  }
  return g_steal_pointer (&key);
}

/* A member whose name is written with escapes escapes cut_key(); it then has no mask, and is no invitation of ours. */
static gboolean
check_mask (JsonObject *object, SignetSecret *key, GError **error)
{
  const char mask[] = { MASK, '\0' };
  const char *value = signet_json_get_text (object, "temporary-key", SIGNET_MAX_JSON, error);

  if (value == NULL)
    return FALSE;
  if (key == NULL || strlen (value) != signet_secret_length (key) || strspn (value, mask) != strlen (value)) {
    refuse (error, _("The invitation is not well formed. Ask your administrator for a new one."));
    return FALSE;
  }
  return TRUE;
}

static SignetInvitation *
parse_file (SignetSecret *text, GError **error)
{
  gsize length;
  const guint8 *bytes = signet_secret_get (text, &length);
  g_autoptr (SignetSecret) copy = signet_secret_new (bytes, length);
  g_autoptr (SignetSecret) key = cut_key (signet_secret_edit (copy), length);
  g_autoptr (JsonObject) object = signet_json_parse ((const char *) signet_secret_get (copy, NULL), length,
                                                     SIGNET_MAX_JSON, error);
  const char *authority, *address, *pin, *name = NULL;
  gint64 version;

  if (object == NULL ||
      !signet_json_get_integer (object, "signet-invitation", 1, G_MAXINT64, &version, error))
    return NULL;
  if (version != VERSION) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                         _("The invitation is of a newer kind. Install a newer version of Signet."));
    return NULL;
  }
  if ((authority = signet_json_get_text (object, "authority", SIGNET_MAX_URL, error)) == NULL ||
      (address = signet_json_get_text (object, "address", SIGNET_MAX_ADDRESS, error)) == NULL ||
      (pin = signet_json_get_text (object, "pin", 2 * PIN_LENGTH, error)) == NULL ||
      (json_object_has_member (object, "name") &&
       (name = signet_json_get_text (object, "name", SIGNET_MAX_NAME * 4, error)) == NULL) ||
      !check_mask (object, key, error))
    return NULL;

  g_autoptr (GBytes) digest = signet_hex_decode (pin, PIN_LENGTH);
  return signet_invitation_new (authority, name, address, digest, key, error);
}

/* --- reading a link --- */

/* The link in TEXT without line breaks: one within angle brackets may be wrapped (RFC 3986 appendix C), another
 * ends at the first white space, less the punctuation of the sentence it stands in.  NULL when there is none. */
static SignetSecret *
find_link (SignetSecret *text)
{
  gsize length, start = 0, end, count = 0;
  const char *bytes = (const char *) signet_secret_get (text, &length);

  while (start < length && g_ascii_strncasecmp (bytes + start, LINK_START, strlen (LINK_START)) != 0)
    start++;
  if (start == length)
    return NULL;

  gboolean bracketed = start > 0 && bytes[start - 1] == '<';
  for (end = start; end < length && strchr ("<>\"", bytes[end]) == NULL; end++)
    if (!bracketed && g_ascii_isspace (bytes[end]))
      break;
  while (!bracketed && strchr (".,;:!?)'", bytes[end - 1]) != NULL)
    end--;

  g_autoptr (SignetSecret) buffer = signet_secret_alloc (end - start);
  guint8 *out = signet_secret_edit (buffer);
  for (gsize i = start; i < end; i++)
    if (!g_ascii_isspace (bytes[i]))
      out[count++] = bytes[i];
  return signet_secret_new (out, count);
}

/* TEXT without its percent-encoding (RFC 3986 section 2.1); NULL when that is broken, or the result no text. */
static SignetSecret *
decode (const char *text, gsize length)
{
  g_autoptr (SignetSecret) buffer = signet_secret_alloc (length);
  guint8 *out = signet_secret_edit (buffer);
  gsize count = 0;

  for (gsize i = 0; i < length; i++) {
    out[count] = text[i];
    if (text[i] == '%') {
      int high = i + 2 < length ? g_ascii_xdigit_value (text[i + 1]) : -1;
      int low = high >= 0 ? g_ascii_xdigit_value (text[i + 2]) : -1;
      if (low < 0)
        return NULL;
      out[count] = high << 4 | low;
      i += 2;
    }
    count++;
  }

  g_autoptr (SignetSecret) result = signet_secret_new (out, count);
  return signet_secret_get_text (result) != NULL ? g_steal_pointer (&result) : NULL;
}

enum { AUTHORITY, NAME, ADDRESS, PIN, KEY, N_FIELDS };

static void
clear_fields (SignetSecret **fields)
{
  for (int i = 0; i < N_FIELDS; i++)
    g_clear_pointer (&fields[i], signet_secret_unref);
}

/* Sets FIELDS from "name=value", once each.  What a later version may add is passed over. */
static gboolean
read_field (SignetSecret **fields, const char *text, gsize length)
{
  static const char *const names[N_FIELDS] = { "authority", "name", "address", "pin", "key" };

  for (int i = 0; i < N_FIELDS; i++) {
    gsize skip = strlen (names[i]) + 1;
    if (length < skip || memcmp (text, names[i], skip - 1) != 0 || text[skip - 1] != '=')
      continue;
    if (fields[i] != NULL)
      return FALSE;
    fields[i] = decode (text + skip, length - skip);
    return fields[i] != NULL;
  }
  return TRUE;
}

static SignetInvitation *
parse_link (SignetSecret *link, GError **error)
{
  SignetSecret *fields[N_FIELDS] = { NULL };
  const char *at = (const char *) signet_secret_get (link, NULL) + strlen (LINK_START);
  const char *end = (const char *) signet_secret_get (link, NULL) + signet_secret_length (link);
  SignetInvitation *self = NULL;
  gboolean good = TRUE;

  while (good && at < end) {
    const char *next = memchr (at, '&', end - at);
    gsize length = (next != NULL ? next : end) - at;
    good = read_field (fields, at, length);
    at += length + 1;
  }
  if (good && fields[AUTHORITY] != NULL && fields[ADDRESS] != NULL && fields[PIN] != NULL && fields[KEY] != NULL) {
    g_autoptr (GBytes) pin = signet_hex_decode (signet_secret_get_text (fields[PIN]), PIN_LENGTH);
    const char *name = fields[NAME] != NULL ? signet_secret_get_text (fields[NAME]) : NULL;
    self = signet_invitation_new (signet_secret_get_text (fields[AUTHORITY]), name,
                                  signet_secret_get_text (fields[ADDRESS]), pin, fields[KEY], error);
  } else {
    refuse (error,
            _("The invitation's link is not complete. Copy all of it, or ask your administrator for a new one."));
  }
  clear_fields (fields);
  return self;
}

/* --- reading whatever the user has --- */

/* The invitation in a whole mail: its attachment, or a link in its text. */
static SignetInvitation *
parse_mail (SignetSecret *text, GError **error)
{
  g_autoptr (GPtrArray) parts = signet_parts_parse (text, SIGNET_MAX_INVITATION, error);

  for (guint i = 0; parts != NULL && i < parts->len; i++) {
    SignetPart *part = parts->pdata[i];
    g_autoptr (SignetSecret) link = g_str_has_prefix (part->content_type, "text/") ? find_link (part->body) : NULL;

    if (signet_part_is (part, SIGNET_INVITATION_MIME_TYPE, FILE_SUFFIX))
      return parse_file (part->body, error);
    if (link != NULL)
      return parse_link (link, error);
  }
  if (parts != NULL)
    refuse (error, _("There is no invitation in it. Open the file, or copy the link, that your administrator sent."));
  return NULL;
}

SignetInvitation *
signet_invitation_parse (SignetSecret *text, GError **error)
{
  gsize length;
  const guint8 *bytes = signet_secret_get (text, &length);
  g_autoptr (SignetSecret) link = NULL;
  g_autoptr (GError) problem = NULL;

  if (length > SIGNET_MAX_INVITATION) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE, _("That is too large to be an invitation. "
                                                                        "Choose the file that you were sent."));
    return NULL;
  }
  gsize start = skip_space (bytes, length, 0);
  if (start < length && bytes[start] == '{')
    return parse_file (text, error);

  /* A link in the source of a mail may be in quoted-printable, and is then found only with the mail taken apart. */
  link = find_link (text);
  SignetInvitation *self = link != NULL ? parse_link (link, &problem) : NULL;
  if (self == NULL && (self = parse_mail (text, problem == NULL ? error : NULL)) == NULL && problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return self;
}
