/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/sidebar.h"

#include "ui/keyset-row.h"
#include "ui/pending-row.h"
#include "ui/row-sync.h"

struct _SignetSidebar {
  GtkBin parent_instance;

  GtkWidget *pending_section;
  GtkWidget *keysets_section;
  GtkListBox *pending_box;
  GtkListBox *keyset_box;
  SignetKeysetList *keysets;
  SignetPendingList *pending;
  gboolean always_selected;
  char *selected;                /* id of the keyset that was selected last, or NULL */
  char *wanted;                  /* id of the one to select as soon as it is there, or NULL */
};

G_DEFINE_TYPE (SignetSidebar, signet_sidebar, GTK_TYPE_BIN)

enum {
  KEYSET_SELECTED,
  KEYSET_ACTIVATED,
  OPEN_PENDING,
  REMOVE_PENDING,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
on_row_selected (SignetSidebar *self, SignetKeysetRow *row)
{
  if (!row)
    return;

  g_free (self->selected);
  self->selected = g_strdup (signet_row_get_id (GTK_LIST_BOX_ROW (row)));
  g_signal_emit (self, signals[KEYSET_SELECTED], 0, signet_keyset_row_get_keyset (row));
}

static void
on_row_activated (SignetSidebar *self, SignetKeysetRow *row)
{
  g_signal_emit (self, signals[KEYSET_ACTIVATED], 0, signet_keyset_row_get_keyset (row));
}

/* From the last row of the upper list the keyboard goes on to the lower one, and back. */
static gboolean
on_keynav_failed (GtkListBox *box, GtkDirectionType direction, SignetSidebar *self)
{
  GtkListBox *other = box == self->pending_box ? self->keyset_box : self->pending_box;

  if (direction != (box == self->pending_box ? GTK_DIR_DOWN : GTK_DIR_UP))
    return FALSE;

  return gtk_widget_child_focus (GTK_WIDGET (other), direction == GTK_DIR_DOWN ? GTK_DIR_TAB_FORWARD
                                                                               : GTK_DIR_TAB_BACKWARD);
}

static void
signet_sidebar_finalize (GObject *object)
{
  SignetSidebar *self = SIGNET_SIDEBAR (object);

  g_clear_object (&self->keysets);
  g_clear_object (&self->pending);
  g_free (self->selected);
  g_free (self->wanted);

  G_OBJECT_CLASS (signet_sidebar_parent_class)->finalize (object);
}

static guint
add_signal (const char *name, GType argument)
{
  return g_signal_new (name, SIGNET_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, argument);
}

static void
signet_sidebar_class_init (SignetSidebarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = signet_sidebar_finalize;

  signals[KEYSET_SELECTED] = add_signal ("keyset-selected", SIGNET_TYPE_KEYSET);
  signals[KEYSET_ACTIVATED] = add_signal ("keyset-activated", SIGNET_TYPE_KEYSET);
  signals[OPEN_PENDING] = add_signal ("open-pending", G_TYPE_STRING);
  signals[REMOVE_PENDING] = add_signal ("remove-pending", SIGNET_TYPE_PENDING);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetSidebar, pending_section);
  gtk_widget_class_bind_template_child (widget_class, SignetSidebar, keysets_section);
  gtk_widget_class_bind_template_child (widget_class, SignetSidebar, pending_box);
  gtk_widget_class_bind_template_child (widget_class, SignetSidebar, keyset_box);
  gtk_widget_class_bind_template_callback (widget_class, on_row_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_keynav_failed);
}

