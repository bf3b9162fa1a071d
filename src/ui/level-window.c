/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/level-window.h"

#include "base/i18n.h"
#include "keyset/keyset-change.h"
#include "ui/level-chooser.h"
#include "ui/level-text.h"
#include "ui/new-password.h"
#include "ui/short-name.h"

struct _SignetLevelWindow {
  SignetKeysetWindow parent_instance;

  SignetPage *page;
  SignetLevelChooser *chooser;
  GtkRevealer *password_revealer;
  SignetKeysetPassword *password;
  GtkRevealer *new_password_revealer;
  SignetNewPassword *new_password;
};

G_DEFINE_TYPE (SignetLevelWindow, signet_level_window, SIGNET_TYPE_KEYSET_WINDOW)

static SignetLevel
get_level (SignetLevelWindow *self)
{
  return signet_keyset_get_level (signet_keyset_window_get_keyset (SIGNET_KEYSET_WINDOW (self)));
}

static gboolean
leaves_high (SignetLevelWindow *self)
{
  return get_level (self) == SIGNET_LEVEL_HIGH && signet_level_chooser_get_level (self->chooser) != SIGNET_LEVEL_HIGH;
}

static gboolean
goes_to_high (SignetLevelWindow *self)
{
  return get_level (self) != SIGNET_LEVEL_HIGH && signet_level_chooser_get_level (self->chooser) == SIGNET_LEVEL_HIGH;
}

/* What keeps the level from being changed now, or NULL. */
static const char *
find_missing (SignetLevelWindow *self)
{
  if (signet_level_chooser_get_level (self->chooser) == get_level (self))
    return _("This is its level now.");
  if (leaves_high (self))
    return signet_keyset_password_get_missing (self->password);

  return goes_to_high (self) ? signet_new_password_get_missing (self->new_password) : NULL;
}

static void
update (SignetLevelWindow *self)
{
  if (!signet_keyset_window_get_keyset (SIGNET_KEYSET_WINDOW (self)))
    return;                      /* while the template is built */

  gtk_revealer_set_reveal_child (self->password_revealer, leaves_high (self));
  gtk_revealer_set_reveal_child (self->new_password_revealer, goes_to_high (self));
  signet_page_set_missing (self->page, find_missing (self));
}

static void
signet_level_window_show_keyset (SignetKeysetWindow *window, SignetKeyset *keyset)
{
  SignetLevelWindow *self = SIGNET_LEVEL_WINDOW (window);
  g_autofree char *name = signet_short_name (signet_keyset_get_name (keyset));
  /* Translators: the name of a keyset. */
  g_autofree char *title = g_strdup_printf (_("How should “%s” be protected?"), name);

  signet_page_set_title (self->page, title);
  signet_keyset_password_set_keyset (self->password, signet_keyset_get_name (keyset), keyset);
  signet_new_password_clear (self->new_password);
  signet_level_chooser_set_level (self->chooser, signet_keyset_get_level (keyset));
  update (self);
}

static void
on_changed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyset) keyset = signet_keysets_protect_finish (SIGNET_STORE (source), result, &error);
  g_autofree char *name = keyset ? signet_short_name (signet_keyset_get_name (keyset)) : NULL;
  g_autofree char *done = NULL;

  /* Translators: the name of a keyset, and a security level, such as "High". */
  if (keyset)
    done = g_strdup_printf (_("The security level of “%s” is %s now"), name,
                            signet_level_get_title (signet_keyset_get_level (keyset)));
  signet_keyset_window_end (data, SIGNET_LEVEL_WINDOW (data)->password, done, error);
}

static void
change (SignetLevelWindow *self)
{
  SignetKeysetWindow *window = SIGNET_KEYSET_WINDOW (self);
  g_autoptr (SignetSecret) password = NULL;
  g_autoptr (SignetSecret) new_password = NULL;

  if (leaves_high (self))
    password = signet_keyset_password_dup_secret (self->password);
  if (goes_to_high (self))
    new_password = signet_new_password_dup_secret (self->new_password);
  if (find_missing (self) || !signet_keyset_window_begin (window, _("Changing the level…")))
    return;

  signet_keysets_protect_async (signet_keyset_window_get_store (window), signet_keyset_window_get_keyset (window),
                                password, signet_level_chooser_get_level (self->chooser), new_password,
                                signet_page_window_get_cancellable (SIGNET_PAGE_WINDOW (self)), on_changed,
                                g_object_ref (self));
}

static void
signet_level_window_class_init (SignetLevelWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  SIGNET_KEYSET_WINDOW_CLASS (klass)->show_keyset = signet_level_window_show_keyset;

  g_type_ensure (SIGNET_TYPE_LEVEL_CHOOSER);
  g_type_ensure (SIGNET_TYPE_KEYSET_PASSWORD);
  g_type_ensure (SIGNET_TYPE_NEW_PASSWORD);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/level-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetLevelWindow, page);
  gtk_widget_class_bind_template_child (widget_class, SignetLevelWindow, chooser);
  gtk_widget_class_bind_template_child (widget_class, SignetLevelWindow, password_revealer);
  gtk_widget_class_bind_template_child (widget_class, SignetLevelWindow, password);
  gtk_widget_class_bind_template_child (widget_class, SignetLevelWindow, new_password_revealer);
  gtk_widget_class_bind_template_child (widget_class, SignetLevelWindow, new_password);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, change);
}

static void
signet_level_window_init (SignetLevelWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  signet_page_set_focus_to (self->page, GTK_WIDGET (self->chooser));
}
