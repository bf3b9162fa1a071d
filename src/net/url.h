/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The one way in which a URL from outside becomes one that is used: https, a plain host, no name or password in it,
 * nothing but printable ASCII (a line end would be a header of somebody else's), at most SIGNET_MAX_URL, no fragment.
 * A relative TEXT is resolved against BASE (RFC 3986 section 5), which may be NULL.  NULL for anything else. */
GUri *signet_url_parse (GUri *base, const char *text);

/* The same for a URL that may also be http, not relative to another. */
GUri *signet_url_parse_plain (const char *text);

/* Scheme, host and port (RFC 6454). */
gboolean signet_url_same_origin (GUri *a, GUri *b);

/* Whether the host is this machine, by name or address. */
gboolean signet_url_is_loopback (GUri *url);

G_END_DECLS
