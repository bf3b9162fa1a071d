/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/recovery-mail.h"

#include "base/i18n.h"

static const char *
find_authority (SignetKeyset *keyset)
{
  GPtrArray *ids = signet_keyset_get_ids (keyset);

  for (guint i = 0; i < ids->len; i++) {
    SignetDigitalId *id = g_ptr_array_index (ids, i);

    if (id->current)
      return id->authority;
  }

  return NULL;
}

static char *
dup_body (SignetKeyset *keyset)
{
  g_auto (GStrv) list = keyset ? signet_keyset_dup_addresses (keyset) : NULL;
  g_autofree char *addresses = list && *list ? g_strjoinv (", ", list) : NULL;
  const char *authority = keyset ? find_authority (keyset) : NULL;

  if (!addresses || !authority)
    return g_strdup (_("Hello,\n\nI have forgotten the password of my digital ID. Please recover my keys and send me a "
                       "new invitation.\n"));

  /* Translators: a mail to an administrator; mail addresses, and the name of who issued the digital ID. */
  return g_strdup_printf (_("Hello,\n\nI have forgotten the password of my digital ID for %s, issued by %s. Please "
                            "recover my keys and send me a new invitation.\n"), addresses, authority);
}

/* RFC 6068 section 5: line breaks are CRLF. */
static char *
escape (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *mail = g_strjoinv ("\r\n", lines);

  return g_uri_escape_string (mail, NULL, FALSE);
}

char *
signet_recovery_mail_dup_uri (SignetKeyset *keyset)
{
  g_autofree char *body = dup_body (keyset);
  g_autofree char *escaped_subject = escape (_("Please recover my keys"));
  g_autofree char *escaped_body = escape (body);

  return g_strdup_printf ("mailto:?subject=%s&body=%s", escaped_subject, escaped_body);
}
