/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enroll/enroller.h"

G_BEGIN_DECLS

/* The pending requests as a GListModel of SignetPending (CONFIRMING and REMOVED ones are not shown), and what takes
 * them on by itself: each is checked when its time has come, also the CONFIRMING ones.  Runs on the main context;
 * begins to work when it is made. */
#define SIGNET_TYPE_PENDING_LIST (signet_pending_list_get_type ())
G_DECLARE_FINAL_TYPE (SignetPendingList, signet_pending_list, SIGNET, PENDING_LIST, GObject)

SignetPendingList *signet_pending_list_new (SignetEnroller *enroller);

/* Checks one now, whatever its time ("Check" in a row). */
void signet_pending_list_check (SignetPendingList *self, const char *pending_id);

/* Whether that one is being checked at this moment; signal "checking-changed" (pending id). */
gboolean signet_pending_list_is_checking (SignetPendingList *self, const char *pending_id);

/* Whether that one renews a keyset that is there already. */
gboolean signet_pending_list_is_renewal (SignetPendingList *self, const char *pending_id);

/* Whether the store has answered, be it with an error; until then an empty list means nothing.  Signal "loaded",
 * once. */
gboolean signet_pending_list_is_loaded (SignetPendingList *self);

/* Signal "reply-ready" (SignetPending): its reply has just arrived: for a notification. */

G_END_DECLS
