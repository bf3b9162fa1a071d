/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What a list box must know to show values that are replaced rather than changed. */
typedef struct {
  const char *(*get_id) (gpointer item);
  GtkWidget *(*create) (gpointer user_data);                /* a GtkListBoxRow */
  void (*update) (GtkWidget *row, gpointer item, gpointer user_data);
  void (*placed) (gpointer user_data);                      /* every item has its row; or NULL */
} SignetRowKind;

/* Makes BOX show the items of MODEL in their order.  The row of an id stays the same widget, so that the keyboard, the
 * selection and an open menu stay where they are when a value has been replaced by a newer one.  A screenful is there
 * when it returns; the rest of a long list follows in small steps, between which the window answers.  Called again
 * whenever MODEL changes. */
void signet_row_sync (GtkListBox *box, GListModel *model, const SignetRowKind *kind, gpointer user_data);

/* Whether rows are still to come. */
gboolean signet_row_sync_is_busy (GtkListBox *box);

/* The row that shows the item of that id, or NULL. */
GtkListBoxRow *signet_row_find (GtkListBox *box, const char *id);

/* The id of the item that ROW shows; NULL for a NULL row. */
const char *signet_row_get_id (GtkListBoxRow *row);

G_END_DECLS
