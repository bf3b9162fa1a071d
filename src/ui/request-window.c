/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/request-window.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/job.h"
#include "base/mail-address.h"
#include "base/private-file.h"
#include "enroll/file-request.h"
#include "ui/choose-file.h"
#include "ui/field.h"

#define LONGEST_NAME 64          /* of a certificate: RFC 5280 appendix A.1 */

struct _SignetRequestWindow {
  SignetInstallWindow parent_instance;

  SignetPage *facts_page;
  SignetField *address_field;
  GtkEntry *address;
  SignetField *name_field;
  GtkEntry *name;
  SignetPage *save_page;

  SignetPending *pending;            /* NULL until the request is made */
  gboolean is_saved;
};

G_DEFINE_TYPE (SignetRequestWindow, signet_request_window, SIGNET_TYPE_INSTALL_WINDOW)

static SignetPageWindow *
pages (SignetRequestWindow *self)
{
  return SIGNET_PAGE_WINDOW (self);
}

static char *
read_address (SignetRequestWindow *self)
{
  return signet_mail_address_normalize (gtk_entry_get_text (self->address), NULL);
}

/* NULL: none. */
static char *
read_name (SignetRequestWindow *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_entry_get_text (self->name)));

  return *name ? g_steal_pointer (&name) : NULL;
}

static void
update (SignetRequestWindow *self)
{
  g_autofree char *address = read_address (self);
  g_autofree char *name = read_name (self);
  gboolean is_long = name && g_utf8_strlen (name, -1) > LONGEST_NAME;

  signet_field_set_error (self->name_field, is_long ? _("A certificate has room for 64 characters.") : NULL);
  if (!address)
    signet_page_set_missing (self->facts_page, _("Enter your mail address."));
  else
    signet_page_set_missing (self->facts_page, is_long ? _("Enter a shorter name.") : NULL);
}

/* --- making it --- */

static void
signet_request_window_begin (SignetInstallWindow *window)
{
  signet_install_window_offer (window, SIGNET_REQUEST_WINDOW (window)->facts_page, "");
}

/* The keyset is named after the address, if nobody says otherwise. */
static void
on_facts_entered (SignetRequestWindow *self)
{
  g_autofree char *address = read_address (self);

  if (!address)
    return;

  signet_install_window_set_name (SIGNET_INSTALL_WINDOW (self), address);
  signet_install_window_choose_level (SIGNET_INSTALL_WINDOW (self));
}

static void
show_save_page (SignetRequestWindow *self)
{
  signet_page_set_icon_name (self->save_page, self->is_saved ? "emblem-ok-symbolic" : "document-save-symbolic");
  signet_page_set_title (self->save_page, self->is_saved ? _("Your request is saved") : _("Your request is ready"));
  signet_page_set_description (self->save_page,
                               self->is_saved ? _("Send the file to the authority, or paste it into its web page. When "
                                                  "the certificate comes, open it with Signet.")
                                              : _("Save it as a file for the authority. The key stays here, and waits "
                                                  "for the certificate."));
  signet_page_set_primary_label (self->save_page, self->is_saved ? _("_Done") : _("_Save the File…"));
  signet_page_window_start (pages (self), self->save_page);
}

void
signet_request_window_show (SignetRequestWindow *self, SignetPending *pending)
{
  g_set_object (&self->pending, pending);
  self->is_saved = FALSE;
  show_save_page (self);
}

static void
on_made (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetPending) pending = signet_enroller_make_file_finish (SIGNET_ENROLLER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (!pending) {
    signet_install_window_end (data, NULL, NULL, SIGNET_PROBLEM_OF_CERTIFICATE, error);
    return;
  }

  signet_page_set_busy (signet_page_window_get_page (data), NULL);
  signet_request_window_show (data, pending);
}

