/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Seconds since 1970, UTC.  The one clock that decides over expiry; pure code gets its result as an argument. */
gint64 signet_clock_now (void);

/* Seconds since the machine was started, the time that it was suspended included: for what must end after a while,
 * whatever is done to the date. */
gint64 signet_clock_since_boot (void);

/* For tests: both clocks stand at NOW until they are set again; 0 lets them run. */
void signet_clock_set (gint64 now);

G_END_DECLS
