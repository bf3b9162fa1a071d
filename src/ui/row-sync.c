/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/row-sync.h"

#define ROW_ID "signet-row-id"
#define SYNC "signet-row-sync"
#define AT_ONCE 32                           /* rows: more than a screen shows */
#define SLICE (8 * 1000)                     /* microseconds: half a frame */

/* On its way through the model. */
typedef struct {
  GtkListBox *box;
  GListModel *model;
  SignetRowKind kind;
  gpointer user_data;
  GHashTable *rows;                          /* id: GtkListBoxRow */
  guint next;                                /* the first item whose row is not in place yet */
  guint source;
} Sync;

static void
sync_free (gpointer data)
{
  Sync *self = data;

  g_clear_handle_id (&self->source, g_source_remove);
  g_hash_table_unref (self->rows);
  g_object_unref (self->model);
  g_free (self);
}

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

static GtkListBoxRow *
create_row (Sync *self, const char *id)
{
  GtkListBoxRow *row = GTK_LIST_BOX_ROW (self->kind.create (self->user_data));
  char *copy = g_strdup (id);

  g_object_set_data_full (G_OBJECT (row), ROW_ID, copy, g_free);
  g_hash_table_insert (self->rows, copy, row);
  gtk_list_box_insert (self->box, GTK_WIDGET (row), self->next);

  return row;
}

/* Puts the row of the next item in its place, before which all rows are right already. */
static void
place_next (Sync *self)
{
  g_autoptr (GObject) item = g_list_model_get_item (self->model, self->next);
  const char *id = self->kind.get_id (item);
  GtkListBoxRow *row = g_hash_table_lookup (self->rows, id);

  if (!row) {
    row = create_row (self, id);
  } else if (gtk_list_box_row_get_index (row) != (int) self->next) {
    g_object_ref (row);
    gtk_container_remove (GTK_CONTAINER (self->box), GTK_WIDGET (row));
    gtk_list_box_insert (self->box, GTK_WIDGET (row), self->next);
    g_object_unref (row);
  }
  self->next++;
  self->kind.update (GTK_WIDGET (row), item, self->user_data);
}

/* First of all, so that the rows that stay keep their places, and with it their selection. */
static void
remove_others (Sync *self)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GList) rows = gtk_container_get_children (GTK_CONTAINER (self->box));

  for (guint i = 0; i < g_list_model_get_n_items (self->model); i++) {
    g_autoptr (GObject) item = g_list_model_get_item (self->model, i);

    g_hash_table_add (ids, g_strdup (self->kind.get_id (item)));
  }

  for (GList *row = rows; row; row = row->next) {
    const char *id = signet_row_get_id (row->data);

    if (g_hash_table_contains (ids, id))
      g_hash_table_insert (self->rows, (char *) id, row->data);
    else
      gtk_widget_destroy (row->data);
  }
}

/* TRUE when rows are left for later. */
static gboolean
place_some (Sync *self)
{
  gint64 end = g_get_monotonic_time () + SLICE;
  guint n = g_list_model_get_n_items (self->model);

  while (self->next < n && (self->next < AT_ONCE || g_get_monotonic_time () < end))
    place_next (self);

  return self->next < n;
}

static void
finish (Sync *self)
{
  void (*placed) (gpointer) = self->kind.placed;
  gpointer user_data = self->user_data;

  g_object_set_data (G_OBJECT (self->box), SYNC, NULL);
  if (placed)
    placed (user_data);
}

static gboolean
on_idle (gpointer data)
{
  Sync *self = data;

  if (place_some (self))
    return G_SOURCE_CONTINUE;
  self->source = 0;
  finish (self);

  return G_SOURCE_REMOVE;
}

void
signet_row_sync (GtkListBox *box, GListModel *model, const SignetRowKind *kind, gpointer user_data)
{
  Sync *self = g_new0 (Sync, 1);

  self->box = box;
  self->model = g_object_ref (model);
  self->kind = *kind;
  self->user_data = user_data;
  self->rows = g_hash_table_new (g_str_hash, g_str_equal);
  g_object_set_data_full (G_OBJECT (box), SYNC, self, sync_free);      /* instead of one that is still on its way */

  remove_others (self);
  if (place_some (self))
    self->source = g_idle_add (on_idle, self);
  else
    finish (self);
}

gboolean
signet_row_sync_is_busy (GtkListBox *box)
{
  return g_object_get_data (G_OBJECT (box), SYNC) != NULL;
}
