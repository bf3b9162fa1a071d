/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/enroll-password-page.h"

#include "base/i18n.h"
#include "ui/field.h"
#include "ui/password-entry.h"

struct _SignetEnrollPasswordPage {
  SignetPage parent_instance;

  SignetField *field;
  SignetPasswordEntry *password;
  char *name;
};

G_DEFINE_TYPE (SignetEnrollPasswordPage, signet_enroll_password_page, SIGNET_TYPE_PAGE)

enum {
  NEW_NAME,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
on_changed (SignetEnrollPasswordPage *self)
{
  signet_page_set_can_continue (SIGNET_PAGE (self), !signet_password_entry_is_empty (self->password));
}

static void
on_new_name (SignetEnrollPasswordPage *self)
{
  g_signal_emit (self, signals[NEW_NAME], 0);
}

void
signet_enroll_password_page_clear (SignetEnrollPasswordPage *self)
{
  signet_password_entry_clear (self->password);
  signet_field_set_error (self->field, NULL);
  on_changed (self);
}

void
signet_enroll_password_page_set_keyset_name (SignetEnrollPasswordPage *self, const char *name)
{
  g_autofree char *title = g_strdup_printf (_("Password for “%s”"), name);

  g_free (self->name);
  self->name = g_strdup (name);
  signet_page_set_title (SIGNET_PAGE (self), title);
  signet_enroll_password_page_clear (self);
}

SignetSecret *
signet_enroll_password_page_dup_password (SignetEnrollPasswordPage *self)
{
  return signet_password_entry_dup_secret (self->password);
}

void
signet_enroll_password_page_refuse (SignetEnrollPasswordPage *self)
{
  g_autofree char *text = g_strdup_printf (_("That is not the password of “%s”."), self->name);

  signet_field_refuse (self->field, text);
}

static void
signet_enroll_password_page_grab_focus (GtkWidget *widget)
{
  gtk_widget_grab_focus (GTK_WIDGET (SIGNET_ENROLL_PASSWORD_PAGE (widget)->field));
}

static void
signet_enroll_password_page_finalize (GObject *object)
{
  g_free (SIGNET_ENROLL_PASSWORD_PAGE (object)->name);

  G_OBJECT_CLASS (signet_enroll_password_page_parent_class)->finalize (object);
}

static void
signet_enroll_password_page_class_init (SignetEnrollPasswordPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = signet_enroll_password_page_finalize;
  widget_class->grab_focus = signet_enroll_password_page_grab_focus;
  signals[NEW_NAME] = g_signal_new ("new-name", SIGNET_TYPE_ENROLL_PASSWORD_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 0);

  g_type_ensure (SIGNET_TYPE_FIELD);
  g_type_ensure (SIGNET_TYPE_PASSWORD_ENTRY);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/enroll-password-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollPasswordPage, field);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollPasswordPage, password);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_new_name);
}

static void
signet_enroll_password_page_init (SignetEnrollPasswordPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
