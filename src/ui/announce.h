/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Has a screen reader say TEXT, which has just appeared in WIDGET and does not take the focus. */
void signet_announce (GtkWidget *widget, const char *text);

G_END_DECLS