/* The password of a keyset that is there is looked at, too: so ADD makes no difference here. */
static void
signet_request_window_install (SignetInstallWindow *window, const char *name, gboolean add, SignetLevel level,
                               SignetSecret *password)
{
  SignetRequestWindow *self = SIGNET_REQUEST_WINDOW (window);
  g_autofree char *address = read_address (self);
  g_autofree char *own_name = read_name (self);
  const SignetFileRequest request = { address, own_name, name, level, password };

  signet_enroller_make_file_async (signet_install_window_get_enroller (window), &request,
                                   signet_install_window_get_cancellable (window), on_made, self);
}

/* --- saving it --- */

typedef struct {
  char *path;
  gboolean replace;
} Place;

static void
place_free (gpointer data)
{
  g_free (((Place *) data)->path);
  g_free (data);
}

static gpointer
write_job (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  Place *place = data;
  g_autoptr (SignetSecret) file = signet_pending_to_file (source);

  return GINT_TO_POINTER (signet_job_commit (cancellable, error) &&
                          signet_private_file_write (place->path, file, place->replace, error));
}

/* Holds SELF, whose window may have been closed meanwhile. */
static void
on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SignetRequestWindow) self = data;
  g_autoptr (GError) error = NULL;

  signet_job_finish (source, result, write_job, &error);
  if (!self->pending || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  signet_page_set_busy (self->save_page, NULL);
  if (error) {
    signet_page_set_problem (self->save_page, error->message);
    return;
  }

  self->is_saved = TRUE;
  show_save_page (self);
}

static void
write_file (GtkWindow *window, const char *path, gboolean replace)
{
  SignetRequestWindow *self = SIGNET_REQUEST_WINDOW (window);
  Place *place = g_new0 (Place, 1);

  place->replace = replace;
  place->path = g_strdup (path);
  signet_page_set_busy (self->save_page, _("Saving…"));
  signet_job_run (self->pending, write_job, write_job, place, place_free, NULL,
                  signet_page_window_get_cancellable (pages (self)), on_written, g_object_ref (self));
}

static void
on_save_pressed (SignetRequestWindow *self)
{
  g_autofree char *name = NULL;

  if (self->is_saved) {
    gtk_window_close (GTK_WINDOW (self));
    return;
  }

  name = g_strconcat (signet_pending_get_address (self->pending), ".csr", NULL);
  signet_choose_file_to_save (pages (self), _("Save the File"), name, write_file);
}

/* --- life cycle --- */

static void
signet_request_window_dispose (GObject *object)
{
  SignetRequestWindow *self = SIGNET_REQUEST_WINDOW (object);

  g_clear_object (&self->pending);

  G_OBJECT_CLASS (signet_request_window_parent_class)->dispose (object);
}

static void
signet_request_window_class_init (SignetRequestWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = signet_request_window_dispose;
  SIGNET_INSTALL_WINDOW_CLASS (klass)->open = signet_request_window_begin;
  SIGNET_INSTALL_WINDOW_CLASS (klass)->install = signet_request_window_install;

  g_type_ensure (SIGNET_TYPE_FIELD);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/request-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetRequestWindow, facts_page);
  gtk_widget_class_bind_template_child (widget_class, SignetRequestWindow, address_field);
  gtk_widget_class_bind_template_child (widget_class, SignetRequestWindow, address);
  gtk_widget_class_bind_template_child (widget_class, SignetRequestWindow, name_field);
  gtk_widget_class_bind_template_child (widget_class, SignetRequestWindow, name);
  gtk_widget_class_bind_template_child (widget_class, SignetRequestWindow, save_page);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, on_facts_entered);
  gtk_widget_class_bind_template_callback (widget_class, on_save_pressed);
}

static void
signet_request_window_init (SignetRequestWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  signet_install_window_set_act (SIGNET_INSTALL_WINDOW (self), _("_Make the Request"),
                                 _("Making a key and the request…"));
  signet_page_set_focus_to (self->facts_page, GTK_WIDGET (self->address));
  update (self);
}
