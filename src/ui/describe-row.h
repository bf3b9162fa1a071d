/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <handy.h>

G_BEGIN_DECLS

/* Tells assistive technologies what WIDGET is, if that is news: they may say aloud what they are told.  DESCRIPTION may
 * be NULL. */
void signet_describe_widget (GtkWidget *widget, const char *name, const char *description);

/* Tells assistive technologies what ROW shows: its title as name, its subtitle as description.  libhandy leaves both
 * out.  To be called again when they change. */
void signet_describe_row (HdyActionRow *row);

G_END_DECLS
