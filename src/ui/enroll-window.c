/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/enroll-window.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/i18n.h"
#include "keyset/keyset-list.h"
#include "ui/choose-file.h"
#include "ui/enroll-how-page.h"
#include "ui/enroll-invitation-page.h"
#include "ui/enroll-organization-page.h"
#include "ui/enroll-password-page.h"
#include "ui/enroll-typed-page.h"
#include "ui/find-keyset.h"
#include "ui/opened-file.h"
#include "ui/time-text.h"

#include <string.h>

struct _SignetEnrollWindow {
  SignetPageWindow parent_instance;

  SignetEnrollHowPage *how;
  SignetEnrollInvitationPage *invitation;
  SignetEnrollTypedPage *typed;
  SignetEnrollOrganizationPage *organization;
  SignetEnrollPasswordPage *password;
  SignetPage *sent;

  SignetEnroller *enroller;
  SignetKeysetList *keysets;
  char *keyset_name;           /* accepted on the organization's page */
  gboolean is_unlocking;       /* the desktop asks for the keyring; then the organization is accepted again */
};

G_DEFINE_TYPE (SignetEnrollWindow, signet_enroll_window, SIGNET_TYPE_PAGE_WINDOW)

static GCancellable *
get_cancellable (SignetEnrollWindow *self)
{
  return signet_page_window_get_cancellable (SIGNET_PAGE_WINDOW (self));
}

static void
forward (SignetEnrollWindow *self, gpointer page)
{
  signet_page_window_forward (SIGNET_PAGE_WINDOW (self), SIGNET_PAGE (page));
}

static SignetPage *
get_page (SignetEnrollWindow *self)
{
  return signet_page_window_get_page (SIGNET_PAGE_WINDOW (self));
}

static gboolean
is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* --- whom to trust --- */

static void
on_name_suggested (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = signet_enroller_suggest_name_finish (SIGNET_ENROLLER (source), result, &error);
  SignetEnrollWindow *self = data;

  if (is_cancelled (error))
    return;

  /* Without a look into the store (it is locked, say) the organization's own name will do: sending looks again. */
  if (!name)
    name = g_strdup (signet_authority_info_get_name (signet_enroll_organization_page_get_info (self->organization)));
  signet_enroll_organization_page_suggest_name (self->organization, name);
}

static void
on_discovered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetAuthorityInfo) info = signet_enroller_discover_finish (SIGNET_ENROLLER (source), result, &error);
  SignetEnrollWindow *self = data;

  if (is_cancelled (error))
    return;

  if (!info) {
    signet_enroll_organization_page_fail (self->organization, error);
  } else {
    signet_enroll_organization_page_show (self->organization, info);
    signet_enroller_suggest_name_async (self->enroller, signet_authority_info_get_name (info), get_cancellable (self),
                                        on_name_suggested, self);
  }
  gtk_widget_grab_focus (GTK_WIDGET (self->organization));
}

static void
discover (SignetEnrollWindow *self, SignetInvitation *invitation)
{
  signet_enroll_organization_page_wait (self->organization, invitation);
  signet_enroller_discover_async (self->enroller, invitation, get_cancellable (self), on_discovered, self);
}

static void
accept_invitation (SignetEnrollWindow *self, SignetInvitation *invitation)
{
  forward (self, self->organization);
  discover (self, invitation);
}

/* --- what the user has --- */

/* The application tells a reply from an invitation by itself, and has a window for it. */
static void
hand_over (SignetEnrollWindow *self, GFile *file)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));

  if (application)
    g_application_open (G_APPLICATION (application), &file, 1, "");
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_file_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetOpenedFile) opened = signet_opened_file_read_finish (G_FILE (source), result, &error);
  SignetEnrollWindow *self = data;

  if (is_cancelled (error))
    return;

  signet_page_set_busy (get_page (self), NULL);
  if (!opened)
    signet_page_set_problem (get_page (self), error->message);
  else if (opened->invitation)
    accept_invitation (self, opened->invitation);
  else
    hand_over (self, G_FILE (source));
}

static void
read_file (GtkWindow *window, GFile *file)
{
  SignetEnrollWindow *self = SIGNET_ENROLL_WINDOW (window);

  signet_page_window_cancel (SIGNET_PAGE_WINDOW (self));
  signet_page_set_problem (get_page (self), NULL);
  signet_opened_file_read_async (file, get_cancellable (self), on_file_read, self);
}

