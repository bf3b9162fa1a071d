/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enroll/pending.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A pending request in the list, with what can be done about it.  The row only says what was pressed:
 *   "check-pressed"    ask the authority now, also again after it has refused
 *   "open-pressed"     open the reply, which is here; or save the request as a file once more
 *   "remove-pressed"   the request is not wanted any more */
#define SIGNET_TYPE_PENDING_ROW (signet_pending_row_get_type ())
G_DECLARE_FINAL_TYPE (SignetPendingRow, signet_pending_row, SIGNET, PENDING_ROW, GtkListBoxRow)

GtkWidget *signet_pending_row_new (void);

/* CHECKING: it is being asked about at this moment. */
void signet_pending_row_set_pending (SignetPendingRow *self, SignetPending *pending, gboolean checking);
SignetPending *signet_pending_row_get_pending (SignetPendingRow *self);

G_END_DECLS
