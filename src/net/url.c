/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net/url.h"

#include "base/limits.h"

#include <gio/gio.h>
#include <libsoup/soup.h>
#include <string.h>

static gboolean
is_plain (const char *text)
{
  gsize length = strlen (text);

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  return length > 0 && length <= SIGNET_MAX_URL;
}

/* Letters, digits, and what stands in an address; GUri has decoded it and taken brackets off. */
static gboolean
is_host (const char *host)
{
  return host != NULL && *host != '\0' &&
         host[strspn (host, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-.:_")] == '\0';
}

static GUri *
parse (GUri *base, const char *text, const char *scheme)
{
  if (!is_plain (text))
    return NULL;

  g_autoptr (GUri) url = g_uri_parse_relative (base, text, SOUP_HTTP_URI_FLAGS, NULL);
  if (url == NULL || g_strcmp0 (g_uri_get_scheme (url), scheme) != 0 || g_uri_get_userinfo (url) != NULL ||
      !is_host (g_uri_get_host (url)) || g_uri_get_port (url) == 0)
    return NULL;
  return g_uri_build (SOUP_HTTP_URI_FLAGS, scheme, NULL, g_uri_get_host (url), g_uri_get_port (url),
                      g_uri_get_path (url), g_uri_get_query (url), NULL);
}

GUri *
signet_url_parse (GUri *base, const char *text)
{
  return parse (base, text, "https");
}

GUri *
signet_url_parse_plain (const char *text)
{
  GUri *url = parse (NULL, text, "https");

  return url != NULL ? url : parse (NULL, text, "http");
}

static int
get_port (GUri *url)
{
  if (g_uri_get_port (url) != -1)
    return g_uri_get_port (url);
  return g_str_equal (g_uri_get_scheme (url), "http") ? 80 : 443;
}

gboolean
signet_url_same_origin (GUri *a, GUri *b)
{
  return g_str_equal (g_uri_get_scheme (a), g_uri_get_scheme (b)) && get_port (a) == get_port (b) &&
         g_ascii_strcasecmp (g_uri_get_host (a), g_uri_get_host (b)) == 0;
}

gboolean
signet_url_is_loopback (GUri *url)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (g_uri_get_host (url));

  return address != NULL ? g_inet_address_get_is_loopback (address)
                         : g_ascii_strcasecmp (g_uri_get_host (url), "localhost") == 0;
}
