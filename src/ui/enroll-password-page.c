/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/enroll-password-page.h"

#include "base/i18n.h"
#include "ui/keyset-password.h"
#include "ui/short-name.h"

struct _SignetEnrollPasswordPage {
  SignetPage parent_instance;

  SignetKeysetPassword *password;
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
  signet_page_set_missing (SIGNET_PAGE (self), signet_keyset_password_get_missing (self->password));
}

static void
on_new_name (SignetEnrollPasswordPage *self)
{
  g_signal_emit (self, signals[NEW_NAME], 0);
}

void
signet_enroll_password_page_set_keyset (SignetEnrollPasswordPage *self, const char *name, SignetKeyset *keyset)
{
  g_autofree char *short_name = signet_short_name (name);
  g_autofree char *title = g_strdup_printf (_("Password for “%s”"), short_name);

  signet_page_set_title (SIGNET_PAGE (self), title);
  signet_keyset_password_set_keyset (self->password, name, keyset);
  on_changed (self);
}

SignetSecret *
signet_enroll_password_page_dup_password (SignetEnrollPasswordPage *self)
{
  return signet_keyset_password_dup_secret (self->password);
}

void
signet_enroll_password_page_refuse (SignetEnrollPasswordPage *self)
{
  signet_keyset_password_refuse (self->password);
}

void
signet_enroll_password_page_accept (SignetEnrollPasswordPage *self)
{
  signet_keyset_password_accept (self->password);
}

static void
signet_enroll_password_page_grab_focus (GtkWidget *widget)
{
  gtk_widget_grab_focus (GTK_WIDGET (SIGNET_ENROLL_PASSWORD_PAGE (widget)->password));
}

static void
signet_enroll_password_page_class_init (SignetEnrollPasswordPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->grab_focus = signet_enroll_password_page_grab_focus;
  signals[NEW_NAME] = g_signal_new ("new-name", SIGNET_TYPE_ENROLL_PASSWORD_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 0);

  g_type_ensure (SIGNET_TYPE_KEYSET_PASSWORD);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/enroll-password-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollPasswordPage, password);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_new_name);
}

static void
signet_enroll_password_page_init (SignetEnrollPasswordPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