static void
choose_file (SignetEnrollWindow *self)
{
  signet_choose_file_to_open (GTK_WINDOW (self), _("Open a File"), read_file);
}

/* That has a window of its own. */
static void
ask_another (SignetEnrollWindow *self)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));

  if (application)
    g_action_group_activate_action (G_ACTION_GROUP (application), "request", NULL);
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_way_chosen (SignetEnrollWindow *self, SignetEnrollWay way)
{
  if (way == SIGNET_ENROLL_BY_INVITATION)
    forward (self, self->invitation);
  else if (way == SIGNET_ENROLL_BY_KEY)
    forward (self, self->typed);
  else if (way == SIGNET_ENROLL_BY_REQUEST)
    ask_another (self);
  else
    choose_file (self);
}

static void
on_invitation_pasted (SignetEnrollWindow *self)
{
  SignetInvitation *invitation = signet_enroll_invitation_page_get_invitation (self->invitation);

  if (invitation)
    accept_invitation (self, invitation);
}

static void
on_key_typed (SignetEnrollWindow *self)
{
  g_autoptr (SignetInvitation) invitation = signet_enroll_typed_page_read (self->typed);

  if (invitation)
    accept_invitation (self, invitation);
}

static void
read_dropped_text (SignetEnrollWindow *self, const char *dropped)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetSecret) text = signet_secret_new_text (dropped);
  g_autoptr (SignetInvitation) invitation = signet_opened_text_read (text, &error);

  if (invitation)
    accept_invitation (self, invitation);
  else
    signet_page_set_problem (get_page (self), error->message);
}

/* A link may come as a URI, too: reading knows "signet:". */
static void
on_drop (GtkWidget *page, GdkDragContext *context, int x, int y, GtkSelectionData *dropped, guint info, guint time,
         SignetEnrollWindow *self)
{
  g_auto (GStrv) uris = gtk_selection_data_get_uris (dropped);
  g_autofree guchar *text = uris ? NULL : gtk_selection_data_get_text (dropped);

  if (uris && uris[0]) {
    g_autoptr (GFile) file = g_file_new_for_uri (uris[0]);

    read_file (GTK_WINDOW (self), file);
  } else if (text) {
    read_dropped_text (self, (const char *) text);
    signet_wipe (text, strlen ((const char *) text));
  }
}

static void
accept_drops (gpointer page)
{
  gtk_drag_dest_set (page, GTK_DEST_DEFAULT_ALL, NULL, 0, GDK_ACTION_COPY);
  gtk_drag_dest_add_uri_targets (page);
  gtk_drag_dest_add_text_targets (page);
}

/* --- sending --- */

static void
show_sent (SignetEnrollWindow *self, SignetPending *pending)
{
  const char *problem = signet_pending_get_problem (pending);
  const char *authority = signet_pending_get_authority_name (pending);
  g_autofree char *retry = signet_time_text_retry (signet_pending_get_retry_at (pending), signet_clock_now ());
  g_autofree char *description = NULL;

  if (problem) {
    signet_page_set_icon_name (self->sent, "document-open-recent-symbolic");
    signet_page_set_title (self->sent, _("Your request is kept"));
    description = g_strdup_printf ("%s\n%s", problem, retry);
  } else {
    signet_page_set_title (self->sent, _("Request sent"));
    description = g_strdup_printf (_("%s answers by mail, usually within minutes. Open that message, or leave Signet "
                                     "running: it checks by itself."), authority);
  }
  signet_page_set_description (self->sent, description);
  signet_page_window_start (SIGNET_PAGE_WINDOW (self), self->sent);
  signet_enroll_password_page_accept (self->password);
}

static void
ask_password (SignetEnrollWindow *self)
{
  g_autoptr (SignetKeyset) keyset = signet_find_keyset (G_LIST_MODEL (self->keysets), self->keyset_name);

  signet_enroll_password_page_set_keyset (self->password, self->keyset_name, keyset);
  forward (self, self->password);
}

/* Back on the organization's page, with what went wrong at the field that it is about. */
static void
show_refused_key (SignetEnrollWindow *self, const GError *error)
{
  if (get_page (self) != SIGNET_PAGE (self->organization))
    signet_page_window_back (SIGNET_PAGE_WINDOW (self));
  signet_enroll_organization_page_refuse_key (self->organization, error->message);
}

