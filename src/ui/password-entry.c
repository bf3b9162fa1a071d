/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/password-entry.h"

#include "ui/announce.h"

#define GCR_API_SUBJECT_TO_CHANGE
#include <gcr/gcr.h>

struct _SignetPasswordEntry {
  GtkBox parent_instance;

  GtkEntry *entry;
  GtkToggleButton *reveal;
  GtkImage *reveal_icon;
  GtkRevealer *caps_lock;
  GtkLabel *caps_lock_text;
};

G_DEFINE_TYPE (SignetPasswordEntry, signet_password_entry, GTK_TYPE_BOX)

enum {
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
on_changed (SignetPasswordEntry *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_reveal_toggled (SignetPasswordEntry *self)
{
  gboolean shown = gtk_toggle_button_get_active (self->reveal);

  gtk_entry_set_visibility (self->entry, shown);
  gtk_image_set_from_icon_name (self->reveal_icon, shown ? "view-conceal-symbolic" : "view-reveal-symbolic",
                                GTK_ICON_SIZE_BUTTON);
}

/* GtkEntry's own warning is an icon that only the pointer can question. */
static void
update_caps_lock (SignetPasswordEntry *self)
{
  GdkKeymap *keymap = gdk_keymap_get_for_display (gtk_widget_get_display (GTK_WIDGET (self)));
  gboolean warn = gtk_widget_has_focus (GTK_WIDGET (self->entry)) && gdk_keymap_get_caps_lock_state (keymap);

  if (warn && !gtk_revealer_get_reveal_child (self->caps_lock))
    signet_announce (GTK_WIDGET (self->caps_lock_text), gtk_label_get_text (self->caps_lock_text));
  gtk_revealer_set_reveal_child (self->caps_lock, warn);
}

SignetSecret *
signet_password_entry_dup_secret (SignetPasswordEntry *self)
{
  return signet_secret_new_text (gtk_entry_get_text (self->entry));
}

gboolean
signet_password_entry_is_empty (SignetPasswordEntry *self)
{
  return gtk_entry_get_text_length (self->entry) == 0;
}

void
signet_password_entry_clear (SignetPasswordEntry *self)
{
  gtk_entry_set_text (self->entry, "");
  gtk_toggle_button_set_active (self->reveal, FALSE);
}

static void
signet_password_entry_grab_focus (GtkWidget *widget)
{
  gtk_widget_grab_focus (GTK_WIDGET (SIGNET_PASSWORD_ENTRY (widget)->entry));
}

static void
signet_password_entry_class_init (SignetPasswordEntryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->grab_focus = signet_password_entry_grab_focus;
  signals[CHANGED] = g_signal_new ("changed", SIGNET_TYPE_PASSWORD_ENTRY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/password-entry.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetPasswordEntry, entry);
  gtk_widget_class_bind_template_child (widget_class, SignetPasswordEntry, reveal);
  gtk_widget_class_bind_template_child (widget_class, SignetPasswordEntry, reveal_icon);
  gtk_widget_class_bind_template_child (widget_class, SignetPasswordEntry, caps_lock);
  gtk_widget_class_bind_template_child (widget_class, SignetPasswordEntry, caps_lock_text);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_reveal_toggled);
  gtk_widget_class_bind_template_callback (widget_class, update_caps_lock);
}

static void
signet_password_entry_init (SignetPasswordEntry *self)
{
  g_autoptr (GtkEntryBuffer) buffer = gcr_secure_entry_buffer_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_entry_set_buffer (self->entry, buffer);
  g_signal_connect_object (gdk_keymap_get_for_display (gtk_widget_get_display (GTK_WIDGET (self))), "state-changed",
                           G_CALLBACK (update_caps_lock), self, G_CONNECT_SWAPPED);
}
