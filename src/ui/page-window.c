/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/page-window.h"

#include "base/i18n.h"

/* GDK has no name for the mouse's back button. */
#define BUTTON_BACK 8

typedef struct {
  GtkRevealer *back_revealer;
  GtkWidget *back;
  GtkStack *stack;             /* NULL while the window's own template is built */
  GQueue history;              /* (element-type SignetPage), not owned: where Back leads to, the last page first */
  GCancellable *cancellable;
} SignetPageWindowPrivate;

G_DEFINE_TYPE_WITH_PRIVATE (SignetPageWindow, signet_page_window, HDY_TYPE_WINDOW)

static SignetPageWindowPrivate *
get (SignetPageWindow *self)
{
  return signet_page_window_get_instance_private (self);
}

static void
show_page (SignetPageWindow *self, SignetPage *page, GtkStackTransitionType transition)
{
  SignetPageWindowPrivate *priv = get (self);
  gboolean leads_back = !g_queue_is_empty (&priv->history);

  signet_page_reset (page);
  /* Else the stack gives the focus to the first entry on its way, which is left with its text selected. */
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  gtk_stack_set_transition_type (priv->stack, transition);
  gtk_stack_set_visible_child (priv->stack, GTK_WIDGET (page));
  gtk_revealer_set_reveal_child (priv->back_revealer, leads_back);
  gtk_widget_set_sensitive (priv->back, leads_back);
  signet_page_take_default (page);

  gtk_widget_grab_focus (GTK_WIDGET (page));
}

void
signet_page_window_forward (SignetPageWindow *self, SignetPage *page)
{
  g_queue_push_head (&get (self)->history, signet_page_window_get_page (self));
  show_page (self, page, GTK_STACK_TRANSITION_TYPE_SLIDE_LEFT);
}

void
signet_page_window_start (SignetPageWindow *self, SignetPage *page)
{
  gboolean first = !gtk_widget_get_mapped (GTK_WIDGET (self));

  g_queue_clear (&get (self)->history);
  show_page (self, page, first ? GTK_STACK_TRANSITION_TYPE_NONE : GTK_STACK_TRANSITION_TYPE_SLIDE_LEFT);
}

void
signet_page_window_back (SignetPageWindow *self)
{
  SignetPage *page;

  if (signet_page_is_busy (signet_page_window_get_page (self))) {
    signet_page_cancel (signet_page_window_get_page (self));
    return;
  }

  page = g_queue_pop_head (&get (self)->history);
  if (!page)
    return;

  signet_page_window_cancel (self);
  show_page (self, page, GTK_STACK_TRANSITION_TYPE_SLIDE_RIGHT);
}

SignetPage *
signet_page_window_get_page (SignetPageWindow *self)
{
  return SIGNET_PAGE (gtk_stack_get_visible_child (get (self)->stack));
}

GCancellable *
signet_page_window_get_cancellable (SignetPageWindow *self)
{
  return get (self)->cancellable;
}

void
signet_page_window_cancel (SignetPageWindow *self)
{
  SignetPageWindowPrivate *priv = get (self);

  g_cancellable_cancel (priv->cancellable);
  g_object_unref (priv->cancellable);
  priv->cancellable = g_cancellable_new ();
  signet_page_set_busy (signet_page_window_get_page (self), NULL);
}

/* The Cancel button beside a spinner. */
static void
on_page_cancel (SignetPageWindow *self)
{
  signet_page_window_cancel (self);
}

static void
signet_page_window_add (GtkContainer *container, GtkWidget *child)
{
  SignetPageWindow *self = SIGNET_PAGE_WINDOW (container);

  if (!get (self)->stack) {
    GTK_CONTAINER_CLASS (signet_page_window_parent_class)->add (container, child);
    return;
  }

  gtk_container_add (GTK_CONTAINER (get (self)->stack), child);
  g_signal_connect_object (child, "cancel", G_CALLBACK (on_page_cancel), self, G_CONNECT_SWAPPED);
}

static gboolean
signet_page_window_button_press (GtkWidget *widget, GdkEventButton *event)
{
  if (event->button == BUTTON_BACK) {
    signet_page_window_back (SIGNET_PAGE_WINDOW (widget));
    return GDK_EVENT_STOP;
  }

  return GTK_WIDGET_CLASS (signet_page_window_parent_class)->button_press_event (widget, event);
}

