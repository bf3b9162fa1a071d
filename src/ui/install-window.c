/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/install-window.h"

#include "base/error.h"
#include "base/i18n.h"
#include "ui/describe-row.h"
#include "ui/install-level-page.h"
#include "ui/install-password-page.h"
#include "ui/level-text.h"
#include "ui/time-text.h"

typedef struct {
  SignetPage *opening;
  SignetPage *problem;
  SignetInstallLevelPage *level_page;
  SignetInstallPasswordPage *password_page;
  SignetPage *ready;
  HdyActionRow *keyset_row;
  HdyActionRow *address_row;

  SignetEnroller *enroller;
  SignetKeysetList *keysets;
  SignetPage *offer_page;      /* waits until the keysets are known; not owned; or NULL */
  char *name;                  /* of the keyset that is offered */
  const char *busy;            /* what is said while it is installed: static */
  SignetWayOn way_on;          /* what the button on the page of a problem does */
} SignetInstallWindowPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (SignetInstallWindow, signet_install_window, SIGNET_TYPE_PAGE_WINDOW)

enum {
  INSTALLED,
  ADD_FILE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static SignetInstallWindowPrivate *
get (SignetInstallWindow *self)
{
  return signet_install_window_get_instance_private (self);
}

static SignetPage *
get_page (SignetInstallWindow *self)
{
  return signet_page_window_get_page (SIGNET_PAGE_WINDOW (self));
}

static void
start (SignetInstallWindow *self, gpointer page)
{
  signet_page_window_start (SIGNET_PAGE_WINDOW (self), SIGNET_PAGE (page));
}

SignetEnroller *
signet_install_window_get_enroller (SignetInstallWindow *self)
{
  return get (self)->enroller;
}

GListModel *
signet_install_window_get_keysets (SignetInstallWindow *self)
{
  return G_LIST_MODEL (get (self)->keysets);
}

GCancellable *
signet_install_window_get_cancellable (SignetInstallWindow *self)
{
  return signet_page_window_get_cancellable (SIGNET_PAGE_WINDOW (self));
}

/* --- opening --- */

void
signet_install_window_open (SignetInstallWindow *self)
{
  start (self, get (self)->opening);
  SIGNET_INSTALL_WINDOW_GET_CLASS (self)->open (self);
}

void
signet_install_window_fail (SignetInstallWindow *self, SignetProblemOf of, const GError *error)
{
  SignetInstallWindowPrivate *priv = get (self);
  SignetProblem problem = signet_problem_describe (of, error);

  priv->way_on = problem.way_on;
  signet_page_set_icon_name (priv->problem, problem.icon_name);
  signet_page_set_title (priv->problem, problem.title);
  signet_page_set_description (priv->problem, problem.sentence);
  signet_page_set_primary_label (priv->problem, signet_way_on_get_label (problem.way_on));
  start (self, priv->problem);
}

void
signet_install_window_set_name (SignetInstallWindow *self, const char *name)
{
  signet_install_level_page_offer (get (self)->level_page, name);
  signet_install_password_page_offer (get (self)->password_page, name);
}

void
signet_install_window_set_act (SignetInstallWindow *self, const char *label, const char *busy)
{
  get (self)->busy = busy;
  signet_install_level_page_set_act (get (self)->level_page, label);
  signet_page_set_primary_label (SIGNET_PAGE (get (self)->password_page), label);
}

/* Level and password are offered by what keysets there are: not before that is known, be it that they cannot be
 * read. */
static void
show_offer (SignetInstallWindow *self)
{
  SignetInstallWindowPrivate *priv = get (self);

  if (!priv->offer_page || signet_keyset_list_get_state (priv->keysets) == SIGNET_LIST_LOADING)
    return;

  signet_install_window_set_name (self, priv->name);
  start (self, g_steal_pointer (&priv->offer_page));
}

void
signet_install_window_offer (SignetInstallWindow *self, SignetPage *page, const char *name)
{
  SignetInstallWindowPrivate *priv = get (self);

  g_free (priv->name);
  priv->name = g_strdup (name);
  priv->offer_page = page;
  show_offer (self);
}

/* The list knows the keysets, or has been unlocked. */
static void
on_keysets_state (SignetInstallWindow *self)
{
  SignetInstallWindowPrivate *priv = get (self);

  if (get_page (self) == priv->problem && priv->way_on == SIGNET_WAY_ON_UNLOCK &&
      signet_keyset_list_get_state (priv->keysets) == SIGNET_LIST_READY)
    signet_install_window_open (self);
  else
    show_offer (self);
}

static void
on_way_on (SignetInstallWindow *self)
{
  SignetInstallWindowPrivate *priv = get (self);
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));

  switch (priv->way_on) {
  case SIGNET_WAY_ON_UNLOCK:
    signet_keyset_list_unlock (priv->keysets);
    return;
  case SIGNET_WAY_ON_TRY_AGAIN:
    signet_keyset_list_reload (priv->keysets);
    signet_install_window_open (self);
    return;
  case SIGNET_WAY_ON_ADD_FILE:
    g_signal_emit (self, signals[ADD_FILE], 0);
    return;
  case SIGNET_WAY_ON_GET_ID:
    if (application)
      g_action_group_activate_action (G_ACTION_GROUP (application), "get-id", NULL);
    break;
  case SIGNET_WAY_ON_CLOSE:
    break;
  }
  gtk_window_close (GTK_WINDOW (self));
}

