/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/rename-window.h"

#include "base/i18n.h"
#include "keyset/keyset-change.h"
#include "ui/field.h"
#include "ui/find-keyset.h"
#include "ui/short-name.h"

struct _SignetRenameWindow {
  SignetKeysetWindow parent_instance;

  SignetPage *page;
  SignetField *name_field;
  GtkEntry *name;
  SignetKeysetPassword *password;
};

G_DEFINE_TYPE (SignetRenameWindow, signet_rename_window, SIGNET_TYPE_KEYSET_WINDOW)

enum {
  RENAMED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static gboolean
needs_password (SignetRenameWindow *self)
{
  SignetKeyset *keyset = signet_keyset_window_get_keyset (SIGNET_KEYSET_WINDOW (self));

  return signet_keyset_get_level (keyset) == SIGNET_LEVEL_HIGH;
}

/* Whether another keyset has NAME; its own, spelt otherwise, is free. */
static gboolean
is_taken (SignetRenameWindow *self, const char *name)
{
  SignetKeysetWindow *window = SIGNET_KEYSET_WINDOW (self);
  g_autoptr (SignetKeyset) other = signet_find_keyset (signet_keyset_window_get_keysets (window), name);

  return other && g_strcmp0 (signet_keyset_get_id (other),
                             signet_keyset_get_id (signet_keyset_window_get_keyset (window))) != 0;
}

/* What keeps the keyset from being renamed now, or NULL. */
static const char *
find_missing (SignetRenameWindow *self, const char *name)
{
  SignetKeyset *keyset = signet_keyset_window_get_keyset (SIGNET_KEYSET_WINDOW (self));

  if (!name)
    return _("Give the keyset a name.");
  if (is_taken (self, name) || g_str_equal (name, signet_keyset_get_name (keyset)))
    return _("Enter another name.");

  return needs_password (self) ? signet_keyset_password_get_missing (self->password) : NULL;
}

static void
update (SignetRenameWindow *self)
{
  g_autofree char *name = signet_keyset_normalize_name (gtk_entry_get_text (self->name), NULL);

  if (!signet_keyset_window_get_keyset (SIGNET_KEYSET_WINDOW (self)))
    return;                      /* while the template is built */

  signet_field_set_error (self->name_field,
                          name && is_taken (self, name) ? _("Another keyset has this name.") : NULL);
  signet_page_set_missing (self->page, find_missing (self, name));
}

static void
signet_rename_window_show_keyset (SignetKeysetWindow *window, SignetKeyset *keyset)
{
  SignetRenameWindow *self = SIGNET_RENAME_WINDOW (window);
  g_autofree char *name = signet_short_name (signet_keyset_get_name (keyset));
  /* Translators: the name of a keyset. */
  g_autofree char *title = g_strdup_printf (_("Another name for “%s”"), name);

  signet_page_set_title (self->page, title);
  gtk_entry_set_text (self->name, signet_keyset_get_name (keyset));
  gtk_widget_set_visible (GTK_WIDGET (self->password), needs_password (self));
  signet_keyset_password_set_keyset (self->password, signet_keyset_get_name (keyset), keyset);
  update (self);
}

static void
on_renamed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyset) keyset = signet_keysets_rename_finish (SIGNET_STORE (source), result, &error);
  g_autofree char *name = keyset ? signet_short_name (signet_keyset_get_name (keyset)) : NULL;
  g_autofree char *done = keyset ? g_strdup_printf (_("The keyset is called “%s” now"), name) : NULL;
  SignetKeyset *former = signet_keyset_window_get_keyset (data);

  if (keyset && former)
    g_signal_emit (data, signals[RENAMED], 0, former, keyset);
  signet_keyset_window_end (data, SIGNET_RENAME_WINDOW (data)->password, done, error);
}

static void
change (SignetRenameWindow *self)
{
  SignetKeysetWindow *window = SIGNET_KEYSET_WINDOW (self);
  g_autofree char *name = signet_keyset_normalize_name (gtk_entry_get_text (self->name), NULL);
  g_autoptr (SignetSecret) password = NULL;

  if (find_missing (self, name) || !signet_keyset_window_begin (window, _("Renaming the keyset…")))
    return;

  if (needs_password (self))
    password = signet_keyset_password_dup_secret (self->password);
  signet_keysets_rename_async (signet_keyset_window_get_store (window), signet_keyset_window_get_keyset (window), name,
                               password, signet_page_window_get_cancellable (SIGNET_PAGE_WINDOW (self)), on_renamed,
                               g_object_ref (self));
}

static void
signet_rename_window_class_init (SignetRenameWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  SIGNET_KEYSET_WINDOW_CLASS (klass)->show_keyset = signet_rename_window_show_keyset;

  signals[RENAMED] = g_signal_new ("renamed", SIGNET_TYPE_RENAME_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, SIGNET_TYPE_KEYSET, SIGNET_TYPE_KEYSET);

  g_type_ensure (SIGNET_TYPE_FIELD);
  g_type_ensure (SIGNET_TYPE_KEYSET_PASSWORD);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/rename-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetRenameWindow, page);
  gtk_widget_class_bind_template_child (widget_class, SignetRenameWindow, name_field);
  gtk_widget_class_bind_template_child (widget_class, SignetRenameWindow, name);
  gtk_widget_class_bind_template_child (widget_class, SignetRenameWindow, password);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, change);
}

static void
signet_rename_window_init (SignetRenameWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  signet_page_set_focus_to (self->page, GTK_WIDGET (self->name_field));
}