/* Nothing can be kept in a keyring that is locked: the desktop asks the user to open it. */
static void
unlock (SignetEnrollWindow *self)
{
  signet_page_set_busy (get_page (self), _("Waiting for your keyring to be unlocked…"));
  self->is_unlocking = TRUE;
  signet_keyset_list_unlock (self->keysets);
}

static void
show_failure (SignetEnrollWindow *self, const GError *error)
{
  gboolean on_password_page = get_page (self) == SIGNET_PAGE (self->password);

  if (g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD) && on_password_page)
    signet_enroll_password_page_refuse (self->password);
  else if (g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD))
    ask_password (self);
  else if (g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_REFUSED))
    show_refused_key (self, error);
  else
    signet_page_set_problem (get_page (self), error->message);
}

static void
on_requested (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetPending) pending = signet_enroller_request_finish (SIGNET_ENROLLER (source), result, &error);
  SignetEnrollWindow *self = data;

  if (is_cancelled (error))
    return;

  signet_page_set_busy (get_page (self), NULL);
  if (pending)
    show_sent (self, pending);
  else
    show_failure (self, error);
}

static void
send_request (SignetEnrollWindow *self, SignetSecret *password)
{
  g_autoptr (SignetInvitation) invitation = signet_enroll_organization_page_read_invitation (self->organization);
  SignetAuthorityInfo *info = signet_enroll_organization_page_get_info (self->organization);

  if (!invitation)
    return;

  signet_page_set_busy (get_page (self), _("Making keys and sending the request…"));
  signet_enroller_request_async (self->enroller, invitation, info, self->keyset_name, password, get_cancellable (self),
                                 on_requested, self);
}

static void
on_keyset_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyset) keyset = signet_enroller_find_keyset_finish (SIGNET_ENROLLER (source), result, &error);
  SignetEnrollWindow *self = data;

  if (is_cancelled (error))
    return;

  if (keyset) {
    /* As the keyset writes its name, not as it was typed. */
    g_free (self->keyset_name);
    self->keyset_name = g_strdup (signet_keyset_get_name (keyset));
  }

  if (g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_LOCKED)) {
    unlock (self);
  } else if (error) {
    signet_page_set_busy (get_page (self), NULL);
    show_failure (self, error);
  } else if (keyset && signet_keyset_get_level (keyset) == SIGNET_LEVEL_HIGH) {
    signet_page_set_busy (get_page (self), NULL);
    ask_password (self);
  } else {
    send_request (self, NULL);
  }
}

/* The store is asked, not the list: what it says now decides whether a password is needed. */
static void
on_organization_accepted (SignetEnrollWindow *self)
{
  g_autofree char *name = NULL;
  g_autoptr (SignetInvitation) invitation = NULL;

  if (!signet_enroll_organization_page_get_info (self->organization)) {
    discover (self, signet_enroll_organization_page_get_invitation (self->organization));
    return;
  }

  name = signet_enroll_organization_page_read_name (self->organization);
  invitation = name ? signet_enroll_organization_page_read_invitation (self->organization) : NULL;
  if (!invitation)
    return;

  g_free (self->keyset_name);
  self->keyset_name = g_steal_pointer (&name);
  signet_page_set_busy (SIGNET_PAGE (self->organization), _("Making keys and sending the request…"));
  signet_enroller_find_keyset_async (self->enroller, self->keyset_name, get_cancellable (self), on_keyset_found, self);
}

static void
on_keysets_state (SignetEnrollWindow *self)
{
  if (!self->is_unlocking || !signet_page_is_busy (SIGNET_PAGE (self->organization)))
    return;

  self->is_unlocking = FALSE;
  signet_page_set_busy (SIGNET_PAGE (self->organization), NULL);
  if (signet_keyset_list_get_state (self->keysets) == SIGNET_LIST_FAILED)
    show_failure (self, signet_keyset_list_get_error (self->keysets));
  else
    on_organization_accepted (self);
}

static void
on_password_entered (SignetEnrollWindow *self)
{
  g_autoptr (SignetSecret) password = signet_enroll_password_page_dup_password (self->password);

  send_request (self, password);
}

