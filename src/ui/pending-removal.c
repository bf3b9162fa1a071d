/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/pending-removal.h"

#include "base/i18n.h"
#include "ui/message.h"

#define REMOVAL "signet-removal"

typedef struct {
  GtkWindow *window;             /* kept, though perhaps closed by now */
  SignetToast *toast;            /* likewise */
  SignetEnroller *enroller;
  SignetPending *pending;        /* as it was when the user was asked, or as it was removed */
} Removal;

static Removal *
removal_new (GtkWindow *window, SignetToast *toast, SignetEnroller *enroller, SignetPending *pending)
{
  Removal *self = g_new0 (Removal, 1);

  self->window = g_object_ref (window);
  self->toast = g_object_ref (toast);
  self->enroller = g_object_ref (enroller);
  self->pending = g_object_ref (pending);

  return self;
}

static void
removal_free (Removal *self)
{
  g_object_unref (self->window);
  g_object_unref (self->toast);
  g_object_unref (self->enroller);
  g_object_unref (self->pending);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Removal, removal_free)

static gboolean
is_gone (Removal *self)
{
  return gtk_widget_in_destruction (GTK_WIDGET (self->toast)) || !gtk_widget_get_realized (GTK_WIDGET (self->window));
}

static void
on_put_back (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Removal) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetPending) pending = signet_enroller_put_back_finish (self->enroller, result, &error);

  if (is_gone (self))
    return;

  if (pending)
    signet_toast_show (self->toast, _("The request is back"));
  else
    signet_message_show (self->window, _("That could not be undone"), error->message);
}

static void
put_back (gpointer data)
{
  Removal *self = data;

  signet_enroller_put_back_async (self->enroller, self->pending, NULL, on_put_back,
                                  removal_new (self->window, self->toast, self->enroller, self->pending));
}

static void
on_removed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Removal) self = data;
  g_autoptr (SignetUndo) undo = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetPending) removed = signet_enroller_remove_finish (self->enroller, result, &error);

  if (is_gone (self))
    return;

  if (!removed) {
    signet_message_show (self->window, _("The request could not be removed"), error->message);
    return;
  }

  undo = signet_undo_new (put_back, removal_new (self->window, self->toast, self->enroller, removed),
                          (GDestroyNotify) removal_free);
  signet_toast_show_undo (self->toast, _("The request was removed"), undo);
}

static void
on_response (GtkDialog *dialog, int response, gpointer data)
{
  g_autoptr (Removal) self = g_object_steal_data (G_OBJECT (dialog), REMOVAL);
  SignetEnroller *enroller = self->enroller;
  const char *id = signet_pending_get_id (self->pending);

  gtk_widget_destroy (GTK_WIDGET (dialog));
  if (response == GTK_RESPONSE_ACCEPT)
    signet_enroller_remove_async (enroller, id, NULL, on_removed, g_steal_pointer (&self));
}

void
signet_pending_removal_ask (GtkWindow *window, SignetToast *toast, SignetEnroller *enroller, SignetPending *pending)
{
  const char *authority = signet_pending_get_authority_name (pending);
  /* Translators: the authority's name. */
  g_autofree char *text = authority ? g_strdup_printf (_("A reply from %s could not be opened any more. To ask again "
                                                         "you need a new invitation."), authority)
                                    : g_strdup (_("Its private key is lost with it: a certificate that still comes "
                                                  "could not be used any more."));
  GtkWidget *dialog = signet_message_new_destructive (window, _("Remove this request?"), text, NULL,
                                                      _("_Remove Request"));

  g_object_set_data_full (G_OBJECT (dialog), REMOVAL, removal_new (window, toast, enroller, pending),
                          (GDestroyNotify) removal_free);
  g_signal_connect (dialog, "response", G_CALLBACK (on_response), NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}
