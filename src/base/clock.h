/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Seconds since 1970, UTC.  The one clock that decides over expiry; pure code gets its result as an argument. */
gint64 signet_clock_now (void);

/* For tests: the clock stands at NOW until it is set again; 0 lets it run. */
void signet_clock_set (gint64 now);

G_END_DECLS
