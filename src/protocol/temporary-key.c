/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/temporary-key.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "crypto/random.h"

#include <gnutls/crypto.h>
#include <string.h>

#define LENGTH 25
#define GROUP 5

/* Crockford's base 32: no I, L, O and U, which people take for other signs, or for words. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

SignetSecret *
signet_temporary_key_generate (void)
{
  g_autoptr (SignetSecret) random = signet_random_secret (LENGTH);
  g_autoptr (SignetSecret) key = signet_secret_alloc (LENGTH);
  const guint8 *bytes = signet_secret_get (random, NULL);
  guint8 *text = signet_secret_edit (key);

  for (gsize i = 0; i < LENGTH; i++)
    text[i] = alphabet[bytes[i] % 32];       /* 256 is a multiple of 32: each sign is as likely as the others */
  return g_steal_pointer (&key);
}

/* Spaces and dashes of every kind: mail programs and word processors put typographic ones for plain ones. */
static gboolean
is_separator (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return g_unichar_isspace (c) || type == G_UNICODE_DASH_PUNCTUATION || type == G_UNICODE_FORMAT || c == 0x2212;
}

/* The sign that C is meant as; 0 when none. */
static char
canonical (gunichar c)
{
  char upper = c < 128 ? g_ascii_toupper (c) : '\0';

  if (upper == 'O')
    return '0';
  if (upper == 'I' || upper == 'L')
    return '1';
  return upper != '\0' && strchr (alphabet, upper) != NULL ? upper : '\0';
}

SignetSecret *
signet_temporary_key_parse (SignetSecret *typed, GError **error)
{
  g_autoptr (SignetSecret) key = signet_secret_alloc (LENGTH);
  const char *text = signet_secret_length (typed) <= SIGNET_MAX_PASSWORD ? signet_secret_get_text (typed) : NULL;
  guint8 *out = signet_secret_edit (key);
  gsize count = 0;

  for (const char *c = text != NULL ? text : "?"; *c != '\0'; c = g_utf8_next_char (c)) {
    char sign = canonical (g_utf8_get_char (c));

    if (sign == '\0' && is_separator (g_utf8_get_char (c)))
      continue;
    if (sign == '\0') {
      g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                           _("A temporary key has only letters and digits. Compare it with the one you were given."));
      return NULL;
    }
    if (count < LENGTH)
      out[count] = sign;
    count++;
  }
  if (count != LENGTH) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                 _("A temporary key has %d letters and digits; this one has %u. Compare it with the one you were "
                   "given."),
                 LENGTH, (guint) count);
    return NULL;
  }
  return g_steal_pointer (&key);
}

SignetSecret *
signet_temporary_key_format (SignetSecret *key)
{
  gsize length = signet_secret_length (key);
  const guint8 *bytes = signet_secret_get (key, NULL);
  g_autoptr (SignetSecret) text = signet_secret_alloc (length > 0 ? length + (length - 1) / GROUP : 0);
  guint8 *out = signet_secret_edit (text);

  for (gsize i = 0; i < length; i++) {
    if (i > 0 && i % GROUP == 0)
      *out++ = '-';
    *out++ = bytes[i];
  }
  return g_steal_pointer (&text);
}

GBytes *
signet_temporary_key_digest (SignetSecret *key)
{
  gsize length;
  const guint8 *bytes = signet_secret_get (key, &length);
  guint8 digest[32];

  /* Not GChecksum, which leaves its input behind in freed memory. */
  if (gnutls_hash_fast (GNUTLS_DIG_SHA256, bytes, length, digest) < 0)
    g_error ("SHA-256 is missing");
  return g_bytes_new (digest, sizeof digest);
}
