/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/password-window.h"

#include "base/i18n.h"
#include "keyset/keyset-change.h"
#include "ui/new-password.h"
#include "ui/short-name.h"

struct _SignetPasswordWindow {
  SignetKeysetWindow parent_instance;

  SignetPage *page;
  SignetKeysetPassword *old_password;
  SignetNewPassword *new_password;
};

G_DEFINE_TYPE (SignetPasswordWindow, signet_password_window, SIGNET_TYPE_KEYSET_WINDOW)

/* What keeps the password from being changed now, or NULL. */
static const char *
find_missing (SignetPasswordWindow *self)
{
  SignetKeyset *keyset = signet_keyset_window_get_keyset (SIGNET_KEYSET_WINDOW (self));
  g_autoptr (SignetSecret) old_password = signet_keyset_password_dup_secret (self->old_password);
  g_autoptr (SignetSecret) new_password = signet_new_password_dup_secret (self->new_password);

  if (signet_keyset_get_level (keyset) != SIGNET_LEVEL_HIGH)
    return _("This keyset has no password any more.");
  if (signet_keyset_password_get_missing (self->old_password))
    return signet_keyset_password_get_missing (self->old_password);
  if (new_password && signet_secret_equal (old_password, new_password))
    return _("The new password is the same as the old one.");

  return signet_new_password_get_missing (self->new_password);
}

static void
update (SignetPasswordWindow *self)
{
  signet_page_set_missing (self->page, find_missing (self));
}

static void
signet_password_window_show_keyset (SignetKeysetWindow *window, SignetKeyset *keyset)
{
  SignetPasswordWindow *self = SIGNET_PASSWORD_WINDOW (window);
  g_autofree char *name = signet_short_name (signet_keyset_get_name (keyset));
  /* Translators: the name of a keyset. */
  g_autofree char *title = g_strdup_printf (_("New password for “%s”"), name);

  signet_page_set_title (self->page, title);
  signet_keyset_password_set_keyset (self->old_password, signet_keyset_get_name (keyset), keyset);
  update (self);
}

static void
on_changed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyset) keyset = signet_keysets_protect_finish (SIGNET_STORE (source), result, &error);

  signet_keyset_window_end (data, SIGNET_PASSWORD_WINDOW (data)->old_password, _("Password changed"), error);
}

static void
change (SignetPasswordWindow *self)
{
  SignetKeysetWindow *window = SIGNET_KEYSET_WINDOW (self);
  g_autoptr (SignetSecret) old_password = signet_keyset_password_dup_secret (self->old_password);
  g_autoptr (SignetSecret) new_password = signet_new_password_dup_secret (self->new_password);

  if (new_password && signet_keyset_window_begin (window, _("Changing the password…")))
    signet_keysets_protect_async (signet_keyset_window_get_store (window), signet_keyset_window_get_keyset (window),
                                  old_password, SIGNET_LEVEL_HIGH, new_password,
                                  signet_page_window_get_cancellable (SIGNET_PAGE_WINDOW (self)), on_changed,
                                  g_object_ref (self));
}

static void
signet_password_window_class_init (SignetPasswordWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  SIGNET_KEYSET_WINDOW_CLASS (klass)->show_keyset = signet_password_window_show_keyset;

  g_type_ensure (SIGNET_TYPE_KEYSET_PASSWORD);
  g_type_ensure (SIGNET_TYPE_NEW_PASSWORD);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/password-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetPasswordWindow, page);
  gtk_widget_class_bind_template_child (widget_class, SignetPasswordWindow, old_password);
  gtk_widget_class_bind_template_child (widget_class, SignetPasswordWindow, new_password);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, change);
}

static void
signet_password_window_init (SignetPasswordWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  signet_page_set_focus_to (self->page, GTK_WIDGET (self->old_password));
}
