/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "net/http.h"

G_BEGIN_DECLS

/* Reads the header fields of an answer.  Each may be NULL and is as the server sent it; what is not well formed counts
 * as not sent, for a server's mistake in them must not cost the answer. */

/* type/subtype in lower case (RFC 9110 section 8.3.1). */
char *signet_answer_parse_content_type (const char *text);

/* Resolved against URL; only where it leads to the same origin. */
char *signet_answer_parse_location (const char *text, GUri *url);

/* Seconds from NOW (seconds since 1970), 0 to SIGNET_MAX_RETRY_AFTER, of a count or an HTTP-date (RFC 9110 section
 * 10.2.3); or -1. */
gint64 signet_answer_parse_retry_after (const char *text, gint64 now);

G_END_DECLS