/* --- installing --- */

static void
show_ready (SignetInstallWindow *self, SignetKeyset *keyset, const char *address)
{
  SignetInstallWindowPrivate *priv = get (self);
  SignetLevel level = signet_keyset_get_level (keyset);
  g_autofree char *date = signet_time_text_date (signet_keyset_get_expiry (keyset));
  g_autofree char *until = g_strdup_printf (_("Valid until %s"), date);
  g_autofree char *exact = signet_time_text_exact (signet_keyset_get_expiry (keyset));

  hdy_preferences_row_set_title (HDY_PREFERENCES_ROW (priv->keyset_row), signet_keyset_get_name (keyset));
  hdy_action_row_set_subtitle (priv->keyset_row, signet_level_get_description (level));
  hdy_action_row_set_icon_name (priv->keyset_row, signet_level_get_icon (level));
  signet_describe_row (priv->keyset_row);
  hdy_preferences_row_set_title (HDY_PREFERENCES_ROW (priv->address_row), address);
  hdy_action_row_set_subtitle (priv->address_row, until);
  gtk_widget_set_tooltip_text (GTK_WIDGET (priv->address_row), exact);
  signet_describe_row (priv->address_row);

  if (level == SIGNET_LEVEL_HIGH)
    signet_page_set_description (priv->ready, _("It is saved in your keyring, locked by your password. Keep that "
                                                "password: nobody can reset it."));
  else
    signet_page_set_description (priv->ready, _("It is saved in your keyring."));
  start (self, priv->ready);
  signet_install_password_page_accept (priv->password_page);
}

/* At the field that it is about; anything else at the foot of the page, where the button waits for another try. */
static void
show_install_problem (SignetInstallWindow *self, SignetProblemOf of, const GError *error)
{
  SignetInstallWindowPrivate *priv = get (self);
  gboolean on_password_page = get_page (self) == SIGNET_PAGE (priv->password_page);
  gboolean on_level_page = get_page (self) == SIGNET_PAGE (priv->level_page);
  gboolean is_about_name = g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_EXISTS);

  if (g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD) && on_password_page)
    signet_install_password_page_refuse_password (priv->password_page);
  else if (is_about_name && on_password_page)
    signet_install_password_page_refuse_name (priv->password_page, error->message);
  else if (is_about_name && on_level_page)
    signet_install_level_page_refuse_name (priv->level_page, error->message);
  else if (g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_ALREADY_INSTALLED) ||
           g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_REMOVED))
    signet_install_window_fail (self, of, error);
  else
    signet_page_set_problem (get_page (self), error->message);
}

void
signet_install_window_end (SignetInstallWindow *self, SignetKeyset *keyset, const char *address, SignetProblemOf of,
                           const GError *error)
{
  signet_page_set_busy (get_page (self), NULL);
  if (!keyset) {
    show_install_problem (self, of, error);
    return;
  }

  show_ready (self, keyset, address);
  g_signal_emit (self, signals[INSTALLED], 0, signet_keyset_get_id (keyset));
}

void
signet_install_window_install (SignetInstallWindow *self, const char *name, gboolean add, SignetLevel level,
                               SignetSecret *password)
{
  signet_page_set_busy (get_page (self), get (self)->busy);
  SIGNET_INSTALL_WINDOW_GET_CLASS (self)->install (self, name, add, level, password);
}

