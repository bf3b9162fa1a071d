/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/page.h"

#include "base/i18n.h"
#include "ui/announce.h"
#include "ui/field.h"

#include <handy.h>

#define ICON 64
#define BIG_ICON 96

typedef struct {
  GtkScrolledWindow *scrolled;
  GtkWidget *clamp;
  GtkWidget *body;
  GtkImage *icon;
  GtkLabel *heading;
  GtkLabel *sentence;
  GtkBox *content;             /* NULL while the page's own template is built */
  GtkRevealer *problem_revealer;
  GtkLabel *problem;
  GtkRevealer *edge;
  GtkWidget *foot;
  GtkLabel *missing;
  GtkStack *foot_stack;
  GtkButton *primary;
  GtkButton *secondary;
  GtkSpinner *spinner;
  GtkLabel *busy;
  GtkWidget *cancel;
  GtkWidget *focus;            /* or NULL: the primary button */
  gboolean is_busy;
  guint reveal_id;
} SignetPagePrivate;

G_DEFINE_TYPE_WITH_PRIVATE (SignetPage, signet_page, GTK_TYPE_BOX)

enum {
  PROP_ICON_NAME = 1,
  PROP_TITLE,
  PROP_DESCRIPTION,
  PROP_PRIMARY_LABEL,
  PROP_SECONDARY_LABEL,
  PROP_CENTERED,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

enum {
  CONTINUE,
  CANCEL,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static SignetPagePrivate *
get (SignetPage *self)
{
  return signet_page_get_instance_private (self);
}

/* GTK clicks a button a moment after the key, in which something may have gone missing. */
static void
on_primary_clicked (SignetPage *self)
{
  if (!gtk_widget_is_sensitive (GTK_WIDGET (get (self)->primary)))
    return;

  signet_page_set_problem (self, NULL);
  g_signal_emit (self, signals[CONTINUE], 0);
}

void
signet_page_cancel (SignetPage *self)
{
  g_signal_emit (self, signals[CANCEL], 0);
}

static gboolean
is_empty (const char *text)
{
  return !text || !*text;
}

void
signet_page_set_icon_name (SignetPage *self, const char *icon_name)
{
  gtk_image_set_from_icon_name (get (self)->icon, icon_name, GTK_ICON_SIZE_DIALOG);
  gtk_widget_set_visible (GTK_WIDGET (get (self)->icon), !is_empty (icon_name));
}

void
signet_page_set_title (SignetPage *self, const char *title)
{
  gtk_label_set_label (get (self)->heading, title ? title : "");
  gtk_widget_set_visible (GTK_WIDGET (get (self)->heading), !is_empty (title));
}

const char *
signet_page_get_title (SignetPage *self)
{
  return gtk_label_get_label (get (self)->heading);
}

void
signet_page_set_description (SignetPage *self, const char *description)
{
  gtk_label_set_label (get (self)->sentence, description ? description : "");
  gtk_widget_set_visible (GTK_WIDGET (get (self)->sentence), !is_empty (description));
}

void
signet_page_set_centered (SignetPage *self, gboolean centered)
{
  gtk_widget_set_valign (get (self)->body, centered ? GTK_ALIGN_CENTER : GTK_ALIGN_FILL);
  gtk_image_set_pixel_size (get (self)->icon, centered ? BIG_ICON : ICON);
}

/* Without a default widget, Return presses what has the focus. */
void
signet_page_take_default (SignetPage *self)
{
  SignetPagePrivate *priv = get (self);
  GtkWidget *window = gtk_widget_get_toplevel (GTK_WIDGET (self));

  if (GTK_IS_WINDOW (window))
    gtk_window_set_default (GTK_WINDOW (window),
                            gtk_widget_get_visible (priv->foot) ? GTK_WIDGET (priv->primary) : NULL);
}

/* A stack's page that does not show has no say. */
static void
update_default (SignetPage *self)
{
  if (gtk_widget_get_child_visible (GTK_WIDGET (self)))
    signet_page_take_default (self);
}

void
signet_page_set_primary_label (SignetPage *self, const char *label)
{
  gtk_button_set_label (get (self)->primary, label ? label : "");
  gtk_widget_set_visible (get (self)->foot, !is_empty (label));
  update_default (self);
}

void
signet_page_set_destructive (SignetPage *self, gboolean destructive)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (get (self)->primary));

  gtk_style_context_remove_class (context, destructive ? "suggested-action" : "destructive-action");
  gtk_style_context_add_class (context, destructive ? "destructive-action" : "suggested-action");
}

