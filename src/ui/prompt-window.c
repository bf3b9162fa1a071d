/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/prompt-window.h"

#include "base/i18n.h"
#include "ui/keyset-password.h"
#include "ui/short-name.h"

struct _SignetPromptWindow {
  SignetPageWindow parent_instance;

  SignetPage *page;
  SignetKeysetPassword *password;
  GtkToggleButton *remember;
};

G_DEFINE_TYPE (SignetPromptWindow, signet_prompt_window, SIGNET_TYPE_PAGE_WINDOW)

enum {
  ANSWER,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
update (SignetPromptWindow *self)
{
  signet_page_set_missing (self->page, signet_keyset_password_get_missing (self->password));
}

static void
answer (SignetPromptWindow *self)
{
  if (!signet_keyset_password_get_missing (self->password))
    g_signal_emit (self, signals[ANSWER], 0);
}

SignetSecret *
signet_prompt_window_take_password (SignetPromptWindow *self)
{
  SignetSecret *password = signet_keyset_password_dup_secret (self->password);

  signet_page_set_busy (self->page, _("Checking the password…"));

  return password;
}

gboolean
signet_prompt_window_get_remember (SignetPromptWindow *self)
{
  return gtk_toggle_button_get_active (self->remember);
}

void
signet_prompt_window_refuse (SignetPromptWindow *self)
{
  signet_page_set_busy (self->page, NULL);
  signet_keyset_password_show_refused (self->password);
}

/* What would be done with the keyset, as the title of a window, and as the button that lets it happen. */
static char *
dup_title (SignetPurpose purpose, const char *keyset, const char **button)
{
  /* Translators, in all of these titles: the name of a keyset. */
  switch (purpose) {
  case SIGNET_PURPOSE_SIGN:
    *button = _("_Sign");
    return g_strdup_printf (_("Sign with “%s”"), keyset);
  case SIGNET_PURPOSE_OPEN:
    *button = _("_Open");
    return g_strdup_printf (_("Open mail with “%s”"), keyset);
  case SIGNET_PURPOSE_TEST:
    *button = _("_Test");
    return g_strdup_printf (_("Test “%s”"), keyset);
  case SIGNET_PURPOSE_RENEW:
    *button = _("_Renew");
    return g_strdup_printf (_("Renew “%s”"), keyset);
  case SIGNET_PURPOSE_REVOKE:
    *button = _("_Revoke");
    return g_strdup_printf (_("Revoke “%s”"), keyset);
  case SIGNET_PURPOSE_EXPORT:
    *button = _("_Export");
    return g_strdup_printf (_("Export “%s”"), keyset);
  }
  g_return_val_if_reached (NULL);
}

/* Off each time: the keyset's page says that it may be remembered, and this, that it shall be now. */
static void
offer_to_remember (SignetPromptWindow *self, guint minutes)
{
  g_autofree char *label = g_strdup_printf (ngettext ("Re_member for %u minute", "Re_member for %u minutes", minutes),
                                            minutes);

  gtk_button_set_label (GTK_BUTTON (self->remember), label);
  gtk_widget_set_visible (GTK_WIDGET (self->remember), minutes > 0);
}

static void
signet_prompt_window_class_init (SignetPromptWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[ANSWER] = g_signal_new ("answer", SIGNET_TYPE_PROMPT_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);

  g_type_ensure (SIGNET_TYPE_KEYSET_PASSWORD);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/prompt-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetPromptWindow, page);
  gtk_widget_class_bind_template_child (widget_class, SignetPromptWindow, password);
  gtk_widget_class_bind_template_child (widget_class, SignetPromptWindow, remember);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, answer);
  gtk_widget_class_bind_template_callback (widget_class, gtk_window_close);
}

static void
signet_prompt_window_init (SignetPromptWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  signet_page_set_focus_to (self->page, GTK_WIDGET (self->password));
}

SignetPromptWindow *
signet_prompt_window_new (const SignetPrompt *prompt)
{
  SignetPromptWindow *self = g_object_new (SIGNET_TYPE_PROMPT_WINDOW, NULL);
  const char *full_name = signet_keyset_get_name (prompt->keyset);
  const char *button = NULL;
  g_autofree char *name = signet_short_name (full_name);
  g_autofree char *title = dup_title (prompt->purpose, name, &button);
  g_autofree char *sentence = signet_prompt_dup_sentence (prompt, name);

  gtk_window_set_title (GTK_WINDOW (self), title);
  signet_page_set_description (self->page, sentence);
  signet_page_set_primary_label (self->page, button);
  signet_keyset_password_set_keyset (self->password, full_name, prompt->keyset);
  offer_to_remember (self, prompt->remember_minutes);
  update (self);
  signet_page_window_start (SIGNET_PAGE_WINDOW (self), self->page);

  return self;
}
