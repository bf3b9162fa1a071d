/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net/answer.h"

#include "base/limits.h"
#include "net/url.h"

#include <libsoup/soup.h>
#include <string.h>

#define TOKEN G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "!#$%&'*+-.^_`|~"    /* RFC 9110 section 5.6.2 */

char *
signet_answer_parse_content_type (const char *text)
{
  if (text == NULL)
    return NULL;

  gsize type = strspn (text, TOKEN);
  gsize subtype = text[type] == '/' ? strspn (text + type + 1, TOKEN) : 0;
  const char *rest = text + type + 1 + subtype;

  if (type == 0 || subtype == 0 || (rest[strspn (rest, " \t")] != ';' && rest[strspn (rest, " \t")] != '\0'))
    return NULL;
  return g_ascii_strdown (text, type + 1 + subtype);
}

char *
signet_answer_parse_location (const char *text, GUri *url)
{
  g_autoptr (GUri) location = text != NULL ? signet_url_parse (url, text) : NULL;

  return location != NULL && signet_url_same_origin (location, url) ? g_uri_to_string (location) : NULL;
}

gint64
signet_answer_parse_retry_after (const char *text, gint64 now)
{
  if (text == NULL || *text == '\0')
    return -1;
  if (text[strspn (text, G_CSET_DIGITS)] == '\0')
    return MIN (g_ascii_strtoull (text, NULL, 10), SIGNET_MAX_RETRY_AFTER);    /* saturates */
  if (strlen (text) > 64)
    return -1;

  g_autoptr (GDateTime) date = soup_date_time_new_from_http_string (text);
  return date != NULL ? CLAMP (g_date_time_to_unix (date) - now, 0, SIGNET_MAX_RETRY_AFTER) : -1;
}

void
signet_http_answer_free (SignetHttpAnswer *answer)
{
  g_free (answer->content_type);
  g_free (answer->location);
  g_clear_pointer (&answer->body, g_bytes_unref);
  g_free (answer);
}
