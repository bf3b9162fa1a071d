/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/restore-window.h"

#include "base/error.h"
#include "base/i18n.h"
#include "keyset/keyset-backup.h"
#include "keyset/keyset-list.h"
#include "ui/describe-row.h"
#include "ui/field.h"
#include "ui/level-text.h"
#include "ui/password-entry.h"
#include "ui/problem.h"

struct _SignetRestoreWindow {
  SignetPageWindow parent_instance;

  SignetPage *password_page;
  SignetField *password_field;
  SignetPasswordEntry *password;
  SignetPage *problem;
  SignetPage *list_page;
  HdyPreferencesGroup *list;
  SignetPage *done_page;

  SignetStore *store;
  SignetKeysetList *keysets;         /* which can ask for the keyring to be unlocked */
  SignetSecret *backup;
  SignetRestored *found;             /* what is in it; NULL until it is open */
  SignetWayOn way_on;
};

G_DEFINE_TYPE (SignetRestoreWindow, signet_restore_window, SIGNET_TYPE_PAGE_WINDOW)

static SignetPageWindow *
pages (SignetRestoreWindow *self)
{
  return SIGNET_PAGE_WINDOW (self);
}

static void
update (SignetRestoreWindow *self)
{
  signet_field_set_error (self->password_field, NULL);
  signet_page_set_missing (self->password_page,
                           signet_password_entry_is_empty (self->password) ? _("Enter the password.") : NULL);
}

static void
show_problem (SignetRestoreWindow *self, const GError *error)
{
  SignetProblem problem = signet_problem_describe (SIGNET_PROBLEM_OF_BACKUP, error);

  self->way_on = problem.way_on;
  signet_page_set_icon_name (self->problem, problem.icon_name);
  signet_page_set_title (self->problem, problem.title);
  signet_page_set_description (self->problem, problem.sentence);
  signet_page_set_primary_label (self->problem, signet_way_on_get_label (problem.way_on));
  signet_page_window_start (pages (self), self->problem);
}

/* After any of them the password is asked again: it was wiped. */
static void
on_way_on (SignetRestoreWindow *self)
{
  if (self->way_on == SIGNET_WAY_ON_UNLOCK)
    signet_keyset_list_unlock (self->keysets);
  else if (self->way_on == SIGNET_WAY_ON_TRY_AGAIN)
    signet_page_window_start (pages (self), self->password_page);
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
on_keysets_state (SignetRestoreWindow *self)
{
  if (signet_page_window_get_page (pages (self)) == self->problem && self->way_on == SIGNET_WAY_ON_UNLOCK &&
      signet_keyset_list_get_state (self->keysets) == SIGNET_LIST_READY)
    signet_page_window_start (pages (self), self->password_page);
}

/* --- what is in it --- */

static void
add_row (SignetRestoreWindow *self, SignetKeyset *keyset, const char *fate)
{
  g_auto (GStrv) addresses = signet_keyset_dup_addresses (keyset);
  g_autofree char *joined = g_strjoinv (", ", addresses);
  g_autofree char *subtitle = *joined ? g_strdup_printf ("%s\n%s", joined, fate) : g_strdup (fate);
  HdyActionRow *row = HDY_ACTION_ROW (hdy_action_row_new ());

  hdy_preferences_row_set_title (HDY_PREFERENCES_ROW (row), signet_keyset_get_name (keyset));
  hdy_action_row_set_subtitle (row, subtitle);
  hdy_action_row_set_title_lines (row, 3);
  hdy_action_row_set_subtitle_lines (row, 4);
  hdy_action_row_set_icon_name (row, signet_level_get_icon (signet_keyset_get_level (keyset)));
  signet_describe_row (row);
  gtk_widget_show (GTK_WIDGET (row));
  gtk_container_add (GTK_CONTAINER (self->list), GTK_WIDGET (row));
}

static void
add_rows (SignetRestoreWindow *self, GPtrArray *keysets, const char *fate)
{
  for (guint i = 0; i < keysets->len; i++)
    add_row (self, g_ptr_array_index (keysets, i), fate);
}

static void
show_found (SignetRestoreWindow *self)
{
  guint count = self->found->restored->len;
  g_autofree char *title =
    g_strdup_printf (ngettext ("%u keyset comes back", "%u keysets come back", count), count);

  gtk_container_foreach (GTK_CONTAINER (self->list), (GtkCallback) gtk_widget_destroy, NULL);
  add_rows (self, self->found->restored, _("Comes back"));
  add_rows (self, self->found->same, _("Here already"));
  add_rows (self, self->found->different, _("Stays as it is here, where it differs"));
  add_rows (self, self->found->name_taken, _("Left out: another keyset here has this name"));

  signet_page_set_title (self->list_page, count > 0 ? title : _("Nothing comes back"));
  signet_page_set_description (self->list_page, count > 0 ? _("What is here is left alone.") :
                               _("All of it is here already. To have the keysets of the backup instead, remove or "
                                 "rename those here first."));
  signet_page_set_primary_label (self->list_page, count > 0 ? _("_Restore") : _("_Close"));
  signet_page_window_start (pages (self), self->list_page);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetRestored) found = signet_keysets_open_backup_finish (SIGNET_STORE (source), result, &error);
  SignetRestoreWindow *self = data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  signet_page_set_busy (self->password_page, NULL);
  if (g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD)) {
    signet_field_refuse (self->password_field, error->message);
    return;
  }

  signet_password_entry_clear (self->password);
  if (!found) {
    show_problem (self, error);
    return;
  }

  g_clear_pointer (&self->found, signet_restored_free);
  self->found = g_steal_pointer (&found);
  show_found (self);
}

