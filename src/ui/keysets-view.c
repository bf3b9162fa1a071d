/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/keysets-view.h"

#include "base/i18n.h"
#include "ui/keyset-page.h"
#include "ui/sidebar.h"

#include <handy.h>

struct _SignetKeysetsView {
  GtkBin parent_instance;

  HdyLeaflet *leaflet;
  GtkWidget *list_pane;
  GtkWidget *list_header;
  GtkMenuButton *add_button;
  GMenuModel *add_menu;
  GtkMenuButton *menu_button;
  GtkRevealer *damaged_revealer;
  GtkLabel *damaged_label;
  SignetSidebar *sidebar;
  GtkWidget *page_pane;
  GtkLabel *page_title;
  GtkMenuButton *keyset_button;
  GMenuModel *keyset_menu;
  GtkStack *page_stack;          /* "none", "keyset" */
  SignetKeysetPage *keyset_page; /* NULL until there is a keyset */

  SignetKeysetList *keysets;
  SignetKeyset *keyset;          /* the one on the page, or NULL */
};

G_DEFINE_TYPE (SignetKeysetsView, signet_keysets_view, GTK_TYPE_BIN)

enum {
  OPEN_PENDING,
  REMOVE_PENDING,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

enum {
  PROP_0,
  PROP_KEYSET,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static gboolean
shows_list (SignetKeysetsView *self)
{
  return !hdy_leaflet_get_folded (self->leaflet) ||
         hdy_leaflet_get_visible_child (self->leaflet) == self->list_pane;
}

static gboolean
shows_page (SignetKeysetsView *self)
{
  return !hdy_leaflet_get_folded (self->leaflet) ||
         hdy_leaflet_get_visible_child (self->leaflet) == self->page_pane;
}

static void
notify_keyset (SignetKeysetsView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KEYSET]);
}

static gboolean
resize (gpointer widget)
{
  gtk_widget_queue_resize (widget);

  return G_SOURCE_REMOVE;
}

/* A header bar that loses or gets its window buttons in the middle of an allocation forgets to lay itself out again
 * (libhandy 1.8): it is told to when the allocation is over. */
static void
lay_out_header (SignetKeysetsView *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, resize, g_object_ref (self->list_header), g_object_unref);
}

static void
on_folded (SignetKeysetsView *self)
{
  lay_out_header (self);
  notify_keyset (self);
  signet_sidebar_set_always_selected (self->sidebar, !hdy_leaflet_get_folded (self->leaflet));
}

/* Made for the first keyset. */
static SignetKeysetPage *
get_keyset_page (SignetKeysetsView *self)
{
  if (!self->keyset_page) {
    self->keyset_page = signet_keyset_page_new ();
    gtk_widget_show (GTK_WIDGET (self->keyset_page));
    gtk_stack_add_named (self->page_stack, GTK_WIDGET (self->keyset_page), "keyset");
  }

  return self->keyset_page;
}

static void
on_keyset_selected (SignetKeysetsView *self, SignetKeyset *keyset)
{
  g_set_object (&self->keyset, keyset);
  notify_keyset (self);
  gtk_widget_set_visible (GTK_WIDGET (self->keyset_button), keyset != NULL);
  if (!keyset) {
    gtk_stack_set_visible_child_name (self->page_stack, "none");
    gtk_label_set_label (self->page_title, "");
    hdy_leaflet_set_visible_child (self->leaflet, self->list_pane);
    return;
  }

  signet_keyset_page_set_keyset (get_keyset_page (self), keyset,
                                 signet_keyset_list_find_successor (self->keysets, keyset));
  gtk_label_set_label (self->page_title, signet_keyset_get_name (keyset));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->page_title), signet_keyset_get_name (keyset));
  gtk_stack_set_visible_child_name (self->page_stack, "keyset");
}

static void
on_keyset_activated (SignetKeysetsView *self, SignetKeyset *keyset)
{
  on_keyset_selected (self, keyset);
  hdy_leaflet_set_visible_child (self->leaflet, self->page_pane);
}

static void
on_open_pending (SignetKeysetsView *self, const char *pending_id)
{
  g_signal_emit (self, signals[OPEN_PENDING], 0, pending_id);
}

static void
on_remove_pending (SignetKeysetsView *self, SignetPending *pending)
{
  g_signal_emit (self, signals[REMOVE_PENDING], 0, pending);
}

/* --- life cycle --- */

static void
signet_keysets_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (signet_keysets_view_parent_class)->map (widget);

  lay_out_header (SIGNET_KEYSETS_VIEW (widget));
}

static void
signet_keysets_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_object (value, signet_keysets_view_get_keyset (SIGNET_KEYSETS_VIEW (object)));
}

