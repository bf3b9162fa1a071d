/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/reply-window.h"

#include "base/error.h"
#include "base/i18n.h"
#include "keyset/keyset-list.h"
#include "ui/describe-row.h"
#include "ui/level-text.h"
#include "ui/reply-level-page.h"
#include "ui/reply-offer-page.h"
#include "ui/reply-password-page.h"
#include "ui/reply-problem.h"
#include "ui/time-text.h"

struct _SignetReplyWindow {
  SignetPageWindow parent_instance;

  SignetPage *opening;
  SignetPage *problem;
  SignetReplyOfferPage *offer_page;
  SignetReplyLevelPage *level_page;
  SignetReplyPasswordPage *password_page;
  SignetPage *ready;
  HdyActionRow *keyset_row;
  HdyActionRow *address_row;

  SignetEnroller *enroller;
  SignetKeysetList *keysets;
  GBytes *message;             /* what is opened: either this */
  char *pending_id;            /* or this */
  SignetReplyOffer *offer;
  SignetWayOn way_on;          /* what the button on the page of a problem does */
};

G_DEFINE_TYPE (SignetReplyWindow, signet_reply_window, SIGNET_TYPE_PAGE_WINDOW)

enum {
  INSTALLED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static GCancellable *
get_cancellable (SignetReplyWindow *self)
{
  return signet_page_window_get_cancellable (SIGNET_PAGE_WINDOW (self));
}

static SignetPage *
get_page (SignetReplyWindow *self)
{
  return signet_page_window_get_page (SIGNET_PAGE_WINDOW (self));
}

static void
forward (SignetReplyWindow *self, gpointer page)
{
  signet_page_window_forward (SIGNET_PAGE_WINDOW (self), SIGNET_PAGE (page));
}

static void
start (SignetReplyWindow *self, gpointer page)
{
  signet_page_window_start (SIGNET_PAGE_WINDOW (self), SIGNET_PAGE (page));
}

/* --- opening --- */

static void
show_problem (SignetReplyWindow *self, const GError *error)
{
  SignetReplyProblem problem = signet_reply_problem_describe (error);

  self->way_on = problem.way_on;
  signet_page_set_icon_name (self->problem, problem.icon_name);
  signet_page_set_title (self->problem, problem.title);
  signet_page_set_description (self->problem, problem.sentence);
  signet_page_set_primary_label (self->problem, signet_way_on_get_label (problem.way_on));
  start (self, self->problem);
}

/* Level and password are offered by what keysets there are: not before that is known, be it that they cannot be
 * read. */
static void
show_offer (SignetReplyWindow *self)
{
  if (!self->offer || get_page (self) != self->opening ||
      signet_keyset_list_get_state (self->keysets) == SIGNET_LIST_LOADING)
    return;

  signet_reply_offer_page_show (self->offer_page, self->offer);
  signet_reply_level_page_offer (self->level_page, signet_reply_offer_get_keyset_name (self->offer));
  signet_reply_password_page_offer (self->password_page, signet_reply_offer_get_keyset_name (self->offer));
  start (self, self->offer_page);
}

static void
take_offer (SignetReplyWindow *self, SignetReplyOffer *offer, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (!offer) {
    show_problem (self, error);
    return;
  }

  g_set_object (&self->offer, offer);
  show_offer (self);
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
open_it (SignetReplyWindow *self)
{
  start (self, self->opening);
  if (self->message)
    signet_enroller_open_async (self->enroller, self->message, get_cancellable (self), on_message_opened, self);
  else
    signet_enroller_open_pending_async (self->enroller, self->pending_id, get_cancellable (self), on_pending_opened,
                                        self);
}

void
signet_reply_window_open_message (SignetReplyWindow *self, GBytes *message)
{
  self->message = g_bytes_ref (message);
  open_it (self);
}

void
signet_reply_window_open_pending (SignetReplyWindow *self, const char *pending_id)
{
  self->pending_id = g_strdup (pending_id);
  open_it (self);
}

/* The list knows the keysets, or has been unlocked. */
static void
on_keysets_state (SignetReplyWindow *self)
{
  if (get_page (self) == self->problem && self->way_on == SIGNET_WAY_ON_UNLOCK &&
      signet_keyset_list_get_state (self->keysets) == SIGNET_LIST_READY)
    open_it (self);
  else
    show_offer (self);
}

static void
on_way_on (SignetReplyWindow *self)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));

  if (self->way_on == SIGNET_WAY_ON_UNLOCK) {
    signet_keyset_list_unlock (self->keysets);
    return;
  }
  if (self->way_on == SIGNET_WAY_ON_TRY_AGAIN) {
    signet_keyset_list_reload (self->keysets);
    open_it (self);
    return;
  }

  if (self->way_on == SIGNET_WAY_ON_GET_ID && application)
    g_action_group_activate_action (G_ACTION_GROUP (application), "get-id", NULL);
  gtk_window_close (GTK_WINDOW (self));
}

