/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/hex.h"

#include <string.h>

char *
signet_hex_encode (GBytes *bytes)
{
  GString *text = g_string_new (NULL);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%02x", data[i]);
  return g_string_free (text, FALSE);
}

GBytes *
signet_hex_decode (const char *text, gsize length)
{
  if (strlen (text) != 2 * length)
    return NULL;

  g_autofree guint8 *data = g_malloc (MAX (length, 1));
  for (gsize i = 0; i < length; i++) {
    int high = g_ascii_xdigit_value (text[2 * i]), low = g_ascii_xdigit_value (text[2 * i + 1]);
    if (high < 0 || low < 0)
      return NULL;
    data[i] = high << 4 | low;
  }
  return g_bytes_new_take (g_steal_pointer (&data), length);
}

char *
signet_hex_format_groups (GBytes *bytes)
{
  GString *text = g_string_new (NULL);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%s%02X", i > 0 && i % 2 == 0 ? " " : "", data[i]);
  return g_string_free (text, FALSE);
}

GBytes *
signet_sha256 (GBytes *bytes)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length, digest_length = 32;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  guint8 digest[32];

  g_checksum_update (checksum, data, length);
  g_checksum_get_digest (checksum, digest, &digest_length);
  return g_bytes_new (digest, sizeof digest);
}