static void
on_password_entered (SignetRestoreWindow *self)
{
  g_autoptr (SignetSecret) password = signet_password_entry_dup_secret (self->password);

  signet_page_set_busy (self->password_page, _("Opening the backup…"));
  signet_keysets_open_backup_async (self->store, self->backup, password,
                                    signet_page_window_get_cancellable (pages (self)), on_opened, self);
}

/* --- restoring --- */

static void
show_done (SignetRestoreWindow *self, SignetRestored *restored)
{
  guint left = restored->all->len - restored->restored->len;
  g_autofree char *title =
    g_strdup_printf (ngettext ("%u keyset is back", "%u keysets are back", restored->restored->len),
                     restored->restored->len);
  g_autofree char *text =
    g_strdup_printf (ngettext ("%u keyset was not restored: what is here was left alone.",
                               "%u keysets were not restored: what is here was left alone.", left), left);

  signet_page_set_title (self->done_page, title);
  signet_page_set_description (self->done_page,
                               left > 0 ? text : _("Each is at its level, and under its password, of then."));
  signet_page_window_start (pages (self), self->done_page);
}

/* Holds SELF: what has begun is told, also to a window that was closed meanwhile. */
static void
on_restored (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetRestored) restored = signet_keysets_restore_finish (SIGNET_STORE (source), result, &error);
  g_autoptr (SignetRestoreWindow) self = data;

  if (!self->store || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  signet_page_set_busy (self->list_page, NULL);
  if (restored)
    show_done (self, restored);
  else
    signet_page_set_problem (self->list_page, error->message);
}

static void
on_accepted (SignetRestoreWindow *self)
{
  if (self->found->restored->len == 0) {
    gtk_window_close (GTK_WINDOW (self));
    return;
  }

  signet_page_set_busy (self->list_page, _("Restoring…"));
  signet_keysets_restore_async (self->store, self->found->all, signet_page_window_get_cancellable (pages (self)),
                                on_restored, g_object_ref (self));
}

/* --- life cycle --- */

static void
signet_restore_window_dispose (GObject *object)
{
  SignetRestoreWindow *self = SIGNET_RESTORE_WINDOW (object);

  g_clear_object (&self->store);
  g_clear_object (&self->keysets);
  g_clear_pointer (&self->backup, signet_secret_unref);
  g_clear_pointer (&self->found, signet_restored_free);

  G_OBJECT_CLASS (signet_restore_window_parent_class)->dispose (object);
}

static void
signet_restore_window_class_init (SignetRestoreWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = signet_restore_window_dispose;

  g_type_ensure (SIGNET_TYPE_FIELD);
  g_type_ensure (SIGNET_TYPE_PASSWORD_ENTRY);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/restore-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetRestoreWindow, password_page);
  gtk_widget_class_bind_template_child (widget_class, SignetRestoreWindow, password_field);
  gtk_widget_class_bind_template_child (widget_class, SignetRestoreWindow, password);
  gtk_widget_class_bind_template_child (widget_class, SignetRestoreWindow, problem);
  gtk_widget_class_bind_template_child (widget_class, SignetRestoreWindow, list_page);
  gtk_widget_class_bind_template_child (widget_class, SignetRestoreWindow, list);
  gtk_widget_class_bind_template_child (widget_class, SignetRestoreWindow, done_page);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, on_password_entered);
  gtk_widget_class_bind_template_callback (widget_class, on_way_on);
  gtk_widget_class_bind_template_callback (widget_class, on_accepted);
  gtk_widget_class_bind_template_callback (widget_class, gtk_window_close);
}

static void
signet_restore_window_init (SignetRestoreWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  signet_page_set_focus_to (self->password_page, GTK_WIDGET (self->password));
  update (self);
}

SignetRestoreWindow *
signet_restore_window_new (GtkWindow *parent, SignetEnroller *enroller, SignetSecret *backup)
{
  GtkApplication *application = parent ? gtk_window_get_application (parent) : NULL;
  SignetRestoreWindow *self = g_object_new (SIGNET_TYPE_RESTORE_WINDOW, "transient-for", parent,
                                            "application", application, NULL);

  self->store = g_object_ref (signet_enroller_get_store (enroller));
  self->keysets = signet_keyset_list_new (self->store);
  self->backup = signet_secret_ref (backup);
  g_signal_connect_object (self->keysets, "notify::state", G_CALLBACK (on_keysets_state), self, G_CONNECT_SWAPPED);
  signet_page_window_start (pages (self), self->password_page);

  return self;
}