/* Nobody can say whether the server has it: a request is stored before it leaves, and stays. */
static void
on_sending_cancelled (SignetEnrollWindow *self)
{
  if (self->is_unlocking) {
    self->is_unlocking = FALSE;
    return;
  }

  signet_page_set_problem (get_page (self), _("Cancelled. If the request had left already, you find it in the list of "
                                              "requests, where you can remove it."));
}

/* --- forgotten: another name --- */

static void
on_new_name_suggested (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = signet_enroller_suggest_name_finish (SIGNET_ENROLLER (source), result, &error);
  SignetEnrollWindow *self = data;

  if (is_cancelled (error))
    return;

  signet_enroll_organization_page_rename (self->organization, name ? name : self->keyset_name);
}

static void
on_new_name (SignetEnrollWindow *self)
{
  signet_page_window_back (SIGNET_PAGE_WINDOW (self));
  signet_enroller_suggest_name_async (self->enroller, self->keyset_name, get_cancellable (self), on_new_name_suggested,
                                      self);
}

/* --- life cycle --- */

static void
signet_enroll_window_dispose (GObject *object)
{
  SignetEnrollWindow *self = SIGNET_ENROLL_WINDOW (object);

  g_clear_object (&self->keysets);
  g_clear_object (&self->enroller);

  G_OBJECT_CLASS (signet_enroll_window_parent_class)->dispose (object);
}

static void
signet_enroll_window_finalize (GObject *object)
{
  g_free (SIGNET_ENROLL_WINDOW (object)->keyset_name);

  G_OBJECT_CLASS (signet_enroll_window_parent_class)->finalize (object);
}

static void
signet_enroll_window_class_init (SignetEnrollWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = signet_enroll_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = signet_enroll_window_finalize;

  g_type_ensure (SIGNET_TYPE_ENROLL_HOW_PAGE);
  g_type_ensure (SIGNET_TYPE_ENROLL_INVITATION_PAGE);
  g_type_ensure (SIGNET_TYPE_ENROLL_TYPED_PAGE);
  g_type_ensure (SIGNET_TYPE_ENROLL_ORGANIZATION_PAGE);
  g_type_ensure (SIGNET_TYPE_ENROLL_PASSWORD_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/enroll-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollWindow, how);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollWindow, invitation);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollWindow, typed);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollWindow, organization);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollWindow, password);
  gtk_widget_class_bind_template_child (widget_class, SignetEnrollWindow, sent);
  gtk_widget_class_bind_template_callback (widget_class, on_way_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_drop);
  gtk_widget_class_bind_template_callback (widget_class, choose_file);
  gtk_widget_class_bind_template_callback (widget_class, on_invitation_pasted);
  gtk_widget_class_bind_template_callback (widget_class, on_key_typed);
  gtk_widget_class_bind_template_callback (widget_class, on_organization_accepted);
  gtk_widget_class_bind_template_callback (widget_class, on_password_entered);
  gtk_widget_class_bind_template_callback (widget_class, on_new_name);
  gtk_widget_class_bind_template_callback (widget_class, on_sending_cancelled);
  gtk_widget_class_bind_template_callback (widget_class, gtk_window_close);
}

static void
signet_enroll_window_init (SignetEnrollWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  accept_drops (self->how);
  accept_drops (self->invitation);
}

SignetEnrollWindow *
signet_enroll_window_new (GtkWindow *parent, SignetEnroller *enroller, SignetInvitation *invitation)
{
  GtkApplication *application = parent ? gtk_window_get_application (parent) : NULL;
  SignetEnrollWindow *self = g_object_new (SIGNET_TYPE_ENROLL_WINDOW, "transient-for", parent,
                                           "application", application, NULL);

  self->enroller = g_object_ref (enroller);
  self->keysets = signet_keyset_list_new (signet_enroller_get_store (enroller));
  g_signal_connect_object (self->keysets, "notify::state", G_CALLBACK (on_keysets_state), self, G_CONNECT_SWAPPED);
  signet_enroll_organization_page_set_keysets (self->organization, G_LIST_MODEL (self->keysets));

  if (invitation) {
    signet_page_window_start (SIGNET_PAGE_WINDOW (self), SIGNET_PAGE (self->organization));
    discover (self, invitation);
  } else {
    signet_page_window_start (SIGNET_PAGE_WINDOW (self), SIGNET_PAGE (self->how));
  }

  return self;
}
