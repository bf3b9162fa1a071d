/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/json.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "base/number.h"

#include <math.h>
#include <string.h>

#define LONGEST_WORD 40      /* characters of a number */
#define WHITE_SPACE " \t\r\n"

static gboolean
refuse (GError **error, const char *member)
{
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, _("What was sent has no proper “%s”. Tell whoever sent it."),
               member);
  return FALSE;
}

static gpointer
refuse_form (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                       _("What was sent is not well formed. Tell whoever sent it."));
  return NULL;
}

/* --- what json-glib takes and RFC 8259 does not: looked at before json-glib sees it, and recurses into it --- */

/* The four hexadecimal digits of a \u escape at the start of TEXT; -1 when it is none. */
static int
read_unit (const char *text, gsize length)
{
  int unit = 0;

  if (length < 6 || strncmp (text, "\\u", 2) != 0)
    return -1;
  for (gsize i = 2; i < 6; i++) {
    if (!g_ascii_isxdigit (text[i]))
      return -1;
    unit = unit << 4 | g_ascii_xdigit_value (text[i]);
  }
  return unit;
}

/* The length of the escape at the start of TEXT; 0 when it is not proper.  json-glib also takes octal escapes and half
 * surrogates, which are then no UTF-8, and cuts a text at \u0000. */
static gsize
measure_escape (const char *text, gsize length)
{
  int unit = read_unit (text, length);

  if (length >= 2 && strchr ("\"\\/bfnrt", text[1]) != NULL)
    return 2;
  if (unit >= 0xd800 && unit <= 0xdbff)
    return (read_unit (text + 6, length - 6) & ~0x3ff) == 0xdc00 ? 12 : 0;
  return unit > 0 && (unit < 0xdc00 || unit > 0xdfff) ? 6 : 0;
}

/* The place of the quotation mark that ends the text that begins with one at START; LENGTH when the text is not
 * proper. */
static gsize
find_text_end (const char *text, gsize length, gsize start)
{
  gsize i = start + 1;

  while (i < length && text[i] != '"') {
    gsize step = text[i] == '\\' ? measure_escape (text + i, length - i) : 1;
    if (step == 0 || (guchar) text[i] < ' ')
      return length;
    i += step;
  }
  return i;
}

static const char *
skip_digits (const char *c)
{
  while (g_ascii_isdigit (*c))
    c++;
  return c;
}

/* A number of RFC 8259 section 6 that a gint64 or a double holds; json-glib also takes octal and hexadecimal ones. */
static gboolean
is_number (const char *text)
{
  const char *digits = text + (*text == '-'), *c = skip_digits (digits);
  gboolean whole = *c == '\0';

  if (c == digits || (*digits == '0' && c - digits > 1))
    return FALSE;
  if (whole)
    return signet_number_parse (text, G_MININT64, G_MAXINT64, NULL);
  if (*c == '.' && skip_digits (c + 1) == c + 1)
    return FALSE;
  if (*c == '.')
    c = skip_digits (c + 1);
  if (*c == 'e' || *c == 'E') {
    const char *exponent = c + 1 + (c[1] == '+' || c[1] == '-');
    c = skip_digits (exponent);
    if (c == exponent)
      return FALSE;
  }
  return *c == '\0' && isfinite (g_ascii_strtod (text, NULL));
}

/* What stands outside of texts and punctuation. */
static gboolean
is_word (const char *text, gsize length)
{
  char word[LONGEST_WORD + 1] = "";

  if (length > LONGEST_WORD)
    return FALSE;
  memcpy (word, text, length);
  return strcmp (word, "true") == 0 || strcmp (word, "false") == 0 || strcmp (word, "null") == 0 || is_number (word);
}

/* One object that nests no deeper than it may, of proper texts and words. */
static gboolean
check_lexis (const char *text, gsize length)
{
  gboolean closed = FALSE;
  int depth = 0;

  for (gsize i = 0; i < length; i++) {
    char c = text[i];

    if (strchr (WHITE_SPACE, c) != NULL)
      continue;
    if (closed || (depth == 0 && c != '{'))
      return FALSE;
    if (c == '"') {
      i = find_text_end (text, length, i);
      if (i >= length)
        return FALSE;
    } else if (c == '{' || c == '[') {
      if (++depth > SIGNET_MAX_JSON_DEPTH)
        return FALSE;
    } else if (c == '}' || c == ']') {
      closed = --depth == 0;
    } else if (c != ':' && c != ',') {
      gsize end = i;
      while (end < length && strchr ("{}[]:,\"" WHITE_SPACE, text[end]) == NULL)
        end++;
      if (!is_word (text + i, end - i))
        return FALSE;
      i = end - 1;
    }
  }
  return closed;
}

/* json-glib keeps the last of two members of one name; two readers could then see two different documents. */
static void
count_member (JsonParser *parser, JsonObject *object, const char *member, gpointer user_data)
{
  guint *members = user_data;

  (*members)++;
}

