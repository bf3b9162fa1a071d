/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enroll/pending-list.h"
#include "keyset/keyset-list.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The pending requests and, below them, the keysets; all, or those that the user searches for.
 * Property: "searching", whether there is an entry for that.
 * Signals:
 *   "keyset-selected" (SignetKeyset)     by moving through the list; again when the selected one has been replaced by
 *                                        a newer one; NULL when there is none any more
 *   "keyset-activated" (SignetKeyset)    by a click or Return, or by signet_sidebar_select()
 *   "open-pending" (pending id), "remove-pending" (SignetPending)    what was pressed in a request's row */
#define SIGNET_TYPE_SIDEBAR (signet_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (SignetSidebar, signet_sidebar, SIGNET, SIDEBAR, GtkBin)

/* Once, before anything else. */
void signet_sidebar_bind (SignetSidebar *self, SignetKeysetList *keysets, SignetPendingList *pending);

/* Whether one keyset is always selected, because its page shows beside the list: the first one at first. */
void signet_sidebar_set_always_selected (SignetSidebar *self, gboolean always);

/* Selects and activates that one, now or as soon as the list has it. */
void signet_sidebar_select (SignetSidebar *self, const char *keyset_id);

/* Begins to search, or goes on. */
void signet_sidebar_search (SignetSidebar *self);

/* For a key that nobody else wants: what can be typed begins a search, Escape ends one. */
gboolean signet_sidebar_handle_key (SignetSidebar *self, GdkEventKey *event);

/* Writes the rows again: their texts tell how long ago things were. */
void signet_sidebar_refresh (SignetSidebar *self);

G_END_DECLS
