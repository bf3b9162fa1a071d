/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/row-sync.h"

#define ROW_ID "signet-row-id"

const char *
signet_row_get_id (GtkListBoxRow *row)
{
  return row ? g_object_get_data (G_OBJECT (row), ROW_ID) : NULL;
}

GtkListBoxRow *
signet_row_find (GtkListBox *box, const char *id)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (box, i)); i++)
    if (g_strcmp0 (signet_row_get_id (row), id) == 0)
      return row;

  return NULL;
}

/* Puts the row of ID at POSITION, before which all rows are right already. */
static GtkListBoxRow *
place_row (GtkListBox *box, int position, const char *id, const SignetRowKind *kind, gpointer user_data)
{
  GtkListBoxRow *row = signet_row_find (box, id);

  if (!row) {
    row = GTK_LIST_BOX_ROW (kind->create (user_data));
    g_object_set_data_full (G_OBJECT (row), ROW_ID, g_strdup (id), g_free);
    gtk_list_box_insert (box, GTK_WIDGET (row), position);
  } else if (gtk_list_box_row_get_index (row) != position) {
    g_object_ref (row);
    gtk_container_remove (GTK_CONTAINER (box), GTK_WIDGET (row));
    gtk_list_box_insert (box, GTK_WIDGET (row), position);
    g_object_unref (row);
  }

  return row;
}

/* First of all, so that the rows that stay keep their places, and with it their selection. */
static void
remove_others (GtkListBox *box, GListModel *model, const SignetRowKind *kind)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GList) rows = gtk_container_get_children (GTK_CONTAINER (box));

  for (guint i = 0; i < g_list_model_get_n_items (model); i++) {
    g_autoptr (GObject) item = g_list_model_get_item (model, i);

    g_hash_table_add (ids, g_strdup (kind->get_id (item)));
  }

  for (GList *row = rows; row; row = row->next)
    if (!g_hash_table_contains (ids, signet_row_get_id (row->data)))
      gtk_widget_destroy (row->data);
}

void
signet_row_sync (GtkListBox *box, GListModel *model, const SignetRowKind *kind, gpointer user_data)
{
  remove_others (box, model, kind);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++) {
    g_autoptr (GObject) item = g_list_model_get_item (model, i);
    GtkListBoxRow *row = place_row (box, i, kind->get_id (item), kind, user_data);

    kind->update (GTK_WIDGET (row), item, user_data);
  }
}
