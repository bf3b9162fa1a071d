/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/item-format.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"

#include <gnutls/crypto.h>
#include <string.h>

#define MAGIC 8
#define NUMBER SIGNET_ITEM_NUMBER
#define DIGEST SIGNET_ITEM_DIGEST
#define SMALLEST (MAGIC + 3 * NUMBER + DIGEST)

void
signet_item_put_number (guint8 *place, guint32 number)
{
  guint32 big_endian = GUINT32_TO_BE (number);

  memcpy (place, &big_endian, NUMBER);
}

guint32
signet_item_get_number (const guint8 *place)
{
  guint32 big_endian;

  memcpy (&big_endian, place, NUMBER);
  return GUINT32_FROM_BE (big_endian);
}

GBytes *
signet_item_format_prefix (const char *magic, guint32 version, JsonObject *header)
{
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), header);
  g_autofree char *text = json_to_string (node, FALSE);
  gsize length = strlen (text);
  guint8 *prefix = g_malloc (MAGIC + 2 * NUMBER + length);

  g_assert (strlen (magic) == MAGIC);
  memcpy (prefix, magic, MAGIC);
  signet_item_put_number (prefix + MAGIC, version);
  signet_item_put_number (prefix + MAGIC + NUMBER, length);
  memcpy (prefix + MAGIC + 2 * NUMBER, text, length);
  return g_bytes_new_take (prefix, MAGIC + 2 * NUMBER + length);
}

/* GChecksum would leave the last block of a private key in freed memory; this works on the stack. */
void
signet_item_digest (const guint8 *data, gsize length, guint8 *out)
{
  int status = gnutls_hash_fast (GNUTLS_DIG_SHA256, data, length, out);

  g_assert (status == 0);
}

SignetSecret *
signet_item_format_build (GBytes *prefix, SignetSecret *body, GError **error)
{
  gsize prefix_length, body_length;
  const guint8 *prefix_data = g_bytes_get_data (prefix, &prefix_length);
  const guint8 *body_data = signet_secret_get (body, &body_length);

  if (prefix_length > SIGNET_MAX_BLOB || body_length > SIGNET_MAX_BLOB ||
      prefix_length + NUMBER + body_length + DIGEST > SIGNET_MAX_BLOB) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE,
                         _("This is more than one keyset can hold. Use a new keyset name."));
    return NULL;
  }

  SignetSecret *blob = signet_secret_alloc (prefix_length + NUMBER + body_length + DIGEST);
  guint8 *data = signet_secret_edit (blob);
  memcpy (data, prefix_data, prefix_length);
  signet_item_put_number (data + prefix_length, body_length);
  memcpy (data + prefix_length + NUMBER, body_data, body_length);
  signet_item_digest (data, prefix_length + NUMBER + body_length, data + prefix_length + NUMBER + body_length);
  return blob;
}

static gboolean
refuse_damaged (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED,
                       _("The stored item is damaged. Restore the keyring from a backup."));
  return FALSE;
}

/* The digest comes first: a flipped bit in the magic or the version is damage, and nothing else. */
static gboolean
check_frame (const guint8 *data, gsize length, const char *magic, guint32 version, GError **error)
{
  guint8 expected[DIGEST];

  if (length > SIGNET_MAX_BLOB) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE, _("The stored item is larger than it may be."));
    return FALSE;
  }
  if (length < SMALLEST)
    return refuse_damaged (error);
  signet_item_digest (data, length - DIGEST, expected);
  if (memcmp (expected, data + length - DIGEST, DIGEST) != 0)
    return refuse_damaged (error);
  if (memcmp (data, magic, MAGIC) != 0) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, _("The stored item is of another kind."));
    return FALSE;
  }
  if (signet_item_get_number (data + MAGIC) != version) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                         _("The stored item was written by a newer version of Signet. Update Signet."));
    return FALSE;
  }
  return TRUE;
}

SignetItemParts *
signet_item_format_parse (SignetSecret *blob, const char *magic, guint32 version, GError **error)
{
  gsize length;
  const guint8 *data = signet_secret_get (blob, &length);

  if (!check_frame (data, length, magic, version, error))
    return NULL;

  gsize rest = length - SMALLEST;     /* of header and body together */
  gsize header_length = signet_item_get_number (data + MAGIC + NUMBER);
  if (header_length > rest ||
      signet_item_get_number (data + MAGIC + 2 * NUMBER + header_length) != rest - header_length) {
    refuse_damaged (error);
    return NULL;
  }

  gsize prefix_length = MAGIC + 2 * NUMBER + header_length;
  g_autoptr (JsonObject) header = signet_json_parse ((const char *) data + MAGIC + 2 * NUMBER, header_length,
                                                     SIGNET_MAX_BLOB, NULL);
  if (header == NULL) {
    refuse_damaged (error);
    return NULL;
  }

  SignetItemParts *self = g_new0 (SignetItemParts, 1);
  self->prefix = g_bytes_new (data, prefix_length);
  self->header = g_steal_pointer (&header);
  self->body = signet_secret_new (data + prefix_length + NUMBER, rest - header_length);
  return self;
}

void
signet_item_parts_free (SignetItemParts *self)
{
  g_bytes_unref (self->prefix);
  json_object_unref (self->header);
  signet_secret_unref (self->body);
  g_free (self);
}
