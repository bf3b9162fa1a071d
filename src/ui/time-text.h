/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Times as people say them.  All times are seconds since 1970, shown in the user's time zone; NOW is an argument, so
 * that a window shows all of its texts for the same moment.  Results are (transfer full). */

/* When THEN was: "just now", "10 minutes ago", "yesterday", "on 3 May 2026". */
char *signet_time_text_ago (gint64 then, gint64 now);

/* How long until END, once that is worth a word: "3 weeks left", "5 days left", "Last day", "Expired".  NULL when
 * there are more than eight weeks. */
char *signet_time_text_left (gint64 end, gint64 now);

/* "3 May 2026" */
char *signet_time_text_date (gint64 when);

/* To the second, as the locale writes it: for tooltips and details. */
char *signet_time_text_exact (gint64 when);

/* When something is tried again, at WHEN within a day or so: "Signet tries again at 14:20." */
char *signet_time_text_retry (gint64 when, gint64 now);

G_END_DECLS
