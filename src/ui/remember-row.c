/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/remember-row.h"

#include "base/i18n.h"
#include "keyset/keyset-memory.h"
#include "ui/describe-row.h"
#include "ui/remember-text.h"

struct _SignetRememberRow {
  HdyActionRow parent_instance;

  GtkWidget *forget;
  GtkLabel *minutes;
  SignetKeyset *keyset;        /* or NULL */
  guint timer;                 /* while it is remembered */
};

G_DEFINE_TYPE (SignetRememberRow, signet_remember_row, HDY_TYPE_ACTION_ROW)

static gboolean on_second (gpointer data);

static void
update (SignetRememberRow *self)
{
  guint left = self->keyset ? signet_keyset_memory_get_left (signet_keyset_memory_get (), self->keyset) : 0;
  g_autofree char *minutes = signet_remember_text_dup_minutes (self->keyset ? signet_keyset_get_remember (self->keyset)
                                                                            : 0);
  g_autofree char *text = left > 0 ? signet_remember_text_dup_left (left) : NULL;

  if (g_strcmp0 (hdy_action_row_get_subtitle (HDY_ACTION_ROW (self)), text ? text : "") != 0)
    hdy_action_row_set_subtitle (HDY_ACTION_ROW (self), text ? text : "");
  gtk_label_set_label (self->minutes, minutes);
  gtk_widget_set_visible (self->forget, left > 0);
  signet_describe_widget (GTK_WIDGET (self), _("Remember the password"), text ? text : minutes);

  if (left == 0)
    g_clear_handle_id (&self->timer, g_source_remove);
  else if (!self->timer)
    self->timer = g_timeout_add_seconds (1, on_second, self);
}

static gboolean
on_second (gpointer data)
{
  update (data);

  return G_SOURCE_CONTINUE;    /* it was removed if there is nothing more to count */
}

static void
on_forget (SignetRememberRow *self)
{
  if (self->keyset)
    signet_keyset_memory_forget (signet_keyset_memory_get (), signet_keyset_get_id (self->keyset));
  gtk_widget_grab_focus (GTK_WIDGET (self));     /* the button goes */
}

void
signet_remember_row_set_keyset (SignetRememberRow *self, SignetKeyset *keyset)
{
  g_set_object (&self->keyset, keyset);
  update (self);
}

static void
signet_remember_row_dispose (GObject *object)
{
  SignetRememberRow *self = SIGNET_REMEMBER_ROW (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->keyset);

  G_OBJECT_CLASS (signet_remember_row_parent_class)->dispose (object);
}

static void
signet_remember_row_class_init (SignetRememberRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = signet_remember_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/remember-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetRememberRow, forget);
  gtk_widget_class_bind_template_child (widget_class, SignetRememberRow, minutes);
  gtk_widget_class_bind_template_callback (widget_class, on_forget);
}

static void
signet_remember_row_init (SignetRememberRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (signet_keyset_memory_get (), "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}
