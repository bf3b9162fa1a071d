/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/main-window.h"

#include "base/error.h"
#include "base/i18n.h"
#include "ui/certificate-window.h"
#include "ui/describe-row.h"
#include "ui/keyset-actions.h"
#include "ui/keysets-view.h"
#include "ui/message.h"
#include "ui/pending-removal.h"
#include "ui/style.h"
#include "ui/toast.h"

#define SPINNER_DELAY 500       /* ms: the store answers sooner as a rule, and a spinner that flashes disturbs */
#define REFRESH_INTERVAL 30     /* seconds: for texts such as "10 minutes ago" */

struct _SignetMainWindow {
  HdyApplicationWindow parent_instance;

  GtkStack *stack;               /* "plain", "keysets" */
  GtkStack *plain_stack;         /* "blank", "loading", "status" */
  HdyStatusPage *status_page;
  GtkButton *status_button;
  GtkWidget *file_button;
  GtkMenuButton *plain_menu_button;
  GMenuModel *main_menu;
  SignetToast *toast;

  SignetKeysetList *keysets;     /* NULL until the window is on the screen */
  SignetPendingList *pending;
  SignetKeysetsView *view;       /* likewise */
  SignetKeysetActions *actions;  /* on the keyset that shows; likewise */
  guint idle;
  guint spinner_timer;
  guint refresh_timer;
};

G_DEFINE_TYPE (SignetMainWindow, signet_main_window, HDY_TYPE_APPLICATION_WINDOW)

static SignetApplication *
get_application (SignetMainWindow *self)
{
  return SIGNET_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));
}

static void
show_plain (SignetMainWindow *self, const char *page)
{
  gtk_stack_set_visible_child_name (self->stack, "plain");
  gtk_stack_set_visible_child_name (self->plain_stack, page);
}

/* A page with one thing to do.  The link to open a file instead only goes with a digital ID that is not there yet. */
static void
show_status (SignetMainWindow *self, const char *icon, const char *title, const char *text, const char *button,
             const char *action)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);

  hdy_status_page_set_icon_name (self->status_page, icon);
  hdy_status_page_set_title (self->status_page, title);
  hdy_status_page_set_description (self->status_page, markup);
  signet_describe_widget (GTK_WIDGET (self->status_page), title, text);
  gtk_button_set_label (self->status_button, button);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->status_button), action);
  gtk_widget_set_visible (self->file_button, g_str_equal (action, "app.get-id"));

  show_plain (self, "status");
}

static void
show_failure (SignetMainWindow *self, const GError *error)
{
  if (g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_LOCKED))
    show_status (self, "signet-level-high-symbolic", _("Your keyring is locked"),
                 _("Digital IDs are kept in the keyring of your desktop. Unlock it to see them."), _("_Unlock"),
                 "win.unlock");
  else if (g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_NO_STORE))
    show_status (self, "dialog-warning-symbolic", _("No keyring found"),
                 _("Signet keeps digital IDs in the keyring of your desktop, and none is running. Install and start "
                   "one, such as GNOME Keyring or KWallet, and try again."), _("_Try Again"), "win.reload");
  else
    show_status (self, "dialog-warning-symbolic", _("The keyring could not be read"), error->message, _("_Try Again"),
                 "win.reload");
}

static void
show_empty (SignetMainWindow *self, guint damaged)
{
  if (damaged > 0)
    show_status (self, "dialog-warning-symbolic", _("Your keysets cannot be read"),
                 _("They are damaged, or were written by a newer Signet."), _("_Get a Digital ID"), "app.get-id");
  else
    show_status (self, "signet-ring-symbolic", _("No digital IDs yet"),
                 _("A digital ID signs your mail, so that others know it is from you, and opens mail that only you "
                   "may read."),
                 _("_Get a Digital ID"), "app.get-id");
}

static void
show_keysets (SignetMainWindow *self, guint damaged)
{
  signet_keysets_view_set_damaged (self->view, damaged);
  gtk_stack_set_visible_child_name (self->stack, "keysets");
}

static void
update_state (SignetMainWindow *self)
{
  SignetListState state = signet_keyset_list_get_state (self->keysets);
  guint damaged = signet_keyset_list_get_damaged (self->keysets);

  if (state == SIGNET_LIST_LOADING)
    return;                      /* what shows stays; the spinner has a timer of its own */

  g_clear_handle_id (&self->spinner_timer, g_source_remove);
  if (state == SIGNET_LIST_FAILED)
    show_failure (self, signet_keyset_list_get_error (self->keysets));
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->keysets)) > 0 ||
           g_list_model_get_n_items (G_LIST_MODEL (self->pending)) > 0)
    show_keysets (self, damaged);
  else if (signet_pending_list_is_loaded (self->pending))
    show_empty (self, damaged);
}

