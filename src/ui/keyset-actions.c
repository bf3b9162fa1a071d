/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/keyset-actions.h"

#include "base/i18n.h"
#include "keyset/keyset-change.h"
#include "ui/application.h"
#include "ui/backup-window.h"
#include "ui/export-window.h"
#include "ui/health-window.h"
#include "ui/level-window.h"
#include "ui/message.h"
#include "ui/password-window.h"
#include "ui/remember-window.h"
#include "ui/removal-text.h"
#include "ui/rename-window.h"
#include "ui/revoke-window.h"
#include "ui/short-name.h"

struct _SignetKeysetActions {
  GSimpleActionGroup parent_instance;

  GtkWindow *window;             /* which owns us */
  SignetStore *store;
  SignetKeysetList *keysets;
  SignetKeyset *keyset;          /* or NULL */
  SignetUndo *undo;              /* of what the window that is open tells next; or NULL */
};

G_DEFINE_TYPE (SignetKeysetActions, signet_keyset_actions, G_TYPE_SIMPLE_ACTION_GROUP)

enum {
  DONE,
  PUT_BACK,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
on_done (SignetKeysetActions *self, const char *text)
{
  g_autoptr (SignetUndo) undo = g_steal_pointer (&self->undo);

  g_signal_emit (self, signals[DONE], 0, text, undo);
}

/* --- taking back --- */

typedef struct {
  SignetKeysetActions *actions;
  SignetKeyset *former;
  SignetKeyset *now;             /* or NULL: removed */
} Change;

static void
change_free (Change *change)
{
  g_object_unref (change->actions);
  g_object_unref (change->former);
  g_clear_object (&change->now);
  g_free (change);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Change, change_free)

static void
on_put_back (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SignetKeysetActions) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyset) keyset = signet_keysets_put_back_finish (SIGNET_STORE (source), result, &error);
  g_autofree char *name = keyset ? signet_short_name (signet_keyset_get_name (keyset)) : NULL;
  g_autofree char *text = keyset ? g_strdup_printf (_("“%s” is back"), name) : NULL;

  signet_keyset_list_reload (self->keysets);
  if (keyset) {
    g_signal_emit (self, signals[PUT_BACK], 0, signet_keyset_get_id (keyset));
    on_done (self, text);
  } else if (self->window) {
    signet_message_show (self->window, _("That could not be undone"), error->message);
  }
}

static void
put_back (gpointer data)
{
  Change *change = data;

  signet_keysets_put_back_async (change->actions->store, change->former, change->now, NULL, on_put_back,
                                 g_object_ref (change->actions));
}

static SignetUndo *
undo_new (SignetKeysetActions *self, SignetKeyset *former, SignetKeyset *now)
{
  Change *change = g_new0 (Change, 1);

  change->actions = g_object_ref (self);
  change->former = g_object_ref (former);
  g_set_object (&change->now, now);

  return signet_undo_new (put_back, change, (GDestroyNotify) change_free);
}

static GtkWindow *
present (SignetKeysetActions *self, GType type, SignetKeyset *keyset)
{
  GtkWindow *window = signet_keyset_window_new (type, self->window, self->store, self->keysets, keyset);

  g_signal_connect_object (window, "done", G_CALLBACK (on_done), self, G_CONNECT_SWAPPED);
  gtk_window_present (window);

  return window;
}

static void
back_up (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  present (self, SIGNET_TYPE_BACKUP_WINDOW, NULL);
}

static void
change_password (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  present (self, SIGNET_TYPE_PASSWORD_WINDOW, SIGNET_KEYSET_ACTIONS (self)->keyset);
}

static void
change_level (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  present (self, SIGNET_TYPE_LEVEL_WINDOW, SIGNET_KEYSET_ACTIONS (self)->keyset);
}

static void
change_remember (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  present (self, SIGNET_TYPE_REMEMBER_WINDOW, SIGNET_KEYSET_ACTIONS (self)->keyset);
}

