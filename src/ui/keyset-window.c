/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/keyset-window.h"

#include "base/error.h"
#include "base/i18n.h"

typedef struct {
  SignetStore *store;
  SignetKeysetList *keysets;
  SignetKeyset *keyset;        /* or NULL: all */
  gboolean is_changing;        /* a change has begun and not ended */
} SignetKeysetWindowPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (SignetKeysetWindow, signet_keyset_window, SIGNET_TYPE_PAGE_WINDOW)

enum {
  DONE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static SignetKeysetWindowPrivate *
get (SignetKeysetWindow *self)
{
  return signet_keyset_window_get_instance_private (self);
}

SignetStore *
signet_keyset_window_get_store (SignetKeysetWindow *self)
{
  return get (self)->store;
}

GListModel *
signet_keyset_window_get_keysets (SignetKeysetWindow *self)
{
  return G_LIST_MODEL (get (self)->keysets);
}

SignetKeyset *
signet_keyset_window_get_keyset (SignetKeysetWindow *self)
{
  return get (self)->keyset;
}

static void
show_keyset (SignetKeysetWindow *self, SignetKeyset *keyset)
{
  g_set_object (&get (self)->keyset, keyset);
  SIGNET_KEYSET_WINDOW_GET_CLASS (self)->show_keyset (self, keyset);
}

/* The list makes all keysets anew when it reads them again: what was typed stays unless this one is another. */
static void
on_keysets_changed (SignetKeysetWindow *self)
{
  SignetKeysetWindowPrivate *priv = get (self);
  GListModel *keysets = G_LIST_MODEL (priv->keysets);

  for (guint i = 0; priv->keyset && !priv->is_changing && i < g_list_model_get_n_items (keysets); i++) {
    g_autoptr (SignetKeyset) keyset = g_list_model_get_item (keysets, i);

    if (g_str_equal (signet_keyset_get_id (keyset), signet_keyset_get_id (priv->keyset)) &&
        !signet_keyset_equal (keyset, priv->keyset))
      show_keyset (self, keyset);
  }
}

gboolean
signet_keyset_window_begin (SignetKeysetWindow *self, const char *what)
{
  SignetKeysetWindowPrivate *priv = get (self);

  if (priv->is_changing)
    return FALSE;

  priv->is_changing = TRUE;
  signet_page_set_busy (signet_page_window_get_page (SIGNET_PAGE_WINDOW (self)), what);

  return TRUE;
}

static void
show_failure (SignetKeysetWindow *self, SignetKeysetPassword *password, const GError *error)
{
  SignetPage *page = signet_page_window_get_page (SIGNET_PAGE_WINDOW (self));

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    signet_page_set_problem (page, _("Cancelled. Nothing was changed."));
  else if (g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD) && password)
    signet_keyset_password_refuse (password);
  else
    signet_page_set_problem (page, error->message);

  if (g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_CHANGED))
    signet_keyset_list_reload (get (self)->keysets);
}

void
signet_keyset_window_end (SignetKeysetWindow *self, SignetKeysetPassword *password, const char *done,
                          const GError *error)
{
  g_autoptr (SignetKeysetWindow) reference = self;
  gboolean was_left = !gtk_widget_get_visible (GTK_WIDGET (self));

  get (self)->is_changing = FALSE;
  if (gtk_widget_in_destruction (GTK_WIDGET (self)) || !get (self)->keysets)
    return;

  signet_page_set_busy (signet_page_window_get_page (SIGNET_PAGE_WINDOW (self)), NULL);
  if (!error) {
    if (password)
      signet_keyset_password_accept (password);
    g_signal_emit (self, signals[DONE], 0, done);
  } else if (!was_left) {
    on_keysets_changed (self);                   /* meanwhile, perhaps */
    show_failure (self, password, error);
  }
  if (!error || was_left)
    gtk_widget_destroy (GTK_WIDGET (self));
}

/* Past the point of no return the change goes on, and the user is told when it is done. */
static gboolean
signet_keyset_window_delete_event (GtkWidget *widget, GdkEventAny *event)
{
  SignetKeysetWindow *self = SIGNET_KEYSET_WINDOW (widget);

  if (!get (self)->is_changing)
    return GDK_EVENT_PROPAGATE;

  signet_page_window_cancel (SIGNET_PAGE_WINDOW (self));
  gtk_widget_hide (widget);

  return GDK_EVENT_STOP;
}

static void
signet_keyset_window_dispose (GObject *object)
{
  SignetKeysetWindowPrivate *priv = get (SIGNET_KEYSET_WINDOW (object));

  g_clear_object (&priv->keysets);
  g_clear_object (&priv->store);
  g_clear_object (&priv->keyset);

  G_OBJECT_CLASS (signet_keyset_window_parent_class)->dispose (object);
}

static void
signet_keyset_window_class_init (SignetKeysetWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = signet_keyset_window_dispose;
  GTK_WIDGET_CLASS (klass)->delete_event = signet_keyset_window_delete_event;

  signals[DONE] = g_signal_new ("done", SIGNET_TYPE_KEYSET_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
signet_keyset_window_init (SignetKeysetWindow *self)
{
}

GtkWindow *
signet_keyset_window_new (GType type, GtkWindow *parent, SignetStore *store, SignetKeysetList *keysets,
                          SignetKeyset *keyset)
{
  SignetKeysetWindow *self = g_object_new (type, "transient-for", parent, "modal", TRUE,
                                           "application", gtk_window_get_application (parent), NULL);
  SignetKeysetWindowPrivate *priv = get (self);

  priv->store = g_object_ref (store);
  priv->keysets = g_object_ref (keysets);
  g_signal_connect_object (keysets, "items-changed", G_CALLBACK (on_keysets_changed), self, G_CONNECT_SWAPPED);
  if (keyset)
    show_keyset (self, keyset);
  signet_page_window_start (SIGNET_PAGE_WINDOW (self), signet_page_window_get_page (SIGNET_PAGE_WINDOW (self)));

  return GTK_WINDOW (self);
}
