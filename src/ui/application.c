/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/application.h"

#include "base/i18n.h"
#include "config.h"
#include "enroll/file-request.h"
#include "keyset/keyset-memory.h"
#include "keyset/mail-defaults-file.h"
#include "keyset/mail-settings.h"
#include "keyset/secret-service-store.h"
#include "ui/about.h"
#include "ui/certificate-window.h"
#include "ui/choose-file.h"
#include "ui/enroll-window.h"
#include "ui/import-window.h"
#include "ui/known-authority.h"
#include "ui/main-window.h"
#include "ui/message.h"
#include "ui/notifier.h"
#include "ui/opened-file.h"
#include "ui/prompter.h"
#include "ui/reply-window.h"
#include "ui/request-window.h"
#include "ui/restore-window.h"
#include "ui/session-watch.h"
#include "ui/settings-window.h"
#include "ui/style.h"

#include <handy.h>

#define RESOURCES "/io/github/signetmail/Signet/"
#define INSTALLED_ID "signet-installed-id"
#define PENDING_ID "signet-pending-id"

struct _SignetApplication {
  GtkApplication parent_instance;

  SignetEnroller *enroller;
  SignetKeysetList *keysets;
  SignetPendingList *pending;
  SignetNotifier *notifier;
  SignetPrompter *prompter;
  SignetMailSettings *settings;
  SignetSessionWatch *session;
  SignetRenewer *renewer;
  GtkWindow *shortcuts;
};

G_DEFINE_TYPE (SignetApplication, signet_application, GTK_TYPE_APPLICATION)

SignetEnroller *
signet_application_get_enroller (SignetApplication *self)
{
  if (!self->enroller) {
    g_autoptr (SignetStore) store = signet_secret_service_store_new ();

    self->enroller = signet_enroller_new (store);
  }

  return self->enroller;
}

/* What was remembered of a keyset that is another now, or gone, is of no use any more. */
static void
on_keysets_changed (GListModel *keysets)
{
  signet_keyset_memory_keep_only (signet_keyset_memory_get (), keysets);
}

SignetKeysetList *
signet_application_get_keysets (SignetApplication *self)
{
  if (!self->keysets) {
    self->keysets = signet_keyset_list_new (signet_enroller_get_store (signet_application_get_enroller (self)));
    g_signal_connect (self->keysets, "items-changed", G_CALLBACK (on_keysets_changed), NULL);
  }

  return self->keysets;
}

SignetPendingList *
signet_application_get_pending (SignetApplication *self)
{
  if (!self->pending) {
    self->pending = signet_pending_list_new (signet_application_get_enroller (self));
    self->notifier = signet_notifier_new (G_APPLICATION (self), self->pending);
  }

  return self->pending;
}

SignetPrompter *
signet_application_get_prompter (SignetApplication *self)
{
  return self->prompter;
}

SignetRenewer *
signet_application_get_renewer (SignetApplication *self)
{
  if (!self->renewer)
    self->renewer = signet_renewer_new (G_APPLICATION (self), signet_application_get_enroller (self),
                                        signet_application_get_keysets (self), self->prompter);

  return self->renewer;
}

static GtkWindow *
find_window (SignetApplication *self, GType type)
{
  for (GList *window = gtk_application_get_windows (GTK_APPLICATION (self)); window; window = window->next)
    if (G_TYPE_CHECK_INSTANCE_TYPE (window->data, type))
      return window->data;

  return NULL;
}

/* On the screen when this returns. */
static GtkWindow *
present_main_window (SignetApplication *self)
{
  GtkWindow *window = find_window (self, SIGNET_TYPE_MAIN_WINDOW);

  if (!window)
    window = GTK_WINDOW (signet_main_window_new (self));
  gtk_window_present (window);

  return window;
}

/* The program lives as long as one of its windows. */
static void
present (SignetApplication *self, gpointer window)
{
  gtk_application_add_window (GTK_APPLICATION (self), window);
  gtk_window_present (window);
}

static void
get_id (SignetApplication *self, SignetInvitation *invitation)
{
  GtkWindow *window = find_window (self, SIGNET_TYPE_ENROLL_WINDOW);
  GtkWindow *parent;

  if (window && !invitation) {
    gtk_window_present (window);
    return;
  }

  parent = present_main_window (self);
  present (self, signet_enroll_window_new (parent, signet_application_get_enroller (self), invitation));
}

