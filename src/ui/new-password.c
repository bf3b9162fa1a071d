/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/new-password.h"

#include "base/i18n.h"
#include "base/limits.h"
#include "keyset/password-strength.h"
#include "ui/field.h"
#include "ui/password-entry.h"

#include <string.h>

struct _SignetNewPassword {
  GtkBox parent_instance;

  SignetField *password_field;
  SignetPasswordEntry *password;
  GtkLevelBar *bar;
  GtkLabel *word;
  GtkLabel *advice;
  SignetField *confirm_field;
  SignetPasswordEntry *confirm;
};

G_DEFINE_TYPE (SignetNewPassword, signet_new_password, GTK_TYPE_BOX)

enum {
  PROP_TITLE = 1,
};

enum {
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
update_strength (SignetNewPassword *self)
{
  g_autoptr (SignetSecret) password = signet_password_entry_dup_secret (self->password);
  g_autofree char *advice = NULL;
  SignetStrength strength = signet_password_strength (password, &advice);
  AtkObject *accessible = gtk_widget_get_accessible (GTK_WIDGET (self->bar));

  gtk_level_bar_set_value (self->bar, strength);
  gtk_label_set_label (self->word, signet_strength_to_text (strength));
  atk_object_set_description (accessible, signet_strength_to_text (strength));
  if (advice)
    gtk_label_set_label (self->advice, advice);
  else if (strength == SIGNET_STRENGTH_NONE)
    gtk_label_set_label (self->advice, _("A sentence of a few words is easy to remember and hard to guess."));
  else
    gtk_label_set_label (self->advice, _("This password is hard to guess."));
}

/* While the second is still being typed it is no mistake that it is shorter. */
static void
update_confirmation (SignetNewPassword *self)
{
  g_autoptr (SignetSecret) password = signet_password_entry_dup_secret (self->password);
  g_autoptr (SignetSecret) confirm = signet_password_entry_dup_secret (self->confirm);
  gsize length;
  const guint8 *typed = signet_secret_get (confirm, &length);
  gboolean is_beginning = length <= signet_secret_length (password) &&
                          memcmp (signet_secret_get (password, NULL), typed, length) == 0;

  signet_field_set_error (self->confirm_field, is_beginning ? NULL : _("The two passwords differ."));
}

static void
on_password_changed (SignetNewPassword *self)
{
  g_autoptr (SignetSecret) password = signet_password_entry_dup_secret (self->password);

  update_strength (self);
  update_confirmation (self);
  if (signet_secret_length (password) > SIGNET_MAX_PASSWORD)
    signet_field_set_error (self->password_field, _("This password is too long."));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_confirm_changed (SignetNewPassword *self)
{
  update_confirmation (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

SignetSecret *
signet_new_password_dup_secret (SignetNewPassword *self)
{
  g_autoptr (SignetSecret) password = signet_password_entry_dup_secret (self->password);
  g_autoptr (SignetSecret) confirm = signet_password_entry_dup_secret (self->confirm);
  gsize length = signet_secret_length (password);

  if (length == 0 || length > SIGNET_MAX_PASSWORD || !signet_secret_equal (password, confirm))
    return NULL;

  return g_steal_pointer (&password);
}

const char *
signet_new_password_get_missing (SignetNewPassword *self)
{
  if (signet_new_password_is_complete (self))
    return NULL;
  if (signet_password_entry_is_empty (self->password))
    return _("Enter a new password.");
  if (signet_password_entry_is_empty (self->confirm))
    return _("Confirm the new password.");

  return _("The new password and its confirmation differ.");
}

gboolean
signet_new_password_is_complete (SignetNewPassword *self)
{
  g_autoptr (SignetSecret) password = signet_new_password_dup_secret (self);

  return password != NULL;
}

void
signet_new_password_clear (SignetNewPassword *self)
{
  signet_password_entry_clear (self->password);
  signet_password_entry_clear (self->confirm);
}

static void
signet_new_password_grab_focus (GtkWidget *widget)
{
  gtk_widget_grab_focus (GTK_WIDGET (SIGNET_NEW_PASSWORD (widget)->password));
}

static void
signet_new_password_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  if (id == PROP_TITLE)
    signet_field_set_title (SIGNET_NEW_PASSWORD (object)->password_field, g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
signet_new_password_class_init (SignetNewPasswordClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->set_property = signet_new_password_set_property;
  widget_class->grab_focus = signet_new_password_grab_focus;
  g_object_class_install_property (G_OBJECT_CLASS (klass), PROP_TITLE,
                                   g_param_spec_string ("title", NULL, NULL, NULL,
                                                        G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
  signals[CHANGED] = g_signal_new ("changed", SIGNET_TYPE_NEW_PASSWORD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  g_type_ensure (SIGNET_TYPE_FIELD);
  g_type_ensure (SIGNET_TYPE_PASSWORD_ENTRY);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/new-password.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetNewPassword, password_field);
  gtk_widget_class_bind_template_child (widget_class, SignetNewPassword, password);
  gtk_widget_class_bind_template_child (widget_class, SignetNewPassword, bar);
  gtk_widget_class_bind_template_child (widget_class, SignetNewPassword, word);
  gtk_widget_class_bind_template_child (widget_class, SignetNewPassword, advice);
  gtk_widget_class_bind_template_child (widget_class, SignetNewPassword, confirm_field);
  gtk_widget_class_bind_template_child (widget_class, SignetNewPassword, confirm);
  gtk_widget_class_bind_template_callback (widget_class, on_password_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_confirm_changed);
}

static void
signet_new_password_init (SignetNewPassword *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
