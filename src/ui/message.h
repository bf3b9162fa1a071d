/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A modal message over PARENT (or NULL), without a button yet.  The caller adds buttons and presents it. */
GtkWidget *signet_message_new (GtkWindow *parent, const char *title, const char *text);

/* The same, with Cancel, which Return presses, and a red button LABEL, which responds GTK_RESPONSE_ACCEPT.  Between
 * them BEFORE, what had better be done first, which responds GTK_RESPONSE_APPLY; or NULL. */
GtkWidget *signet_message_new_destructive (GtkWindow *parent, const char *title, const char *text, const char *before,
                                           const char *label);

/* Shows a message that can only be closed. */
void signet_message_show (GtkWindow *parent, const char *title, const char *text);

G_END_DECLS