static void
on_installed (SignetInstallWindow *window, const char *keyset_id)
{
  g_object_set_data_full (G_OBJECT (window), INSTALLED_ID, g_strdup (keyset_id), g_free);
}

/* The window has said that the digital ID is ready; when it has been closed, the list shows it. */
static void
on_install_window_destroy (GtkWidget *window, SignetApplication *self)
{
  const char *keyset_id = g_object_get_data (G_OBJECT (window), INSTALLED_ID);
  GtkWindow *main_window = find_window (self, SIGNET_TYPE_MAIN_WINDOW);

  if (keyset_id && main_window)
    signet_main_window_show_installed (SIGNET_MAIN_WINDOW (main_window), keyset_id);
}

static gpointer
present_install_window (SignetApplication *self, GType type)
{
  GtkWindow *parent = present_main_window (self);
  SignetInstallWindow *window = signet_install_window_new (type, parent, signet_application_get_enroller (self));

  g_signal_connect (window, "installed", G_CALLBACK (on_installed), NULL);
  g_signal_connect_object (window, "destroy", G_CALLBACK (on_install_window_destroy), self, 0);
  present (self, window);

  return window;
}

/* The request of that id when it was saved as a file; or NULL. */
static SignetPending *
find_file_request (SignetApplication *self, const char *pending_id)
{
  GListModel *list = G_LIST_MODEL (signet_application_get_pending (self));

  for (guint i = 0; i < g_list_model_get_n_items (list); i++) {
    g_autoptr (SignetPending) pending = g_list_model_get_item (list, i);

    if (signet_pending_get_state (pending) == SIGNET_PENDING_CERTIFICATE &&
        g_str_equal (signet_pending_get_id (pending), pending_id))
      return g_steal_pointer (&pending);
  }

  return NULL;
}

void
signet_application_open_pending (SignetApplication *self, const char *pending_id)
{
  g_autoptr (SignetPending) file_request = find_file_request (self, pending_id);
  gpointer window;

  if (signet_pending_list_is_renewal (signet_application_get_pending (self), pending_id)) {
    signet_renewer_finish (signet_application_get_renewer (self), pending_id);
    return;
  }
  for (GList *open = gtk_application_get_windows (GTK_APPLICATION (self)); open; open = open->next)
    if (g_strcmp0 (g_object_get_data (open->data, PENDING_ID), pending_id) == 0) {
      gtk_window_present (open->data);
      return;
    }

  window = present_install_window (self, file_request ? SIGNET_TYPE_REQUEST_WINDOW : SIGNET_TYPE_REPLY_WINDOW);
  g_object_set_data_full (G_OBJECT (window), PENDING_ID, g_strdup (pending_id), g_free);
  if (file_request)
    signet_request_window_show (window, file_request);
  else
    signet_reply_window_open_pending (window, pending_id);
}

/* The name of a file is shown; a link is not, for it holds a temporary key. */
static char *
dup_display_name (GFile *file)
{
  g_autofree char *name = g_file_has_uri_scheme (file, "signet") ? NULL : g_file_get_basename (file);

  return name ? g_filename_display_name (name) : NULL;
}

static void
show_certificate (SignetApplication *self, SignetCertificate *certificate, GPtrArray *chain)
{
  SignetCertificateWindow *window = signet_certificate_window_new (find_window (self, SIGNET_TYPE_MAIN_WINDOW),
                                                                   certificate, chain);
  g_autoptr (GPtrArray) issuers = signet_known_authority_find (G_LIST_MODEL (signet_application_get_keysets (self)),
                                                               certificate, chain);

  if (issuers)
    signet_certificate_window_trust (window, issuers);
  present (self, GTK_WIDGET (window));
}

typedef struct {
  SignetApplication *application;
  SignetCertificate *certificate;
  GPtrArray *chain, *certificates;
} Certificates;

static void
certificates_free (Certificates *self)
{
  g_application_release (G_APPLICATION (self->application));
  g_object_unref (self->application);
  signet_certificate_unref (self->certificate);
  g_ptr_array_unref (self->chain);
  g_ptr_array_unref (self->certificates);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Certificates, certificates_free)

/* A certificate that nobody waits for is shown, also when it cannot be told whether somebody does. */
static void
on_request_found (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Certificates) opened = data;
  g_autoptr (SignetPending) pending = signet_enroller_find_file_finish (SIGNET_ENROLLER (source), result, NULL);
  SignetApplication *self = opened->application;

  if (pending)
    signet_import_window_open_certificates (present_install_window (self, SIGNET_TYPE_IMPORT_WINDOW), pending,
                                            opened->certificates);
  else
    show_certificate (self, opened->certificate, opened->chain);
}

