/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/backup-window.h"

#include "base/i18n.h"
#include "base/job.h"
#include "base/private-file.h"
#include "keyset/keyset-backup.h"
#include "ui/choose-file.h"
#include "ui/message.h"
#include "ui/new-password.h"

struct _SignetBackupWindow {
  SignetKeysetWindow parent_instance;

  SignetPage *page;
  SignetNewPassword *password;

  char *path;                        /* of the file to write */
  gboolean replace;
  guint damaged;                     /* keysets that are not in it */
};

G_DEFINE_TYPE (SignetBackupWindow, signet_backup_window, SIGNET_TYPE_KEYSET_WINDOW)

static void
update (SignetBackupWindow *self)
{
  signet_page_set_missing (self->page, signet_new_password_get_missing (self->password));
}

/* --- writing --- */

typedef struct {
  char *path;
  gboolean replace;
  SignetSecret *file;
} Writing;

static void
writing_free (gpointer data)
{
  Writing *writing = data;

  g_free (writing->path);
  signet_secret_unref (writing->file);
  g_free (writing);
}

/* In a thread, because a disk may be slow. */
static gpointer
write_job (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  Writing *writing = data;
  gboolean written = signet_job_commit (cancellable, error) &&
                     signet_private_file_write (writing->path, writing->file, writing->replace, error);

  return GINT_TO_POINTER (written);
}

/* A toast would go by before it is read. */
static void
show_damaged (GtkWindow *parent, guint damaged)
{
  g_autofree char *text = g_strdup_printf (ngettext ("%u keyset cannot be read and is not in the backup.",
                                                     "%u keysets cannot be read and are not in the backup.", damaged),
                                           damaged);

  signet_message_show (parent, _("The backup is not complete"), text);
}

/* Takes the reference to SELF that the backup held. */
static void
end (SignetBackupWindow *self, const GError *error)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  guint damaged = self->damaged;

  signet_keyset_window_end (SIGNET_KEYSET_WINDOW (self), NULL, _("Backup saved"), error);
  if (!error && damaged > 0 && parent)
    show_damaged (parent, damaged);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer self)
{
  g_autoptr (GError) error = NULL;

  signet_job_finish (source, result, write_job, &error);
  end (self, error);
}

static void
on_backed_up (GObject *source, GAsyncResult *result, gpointer data)
{
  SignetBackupWindow *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetSecret) file = signet_keysets_back_up_finish (SIGNET_STORE (source), result, &self->damaged, &error);
  Writing *writing;

  if (!file) {
    end (self, error);
    return;
  }

  writing = g_new0 (Writing, 1);
  writing->path = g_strdup (self->path);
  writing->replace = self->replace;
  writing->file = g_steal_pointer (&file);
  signet_job_run (source, write_job, write_job, writing, writing_free, NULL,
                  signet_page_window_get_cancellable (SIGNET_PAGE_WINDOW (self)), on_written, self);
}

static void
back_up (SignetBackupWindow *self)
{
  SignetKeysetWindow *window = SIGNET_KEYSET_WINDOW (self);
  g_autoptr (SignetSecret) password = signet_new_password_dup_secret (self->password);

  if (password && signet_keyset_window_begin (window, _("Backing up…")))
    signet_keysets_back_up_async (signet_keyset_window_get_store (window), password,
                                  signet_page_window_get_cancellable (SIGNET_PAGE_WINDOW (self)), on_backed_up,
                                  g_object_ref (self));
}

/* --- where to --- */

static void
on_file_chosen (GtkWindow *window, const char *path, gboolean replace)
{
  SignetBackupWindow *self = SIGNET_BACKUP_WINDOW (window);

  g_free (self->path);
  self->path = g_strdup (path);
  self->replace = replace;
  back_up (self);
}

static char *
dup_file_name (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%F");
  /* Translators: the name of a file, with a date such as 2026-11-22 in it. */
  g_autofree char *name = g_strdup_printf (_("Digital IDs %s"), date);

  return g_strconcat (name, ".signet-backup", NULL);
}

static void
choose_file (SignetBackupWindow *self)
{
  g_autofree char *name = dup_file_name ();

  signet_choose_file_to_save (SIGNET_PAGE_WINDOW (self), _("Save the Backup"), name, on_file_chosen);
}

/* --- life cycle --- */

static void
signet_backup_window_finalize (GObject *object)
{
  g_free (SIGNET_BACKUP_WINDOW (object)->path);

  G_OBJECT_CLASS (signet_backup_window_parent_class)->finalize (object);
}

static void
signet_backup_window_class_init (SignetBackupWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = signet_backup_window_finalize;

  g_type_ensure (SIGNET_TYPE_NEW_PASSWORD);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/backup-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetBackupWindow, page);
  gtk_widget_class_bind_template_child (widget_class, SignetBackupWindow, password);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, choose_file);
}

static void
signet_backup_window_init (SignetBackupWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  signet_page_set_focus_to (self->page, GTK_WIDGET (self->password));
  update (self);
}