/* "Back" points to where one came from: to the right where text runs from right to left. */
static void
on_go (SignetPageWindow *self, GtkDirectionType direction)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  if (direction == (rtl ? GTK_DIR_RIGHT : GTK_DIR_LEFT) || direction == GTK_DIR_TAB_BACKWARD)
    signet_page_window_back (self);
}

static void
add_bindings (GtkBindingSet *bindings)
{
  gtk_binding_entry_add_signal (bindings, GDK_KEY_Escape, 0, "leave", 0);
  gtk_binding_entry_add_signal (bindings, GDK_KEY_Left, GDK_MOD1_MASK, "go", 1,
                                GTK_TYPE_DIRECTION_TYPE, GTK_DIR_LEFT);
  gtk_binding_entry_add_signal (bindings, GDK_KEY_KP_Left, GDK_MOD1_MASK, "go", 1,
                                GTK_TYPE_DIRECTION_TYPE, GTK_DIR_LEFT);
  gtk_binding_entry_add_signal (bindings, GDK_KEY_Right, GDK_MOD1_MASK, "go", 1,
                                GTK_TYPE_DIRECTION_TYPE, GTK_DIR_RIGHT);
  gtk_binding_entry_add_signal (bindings, GDK_KEY_KP_Right, GDK_MOD1_MASK, "go", 1,
                                GTK_TYPE_DIRECTION_TYPE, GTK_DIR_RIGHT);
  gtk_binding_entry_add_signal (bindings, GDK_KEY_Back, 0, "go", 1, GTK_TYPE_DIRECTION_TYPE, GTK_DIR_TAB_BACKWARD);
}

static void
signet_page_window_dispose (GObject *object)
{
  SignetPageWindowPrivate *priv = get (SIGNET_PAGE_WINDOW (object));

  if (priv->cancellable)
    g_cancellable_cancel (priv->cancellable);
  g_clear_object (&priv->cancellable);
  g_queue_clear (&priv->history);

  G_OBJECT_CLASS (signet_page_window_parent_class)->dispose (object);
}

/* The heights in the templates are for text of the usual size: where it is larger, a window is higher, so that nothing
 * of it must be scrolled for that is meant to be seen. */
static void
signet_page_window_constructed (GObject *object)
{
  GtkWindow *window = GTK_WINDOW (object);
  double text_size = gdk_screen_get_resolution (gtk_window_get_screen (window)) / 96;
  int width, height;

  G_OBJECT_CLASS (signet_page_window_parent_class)->constructed (object);

  gtk_window_get_default_size (window, &width, &height);
  if (text_size > 1)
    gtk_window_set_default_size (window, width, height * text_size);
}

static void
signet_page_window_class_init (SignetPageWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->constructed = signet_page_window_constructed;
  G_OBJECT_CLASS (klass)->dispose = signet_page_window_dispose;
  GTK_CONTAINER_CLASS (klass)->add = signet_page_window_add;
  widget_class->button_press_event = signet_page_window_button_press;

  g_signal_new_class_handler ("leave", SIGNET_TYPE_PAGE_WINDOW, G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
                              G_CALLBACK (gtk_window_close), NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new_class_handler ("go", SIGNET_TYPE_PAGE_WINDOW, G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
                              G_CALLBACK (on_go), NULL, NULL, NULL, G_TYPE_NONE, 1, GTK_TYPE_DIRECTION_TYPE);
  add_bindings (gtk_binding_set_by_class (klass));

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/page-window.ui");
  gtk_widget_class_bind_template_child_private (widget_class, SignetPageWindow, back_revealer);
  gtk_widget_class_bind_template_child_private (widget_class, SignetPageWindow, back);
  gtk_widget_class_bind_template_child_private (widget_class, SignetPageWindow, stack);
  gtk_widget_class_bind_template_callback (widget_class, signet_page_window_back);
}

static void
signet_page_window_init (SignetPageWindow *self)
{
  get (self)->cancellable = g_cancellable_new ();
  g_queue_init (&get (self)->history);
  gtk_widget_init_template (GTK_WIDGET (self));
}
