/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/message.h"

#include "base/i18n.h"

GtkWidget *
signet_message_new (GtkWindow *parent, const char *title, const char *text)
{
  GtkWidget *dialog = gtk_message_dialog_new (parent, GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
                                              GTK_MESSAGE_OTHER, GTK_BUTTONS_NONE, "%s", title);

  gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (dialog), "%s", text);
  if (parent)
    gtk_window_set_application (GTK_WINDOW (dialog), gtk_window_get_application (parent));

  return dialog;
}

GtkWidget *
signet_message_new_destructive (GtkWindow *parent, const char *title, const char *text, const char *before,
                                const char *label)
{
  GtkWidget *dialog = signet_message_new (parent, title, text);

  gtk_dialog_add_button (GTK_DIALOG (dialog), _("_Cancel"), GTK_RESPONSE_CANCEL);
  if (before)
    gtk_dialog_add_button (GTK_DIALOG (dialog), before, GTK_RESPONSE_APPLY);
  gtk_style_context_add_class (gtk_widget_get_style_context (
    gtk_dialog_add_button (GTK_DIALOG (dialog), label, GTK_RESPONSE_ACCEPT)), "destructive-action");
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), GTK_RESPONSE_CANCEL);

  return dialog;
}

void
signet_message_show (GtkWindow *parent, const char *title, const char *text)
{
  GtkWidget *dialog = signet_message_new (parent, title, text);

  gtk_dialog_add_button (GTK_DIALOG (dialog), _("_Close"), GTK_RESPONSE_CLOSE);
  g_signal_connect (dialog, "response", G_CALLBACK (gtk_widget_destroy), NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}
