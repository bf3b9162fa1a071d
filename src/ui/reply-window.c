/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/reply-window.h"

#include "base/i18n.h"
#include "ui/install-offer-page.h"

struct _SignetReplyWindow {
  SignetInstallWindow parent_instance;

  SignetInstallOfferPage *offer_page;

  GBytes *message;             /* what is opened: either this */
  char *pending_id;            /* or this */
  SignetReplyOffer *offer;
};

G_DEFINE_TYPE (SignetReplyWindow, signet_reply_window, SIGNET_TYPE_INSTALL_WINDOW)

/* --- opening --- */

static void
show (SignetReplyWindow *self)
{
  const SignetReply *reply = signet_reply_offer_get_reply (self->offer);
  SignetOffered offered = {
    .from = signet_reply_offer_get_authority (self->offer),
    .note = _("Verified: the organization that you asked"),
    .verified = TRUE,
    .address = signet_reply_offer_get_address (self->offer),
    .signing = reply->signing,
    .encryption = g_ptr_array_index (reply->encryption, 0),
    .n_older = signet_reply_offer_count_history (self->offer),
    .server = signet_pending_get_authority_url (signet_reply_offer_get_pending (self->offer)),
  };

  signet_install_offer_page_show (self->offer_page, &offered);
  signet_install_window_offer (SIGNET_INSTALL_WINDOW (self), SIGNET_PAGE (self->offer_page),
                               signet_reply_offer_get_keyset_name (self->offer));
}

static void
take_offer (SignetReplyWindow *self, SignetReplyOffer *offer, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (!offer) {
    signet_install_window_fail (SIGNET_INSTALL_WINDOW (self), SIGNET_PROBLEM_OF_REPLY, error);
    return;
  }

  g_set_object (&self->offer, offer);
  show (self);
}

static void
on_message_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetReplyOffer) offer = signet_enroller_open_finish (SIGNET_ENROLLER (source), result, &error);

  take_offer (data, offer, error);
}

static void
on_pending_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetReplyOffer) offer = signet_enroller_open_pending_finish (SIGNET_ENROLLER (source), result, &error);

  take_offer (data, offer, error);
}

static void
signet_reply_window_open (SignetInstallWindow *window)
{
  SignetReplyWindow *self = SIGNET_REPLY_WINDOW (window);
  SignetEnroller *enroller = signet_install_window_get_enroller (window);
  GCancellable *cancellable = signet_install_window_get_cancellable (window);

  if (self->message)
    signet_enroller_open_async (enroller, self->message, cancellable, on_message_opened, self);
  else
    signet_enroller_open_pending_async (enroller, self->pending_id, cancellable, on_pending_opened, self);
}

void
signet_reply_window_open_message (SignetReplyWindow *self, GBytes *message)
{
  self->message = g_bytes_ref (message);
  signet_install_window_open (SIGNET_INSTALL_WINDOW (self));
}

void
signet_reply_window_open_pending (SignetReplyWindow *self, const char *pending_id)
{
  self->pending_id = g_strdup (pending_id);
  signet_install_window_open (SIGNET_INSTALL_WINDOW (self));
}

/* --- installing --- */

static void
on_installed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyset) keyset = signet_enroller_install_finish (SIGNET_ENROLLER (source), result, &error);
  SignetReplyWindow *self = data;

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    signet_install_window_end (data, keyset, signet_reply_offer_get_address (self->offer), SIGNET_PROBLEM_OF_REPLY,
                               error);
}

static void
signet_reply_window_install (SignetInstallWindow *window, const char *name, gboolean add, SignetLevel level,
                             SignetSecret *password)
{
  signet_enroller_install_async (signet_install_window_get_enroller (window), SIGNET_REPLY_WINDOW (window)->offer,
                                 name, add, level, password, signet_install_window_get_cancellable (window),
                                 on_installed, window);
}

/* --- life cycle --- */

static void
signet_reply_window_dispose (GObject *object)
{
  g_clear_object (&SIGNET_REPLY_WINDOW (object)->offer);

  G_OBJECT_CLASS (signet_reply_window_parent_class)->dispose (object);
}

static void
signet_reply_window_finalize (GObject *object)
{
  SignetReplyWindow *self = SIGNET_REPLY_WINDOW (object);

  g_clear_pointer (&self->message, g_bytes_unref);
  g_free (self->pending_id);

  G_OBJECT_CLASS (signet_reply_window_parent_class)->finalize (object);
}

static void
signet_reply_window_class_init (SignetReplyWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = signet_reply_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = signet_reply_window_finalize;
  SIGNET_INSTALL_WINDOW_CLASS (klass)->open = signet_reply_window_open;
  SIGNET_INSTALL_WINDOW_CLASS (klass)->install = signet_reply_window_install;

  g_type_ensure (SIGNET_TYPE_INSTALL_OFFER_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/reply-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetReplyWindow, offer_page);
  gtk_widget_class_bind_template_callback (widget_class, signet_install_window_choose_level);
}

static void
signet_reply_window_init (SignetReplyWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
