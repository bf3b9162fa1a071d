/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/toast.h"

#include "base/i18n.h"
#include "ui/announce.h"

#define SECONDS 6
#define UNDO_SECONDS 12      /* to read it, to think, and to find the button */

struct _SignetToast {
  GtkRevealer parent_instance;

  GtkLabel *label;
  GtkWidget *undo_button;
  SignetUndo *undo;              /* or NULL */
  gboolean is_pointed_at;
  guint timer;
};

G_DEFINE_TYPE (SignetToast, signet_toast, GTK_TYPE_REVEALER)

static void
hide (SignetToast *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->undo);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self), FALSE);
}

/* Whoever is about to press its button is not hurried. */
static gboolean
is_in_use (SignetToast *self)
{
  GtkWidget *window = gtk_widget_get_toplevel (GTK_WIDGET (self));
  GtkWidget *focus = GTK_IS_WINDOW (window) ? gtk_window_get_focus (GTK_WINDOW (window)) : NULL;

  return self->is_pointed_at || (focus && gtk_widget_is_ancestor (focus, GTK_WIDGET (self)));
}

static gboolean
on_timer (gpointer user_data)
{
  SignetToast *self = user_data;

  if (is_in_use (self))
    return G_SOURCE_CONTINUE;

  self->timer = 0;
  hide (self);

  return G_SOURCE_REMOVE;
}

static gboolean
on_crossing (SignetToast *self, GdkEventCrossing *event)
{
  if (event->detail != GDK_NOTIFY_INFERIOR)
    self->is_pointed_at = event->type == GDK_ENTER_NOTIFY;

  return GDK_EVENT_PROPAGATE;
}

static void
signet_toast_dispose (GObject *object)
{
  SignetToast *self = SIGNET_TOAST (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->undo);

  G_OBJECT_CLASS (signet_toast_parent_class)->dispose (object);
}

static void
signet_toast_class_init (SignetToastClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = signet_toast_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/toast.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetToast, label);
  gtk_widget_class_bind_template_child (widget_class, SignetToast, undo_button);
  gtk_widget_class_bind_template_callback (widget_class, hide);
  gtk_widget_class_bind_template_callback (widget_class, on_crossing);
  gtk_widget_class_bind_template_callback (widget_class, signet_toast_undo);
}

static void
signet_toast_init (SignetToast *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
signet_toast_show_undo (SignetToast *self, const char *text, SignetUndo *undo)
{
  /* Translators: for a screen reader: what has happened, and how it is taken back. */
  g_autofree char *spoken = undo ? g_strdup_printf (_("%s. Press Ctrl+Z to undo."), text) : g_strdup (text);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_set_object (&self->undo, undo);
  gtk_label_set_label (self->label, text);
  gtk_widget_set_visible (self->undo_button, undo != NULL);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self), TRUE);
  signet_announce (GTK_WIDGET (self), spoken);
  self->timer = g_timeout_add_seconds (undo ? UNDO_SECONDS : SECONDS, on_timer, self);
}

void
signet_toast_show (SignetToast *self, const char *text)
{
  signet_toast_show_undo (self, text, NULL);
}

void
signet_toast_undo (SignetToast *self)
{
  g_autoptr (SignetUndo) undo = g_steal_pointer (&self->undo);

  if (!undo)
    return;

  hide (self);
  signet_undo_run (undo);
}