static void
open_certificates (SignetApplication *self, SignetOpenedFile *file)
{
  Certificates *opened = g_new0 (Certificates, 1);

  g_application_hold (G_APPLICATION (self));
  opened->application = g_object_ref (self);
  opened->certificate = signet_certificate_ref (file->certificate);
  opened->chain = g_ptr_array_ref (file->chain);
  opened->certificates = g_ptr_array_ref (file->certificates);
  signet_enroller_find_file_async (signet_application_get_enroller (self), opened->certificates, NULL,
                                   on_request_found, opened);
}

static void
show_opened (SignetApplication *self, GFile *file, SignetOpenedFile *opened)
{
  g_autofree char *name = dup_display_name (file);

  if (opened->invitation)
    get_id (self, opened->invitation);
  else if (opened->message)
    signet_reply_window_open_message (present_install_window (self, SIGNET_TYPE_REPLY_WINDOW), opened->message);
  else if (opened->keys)
    signet_import_window_open (present_install_window (self, SIGNET_TYPE_IMPORT_WINDOW), name, opened->keys);
  else if (opened->backup)
    present (self, signet_restore_window_new (present_main_window (self), signet_application_get_enroller (self),
                                              opened->backup));
  else
    open_certificates (self, opened);
}

static void
show_unreadable (SignetApplication *self, GFile *file, const GError *error)
{
  g_autofree char *name = dup_display_name (file);
  g_autofree char *title = name ? g_strdup_printf (_("“%s” could not be opened"), name)
                                : g_strdup (_("The link could not be opened"));

  signet_message_show (present_main_window (self), title, error->message);
}

static void
on_file_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SignetApplication) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetOpenedFile) opened = signet_opened_file_read_finish (G_FILE (source), result, &error);

  if (opened)
    show_opened (self, G_FILE (source), opened);
  else
    show_unreadable (self, G_FILE (source), error);
  g_application_release (G_APPLICATION (self));
}

void
signet_application_open_file (SignetApplication *self, GFile *file)
{
  g_application_hold (G_APPLICATION (self));
  signet_opened_file_read_async (file, NULL, on_file_read, g_object_ref (self));
}

static void
on_get_id (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  get_id (self, NULL);
}

static void
open_chosen (GtkWindow *window, GFile *file)
{
  signet_application_open_file (SIGNET_APPLICATION (gtk_window_get_application (window)), file);
}

static void
on_open (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  signet_choose_file_to_open (present_main_window (self), _("Open a File"), open_chosen);
}

static void
on_request (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  signet_install_window_open (present_install_window (self, SIGNET_TYPE_REQUEST_WINDOW));
}

static void
on_restore (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  signet_choose_file_to_open (present_main_window (self), _("Open a Backup"), open_chosen);
}

static void
on_open_pending (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  signet_application_open_pending (self, g_variant_get_string (parameter, NULL));
}

/* Kept when it is closed: GTK 3.24 complains when assistive technologies look at the labels of one that was
 * destroyed. */
static GtkWindow *
get_shortcuts (SignetApplication *self)
{
  if (!self->shortcuts) {
    g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource (RESOURCES "shortcuts.ui");

    self->shortcuts = GTK_WINDOW (g_object_ref (gtk_builder_get_object (builder, "shortcuts")));
    g_signal_connect (self->shortcuts, "delete-event", G_CALLBACK (gtk_widget_hide_on_delete), NULL);
  }

  return self->shortcuts;
}

static void
on_shortcuts (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SignetApplication *self = user_data;

  gtk_window_set_transient_for (get_shortcuts (self), present_main_window (self));
  gtk_window_present (self->shortcuts);
}

static SignetMailSettings *
get_settings (SignetApplication *self)
{
  if (!self->settings) {
    g_autofree char *path = signet_mail_defaults_file_get_path ();

    self->settings = signet_mail_settings_new (path);
  }

  return self->settings;
}

/* It begins with the address of the keyset that shows. */
static void
on_settings (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SignetApplication *self = user_data;
  GtkWindow *window = find_window (self, SIGNET_TYPE_SETTINGS_WINDOW);
  GtkWindow *parent = present_main_window (self);
  SignetKeyset *keyset = signet_main_window_get_keyset (SIGNET_MAIN_WINDOW (parent));
  g_auto (GStrv) addresses = keyset ? signet_keyset_dup_addresses (keyset) : NULL;

  if (!window)
    window = signet_settings_window_new (parent, signet_application_get_keysets (self), get_settings (self),
                                         addresses ? addresses[0] : NULL);
  present (self, window);
}

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  signet_about_show (present_main_window (self));
}

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  g_application_quit (self);
}