static void
signet_sidebar_init (SignetSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
on_check (SignetPendingRow *row, SignetSidebar *self)
{
  signet_pending_list_check (self->pending, signet_pending_get_id (signet_pending_row_get_pending (row)));
}

static void
on_open (SignetPendingRow *row, SignetSidebar *self)
{
  g_signal_emit (self, signals[OPEN_PENDING], 0, signet_pending_get_id (signet_pending_row_get_pending (row)));
}

static void
on_remove (SignetPendingRow *row, SignetSidebar *self)
{
  g_signal_emit (self, signals[REMOVE_PENDING], 0, signet_pending_row_get_pending (row));
}

static GtkWidget *
create_pending_row (gpointer self)
{
  GtkWidget *row = signet_pending_row_new ();

  g_signal_connect (row, "check-pressed", G_CALLBACK (on_check), self);
  g_signal_connect (row, "open-pressed", G_CALLBACK (on_open), self);
  g_signal_connect (row, "remove-pressed", G_CALLBACK (on_remove), self);

  return row;
}

static const char *
get_pending_id (gpointer item)
{
  return signet_pending_get_id (item);
}

static void
update_pending_row (GtkWidget *row, gpointer item, gpointer user_data)
{
  SignetSidebar *self = user_data;
  gboolean checking = signet_pending_list_is_checking (self->pending, signet_pending_get_id (item));

  signet_pending_row_set_pending (SIGNET_PENDING_ROW (row), item, checking);
}

static GtkWidget *
create_keyset_row (gpointer self)
{
  return signet_keyset_row_new ();
}

static const char *
get_keyset_id (gpointer item)
{
  return signet_keyset_get_id (item);
}

static void
update_keyset_row (GtkWidget *row, gpointer item, gpointer user_data)
{
  SignetKeysetList *keysets = SIGNET_SIDEBAR (user_data)->keysets;

  signet_keyset_row_set_keyset (SIGNET_KEYSET_ROW (row), item, signet_keyset_list_find_successor (keysets, item));
}

static void
show_pending (SignetSidebar *self)
{
  const SignetRowKind kind = { get_pending_id, create_pending_row, update_pending_row, NULL };

  signet_row_sync (self->pending_box, G_LIST_MODEL (self->pending), &kind, self);
  gtk_widget_set_visible (self->pending_section, g_list_model_get_n_items (G_LIST_MODEL (self->pending)) > 0);
}

/* The one to select now: what was asked for, else what was selected, else the first if one must be; while rows are
 * still to come, the one that was selected may be among them. */
static GtkListBoxRow *
choose_row (SignetSidebar *self)
{
  GtkListBoxRow *row = self->wanted ? signet_row_find (self->keyset_box, self->wanted) : NULL;

  if (row)
    g_clear_pointer (&self->wanted, g_free);
  if (!row && self->selected)
    row = signet_row_find (self->keyset_box, self->selected);
  if (!row && self->always_selected && !(self->selected && signet_row_sync_is_busy (self->keyset_box)))
    row = gtk_list_box_get_row_at_index (self->keyset_box, 0);

  return row;
}

/* After the rows have changed: whoever shows the selected keyset gets its newest value. */
static void
restore_selection (SignetSidebar *self)
{
  g_autofree char *wanted = g_strdup (self->wanted);
  GtkListBoxRow *row = choose_row (self);

  if (!row)
    g_signal_emit (self, signals[KEYSET_SELECTED], 0, NULL);
  else if (self->always_selected && !gtk_list_box_row_is_selected (row))
    gtk_list_box_select_row (self->keyset_box, row);
  else
    on_row_selected (self, SIGNET_KEYSET_ROW (row));

  if (wanted && !self->wanted)
    on_row_activated (self, SIGNET_KEYSET_ROW (row));
}

static void
on_placed (gpointer self)
{
  restore_selection (self);
}

static void
show_keysets (SignetSidebar *self)
{
  const SignetRowKind kind = { get_keyset_id, create_keyset_row, update_keyset_row, on_placed };

  signet_row_sync (self->keyset_box, G_LIST_MODEL (self->keysets), &kind, self);
  gtk_widget_set_visible (self->keysets_section, g_list_model_get_n_items (G_LIST_MODEL (self->keysets)) > 0);
  if (signet_row_sync_is_busy (self->keyset_box))
    restore_selection (self);
}

void
signet_sidebar_bind (SignetSidebar *self, SignetKeysetList *keysets, SignetPendingList *pending)
{
  self->keysets = g_object_ref (keysets);
  self->pending = g_object_ref (pending);
  g_signal_connect_object (keysets, "items-changed", G_CALLBACK (show_keysets), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (pending, "items-changed", G_CALLBACK (show_pending), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (pending, "checking-changed", G_CALLBACK (show_pending), self, G_CONNECT_SWAPPED);
  signet_sidebar_refresh (self);
}

void
signet_sidebar_set_always_selected (SignetSidebar *self, gboolean always)
{
  self->always_selected = always;
  gtk_list_box_set_selection_mode (self->keyset_box, always ? GTK_SELECTION_BROWSE : GTK_SELECTION_NONE);
  if (self->keysets)
    restore_selection (self);
}

void
signet_sidebar_select (SignetSidebar *self, const char *keyset_id)
{
  g_free (self->wanted);
  self->wanted = g_strdup (keyset_id);
  if (self->keysets)
    restore_selection (self);
}

void
signet_sidebar_refresh (SignetSidebar *self)
{
  show_pending (self);
  show_keysets (self);
}
