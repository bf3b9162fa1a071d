/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/remember-window.h"

#include "base/i18n.h"
#include "keyset/keyset-change.h"
#include "ui/remember-text.h"
#include "ui/short-name.h"

static const guint offered[] = { 0, 5, 10, 30, 60 };      /* minutes */

#define OTHER G_N_ELEMENTS (offered)                      /* what was chosen in a terminal */

struct _SignetRememberWindow {
  SignetKeysetWindow parent_instance;

  SignetPage *page;
  GtkBox *choices;
  SignetKeysetPassword *password;
  GtkToggleButton *buttons[OTHER + 1];
  guint other;
};

G_DEFINE_TYPE (SignetRememberWindow, signet_remember_window, SIGNET_TYPE_KEYSET_WINDOW)

static SignetKeyset *
get_keyset (SignetRememberWindow *self)
{
  return signet_keyset_window_get_keyset (SIGNET_KEYSET_WINDOW (self));
}

static guint
get_minutes (SignetRememberWindow *self)
{
  for (guint i = 0; i < OTHER; i++)
    if (gtk_toggle_button_get_active (self->buttons[i]))
      return offered[i];

  return self->other;
}

/* What keeps it from being changed now, or NULL. */
static const char *
find_missing (SignetRememberWindow *self)
{
  if (signet_keyset_get_level (get_keyset (self)) != SIGNET_LEVEL_HIGH)
    return _("At this level there is no password.");
  if (get_minutes (self) == signet_keyset_get_remember (get_keyset (self)))
    return _("This is how it is now.");

  return signet_keyset_password_get_missing (self->password);
}

static void
update (SignetRememberWindow *self)
{
  if (get_keyset (self))
    signet_page_set_missing (self->page, find_missing (self));
}

static void
choose (SignetRememberWindow *self, guint minutes)
{
  g_autofree char *label = signet_remember_text_dup_minutes (minutes);
  guint chosen = 0;

  while (chosen < OTHER && offered[chosen] != minutes)
    chosen++;
  self->other = minutes;
  gtk_button_set_label (GTK_BUTTON (self->buttons[OTHER]), label);
  gtk_widget_set_visible (GTK_WIDGET (self->buttons[OTHER]), chosen == OTHER);
  gtk_toggle_button_set_active (self->buttons[chosen], TRUE);
  signet_page_set_focus_to (self->page, GTK_WIDGET (self->buttons[chosen]));
}

static void
signet_remember_window_show_keyset (SignetKeysetWindow *window, SignetKeyset *keyset)
{
  SignetRememberWindow *self = SIGNET_REMEMBER_WINDOW (window);
  g_autofree char *name = signet_short_name (signet_keyset_get_name (keyset));
  /* Translators: the name of a keyset. */
  g_autofree char *title = g_strdup_printf (_("Remember the password of “%s”?"), name);

  signet_page_set_title (self->page, title);
  signet_keyset_password_set_keyset (self->password, signet_keyset_get_name (keyset), keyset);
  choose (self, signet_keyset_get_remember (keyset));
  update (self);
}

static void
on_changed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyset) keyset = signet_keysets_allow_remembering_finish (SIGNET_STORE (source), result, &error);
  guint minutes = keyset ? signet_keyset_get_remember (keyset) : 0;
  g_autofree char *done = NULL;

  if (minutes > 0)
    done = g_strdup_printf (ngettext ("The password may be remembered for %u minute",
                                      "The password may be remembered for %u minutes", minutes), minutes);
  else if (keyset)
    done = g_strdup (_("The password is not remembered any more"));
  signet_keyset_window_end (data, SIGNET_REMEMBER_WINDOW (data)->password, done, error);
}

static void
change (SignetRememberWindow *self)
{
  SignetKeysetWindow *window = SIGNET_KEYSET_WINDOW (self);
  g_autoptr (SignetSecret) password = signet_keyset_password_dup_secret (self->password);

  if (find_missing (self) || !signet_keyset_window_begin (window, _("Checking the password…")))
    return;

  signet_keysets_allow_remembering_async (signet_keyset_window_get_store (window), get_keyset (self),
                                          get_minutes (self), password,
                                          signet_page_window_get_cancellable (SIGNET_PAGE_WINDOW (self)), on_changed,
                                          g_object_ref (self));
}

static void
signet_remember_window_class_init (SignetRememberWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  SIGNET_KEYSET_WINDOW_CLASS (klass)->show_keyset = signet_remember_window_show_keyset;

  g_type_ensure (SIGNET_TYPE_KEYSET_PASSWORD);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/remember-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetRememberWindow, page);
  gtk_widget_class_bind_template_child (widget_class, SignetRememberWindow, choices);
  gtk_widget_class_bind_template_child (widget_class, SignetRememberWindow, password);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, change);
}

static void
signet_remember_window_init (SignetRememberWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  for (guint i = 0; i <= OTHER; i++) {
    g_autofree char *label = signet_remember_text_dup_minutes (i < OTHER ? offered[i] : 0);
    GtkWidget *button = gtk_radio_button_new_from_widget (GTK_RADIO_BUTTON (self->buttons[0]));

    gtk_button_set_label (GTK_BUTTON (button), label);
    g_signal_connect_swapped (button, "toggled", G_CALLBACK (update), self);
    gtk_widget_set_visible (button, i < OTHER);
    gtk_container_add (GTK_CONTAINER (self->choices), button);
    self->buttons[i] = GTK_TOGGLE_BUTTON (button);
  }
}
