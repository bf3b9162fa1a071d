/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/forget-row.h"

#include "keyset/keyset-memory.h"
#include "ui/describe-row.h"
#include "ui/remember-text.h"

struct _SignetForgetRow {
  HdyActionRow parent_instance;

  SignetKeyset *keyset;        /* or NULL */
  guint timer;                 /* while it is remembered */
};

G_DEFINE_TYPE (SignetForgetRow, signet_forget_row, HDY_TYPE_ACTION_ROW)

static gboolean on_second (gpointer data);

static void
update (SignetForgetRow *self)
{
  HdyActionRow *row = HDY_ACTION_ROW (self);
  guint left = self->keyset ? signet_keyset_memory_get_left (signet_keyset_memory_get (), self->keyset) : 0;
  g_autofree char *text = signet_remember_text_dup_left (left);

  if (left > 0 && g_strcmp0 (hdy_action_row_get_subtitle (row), text) != 0) {
    hdy_action_row_set_subtitle (row, text);
    signet_describe_row (row);
  }
  gtk_widget_set_visible (GTK_WIDGET (self), left > 0);

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
signet_forget_row_activate (HdyActionRow *row)
{
  SignetForgetRow *self = SIGNET_FORGET_ROW (row);

  if (self->keyset)
    signet_keyset_memory_forget (signet_keyset_memory_get (), signet_keyset_get_id (self->keyset));
}

void
signet_forget_row_set_keyset (SignetForgetRow *self, SignetKeyset *keyset)
{
  g_set_object (&self->keyset, keyset);
  update (self);
}

static void
signet_forget_row_dispose (GObject *object)
{
  SignetForgetRow *self = SIGNET_FORGET_ROW (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->keyset);

  G_OBJECT_CLASS (signet_forget_row_parent_class)->dispose (object);
}

static void
signet_forget_row_class_init (SignetForgetRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = signet_forget_row_dispose;
  HDY_ACTION_ROW_CLASS (klass)->activate = signet_forget_row_activate;

  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/io/github/signetmail/Signet/forget-row.ui");
}

static void
signet_forget_row_init (SignetForgetRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (signet_keyset_memory_get (), "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}
