/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a server answers to QUESTION (an OCSPRequest, by POST: RFC 6960 appendix A), or, when that is NULL, what lies at
 * URL (a list, by GET: RFC 5280 section 4.2.1.13).  http will do, for all of it is signed.  At most MAX bytes, within
 * half a minute; no redirect is followed.  Nothing of it is believed yet.  Blocks its thread.  Errors as
 * signet_http_send(), and SIGNET_ERROR_UNREACHABLE for any answer but 200. */
GBytes *signet_revocation_fetch (const char *url, GBytes *question, gsize max, GCancellable *cancellable,
                                 GError **error);

G_END_DECLS
