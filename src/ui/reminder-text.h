/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What to do about a digital ID that runs out at END, and that can be renewed at a click when RENEWABLE: another
 * sentence from 30, from 7 and from 1 day before and afterwards, (transfer full); NULL when there is time.  Times are
 * seconds since 1970. */
char *signet_reminder_text (gint64 end, gboolean renewable, gint64 now);

G_END_DECLS
