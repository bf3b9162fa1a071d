/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/sidebar.h"

#include "base/i18n.h"
#include "keyset/keyset-search.h"
#include "ui/announce.h"
#include "ui/keyset-row.h"
#include "ui/pending-row.h"
#include "ui/row-sync.h"

#include <handy.h>

struct _SignetSidebar {
  GtkBin parent_instance;

  HdySearchBar *search_bar;
  GtkEntry *search_entry;
  GtkStack *stack;               /* "list", "nothing" */
  GtkWidget *pending_section;
  GtkWidget *keysets_section;
  GtkListBox *pending_box;
  GtkListBox *keyset_box;
  SignetKeysetList *keysets;
  SignetPendingList *pending;
  gboolean always_selected;
  char *selected;                /* id of the keyset that was selected last, or NULL */
  char *wanted;                  /* id of the one to select as soon as it is there, or NULL */
  SignetSearch *search;          /* or NULL: everything shows */
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

enum {
  PROP_0,
  PROP_SEARCHING,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

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

/* --- searching --- */

static gboolean
finds_pending (SignetSidebar *self, SignetPending *pending)
{
  const char *texts[] = {
    signet_pending_get_authority_name (pending), signet_pending_get_address (pending),
    signet_pending_get_keyset_name (pending), NULL,
  };

  return !self->search || signet_search_matches (self->search, texts);
}

static gboolean
finds_keyset (SignetSidebar *self, SignetKeyset *keyset)
{
  return !self->search || signet_search_matches_keyset (self->search, keyset);
}

/* A row that is being made has nothing to show yet. */
static gboolean
is_found (GtkListBoxRow *row, gpointer user_data)
{
  SignetSidebar *self = user_data;
  gpointer item = SIGNET_IS_KEYSET_ROW (row) ? (gpointer) signet_keyset_row_get_keyset (SIGNET_KEYSET_ROW (row))
                                             : (gpointer) signet_pending_row_get_pending (SIGNET_PENDING_ROW (row));

  if (!item)
    return TRUE;

  return SIGNET_IS_KEYSET (item) ? finds_keyset (self, item) : finds_pending (self, item);
}

/* In the list, whose rows may still be to come. */
static guint
count_found (SignetSidebar *self, GListModel *model)
{
  guint count = 0;

  for (guint i = 0; i < g_list_model_get_n_items (model); i++) {
    g_autoptr (GObject) item = g_list_model_get_item (model, i);

    count += SIGNET_IS_KEYSET (item) ? finds_keyset (self, SIGNET_KEYSET (item))
                                     : finds_pending (self, SIGNET_PENDING (item));
  }

  return count;
}

/* Shows what there is, or of it what is searched for; the number that was found. */
static guint
show_found (SignetSidebar *self)
{
  guint pending = count_found (self, G_LIST_MODEL (self->pending));
  guint keysets = count_found (self, G_LIST_MODEL (self->keysets));

  gtk_widget_set_visible (self->pending_section, pending > 0);
  gtk_widget_set_visible (self->keysets_section, keysets > 0);
  gtk_stack_set_visible_child_name (self->stack, self->search && pending + keysets == 0 ? "nothing" : "list");

  return pending + keysets;
}

static void
on_search_changed (SignetSidebar *self)
{
  g_autofree char *text = NULL;
  guint count;

  g_clear_pointer (&self->search, signet_search_free);
  self->search = signet_search_new (gtk_entry_get_text (self->search_entry));
  gtk_list_box_invalidate_filter (self->pending_box);
  gtk_list_box_invalidate_filter (self->keyset_box);
  count = show_found (self);

  text = g_strdup_printf (ngettext ("%u found", "%u found", count), count);
  atk_object_set_description (gtk_widget_get_accessible (GTK_WIDGET (self->search_entry)), self->search ? text : "");
  if (self->search)
    signet_announce (GTK_WIDGET (self->search_entry), count > 0 ? text : _("Nothing found"));
}

static GtkListBoxRow *
find_first (GtkListBox *box)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (box, i)); i++)
    if (gtk_widget_get_child_visible (GTK_WIDGET (row)))
      return row;

  return NULL;
}

/* The first that was found gets the keyboard, and is selected as the arrow keys would. */
static gboolean
focus_first (SignetSidebar *self)
{
  GtkListBoxRow *row = find_first (self->pending_box);

  if (!row) {
    row = find_first (self->keyset_box);
    if (row && self->always_selected)
      gtk_list_box_select_row (self->keyset_box, row);
  }
  if (row)
    gtk_widget_grab_focus (GTK_WIDGET (row));

  return row != NULL;
}

static void
activate_first (SignetSidebar *self)
{
  GtkListBoxRow *row = self->search ? find_first (self->keyset_box) : NULL;

  if (row) {
    focus_first (self);
    on_row_activated (self, SIGNET_KEYSET_ROW (row));
  }
}