static gboolean
on_spinner_timer (gpointer user_data)
{
  SignetMainWindow *self = user_data;

  self->spinner_timer = 0;
  show_plain (self, "loading");

  return G_SOURCE_REMOVE;
}

static gboolean
on_refresh_timer (gpointer user_data)
{
  signet_keysets_view_refresh (SIGNET_MAIN_WINDOW (user_data)->view);

  return G_SOURCE_CONTINUE;
}

static void
add_menus (SignetMainWindow *self)
{
  if (!gtk_menu_button_get_menu_model (self->plain_menu_button))
    gtk_menu_button_set_menu_model (self->plain_menu_button, self->main_menu);
  if (self->view)
    signet_keysets_view_add_menus (self->view, self->main_menu);
}

/* What takes long and is not wanted in the first moment: menus, and what goes with the style of the screen. */
static gboolean
prepare (gpointer user_data)
{
  SignetMainWindow *self = user_data;

  self->idle = 0;
  add_menus (self);
  signet_style_follow_desktop ();
  signet_certificate_window_prepare ();

  return G_SOURCE_REMOVE;
}

static void
update_actions (SignetMainWindow *self)
{
  signet_keyset_actions_set_keyset (self->actions, signet_keysets_view_get_keyset (self->view));
}

static void
add_actions (SignetMainWindow *self)
{
  SignetEnroller *enroller = signet_application_get_enroller (get_application (self));
  SignetRenewer *renewer = signet_application_get_renewer (get_application (self));

  self->actions = signet_keyset_actions_new (GTK_WINDOW (self), signet_enroller_get_store (enroller), self->keysets);
  g_signal_connect_object (self->actions, "done", G_CALLBACK (signet_toast_show_undo), self->toast, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->actions, "put-back", G_CALLBACK (signet_keysets_view_select), self->view,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (renewer, "done", G_CALLBACK (signet_toast_show), self->toast, G_CONNECT_SWAPPED);
  g_signal_connect_object (renewer, "failed", G_CALLBACK (signet_message_show), self, G_CONNECT_SWAPPED);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "keyset", G_ACTION_GROUP (self->actions));
  update_actions (self);
}

static void
on_open_pending (SignetMainWindow *self, const char *pending_id)
{
  signet_application_open_pending (get_application (self), pending_id);
}

static void
on_remove_pending (SignetMainWindow *self, SignetPending *pending)
{
  signet_pending_removal_ask (GTK_WINDOW (self), self->toast, signet_application_get_enroller (get_application (self)),
                              pending);
}

/* While the store is asked. */
static void
add_view (SignetMainWindow *self)
{
  self->view = signet_keysets_view_new (self->keysets, self->pending);
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->view), "keysets");
  add_actions (self);
  g_signal_connect_object (self->view, "notify::keyset", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "open-pending", G_CALLBACK (on_open_pending), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "remove-pending", G_CALLBACK (on_remove_pending), self, G_CONNECT_SWAPPED);
}

static gboolean
load (gpointer user_data)
{
  SignetMainWindow *self = user_data;
  SignetApplication *application = get_application (self);

  self->pending = g_object_ref (signet_application_get_pending (application));
  self->keysets = g_object_ref (signet_application_get_keysets (application));
  g_signal_connect_object (self->pending, "items-changed", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pending, "loaded", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->keysets, "items-changed", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->keysets, "notify::state", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);

  add_view (self);
  self->spinner_timer = g_timeout_add (SPINNER_DELAY, on_spinner_timer, self);
  self->refresh_timer = g_timeout_add_seconds (REFRESH_INTERVAL, on_refresh_timer, self);
  update_state (self);
  self->idle = g_idle_add_full (G_PRIORITY_LOW, prepare, self, NULL);

  return G_SOURCE_REMOVE;
}

/* The window shows first, then it looks for what to show. */
static void
signet_main_window_map (GtkWidget *widget)
{
  SignetMainWindow *self = SIGNET_MAIN_WINDOW (widget);

  GTK_WIDGET_CLASS (signet_main_window_parent_class)->map (widget);

  if (!self->keysets && !self->idle)
    self->idle = g_idle_add_full (G_PRIORITY_LOW, load, self, NULL);
}

static void
signet_main_window_drag_data_received (GtkWidget *widget, GdkDragContext *context, int x, int y,
                                       GtkSelectionData *data, guint info, guint time)
{
  g_auto (GStrv) uris = gtk_selection_data_get_uris (data);

  for (int i = 0; uris && uris[i]; i++) {
    g_autoptr (GFile) file = g_file_new_for_uri (uris[i]);

    signet_application_open_file (get_application (SIGNET_MAIN_WINDOW (widget)), file);
  }
}

