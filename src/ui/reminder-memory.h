/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which reminders a user has seen, in a small file of his own at PATH: for each keyset, by its id, the end that it had
 * and the last stage that was shown, in days before it.  A file that is lost or damaged only makes a reminder show
 * twice. */

/* The stage at NOW of what runs out at END: 30, 7 or 1; 0: none. */
guint signet_reminder_stage (gint64 end, gint64 now);

/* Whether the reminder of STAGE has not been shown yet for this KEYSET_ID and END; then it counts as shown. */
gboolean signet_reminder_memory_take (const char *path, const char *keyset_id, gint64 end, guint stage);

G_END_DECLS
