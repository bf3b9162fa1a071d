/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/revoke-window.h"

#include "base/i18n.h"
#include "enroll/renewal.h"
#include "protocol/revocation-request.h"
#include "ui/application.h"
#include "ui/describe-row.h"
#include "ui/short-name.h"

struct _SignetRevokeWindow {
  SignetKeysetWindow parent_instance;

  SignetPage *page;
  GtkBox *reasons;
  GtkToggleButton *buttons[SIGNET_N_USER_REASONS];     /* as signet_user_reasons */
};

G_DEFINE_TYPE (SignetRevokeWindow, signet_revoke_window, SIGNET_TYPE_KEYSET_WINDOW)

static const struct {
  const char *title;
  const char *hint;
} texts[SIGNET_N_USER_REASONS] = {
  { N_("Somebody else may have my keys"), N_("The computer or a backup was lost or stolen, or somebody knows the "
                                             "password.") },
  { N_("My name or organization has changed"), N_("What the digital ID says of you is no longer right.") },
  { N_("Another digital ID has taken its place"), N_("You sign with a newer one.") },
  { N_("I do not need it any more"), N_("You have stopped using this mail address.") },
};

static SignetRevocationReason
get_reason (SignetRevokeWindow *self)
{
  guint i = 0;

  while (i + 1 < SIGNET_N_USER_REASONS && !gtk_toggle_button_get_active (self->buttons[i]))
    i++;

  return signet_user_reasons[i];
}

static void
signet_revoke_window_show_keyset (SignetKeysetWindow *window, SignetKeyset *keyset)
{
  SignetRevokeWindow *self = SIGNET_REVOKE_WINDOW (window);
  g_autofree char *name = signet_short_name (signet_keyset_get_name (keyset));
  /* Translators: the name of a keyset. */
  g_autofree char *title = g_strdup_printf (_("Revoke the digital ID of “%s”?"), name);

  signet_page_set_title (self->page, title);
}

static void
on_revoked (GObject *source, GAsyncResult *result, gpointer data)
{
  SignetKeyset *keyset = signet_keyset_window_get_keyset (data);
  g_autoptr (GError) error = NULL;
  g_autofree char *name = keyset ? signet_short_name (signet_keyset_get_name (keyset)) : NULL;
  g_autofree char *done = NULL;

  if (signet_enroller_revoke_finish (SIGNET_ENROLLER (source), result, &error))
    done = g_strdup_printf (_("The digital ID of “%s” is revoked"), name ? name : "");
  signet_keyset_window_end (data, NULL, done, error);
}

static void
revoke_keyset (SignetRevokeWindow *self)
{
  SignetKeysetWindow *window = SIGNET_KEYSET_WINDOW (self);
  SignetApplication *application = SIGNET_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));

  if (!signet_keyset_window_begin (window, _("Revoking the digital ID…")))
    return;

  signet_enroller_revoke_async (signet_application_get_enroller (application),
                                signet_keyset_window_get_keyset (window), get_reason (self), "Signet",
                                signet_application_get_prompter (application),
                                signet_page_window_get_cancellable (SIGNET_PAGE_WINDOW (self)), on_revoked,
                                g_object_ref (self));
}

static GtkWidget *
label_new (const char *text, const char *style)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", 0.0, "wrap", TRUE,
                                   "wrap-mode", PANGO_WRAP_WORD_CHAR, NULL);

  gtk_style_context_add_class (gtk_widget_get_style_context (label), style);

  return label;
}

/* The button says all that is written on it. */
static GtkToggleButton *
button_new (SignetRevokeWindow *self, guint i)
{
  GtkWidget *button = gtk_radio_button_new_from_widget (GTK_RADIO_BUTTON (self->buttons[0]));
  GtkWidget *lines = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "spacing", 3, "hexpand",
                                   TRUE, NULL);

  gtk_container_add (GTK_CONTAINER (lines), label_new (_(texts[i].title), "heading"));
  gtk_container_add (GTK_CONTAINER (lines), label_new (_(texts[i].hint), "hint"));
  gtk_container_add (GTK_CONTAINER (button), lines);
  gtk_widget_show_all (button);
  signet_describe_widget (button, _(texts[i].title), _(texts[i].hint));

  return GTK_TOGGLE_BUTTON (button);
}

static void
signet_revoke_window_class_init (SignetRevokeWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  SIGNET_KEYSET_WINDOW_CLASS (klass)->show_keyset = signet_revoke_window_show_keyset;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/revoke-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetRevokeWindow, page);
  gtk_widget_class_bind_template_child (widget_class, SignetRevokeWindow, reasons);
  gtk_widget_class_bind_template_callback (widget_class, revoke_keyset);
}

static void
signet_revoke_window_init (SignetRevokeWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < SIGNET_N_USER_REASONS; i++) {
    self->buttons[i] = button_new (self, i);
    if (i > 0) {
      GtkWidget *line = gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);

      gtk_widget_show (line);
      gtk_container_add (GTK_CONTAINER (self->reasons), line);
    }
    gtk_container_add (GTK_CONTAINER (self->reasons), GTK_WIDGET (self->buttons[i]));
  }
  signet_page_set_focus_to (self->page, GTK_WIDGET (self->buttons[0]));
  signet_page_set_destructive (self->page, TRUE);
}
