/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/name.h"

#include "base/limits.h"

#include <string.h>

/* Unicode's explicit directional formatting: a name that holds it can make the words after it read differently. */
static gboolean
is_directional (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static gboolean
is_line_break (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

gboolean
signet_name_is_valid (const char *name)
{
  gunichar last = ' ';
  glong count = 0;

  if (!g_utf8_validate (name, -1, NULL) || g_unichar_isspace (g_utf8_get_char (name)))
    return FALSE;
  for (const char *c = name; *c != '\0'; c = g_utf8_next_char (c)) {
    last = g_utf8_get_char (c);
    if (++count > SIGNET_MAX_NAME || g_unichar_iscntrl (last) || is_line_break (last) || is_directional (last))
      return FALSE;
  }
  return !g_unichar_isspace (last);
}