static void
close_window (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  gtk_window_close (GTK_WINDOW (self));
}

static gboolean
shows_keysets (SignetMainWindow *self)
{
  return g_str_equal (gtk_stack_get_visible_child_name (self->stack), "keysets");
}

static void
open_menu (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SignetMainWindow *self = user_data;

  add_menus (self);
  if (shows_keysets (self))
    signet_keysets_view_open_menu (self->view);
  else
    gtk_widget_activate (GTK_WIDGET (self->plain_menu_button));
}

static void
back (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SignetMainWindow *self = user_data;

  if (shows_keysets (self))
    signet_keysets_view_go_back (self->view);
}

static void
unlock (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  signet_keyset_list_unlock (SIGNET_MAIN_WINDOW (self)->keysets);
}

static void
reload (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  signet_keyset_list_reload (SIGNET_MAIN_WINDOW (self)->keysets);
}

static void
find (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SignetMainWindow *self = user_data;

  if (shows_keysets (self))
    signet_keysets_view_search (self->view);
}

/* An entry comes first: Delete and Ctrl+Z are about its text then.  What nobody wants may begin a search. */
static gboolean
signet_main_window_key_press_event (GtkWidget *widget, GdkEventKey *event)
{
  SignetMainWindow *self = SIGNET_MAIN_WINDOW (widget);

  if (GTK_IS_EDITABLE (gtk_window_get_focus (GTK_WINDOW (self))) &&
      gtk_window_propagate_key_event (GTK_WINDOW (self), event))
    return GDK_EVENT_STOP;
  if (GTK_WIDGET_CLASS (signet_main_window_parent_class)->key_press_event (widget, event))
    return GDK_EVENT_STOP;

  return shows_keysets (self) && signet_keysets_view_handle_key (self->view, event);
}

static void
undo (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  signet_toast_undo (SIGNET_MAIN_WINDOW (self)->toast);
}

static const GActionEntry actions[] = {
  { "close", close_window },
  { "find", find },
  { "undo", undo },
  { "menu", open_menu },
  { "back", back },
  { "unlock", unlock },
  { "reload", reload },
};

static void
signet_main_window_dispose (GObject *object)
{
  SignetMainWindow *self = SIGNET_MAIN_WINDOW (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_handle_id (&self->spinner_timer, g_source_remove);
  g_clear_handle_id (&self->refresh_timer, g_source_remove);

  G_OBJECT_CLASS (signet_main_window_parent_class)->dispose (object);
}

static void
signet_main_window_finalize (GObject *object)
{
  SignetMainWindow *self = SIGNET_MAIN_WINDOW (object);

  g_clear_object (&self->keysets);
  g_clear_object (&self->pending);
  g_clear_object (&self->actions);

  G_OBJECT_CLASS (signet_main_window_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/main-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetMainWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, SignetMainWindow, plain_stack);
  gtk_widget_class_bind_template_child (widget_class, SignetMainWindow, status_page);
  gtk_widget_class_bind_template_child (widget_class, SignetMainWindow, status_button);
  gtk_widget_class_bind_template_child (widget_class, SignetMainWindow, file_button);
  gtk_widget_class_bind_template_child (widget_class, SignetMainWindow, plain_menu_button);
  gtk_widget_class_bind_template_child (widget_class, SignetMainWindow, main_menu);
  gtk_widget_class_bind_template_child (widget_class, SignetMainWindow, toast);
}

static void
signet_main_window_class_init (SignetMainWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = signet_main_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = signet_main_window_finalize;
  widget_class->map = signet_main_window_map;
  widget_class->key_press_event = signet_main_window_key_press_event;
  widget_class->drag_data_received = signet_main_window_drag_data_received;

  g_type_ensure (SIGNET_TYPE_TOAST);
  bind_template (widget_class);
}

static void
signet_main_window_init (SignetMainWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  gtk_drag_dest_set (GTK_WIDGET (self), GTK_DEST_DEFAULT_ALL, NULL, 0, GDK_ACTION_COPY);
  gtk_drag_dest_add_uri_targets (GTK_WIDGET (self));
}

SignetMainWindow *
signet_main_window_new (SignetApplication *application)
{
  return g_object_new (SIGNET_TYPE_MAIN_WINDOW, "application", application, NULL);
}

SignetKeyset *
signet_main_window_get_keyset (SignetMainWindow *self)
{
  return self->view ? signet_keysets_view_get_keyset (self->view) : NULL;
}

void
signet_main_window_show_installed (SignetMainWindow *self, const char *keyset_id)
{
  if (!self->view) {
    g_clear_handle_id (&self->idle, g_source_remove);
    load (self);
  }
  signet_keysets_view_select (self->view, keyset_id);
  signet_toast_show (self->toast, _("Your digital ID is ready to use."));
}
