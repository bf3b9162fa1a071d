/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enroll/pending-list.h"
#include "keyset/keyset-list.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The list of pending requests and keysets, and beside it the page of the selected keyset; where there is no room for
 * both, one of them.
 * Property: "keyset" (SignetKeyset), whose page shows; NULL while none does.
 * Signals: "open-pending" (pending id), "remove-pending" (SignetPending), what was pressed in a request's row. */
#define SIGNET_TYPE_KEYSETS_VIEW (signet_keysets_view_get_type ())
G_DECLARE_FINAL_TYPE (SignetKeysetsView, signet_keysets_view, SIGNET, KEYSETS_VIEW, GtkBin)

SignetKeysetsView *signet_keysets_view_new (SignetKeysetList *keysets, SignetPendingList *pending);

/* Makes the menus, unless they are there; they take longer than all the rest.  MAIN_MENU is the program's. */
void signet_keysets_view_add_menus (SignetKeysetsView *self, GMenuModel *main_menu);

/* Owned by SELF; or NULL. */
SignetKeyset *signet_keysets_view_get_keyset (SignetKeysetsView *self);

/* How many keysets cannot be read. */
void signet_keysets_view_set_damaged (SignetKeysetsView *self, guint damaged);

/* Shows that one, now or as soon as the list has it. */
void signet_keysets_view_select (SignetKeysetsView *self, const char *keyset_id);

/* Writes the rows again: their texts tell how long ago things were. */
void signet_keysets_view_refresh (SignetKeysetsView *self);

/* Begins to search, or goes on. */
void signet_keysets_view_search (SignetKeysetsView *self);

/* Opens the main menu, as F10 does. */
void signet_keysets_view_open_menu (SignetKeysetsView *self);

void signet_keysets_view_go_back (SignetKeysetsView *self);

/* For a key that nobody else wants; see signet_sidebar_handle_key(). */
gboolean signet_keysets_view_handle_key (SignetKeysetsView *self, GdkEventKey *event);

G_END_DECLS