void
signet_page_set_secondary_label (SignetPage *self, const char *label)
{
  gtk_button_set_label (get (self)->secondary, label ? label : "");
  gtk_widget_set_visible (GTK_WIDGET (get (self)->secondary), !is_empty (label));
}

void
signet_page_set_can_continue (SignetPage *self, gboolean can_continue)
{
  gtk_widget_set_sensitive (GTK_WIDGET (get (self)->primary), can_continue);
}

/* The line keeps its place when there is nothing to say: the button must not jump. */
void
signet_page_set_missing (SignetPage *self, const char *what)
{
  SignetPagePrivate *priv = get (self);

  gtk_label_set_label (priv->missing, what ? what : "");
  gtk_widget_show (GTK_WIDGET (priv->missing));
  atk_object_set_description (gtk_widget_get_accessible (GTK_WIDGET (priv->primary)), what ? what : "");
  signet_page_set_can_continue (self, !what);
}

gboolean
signet_page_is_busy (SignetPage *self)
{
  return get (self)->is_busy;
}

void
signet_page_set_busy (SignetPage *self, const char *what)
{
  SignetPagePrivate *priv = get (self);
  gboolean was_busy = priv->is_busy;

  priv->is_busy = what != NULL;
  gtk_widget_set_sensitive (GTK_WIDGET (priv->content), !what);
  gtk_stack_set_visible_child_name (priv->foot_stack, what ? "busy" : "primary");
  g_object_set (priv->spinner, "active", what != NULL, NULL);
  if (what) {
    gtk_label_set_label (priv->busy, what);
    if (!was_busy)
      signet_announce (GTK_WIDGET (priv->busy), what);
    gtk_widget_grab_focus (priv->cancel);
  } else if (was_busy && gtk_widget_get_mapped (GTK_WIDGET (self))) {
    /* The button was hidden, and by that lost being the default. */
    update_default (self);
    gtk_widget_grab_focus (GTK_WIDGET (self));
  }
}

void
signet_page_set_problem (SignetPage *self, const char *text)
{
  SignetPagePrivate *priv = get (self);

  if (text) {
    gtk_label_set_label (priv->problem, text);
    signet_announce (GTK_WIDGET (priv->problem), text);
  }
  gtk_revealer_set_reveal_child (priv->problem_revealer, text != NULL);
}

void
signet_page_reset (SignetPage *self)
{
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (get (self)->scrolled), 0);
  signet_page_set_problem (self, NULL);
  signet_page_set_busy (self, NULL);
}

void
signet_page_set_focus_to (SignetPage *self, GtkWidget *child)
{
  get (self)->focus = child;
}

static void
signet_page_grab_focus (GtkWidget *widget)
{
  SignetPagePrivate *priv = get (SIGNET_PAGE (widget));

  gtk_widget_grab_focus (priv->focus ? priv->focus : GTK_WIDGET (priv->primary));
}

/* The children of a page are its content, once the template is there. */
static void
signet_page_add (GtkContainer *container, GtkWidget *child)
{
  SignetPagePrivate *priv = get (SIGNET_PAGE (container));

  if (priv->content)
    gtk_container_add (GTK_CONTAINER (priv->content), child);
  else
    GTK_CONTAINER_CLASS (signet_page_parent_class)->add (container, child);
}

/* The field that has the focus is to be seen, with its title and its hint. */
static gboolean
reveal_focus (gpointer data)
{
  SignetPagePrivate *priv = get (data);
  GtkWidget *window = gtk_widget_get_toplevel (data);
  GtkWidget *focus = GTK_IS_WINDOW (window) ? gtk_window_get_focus (GTK_WINDOW (window)) : NULL;
  GtkWidget *field = focus ? gtk_widget_get_ancestor (focus, SIGNET_TYPE_FIELD) : NULL;
  GtkWidget *target = field ? field : focus;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (priv->scrolled);
  int y;

  priv->reveal_id = 0;
  if (target && gtk_widget_is_ancestor (target, priv->body) &&
      gtk_widget_translate_coordinates (target, priv->clamp, 0, 0, NULL, &y))
    gtk_adjustment_clamp_page (adjustment, y, y + gtk_widget_get_allocated_height (target));

  return G_SOURCE_REMOVE;
}

/* Later, when everything has its place. */
static void
signet_page_set_focus_child (GtkContainer *container, GtkWidget *child)
{
  SignetPagePrivate *priv = get (SIGNET_PAGE (container));

  GTK_CONTAINER_CLASS (signet_page_parent_class)->set_focus_child (container, child);
  if (child && !priv->reveal_id)
    priv->reveal_id = g_idle_add (reveal_focus, container);
}