static void
on_renew (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  present_main_window (self);
  signet_renewer_renew_by_id (signet_application_get_renewer (self), g_variant_get_string (parameter, NULL));
}

static const GActionEntry actions[] = {
  { "get-id", on_get_id },
  { "open", on_open },
  { "request", on_request },
  { "restore", on_restore },
  { "open-pending", on_open_pending, "s" },
  { "settings", on_settings },
  { "renew", on_renew, "s" },
  { "shortcuts", on_shortcuts },
  { "about", on_about },
  { "quit", on_quit },
};

static const struct {
  const char *action;
  const char *keys[2];
} accelerators[] = {
  { "app.get-id", { "<Primary>n", NULL } },
  { "app.open", { "<Primary>o", NULL } },
  { "app.settings", { "<Primary>comma", NULL } },
  { "app.shortcuts", { "<Primary>question", NULL } },
  { "app.quit", { "<Primary>q", NULL } },
  { "win.close", { "<Primary>w", NULL } },
  { "win.find", { "<Primary>f", NULL } },
  { "win.undo", { "<Primary>z", NULL } },
  { "win.menu", { "F10", NULL } },
  { "keyset.change-password", { "<Primary>p", NULL } },
  { "keyset.change-level", { "<Primary>l", NULL } },
  { "keyset.test", { "<Primary>t", NULL } },
  { "keyset.rename", { "F2", NULL } },
  { "keyset.remove", { "Delete", NULL } },
};

/* "Back" points to where one came from. */
static void
add_back_accelerator (GtkApplication *application)
{
  const gboolean rtl = gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL;
  const char *keys[] = { rtl ? "<Alt>Right" : "<Alt>Left", NULL };

  gtk_application_set_accels_for_action (application, "win.back", keys);
}

static void
signet_application_startup (GApplication *application)
{
  G_APPLICATION_CLASS (signet_application_parent_class)->startup (application);

  /* The store is being read while the window is made. */
  signet_application_get_keysets (SIGNET_APPLICATION (application));
  hdy_init ();
  signet_style_set_up ();
  SIGNET_APPLICATION (application)->session = signet_session_watch_new (signet_keyset_memory_get ());

  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions), application);
  for (guint i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), accelerators[i].action,
                                           accelerators[i].keys);
  add_back_accelerator (GTK_APPLICATION (application));
}

static void
signet_application_activate (GApplication *application)
{
  present_main_window (SIGNET_APPLICATION (application));
}

static void
signet_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  for (int i = 0; i < n_files; i++)
    signet_application_open_file (SIGNET_APPLICATION (application), files[i]);
}

/* What was set a moment ago is on its way to the disk. */
static void
signet_application_shutdown (GApplication *application)
{
  SignetApplication *self = SIGNET_APPLICATION (application);

  signet_keyset_memory_forget_all (signet_keyset_memory_get ());
  while (self->settings && signet_mail_settings_is_busy (self->settings))
    g_main_context_iteration (NULL, TRUE);

  G_APPLICATION_CLASS (signet_application_parent_class)->shutdown (application);
}

static void
signet_application_finalize (GObject *object)
{
  SignetApplication *self = SIGNET_APPLICATION (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->shortcuts);
  g_clear_object (&self->notifier);
  g_clear_object (&self->pending);
  g_clear_object (&self->session);
  g_clear_object (&self->renewer);
  g_clear_object (&self->prompter);
  g_clear_object (&self->keysets);
  g_clear_object (&self->enroller);

  G_OBJECT_CLASS (signet_application_parent_class)->finalize (object);
}

static void
signet_application_class_init (SignetApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = signet_application_finalize;
  application_class->startup = signet_application_startup;
  application_class->activate = signet_application_activate;
  application_class->open = signet_application_open;
  application_class->shutdown = signet_application_shutdown;
}

static void
signet_application_init (SignetApplication *self)
{
  self->prompter = signet_window_prompter_new (GTK_APPLICATION (self));
}

SignetApplication *
signet_application_new (void)
{
  return g_object_new (SIGNET_TYPE_APPLICATION,
                       "application-id", APPLICATION_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", "/io/github/signetmail/Signet",
                       NULL);
}