/* --- installing --- */

static void
show_ready (SignetReplyWindow *self, SignetKeyset *keyset)
{
  SignetLevel level = signet_keyset_get_level (keyset);
  g_autofree char *date = signet_time_text_date (signet_keyset_get_expiry (keyset));
  g_autofree char *until = g_strdup_printf (_("Valid until %s"), date);
  g_autofree char *exact = signet_time_text_exact (signet_keyset_get_expiry (keyset));

  hdy_preferences_row_set_title (HDY_PREFERENCES_ROW (self->keyset_row), signet_keyset_get_name (keyset));
  hdy_action_row_set_subtitle (self->keyset_row, signet_level_get_description (level));
  hdy_action_row_set_icon_name (self->keyset_row, signet_level_get_icon (level));
  signet_describe_row (self->keyset_row);
  hdy_preferences_row_set_title (HDY_PREFERENCES_ROW (self->address_row), signet_reply_offer_get_address (self->offer));
  hdy_action_row_set_subtitle (self->address_row, until);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->address_row), exact);
  signet_describe_row (self->address_row);

  if (level == SIGNET_LEVEL_HIGH)
    signet_page_set_description (self->ready, _("It is saved in your keyring, locked by your password. Keep that "
                                                "password: nobody can reset it."));
  else
    signet_page_set_description (self->ready, _("It is saved in your keyring."));
  start (self, self->ready);
  signet_reply_password_page_accept (self->password_page);
}

/* At the field that it is about; anything else at the foot of the page, where the button waits for another try. */
static void
show_install_problem (SignetReplyWindow *self, const GError *error)
{
  gboolean on_password_page = get_page (self) == SIGNET_PAGE (self->password_page);
  gboolean is_about_name = g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_EXISTS);

  if (g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD) && on_password_page)
    signet_reply_password_page_refuse_password (self->password_page);
  else if (is_about_name && on_password_page)
    signet_reply_password_page_refuse_name (self->password_page, error->message);
  else if (is_about_name)
    signet_reply_level_page_refuse_name (self->level_page, error->message);
  else if (g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_ALREADY_INSTALLED) ||
           g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_REMOVED))
    show_problem (self, error);
  else
    signet_page_set_problem (get_page (self), error->message);
}

static void
on_installed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyset) keyset = signet_enroller_install_finish (SIGNET_ENROLLER (source), result, &error);
  SignetReplyWindow *self = data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  signet_page_set_busy (get_page (self), NULL);
  if (!keyset) {
    show_install_problem (self, error);
    return;
  }

  show_ready (self, keyset);
  g_signal_emit (self, signals[INSTALLED], 0, signet_keyset_get_id (keyset));
}

static void
install (SignetReplyWindow *self, const char *name, gboolean add, SignetLevel level, SignetSecret *password)
{
  signet_page_set_busy (get_page (self), _("Saving the digital ID…"));
  signet_enroller_install_async (self->enroller, self->offer, name, add, level, password, get_cancellable (self),
                                 on_installed, self);
}

