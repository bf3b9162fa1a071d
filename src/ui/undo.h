/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* How something that the user has done is taken back, once.  It holds what is needed for that, keys perhaps, as long as
 * somebody holds it: let go of it soon. */
#define SIGNET_TYPE_UNDO (signet_undo_get_type ())
G_DECLARE_FINAL_TYPE (SignetUndo, signet_undo, SIGNET, UNDO, GObject)

typedef void (*SignetUndoFunc) (gpointer data);

/* FUNC gets DATA, which DATA_FREE frees with the undo. */
SignetUndo *signet_undo_new (SignetUndoFunc func, gpointer data, GDestroyNotify data_free);

/* Takes it back.  A second time does nothing. */
void signet_undo_run (SignetUndo *self);

G_END_DECLS