static void
on_renamed (SignetKeysetActions *self, SignetKeyset *former, SignetKeyset *now)
{
  g_clear_object (&self->undo);
  self->undo = undo_new (self, former, now);
}

static void
rename_keyset (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  GtkWindow *window = present (self, SIGNET_TYPE_RENAME_WINDOW, SIGNET_KEYSET_ACTIONS (self)->keyset);

  g_signal_connect_object (window, "renamed", G_CALLBACK (on_renamed), self, G_CONNECT_SWAPPED);
}

static void
test_keyset (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  present (self, SIGNET_TYPE_HEALTH_WINDOW, SIGNET_KEYSET_ACTIONS (self)->keyset);
}

static void
export_keyset (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  present (self, SIGNET_TYPE_EXPORT_WINDOW, SIGNET_KEYSET_ACTIONS (self)->keyset);
}

/* --- the organization's part --- */

static void
renew (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  SignetKeysetActions *self = data;
  SignetApplication *application = SIGNET_APPLICATION (gtk_window_get_application (self->window));

  signet_renewer_renew (signet_application_get_renewer (application), self->keyset);
}

static void
revoke_keyset (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  present (self, SIGNET_TYPE_REVOKE_WINDOW, SIGNET_KEYSET_ACTIONS (self)->keyset);
}

static void
on_renews_itself (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SignetKeysetActions) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyset) keyset = signet_keysets_let_renew_itself_finish (SIGNET_STORE (source), result, &error);

  signet_keyset_list_reload (self->keysets);
  if (!keyset && self->window) {
    signet_keyset_actions_set_keyset (self, self->keyset);
    signet_message_show (self->window, _("The keyset was not changed"), error->message);
  }
}

static void
renew_itself (GSimpleAction *action, GVariant *state, gpointer data)
{
  SignetKeysetActions *self = data;

  g_simple_action_set_state (action, state);
  signet_keysets_let_renew_itself_async (self->store, self->keyset, g_variant_get_boolean (state), NULL,
                                         on_renews_itself, g_object_ref (self));
}

/* --- removing --- */

static void
on_removed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Change) change = data;
  SignetKeysetActions *self = change->actions;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = signet_short_name (signet_keyset_get_name (change->former));
  g_autofree char *text = g_strdup_printf (_("“%s” was removed"), name);

  if (signet_keysets_remove_finish (SIGNET_STORE (source), result, &error)) {
    g_clear_object (&self->undo);
    self->undo = undo_new (self, change->former, NULL);
    on_done (self, text);
    return;
  }

  signet_keyset_list_reload (self->keysets);
  signet_message_show (self->window, _("The keyset was not removed"), error->message);
}

static void
on_response (GtkDialog *dialog, int response, gpointer data)
{
  g_autoptr (Change) change = data;
  SignetStore *store = change->actions->store;
  SignetKeyset *keyset = change->former;

  gtk_widget_destroy (GTK_WIDGET (dialog));
  if (response == GTK_RESPONSE_APPLY)
    present (change->actions, SIGNET_TYPE_BACKUP_WINDOW, NULL);
  if (response == GTK_RESPONSE_ACCEPT)
    signet_keysets_remove_async (store, keyset, NULL, on_removed, g_steal_pointer (&change));
}

