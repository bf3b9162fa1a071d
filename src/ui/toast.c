/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/toast.h"

#include "ui/announce.h"

#define SECONDS 6

struct _SignetToast {
  GtkRevealer parent_instance;

  GtkLabel *label;
  guint timer;
};

G_DEFINE_TYPE (SignetToast, signet_toast, GTK_TYPE_REVEALER)

static void
hide (SignetToast *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self), FALSE);
}

static gboolean
on_timer (gpointer self)
{
  SIGNET_TOAST (self)->timer = 0;
  hide (self);

  return G_SOURCE_REMOVE;
}

static void
signet_toast_dispose (GObject *object)
{
  g_clear_handle_id (&SIGNET_TOAST (object)->timer, g_source_remove);

  G_OBJECT_CLASS (signet_toast_parent_class)->dispose (object);
}

static void
signet_toast_class_init (SignetToastClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = signet_toast_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/toast.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetToast, label);
  gtk_widget_class_bind_template_callback (widget_class, hide);
}

static void
signet_toast_init (SignetToast *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
signet_toast_show (SignetToast *self, const char *text)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  gtk_label_set_label (self->label, text);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self), TRUE);
  signet_announce (GTK_WIDGET (self), text);
  self->timer = g_timeout_add_seconds (SECONDS, on_timer, self);
}
