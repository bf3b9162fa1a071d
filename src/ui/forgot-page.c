/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/forgot-page.h"

#include "base/i18n.h"
#include "ui/describe-row.h"
#include "ui/recovery-mail.h"

#define FORGOT_PAGE "signet-forgot-page"

struct _SignetForgotPage {
  SignetPage parent_instance;

  HdyActionRow *ask_row;
  HdyActionRow *invitation_row;
  HdyActionRow *name_row;
  SignetKeyset *keyset;        /* or NULL */
};

G_DEFINE_TYPE (SignetForgotPage, signet_forgot_page, SIGNET_TYPE_PAGE)

static void
on_mail_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SignetForgotPage) self = data;
  g_autoptr (GError) error = NULL;

  if (!g_app_info_launch_default_for_uri_finish (result, &error))
    signet_page_set_problem (SIGNET_PAGE (self), _("No mail program could be opened. Write to your administrator with "
                                                   "your own, and say that you need your keys back."));
}

static void
write_mail (SignetForgotPage *self)
{
  g_autoptr (GdkAppLaunchContext) context =
    gdk_display_get_app_launch_context (gtk_widget_get_display (GTK_WIDGET (self)));
  g_autofree char *uri = signet_recovery_mail_dup_uri (self->keyset);

  gdk_app_launch_context_set_timestamp (context, gtk_get_current_event_time ());
  g_app_info_launch_default_for_uri_async (uri, G_APP_LAUNCH_CONTEXT (context), NULL, on_mail_opened,
                                           g_object_ref (self));
}

void
signet_forgot_page_open (SignetPageWindow *window, const char *name, SignetKeyset *keyset)
{
  SignetForgotPage *self = g_object_get_data (G_OBJECT (window), FORGOT_PAGE);
  g_autofree char *other = g_strdup_printf (_("Not “%s”, which stays locked. Your old mail opens again with the new "
                                              "one."), name);

  if (!self) {
    self = g_object_new (SIGNET_TYPE_FORGOT_PAGE, NULL);
    gtk_container_add (GTK_CONTAINER (window), GTK_WIDGET (self));
    g_object_set_data (G_OBJECT (window), FORGOT_PAGE, self);
  }

  g_set_object (&self->keyset, keyset);
  hdy_action_row_set_subtitle (self->name_row, other);
  signet_describe_row (self->name_row);
  signet_page_window_forward (window, SIGNET_PAGE (self));
}

static void
signet_forgot_page_dispose (GObject *object)
{
  g_clear_object (&SIGNET_FORGOT_PAGE (object)->keyset);

  G_OBJECT_CLASS (signet_forgot_page_parent_class)->dispose (object);
}

static void
signet_forgot_page_class_init (SignetForgotPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = signet_forgot_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/forgot-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetForgotPage, ask_row);
  gtk_widget_class_bind_template_child (widget_class, SignetForgotPage, invitation_row);
  gtk_widget_class_bind_template_child (widget_class, SignetForgotPage, name_row);
}

static void
signet_forgot_page_init (SignetForgotPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  signet_describe_row (self->ask_row);
  signet_describe_row (self->invitation_row);
  g_signal_connect (self, "continue", G_CALLBACK (write_mail), NULL);
}