static void
remove_keyset (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  SignetKeysetActions *self = data;
  g_autofree char *name = signet_short_name (signet_keyset_get_name (self->keyset));
  g_autofree char *title = g_strdup_printf (_("Remove “%s”?"), name);
  g_autofree char *text = signet_removal_text (self->keyset, G_LIST_MODEL (self->keysets));
  GtkWidget *dialog = signet_message_new_destructive (self->window, title, text, _("_Back Up First"),
                                                      _("_Remove Keyset"));
  Change *change = g_new0 (Change, 1);

  change->actions = g_object_ref (self);
  change->former = g_object_ref (self->keyset);      /* as it is when the user is asked */
  g_signal_connect (dialog, "response", G_CALLBACK (on_response), change);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- life cycle --- */

static const GActionEntry common[] = {
  { "back-up", back_up },
};

/* Which need a keyset that shows. */
static const GActionEntry entries[] = {
  { "change-password", change_password },
  { "change-level", change_level },
  { "change-remember", change_remember },
  { "rename", rename_keyset },
  { "test", test_keyset },
  { "export", export_keyset },
  { "renew", renew },
  { "revoke", revoke_keyset },
  { "renew-itself", NULL, NULL, "false", renew_itself },
  { "remove", remove_keyset },
};

static void
update_back_up (SignetKeysetActions *self)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "back-up");

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), g_list_model_get_n_items (G_LIST_MODEL (self->keysets)) > 0);
}

static gboolean
is_possible (SignetKeyset *keyset, const char *action)
{
  gboolean is_high = signet_keyset_get_level (keyset) == SIGNET_LEVEL_HIGH;
  gboolean is_renewable = signet_keyset_get_renewable (keyset) != NULL;

  if (g_str_equal (action, "change-password") || g_str_equal (action, "change-remember"))
    return is_high;
  if (g_str_equal (action, "renew-itself"))
    return is_renewable && !is_high;

  return is_renewable || (!g_str_equal (action, "renew") && !g_str_equal (action, "revoke"));
}

void
signet_keyset_actions_set_keyset (SignetKeysetActions *self, SignetKeyset *keyset)
{
  GAction *itself = g_action_map_lookup_action (G_ACTION_MAP (self), "renew-itself");

  g_set_object (&self->keyset, keyset);

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++) {
    GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), entries[i].name);

    g_simple_action_set_enabled (G_SIMPLE_ACTION (action), keyset && is_possible (keyset, entries[i].name));
  }
  g_simple_action_set_state (G_SIMPLE_ACTION (itself),
                             g_variant_new_boolean (keyset && signet_keyset_renews_itself (keyset)));
}

static void
signet_keyset_actions_dispose (GObject *object)
{
  SignetKeysetActions *self = SIGNET_KEYSET_ACTIONS (object);

  g_clear_object (&self->store);
  g_clear_object (&self->keysets);
  g_clear_object (&self->keyset);
  g_clear_object (&self->undo);

  G_OBJECT_CLASS (signet_keyset_actions_parent_class)->dispose (object);
}

static void
signet_keyset_actions_finalize (GObject *object)
{
  g_clear_weak_pointer (&SIGNET_KEYSET_ACTIONS (object)->window);

  G_OBJECT_CLASS (signet_keyset_actions_parent_class)->finalize (object);
}

static void
signet_keyset_actions_class_init (SignetKeysetActionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = signet_keyset_actions_dispose;
  G_OBJECT_CLASS (klass)->finalize = signet_keyset_actions_finalize;

  signals[DONE] = g_signal_new ("done", SIGNET_TYPE_KEYSET_ACTIONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 2, G_TYPE_STRING, SIGNET_TYPE_UNDO);
  signals[PUT_BACK] = g_signal_new ("put-back", SIGNET_TYPE_KEYSET_ACTIONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
signet_keyset_actions_init (SignetKeysetActions *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), common, G_N_ELEMENTS (common), self);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

SignetKeysetActions *
signet_keyset_actions_new (GtkWindow *window, SignetStore *store, SignetKeysetList *keysets)
{
  SignetKeysetActions *self = g_object_new (SIGNET_TYPE_KEYSET_ACTIONS, NULL);

  g_set_weak_pointer (&self->window, window);
  self->store = g_object_ref (store);
  self->keysets = g_object_ref (keysets);
  g_signal_connect_object (keysets, "items-changed", G_CALLBACK (update_back_up), self, G_CONNECT_SWAPPED);
  update_back_up (self);
  signet_keyset_actions_set_keyset (self, NULL);

  return self;
}