static void
signet_page_dispose (GObject *object)
{
  g_clear_handle_id (&get (SIGNET_PAGE (object))->reveal_id, g_source_remove);

  G_OBJECT_CLASS (signet_page_parent_class)->dispose (object);
}

static void
signet_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  SignetPage *self = SIGNET_PAGE (object);

  switch (id) {
  case PROP_ICON_NAME:
    signet_page_set_icon_name (self, g_value_get_string (value));
    break;
  case PROP_TITLE:
    signet_page_set_title (self, g_value_get_string (value));
    break;
  case PROP_DESCRIPTION:
    signet_page_set_description (self, g_value_get_string (value));
    break;
  case PROP_PRIMARY_LABEL:
    signet_page_set_primary_label (self, g_value_get_string (value));
    break;
  case PROP_SECONDARY_LABEL:
    signet_page_set_secondary_label (self, g_value_get_string (value));
    break;
  case PROP_CENTERED:
    signet_page_set_centered (self, g_value_get_boolean (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
  }
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  props[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  props[PROP_DESCRIPTION] = g_param_spec_string ("description", NULL, NULL, NULL, flags);
  props[PROP_PRIMARY_LABEL] = g_param_spec_string ("primary-label", NULL, NULL, NULL, flags);
  props[PROP_SECONDARY_LABEL] = g_param_spec_string ("secondary-label", NULL, NULL, NULL, flags);
  props[PROP_CENTERED] = g_param_spec_boolean ("centered", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/page.ui");
  gtk_widget_class_bind_template_child_private (widget_class, SignetPage, scrolled);
  gtk_widget_class_bind_template_child_private (widget_class, SignetPage, clamp);
  gtk_widget_class_bind_template_child_private (widget_class, SignetPage, body);
  gtk_widget_class_bind_template_child_private (widget_class, SignetPage, icon);
  gtk_widget_class_bind_template_child_private (widget_class, SignetPage, heading);
  gtk_widget_class_bind_template_child_private (widget_class, SignetPage, sentence);
  gtk_widget_class_bind_template_child_private (widget_class, SignetPage, content);
  gtk_widget_class_bind_template_child_private (widget_class, SignetPage, problem_revealer);
  gtk_widget_class_bind_template_child_private (widget_class, SignetPage, problem);
  gtk_widget_class_bind_template_child_private (widget_class, SignetPage, edge);
  gtk_widget_class_bind_template_child_private (widget_class, SignetPage, foot);
  gtk_widget_class_bind_template_child_private (widget_class, SignetPage, missing);
  gtk_widget_class_bind_template_child_private (widget_class, SignetPage, foot_stack);
  gtk_widget_class_bind_template_child_private (widget_class, SignetPage, primary);
  gtk_widget_class_bind_template_child_private (widget_class, SignetPage, secondary);
  gtk_widget_class_bind_template_child_private (widget_class, SignetPage, spinner);
  gtk_widget_class_bind_template_child_private (widget_class, SignetPage, busy);
  gtk_widget_class_bind_template_child_private (widget_class, SignetPage, cancel);
  gtk_widget_class_bind_template_callback (widget_class, on_primary_clicked);
  gtk_widget_class_bind_template_callback (widget_class, signet_page_cancel);
}

static void
signet_page_class_init (SignetPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GtkContainerClass *container_class = GTK_CONTAINER_CLASS (klass);

  object_class->dispose = signet_page_dispose;
  object_class->set_property = signet_page_set_property;
  widget_class->grab_focus = signet_page_grab_focus;
  container_class->add = signet_page_add;
  container_class->set_focus_child = signet_page_set_focus_child;
  install_properties (object_class);

  signals[CONTINUE] = g_signal_new ("continue", SIGNET_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
  signals[CANCEL] = g_signal_new ("cancel", SIGNET_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);

  bind_template (widget_class);
}

/* A line above the foot says that there is more below. */
static void
update_edge (SignetPage *self, GtkAdjustment *adjustment)
{
  double end = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);

  gtk_revealer_set_reveal_child (get (self)->edge, gtk_adjustment_get_value (adjustment) < end);
}

static void
signet_page_init (SignetPage *self)
{
  GtkAdjustment *adjustment;

  gtk_widget_init_template (GTK_WIDGET (self));
  adjustment = gtk_scrolled_window_get_vadjustment (get (self)->scrolled);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (update_edge), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (update_edge), self, G_CONNECT_SWAPPED);
}
