/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset-list.h"
#include "ui/undo.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What can be done with the keyset that a window shows, as actions: "change-password", "change-level", "rename",
 * "test", "remove"; and with all, if there is one: "back-up".
 * Signals: "done" (what to tell the user, a SignetUndo or NULL), "put-back" (id of a keyset that an undo has brought
 * back).
 * The name and the removal of a keyset can be undone.  Its password and its level cannot: whoever has changed them
 * wants the former ones to be good for nothing from then on. */
#define SIGNET_TYPE_KEYSET_ACTIONS (signet_keyset_actions_get_type ())
G_DECLARE_FINAL_TYPE (SignetKeysetActions, signet_keyset_actions, SIGNET, KEYSET_ACTIONS, GSimpleActionGroup)

/* For WINDOW, which owns the result. */
SignetKeysetActions *signet_keyset_actions_new (GtkWindow *window, SignetStore *store, SignetKeysetList *keysets);

/* NULL: nothing can be done but what is for all. */
void signet_keyset_actions_set_keyset (SignetKeysetActions *self, SignetKeyset *keyset);

G_END_DECLS