/* A store that has been asked to write may have done so. */
static void
on_saving_cancelled (SignetReplyWindow *self)
{
  signet_page_set_problem (get_page (self), _("Cancelled. If the digital ID had been saved already, you find it in the "
                                              "list of your keysets."));
}

static void
on_offer_accepted (SignetReplyWindow *self)
{
  forward (self, self->level_page);
}

static void
on_level_chosen (SignetReplyWindow *self)
{
  SignetLevel level = signet_reply_level_page_get_level (self->level_page);
  g_autofree char *name = NULL;
  gboolean add;

  if (level == SIGNET_LEVEL_HIGH) {
    forward (self, self->password_page);
    return;
  }

  name = signet_reply_level_page_read_name (self->level_page, &add);
  if (name)
    install (self, name, add, level, NULL);
}

static void
on_password_entered (SignetReplyWindow *self)
{
  g_autofree char *name = NULL;
  g_autoptr (SignetSecret) password = NULL;
  gboolean add;

  signet_reply_password_page_read (self->password_page, &name, &add, &password);
  if (name && password)
    install (self, name, add, SIGNET_LEVEL_HIGH, password);
}

/* --- life cycle --- */

static void
signet_reply_window_dispose (GObject *object)
{
  SignetReplyWindow *self = SIGNET_REPLY_WINDOW (object);

  g_clear_object (&self->enroller);
  g_clear_object (&self->keysets);
  g_clear_object (&self->offer);

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
  signals[INSTALLED] = g_signal_new ("installed", SIGNET_TYPE_REPLY_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (SIGNET_TYPE_REPLY_OFFER_PAGE);
  g_type_ensure (SIGNET_TYPE_REPLY_LEVEL_PAGE);
  g_type_ensure (SIGNET_TYPE_REPLY_PASSWORD_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/reply-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetReplyWindow, opening);
  gtk_widget_class_bind_template_child (widget_class, SignetReplyWindow, problem);
  gtk_widget_class_bind_template_child (widget_class, SignetReplyWindow, offer_page);
  gtk_widget_class_bind_template_child (widget_class, SignetReplyWindow, level_page);
  gtk_widget_class_bind_template_child (widget_class, SignetReplyWindow, password_page);
  gtk_widget_class_bind_template_child (widget_class, SignetReplyWindow, ready);
  gtk_widget_class_bind_template_child (widget_class, SignetReplyWindow, keyset_row);
  gtk_widget_class_bind_template_child (widget_class, SignetReplyWindow, address_row);
  gtk_widget_class_bind_template_callback (widget_class, on_way_on);
  gtk_widget_class_bind_template_callback (widget_class, on_offer_accepted);
  gtk_widget_class_bind_template_callback (widget_class, on_level_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_password_entered);
  gtk_widget_class_bind_template_callback (widget_class, on_saving_cancelled);
  gtk_widget_class_bind_template_callback (widget_class, gtk_window_close);
}

static void
signet_reply_window_init (SignetReplyWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

SignetReplyWindow *
signet_reply_window_new (GtkWindow *parent, SignetEnroller *enroller)
{
  GtkApplication *application = parent ? gtk_window_get_application (parent) : NULL;
  SignetReplyWindow *self = g_object_new (SIGNET_TYPE_REPLY_WINDOW, "transient-for", parent,
                                          "application", application, NULL);

  self->enroller = g_object_ref (enroller);
  self->keysets = signet_keyset_list_new (signet_enroller_get_store (enroller));
  g_signal_connect_object (self->keysets, "notify::state", G_CALLBACK (on_keysets_state), self, G_CONNECT_SWAPPED);
  signet_reply_level_page_set_keysets (self->level_page, G_LIST_MODEL (self->keysets));
  signet_reply_password_page_set_keysets (self->password_page, G_LIST_MODEL (self->keysets));
  start (self, self->opening);

  return self;
}
