/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/keyset-row.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "revocation/checker.h"
#include "ui/describe-row.h"
#include "ui/keyset-revocation.h"
#include "ui/level-text.h"
#include "ui/time-text.h"

struct _SignetKeysetRow {
  HdyActionRow parent_instance;

  GtkImage *level_image;
  GtkLabel *level_label;
  GtkWidget *left_box;
  GtkWidget *left_image;
  GtkLabel *left_label;
  SignetKeyset *keyset;
  gboolean is_replaced;
};

G_DEFINE_TYPE (SignetKeysetRow, signet_keyset_row, HDY_TYPE_ACTION_ROW)

static void
signet_keyset_row_finalize (GObject *object)
{
  SignetKeysetRow *self = SIGNET_KEYSET_ROW (object);

  g_clear_object (&self->keyset);

  G_OBJECT_CLASS (signet_keyset_row_parent_class)->finalize (object);
}

static void
signet_keyset_row_class_init (SignetKeysetRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = signet_keyset_row_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/keyset-row.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetRow, level_image);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetRow, level_label);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetRow, left_box);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetRow, left_image);
  gtk_widget_class_bind_template_child (widget_class, SignetKeysetRow, left_label);
}

static void update_state (SignetKeysetRow *self);

static void
signet_keyset_row_init (SignetKeysetRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (signet_revocation_checker_get_default (), "changed", G_CALLBACK (update_state), self,
                           G_CONNECT_SWAPPED);
}

/* A screen reader says the whole row, not only its title. */
static void
update_accessible (SignetKeysetRow *self, const char *addresses, const char *left)
{
  SignetLevel level = signet_keyset_get_level (self->keyset);
  g_autofree char *description = NULL;

  /* Translators: a keyset for a screen reader: its addresses, and its security level as one word. */
  description = g_strdup_printf (_("%s, security level: %s"), addresses, signet_level_get_title (level));
  if (left) {
    g_autofree char *before = g_steal_pointer (&description);

    description = g_strdup_printf ("%s, %s", before, left);
  }

  signet_describe_widget (GTK_WIDGET (self), signet_keyset_get_name (self->keyset), description);
}

/* The one thing about it that somebody should know; NULL when there is none. */
static char *
dup_state (SignetKeysetRow *self, gint64 now)
{
  gint64 expiry = signet_keyset_get_expiry (self->keyset);
  gboolean revoked = signet_keyset_revocation_is_revoked (self->keyset);

  if (self->is_replaced)
    return g_strdup (_("Replaced"));
  if (revoked && expiry > now)
    return g_strdup (_("Revoked"));

  return signet_time_text_left (expiry, now);
}

static void
update_state (SignetKeysetRow *self)
{
  g_autofree char *state = self->keyset ? dup_state (self, signet_clock_now ()) : NULL;

  if (!self->keyset)
    return;

  gtk_label_set_label (self->left_label, state ? state : "");
  gtk_widget_set_visible (self->left_box, state != NULL);
  gtk_widget_set_visible (self->left_image, !self->is_replaced);
  update_accessible (self, hdy_action_row_get_subtitle (HDY_ACTION_ROW (self)), state);
}

void
signet_keyset_row_set_keyset (SignetKeysetRow *self, SignetKeyset *keyset, SignetKeyset *successor)
{
  g_auto (GStrv) list = signet_keyset_dup_addresses (keyset);
  g_autofree char *addresses = g_strjoinv (", ", list);
  g_autofree char *exact = signet_time_text_exact (signet_keyset_get_expiry (keyset));
  SignetLevel level = signet_keyset_get_level (keyset);

  g_set_object (&self->keyset, keyset);
  self->is_replaced = successor != NULL;
  hdy_preferences_row_set_title (HDY_PREFERENCES_ROW (self), signet_keyset_get_name (keyset));
  hdy_action_row_set_subtitle (HDY_ACTION_ROW (self), addresses);
  gtk_image_set_from_icon_name (self->level_image, signet_level_get_icon (level), GTK_ICON_SIZE_BUTTON);
  gtk_label_set_label (self->level_label, signet_level_get_title (level));
  gtk_widget_set_tooltip_text (self->left_box, exact);
  update_state (self);
}

SignetKeyset *
signet_keyset_row_get_keyset (SignetKeysetRow *self)
{
  return self->keyset;
}

GtkWidget *
signet_keyset_row_new (void)
{
  return g_object_new (SIGNET_TYPE_KEYSET_ROW, NULL);
}
