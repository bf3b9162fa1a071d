/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/mail-address.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"

#include <string.h>

/* One dot-separated run of characters: never empty, so no leading, trailing or doubled dot. */
static gboolean
is_dotted (const char *text, gsize length, const char *punctuation)
{
  gboolean after_dot = TRUE;

  for (gsize i = 0; i < length; i++) {
    if (text[i] == '.') {
      if (after_dot)
        return FALSE;
      after_dot = TRUE;
    } else if (g_ascii_isalnum (text[i]) || strchr (punctuation, text[i]) != NULL) {
      after_dot = FALSE;
    } else {
      return FALSE;
    }
  }
  return !after_dot;
}

char *
signet_mail_address_normalize (const char *text, GError **error)
{
  g_autofree char *address = g_strstrip (g_strndup (text, SIGNET_MAX_ADDRESS * 2));
  char *at = strrchr (address, '@');

  if (strlen (address) > SIGNET_MAX_ADDRESS || at == NULL || at - address > 64 ||
      !is_dotted (address, at - address, "!#$%&'*+-=?^_`{|}~") || !is_dotted (at + 1, strlen (at + 1), "-")) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                         _("That is not a mail address. It should look like name@example.org."));
    return NULL;
  }
  for (char *c = at; *c != '\0'; c++)
    *c = g_ascii_tolower (*c);
  return g_steal_pointer (&address);
}

gboolean
signet_mail_address_equal (const char *a, const char *b)
{
  return g_ascii_strcasecmp (a, b) == 0;
}
