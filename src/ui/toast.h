/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ui/undo.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A short message over the top of a window, which goes by itself after some seconds.  The child of a GtkOverlay. */
#define SIGNET_TYPE_TOAST (signet_toast_get_type ())
G_DECLARE_FINAL_TYPE (SignetToast, signet_toast, SIGNET, TOAST, GtkRevealer)

void signet_toast_show (SignetToast *self, const char *text);

/* With a button that takes back what TEXT tells, if there is an UNDO (or NULL).  It stays longer, and as long as the
 * pointer or the keyboard is on it; when it goes, it lets go of UNDO. */
void signet_toast_show_undo (SignetToast *self, const char *text, SignetUndo *undo);

/* As the button; nothing when there is nothing to take back. */
void signet_toast_undo (SignetToast *self);

G_END_DECLS