static gboolean
on_search_key (SignetSidebar *self, GdkEventKey *event)
{
  if (event->keyval != GDK_KEY_Down && event->keyval != GDK_KEY_KP_Down)
    return GDK_EVENT_PROPAGATE;

  return focus_first (self);
}

static void
on_searching (SignetSidebar *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCHING]);
}

void
signet_sidebar_search (SignetSidebar *self)
{
  hdy_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

gboolean
signet_sidebar_handle_key (SignetSidebar *self, GdkEventKey *event)
{
  if (event->keyval == GDK_KEY_Escape && hdy_search_bar_get_search_mode (self->search_bar)) {
    hdy_search_bar_set_search_mode (self->search_bar, FALSE);
    return GDK_EVENT_STOP;
  }

  return hdy_search_bar_handle_event (self->search_bar, (GdkEvent *) event);
}

/* From the last row of the upper list the keyboard goes on to the lower one, and back; from the first one to what is
 * searched for. */
static gboolean
on_keynav_failed (GtkListBox *box, GtkDirectionType direction, SignetSidebar *self)
{
  if (box == self->pending_box && direction == GTK_DIR_DOWN)
    return gtk_widget_child_focus (GTK_WIDGET (self->keyset_box), GTK_DIR_TAB_FORWARD);
  if (box == self->keyset_box && direction == GTK_DIR_UP && gtk_widget_get_visible (self->pending_section))
    return gtk_widget_child_focus (GTK_WIDGET (self->pending_box), GTK_DIR_TAB_BACKWARD);
  if (direction != GTK_DIR_UP || !hdy_search_bar_get_search_mode (self->search_bar))
    return FALSE;

  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));

  return TRUE;
}

static void
signet_sidebar_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_boolean (value, hdy_search_bar_get_search_mode (SIGNET_SIDEBAR (object)->search_bar));
}

static void
signet_sidebar_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  SignetSidebar *self = SIGNET_SIDEBAR (object);

  if (g_value_get_boolean (value))
    signet_sidebar_search (self);
  else
    hdy_search_bar_set_search_mode (self->search_bar, FALSE);
}

/* --- life cycle --- */

static void
signet_sidebar_finalize (GObject *object)
{
  SignetSidebar *self = SIGNET_SIDEBAR (object);

  g_clear_object (&self->keysets);
  g_clear_object (&self->pending);
  g_free (self->selected);
  g_free (self->wanted);
  g_clear_pointer (&self->search, signet_search_free);

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
  G_OBJECT_CLASS (klass)->get_property = signet_sidebar_get_property;
  G_OBJECT_CLASS (klass)->set_property = signet_sidebar_set_property;

  properties[PROP_SEARCHING] = g_param_spec_boolean ("searching", NULL, NULL, FALSE, G_PARAM_READWRITE |
                                                     G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPERTIES, properties);

  signals[KEYSET_SELECTED] = add_signal ("keyset-selected", SIGNET_TYPE_KEYSET);
  signals[KEYSET_ACTIVATED] = add_signal ("keyset-activated", SIGNET_TYPE_KEYSET);
  signals[OPEN_PENDING] = add_signal ("open-pending", G_TYPE_STRING);
  signals[REMOVE_PENDING] = add_signal ("remove-pending", SIGNET_TYPE_PENDING);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetSidebar, search_bar);
  gtk_widget_class_bind_template_child (widget_class, SignetSidebar, search_entry);
  gtk_widget_class_bind_template_child (widget_class, SignetSidebar, stack);
  gtk_widget_class_bind_template_child (widget_class, SignetSidebar, pending_section);
  gtk_widget_class_bind_template_child (widget_class, SignetSidebar, keysets_section);
  gtk_widget_class_bind_template_child (widget_class, SignetSidebar, pending_box);
  gtk_widget_class_bind_template_child (widget_class, SignetSidebar, keyset_box);
  gtk_widget_class_bind_template_callback (widget_class, on_row_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_keynav_failed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_key);
  gtk_widget_class_bind_template_callback (widget_class, on_searching);
  gtk_widget_class_bind_template_callback (widget_class, activate_first);
}

static void
signet_sidebar_init (SignetSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  hdy_search_bar_connect_entry (self->search_bar, self->search_entry);
  gtk_list_box_set_filter_func (self->pending_box, is_found, self, NULL);
  gtk_list_box_set_filter_func (self->keyset_box, is_found, self, NULL);
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
  if (self->search)
    gtk_list_box_row_changed (GTK_LIST_BOX_ROW (row));
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
  SignetSidebar *self = user_data;

  signet_keyset_row_set_keyset (SIGNET_KEYSET_ROW (row), item, signet_keyset_list_find_successor (self->keysets, item));
  if (self->search)
    gtk_list_box_row_changed (GTK_LIST_BOX_ROW (row));
}

static void
show_pending (SignetSidebar *self)
{
  const SignetRowKind kind = { get_pending_id, create_pending_row, update_pending_row, NULL };

  signet_row_sync (self->pending_box, G_LIST_MODEL (self->pending), &kind, self);
  show_found (self);
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
  show_found (self);
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