/* A store that has been asked to write may have done so. */
static void
on_saving_cancelled (SignetInstallWindow *self)
{
  signet_page_set_problem (get_page (self), _("Cancelled. If the digital ID had been saved already, you find it in the "
                                              "list of your keysets."));
}

void
signet_install_window_choose_level (SignetInstallWindow *self)
{
  signet_page_window_forward (SIGNET_PAGE_WINDOW (self), SIGNET_PAGE (get (self)->level_page));
}

static void
on_level_chosen (SignetInstallWindow *self)
{
  SignetInstallWindowPrivate *priv = get (self);
  SignetLevel level = signet_install_level_page_get_level (priv->level_page);
  g_autofree char *name = NULL;
  gboolean add;

  if (level == SIGNET_LEVEL_HIGH) {
    signet_page_window_forward (SIGNET_PAGE_WINDOW (self), SIGNET_PAGE (priv->password_page));
    return;
  }

  name = signet_install_level_page_read_name (priv->level_page, &add);
  if (name)
    signet_install_window_install (self, name, add, level, NULL);
}

static void
on_password_entered (SignetInstallWindow *self)
{
  g_autofree char *name = NULL;
  g_autoptr (SignetSecret) password = NULL;
  gboolean add;

  signet_install_password_page_read (get (self)->password_page, &name, &add, &password);
  if (name && password)
    signet_install_window_install (self, name, add, SIGNET_LEVEL_HIGH, password);
}

/* --- life cycle --- */

static void
signet_install_window_dispose (GObject *object)
{
  SignetInstallWindowPrivate *priv = get (SIGNET_INSTALL_WINDOW (object));

  g_clear_object (&priv->enroller);
  g_clear_object (&priv->keysets);
  g_clear_pointer (&priv->name, g_free);

  G_OBJECT_CLASS (signet_install_window_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/install-window.ui");
  gtk_widget_class_bind_template_child_private (widget_class, SignetInstallWindow, opening);
  gtk_widget_class_bind_template_child_private (widget_class, SignetInstallWindow, problem);
  gtk_widget_class_bind_template_child_private (widget_class, SignetInstallWindow, level_page);
  gtk_widget_class_bind_template_child_private (widget_class, SignetInstallWindow, password_page);
  gtk_widget_class_bind_template_child_private (widget_class, SignetInstallWindow, ready);
  gtk_widget_class_bind_template_child_private (widget_class, SignetInstallWindow, keyset_row);
  gtk_widget_class_bind_template_child_private (widget_class, SignetInstallWindow, address_row);
  gtk_widget_class_bind_template_callback (widget_class, on_way_on);
  gtk_widget_class_bind_template_callback (widget_class, on_level_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_password_entered);
  gtk_widget_class_bind_template_callback (widget_class, on_saving_cancelled);
  gtk_widget_class_bind_template_callback (widget_class, gtk_window_close);
}

static void
signet_install_window_class_init (SignetInstallWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = signet_install_window_dispose;
  signals[INSTALLED] = g_signal_new ("installed", SIGNET_TYPE_INSTALL_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[ADD_FILE] = g_signal_new ("add-file", SIGNET_TYPE_INSTALL_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);

  g_type_ensure (SIGNET_TYPE_INSTALL_LEVEL_PAGE);
  g_type_ensure (SIGNET_TYPE_INSTALL_PASSWORD_PAGE);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
signet_install_window_init (SignetInstallWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  signet_install_window_set_act (self, _("_Save Digital ID"), _("Saving the digital ID…"));
}

SignetInstallWindow *
signet_install_window_new (GType type, GtkWindow *parent, SignetEnroller *enroller)
{
  GtkApplication *application = parent ? gtk_window_get_application (parent) : NULL;
  SignetInstallWindow *self = g_object_new (type, "transient-for", parent, "application", application, NULL);
  SignetInstallWindowPrivate *priv = get (self);

  priv->enroller = g_object_ref (enroller);
  priv->keysets = signet_keyset_list_new (signet_enroller_get_store (enroller));
  g_signal_connect_object (priv->keysets, "notify::state", G_CALLBACK (on_keysets_state), self, G_CONNECT_SWAPPED);
  signet_install_level_page_set_keysets (priv->level_page, G_LIST_MODEL (priv->keysets));
  signet_install_password_page_set_keysets (priv->password_page, G_LIST_MODEL (priv->keysets));
  start (self, priv->opening);

  return self;
}