static guint
count_members (JsonNode *node)
{
  guint count = 0;

  if (JSON_NODE_HOLDS_OBJECT (node)) {
    g_autoptr (GList) values = json_object_get_values (json_node_get_object (node));
    for (GList *l = values; l != NULL; l = l->next)
      count += 1 + count_members (l->data);
  } else if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_node_get_array (node);
    for (guint i = 0; i < json_array_get_length (array); i++)
      count += count_members (json_array_get_element (array, i));
  }
  return count;
}

JsonObject *
signet_json_parse (const char *text, gsize length, gsize max, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  guint members = 0;

  if (length > max) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE,
                         _("What was sent is larger than it may be. Tell whoever sent it."));
    return NULL;
  }
  g_signal_connect (parser, "object-member", G_CALLBACK (count_member), &members);
  if (!g_utf8_validate (text, length, NULL) || !check_lexis (text, length) ||
      !json_parser_load_from_data (parser, text, length, NULL) ||
      !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)) ||
      count_members (json_parser_get_root (parser)) != members)
    return refuse_form (error);
  return json_object_ref (json_node_get_object (json_parser_get_root (parser)));
}

/* The member's node when it is a single value of TYPE, else NULL. */
static JsonNode *
get_value (JsonObject *object, const char *member, GType type)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type ? node : NULL;
}

static const char *
check_text (JsonNode *node, gsize max)
{
  const char *text = node != NULL ? json_node_get_string (node) : NULL;

  return text != NULL && strlen (text) <= max ? text : NULL;
}

const char *
signet_json_get_text (JsonObject *object, const char *member, gsize max, GError **error)
{
  const char *text = check_text (get_value (object, member, G_TYPE_STRING), max);

  if (text == NULL)
    refuse (error, member);
  return text;
}

gboolean
signet_json_get_integer (JsonObject *object, const char *member, gint64 min, gint64 max, gint64 *value, GError **error)
{
  JsonNode *node = get_value (object, member, G_TYPE_INT64);

  if (node == NULL || json_node_get_int (node) < min || json_node_get_int (node) > max)
    return refuse (error, member);
  *value = json_node_get_int (node);
  return TRUE;
}

gboolean
signet_json_get_boolean (JsonObject *object, const char *member, gboolean *value, GError **error)
{
  JsonNode *node = get_value (object, member, G_TYPE_BOOLEAN);

  if (node == NULL)
    return refuse (error, member);
  *value = json_node_get_boolean (node);
  return TRUE;
}

JsonArray *
signet_json_get_array (JsonObject *object, const char *member, guint max, GError **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node) || json_array_get_length (json_node_get_array (node)) > max) {
    refuse (error, member);
    return NULL;
  }
  return json_node_get_array (node);
}

static GBytes *
decode (const char *text, gsize max)
{
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  gsize length = text != NULL ? strlen (text) : 1, signs = text != NULL ? strspn (text, alphabet) : 0;

  if (length % 4 != 0 || length / 4 * 3 - (length - signs) > max || signs + 2 < length ||
      signs + strspn (text + signs, "=") != length)
    return NULL;

  gsize decoded_length;
  guint8 *decoded = g_base64_decode (text, &decoded_length);
  return g_bytes_new_take (decoded, decoded_length);
}

GBytes *
signet_json_get_bytes (JsonObject *object, const char *member, gsize max, GError **error)
{
  GBytes *bytes = decode (check_text (get_value (object, member, G_TYPE_STRING), G_MAXSIZE), max);

  if (bytes == NULL)
    refuse (error, member);
  return bytes;
}

GPtrArray *
signet_json_get_bytes_array (JsonObject *object, const char *member, guint max_items, gsize max, GError **error)
{
  JsonArray *array = signet_json_get_array (object, member, max_items, error);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  if (array == NULL)
    return NULL;
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);
    GBytes *bytes = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
                      ? decode (json_node_get_string (node), max) : NULL;
    if (bytes == NULL) {
      refuse (error, member);
      return NULL;
    }
    g_ptr_array_add (list, bytes);
  }
  return g_steal_pointer (&list);
}

JsonObject *
signet_json_array_get_object (JsonArray *array, guint index, GError **error)
{
  JsonNode *node = json_array_get_element (array, index);

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse_form (error);
  return json_node_get_object (node);
}

static char *
encode (GBytes *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  return g_base64_encode (data, length);
}

void
signet_json_set_bytes (JsonObject *object, const char *member, GBytes *bytes)
{
  g_autofree char *text = encode (bytes);

  json_object_set_string_member (object, member, text);
}

void
signet_json_set_bytes_array (JsonObject *object, const char *member, GPtrArray *list)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < list->len; i++) {
    g_autofree char *text = encode (list->pdata[i]);
    json_array_add_string_element (array, text);
  }
  json_object_set_array_member (object, member, array);
}

char *
signet_json_print (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *text = json_to_string (node, TRUE);

  return g_strconcat (text, "\n", NULL);
}