static void
signet_keysets_view_finalize (GObject *object)
{
  SignetKeysetsView *self = SIGNET_KEYSETS_VIEW (object);

  g_clear_object (&self->keysets);
  g_clear_object (&self->keyset);

  G_OBJECT_CLASS (signet_keysets_view_parent_class)->finalize (object);
}

static guint
add_signal (const char *name, GType argument)
{
  return g_signal_new (name, SIGNET_TYPE_KEYSETS_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                       argument);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/keysets-view.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetsView, leaflet);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetsView, list_pane);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetsView, list_header);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetsView, add_button);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetsView, add_menu);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetsView, menu_button);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetsView, damaged_revealer);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetsView, damaged_label);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetsView, sidebar);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetsView, page_pane);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetsView, page_title);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetsView, keyset_button);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetsView, keyset_menu);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetsView, page_stack);
  gtk_widget_class_bind_template_callback (widget_class, on_folded);
  gtk_widget_class_bind_template_callback (widget_class, notify_keyset);
  gtk_widget_class_bind_template_callback (widget_class, on_keyset_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_keyset_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_open_pending);
  gtk_widget_class_bind_template_callback (widget_class, on_remove_pending);
  gtk_widget_class_bind_template_callback (widget_class, signet_keysets_view_go_back);
}

static void
signet_keysets_view_class_init (SignetKeysetsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->get_property = signet_keysets_view_get_property;
  G_OBJECT_CLASS (klass)->finalize = signet_keysets_view_finalize;
  widget_class->map = signet_keysets_view_map;

  properties[PROP_KEYSET] = g_param_spec_object ("keyset", NULL, NULL, SIGNET_TYPE_KEYSET,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPERTIES, properties);

  signals[OPEN_PENDING] = add_signal ("open-pending", G_TYPE_STRING);
  signals[REMOVE_PENDING] = add_signal ("remove-pending", SIGNET_TYPE_PENDING);

  g_type_ensure (SIGNET_TYPE_SIDEBAR);
  bind_template (widget_class);
}

static void
signet_keysets_view_init (SignetKeysetsView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  on_folded (self);
}

SignetKeysetsView *
signet_keysets_view_new (SignetKeysetList *keysets, SignetPendingList *pending)
{
  SignetKeysetsView *self = g_object_new (SIGNET_TYPE_KEYSETS_VIEW, NULL);

  self->keysets = g_object_ref (keysets);
  signet_sidebar_bind (self->sidebar, keysets, pending);

  return self;
}

/* --- what its window asks of it --- */

void
signet_keysets_view_add_menus (SignetKeysetsView *self, GMenuModel *main_menu)
{
  if (gtk_menu_button_get_menu_model (self->menu_button))
    return;

  gtk_menu_button_set_menu_model (self->menu_button, main_menu);
  gtk_menu_button_set_menu_model (self->add_button, self->add_menu);
  gtk_menu_button_set_menu_model (self->keyset_button, self->keyset_menu);
}

SignetKeyset *
signet_keysets_view_get_keyset (SignetKeysetsView *self)
{
  return shows_page (self) ? self->keyset : NULL;
}

void
signet_keysets_view_set_damaged (SignetKeysetsView *self, guint damaged)
{
  g_autofree char *text =
    g_strdup_printf (ngettext ("%u keyset cannot be read. It is damaged, or was written by a newer Signet.",
                               "%u keysets cannot be read. They are damaged, or were written by a newer Signet.",
                               damaged), damaged);

  gtk_label_set_label (self->damaged_label, text);
  gtk_revealer_set_reveal_child (self->damaged_revealer, damaged > 0);
}

void
signet_keysets_view_select (SignetKeysetsView *self, const char *keyset_id)
{
  signet_sidebar_select (self->sidebar, keyset_id);
}

void
signet_keysets_view_refresh (SignetKeysetsView *self)
{
  signet_sidebar_refresh (self->sidebar);
}

void
signet_keysets_view_search (SignetKeysetsView *self)
{
  hdy_leaflet_set_visible_child (self->leaflet, self->list_pane);
  signet_sidebar_search (self->sidebar);
}

void
signet_keysets_view_open_menu (SignetKeysetsView *self)
{
  hdy_leaflet_set_visible_child (self->leaflet, self->list_pane);
  gtk_widget_activate (GTK_WIDGET (self->menu_button));
}

void
signet_keysets_view_go_back (SignetKeysetsView *self)
{
  hdy_leaflet_navigate (self->leaflet, HDY_NAVIGATION_DIRECTION_BACK);
}

gboolean
signet_keysets_view_handle_key (SignetKeysetsView *self, GdkEventKey *event)
{
  return shows_list (self) && signet_sidebar_handle_key (self->sidebar, event);
}
