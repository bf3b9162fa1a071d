/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/import-window.h"

#include "base/error.h"
#include "base/i18n.h"
#include "enroll/file-request.h"
#include "ui/choose-file.h"
#include "ui/field.h"
#include "ui/find-keyset.h"
#include "ui/install-offer-page.h"
#include "ui/opened-file.h"
#include "ui/password-entry.h"
#include "ui/short-name.h"

struct _SignetImportWindow {
  SignetInstallWindow parent_instance;

  SignetPage *file_page;
  SignetField *password_field;
  SignetPasswordEntry *password;
  SignetInstallOfferPage *offer_page;

  GPtrArray *files;                  /* (element-type SignetSecret): either these */
  SignetPending *pending;            /* or a request, */
  GPtrArray *certificates;           /* with these for it */
  SignetSecret *request_password;    /* at High, once it was right: the keyset's, too */
  SignetImport *import;              /* what is in them; NULL until they are open */
};

G_DEFINE_TYPE (SignetImportWindow, signet_import_window, SIGNET_TYPE_INSTALL_WINDOW)

static void
update (SignetImportWindow *self)
{
  signet_field_set_error (self->password_field, NULL);
  signet_page_set_missing (self->file_page,
                           signet_password_entry_is_empty (self->password) ? _("Enter the password.") : NULL);
}

/* --- what there is --- */

/* The first ID of that use, which is the newest. */
static SignetCertificate *
find_newest (SignetImport *import, SignetIdUse use)
{
  for (guint i = 0; i < import->ids->len; i++) {
    SignetDigitalId *id = g_ptr_array_index (import->ids, i);

    if (id->use == use)
      return id->certificate;
  }

  return NULL;
}

static guint
count_older (SignetImport *import)
{
  guint count = 0;

  for (guint i = 0; i < import->ids->len; i++)
    count += ((SignetDigitalId *) g_ptr_array_index (import->ids, i))->use == SIGNET_ID_ENCRYPTION;

  return count > 0 ? count - 1 : 0;
}

/* All that the newest IDs are for, each once. */
static char *
dup_addresses (SignetCertificate *signing, SignetCertificate *encryption)
{
  SignetCertificate *certificates[] = { signing, encryption };
  g_autoptr (GPtrArray) addresses = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (certificates); i++) {
    const char *const *names = certificates[i] ? signet_certificate_get_addresses (certificates[i]) : NULL;

    for (; names && *names; names++)
      if (!g_ptr_array_find_with_equal_func (addresses, *names, g_str_equal, NULL))
        g_ptr_array_add (addresses, (gpointer) *names);
  }
  if (addresses->len == 0)
    return NULL;

  g_ptr_array_add (addresses, NULL);
  return g_strjoinv (", ", (char **) addresses->pdata);
}

static char *
dup_warning (SignetImport *import)
{
  g_autofree char *left_out =
    g_strdup_printf (ngettext ("%u key is left out: it has no certificate for mail, or is of a kind that Signet does "
                               "not use.",
                               "%u keys are left out: they have no certificate for mail, or are of a kind that Signet "
                               "does not use.", import->left_out), import->left_out);
  const char *weak = _("The file protects the keys badly, or not at all. Delete it, and its copies, when you need it "
                       "no more.");

  if (import->weak && import->left_out > 0)
    return g_strconcat (weak, "\n", left_out, NULL);

  return import->weak ? g_strdup (weak) : import->left_out > 0 ? g_steal_pointer (&left_out) : NULL;
}

static char *
dup_address (SignetImportWindow *self)
{
  char *addresses = dup_addresses (find_newest (self->import, SIGNET_ID_SIGNING),
                                   find_newest (self->import, SIGNET_ID_ENCRYPTION));

  return addresses ? addresses : g_strdup (_("No mail address"));
}

static void
show (SignetImportWindow *self, const char *keyset_name)
{
  SignetCertificate *signing = find_newest (self->import, SIGNET_ID_SIGNING);
  SignetCertificate *encryption = find_newest (self->import, SIGNET_ID_ENCRYPTION);
  SignetCertificate *first = signing ? signing : encryption;
  g_autofree char *address = dup_address (self);
  g_autofree char *warning = dup_warning (self->import);
  /* Translators: who has issued a certificate. */
  g_autofree char *note = g_strdup_printf (_("Issued by %s"), signet_certificate_get_issuer (first));
  const char *subject = signet_certificate_get_subject (first);       /* which may be empty: RFC 5280 section 4.1.2.6 */
  SignetOffered offered = {
    .from = *subject ? subject : address,
    .note = note,
    .address = address,
    .signing = signing,
    .encryption = encryption,
    .n_older = count_older (self->import),
    .warning = warning,
  };

  signet_install_offer_page_show (self->offer_page, &offered);
  signet_install_window_offer (SIGNET_INSTALL_WINDOW (self), SIGNET_PAGE (self->offer_page), keyset_name);
}

static SignetProblemOf
get_problem_of (SignetImportWindow *self)
{
  return self->pending ? SIGNET_PROBLEM_OF_CERTIFICATE : SIGNET_PROBLEM_OF_FILE;
}

static void
fail (SignetImportWindow *self, const GError *error)
{
  signet_password_entry_clear (self->password);
  signet_install_window_fail (SIGNET_INSTALL_WINDOW (self), get_problem_of (self), error);
}

static void
on_offered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = signet_keysets_offer_import_finish (SIGNET_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (name)
    show (data, name);
  else
    fail (data, error);
}

/* --- opening --- */

static void
show_failure (SignetImportWindow *self, const GError *error)
{
  SignetPageWindow *window = SIGNET_PAGE_WINDOW (self);

  if (!g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD))
    fail (self, error);
  else if (signet_page_window_get_page (window) == self->file_page)
    signet_field_refuse (self->password_field, self->pending ? _("That is not the password.")
                                                             : _("That is not the password of the file."));
  else
    signet_page_window_start (window, self->file_page);
}

static gboolean
take_import (SignetImportWindow *self, SignetImport *import, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;

  signet_page_set_busy (signet_page_window_get_page (SIGNET_PAGE_WINDOW (self)), NULL);
  if (!import) {
    show_failure (self, error);
    return FALSE;
  }

  g_clear_pointer (&self->import, signet_import_unref);
  self->import = signet_import_ref (import);
  signet_password_entry_clear (self->password);
  return TRUE;
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetImport) import = signet_import_read_finish (result, &error);
  SignetImportWindow *self = data;
  SignetInstallWindow *window = data;

  if (!take_import (self, import, error))
    return;

  signet_keysets_offer_import_async (signet_enroller_get_store (signet_install_window_get_enroller (window)),
                                     self->import, signet_install_window_get_cancellable (window), on_offered, self);
}

static void
read_files (SignetImportWindow *self, SignetSecret *password)
{
  signet_import_read_async (self->files, password,
                            signet_install_window_get_cancellable (SIGNET_INSTALL_WINDOW (self)), on_read, self);
}

/* Into the keyset that was named when asking. */
static void
on_request_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetImport) import = signet_pending_open_file_finish (SIGNET_PENDING (source), result, &error);
  SignetImportWindow *self = data;

  if (take_import (self, import, error))
    show (self, signet_pending_get_keyset_name (self->pending));
}

static void
open_request (SignetImportWindow *self, SignetSecret *password)
{
  g_clear_pointer (&self->request_password, signet_secret_unref);
  self->request_password = password ? signet_secret_ref (password) : NULL;
  signet_pending_open_file_async (self->pending, self->certificates, password,
                                  signet_install_window_get_cancellable (SIGNET_INSTALL_WINDOW (self)),
                                  on_request_opened, self);
}

/* Whether the certificate is what was asked for can be told without the key. */
static void
open_certificates (SignetImportWindow *self)
{
  g_autoptr (GError) error = NULL;

  if (!signet_pending_check_certificates (self->pending, self->certificates, &error))
    fail (self, error);
  else if (signet_pending_get_level (self->pending) == SIGNET_LEVEL_HIGH)
    signet_page_window_start (SIGNET_PAGE_WINDOW (self), self->file_page);
  else
    open_request (self, NULL);
}

static void
signet_import_window_begin (SignetInstallWindow *window)
{
  SignetImportWindow *self = SIGNET_IMPORT_WINDOW (window);

  if (self->pending)
    open_certificates (self);
  else
    read_files (self, NULL);
}

/* How long that lasts is up to the file, within bounds. */
static void
on_password_entered (SignetImportWindow *self)
{
  g_autoptr (SignetSecret) password = signet_password_entry_dup_secret (self->password);

  signet_page_set_busy (self->file_page, _("Opening the file…"));
  if (self->pending)
    open_request (self, password);
  else
    read_files (self, password);
}

void
signet_import_window_open (SignetImportWindow *self, const char *name, SignetSecret *file)
{
  g_autofree char *short_name = signet_short_name (name);
  /* Translators: the name of a file. */
  g_autofree char *text = g_strdup_printf (_("“%s” is locked."), short_name);

  g_ptr_array_add (self->files, signet_secret_ref (file));
  signet_page_set_description (self->file_page, text);
  signet_install_window_open (SIGNET_INSTALL_WINDOW (self));
}

void
signet_import_window_open_certificates (SignetImportWindow *self, SignetPending *pending, GPtrArray *certificates)
{
  g_autofree char *name = signet_short_name (signet_pending_get_keyset_name (pending));
  /* Translators: the name of a keyset. */
  g_autofree char *title = g_strdup_printf (_("Password for “%s”"), name);

  self->pending = g_object_ref (pending);
  self->certificates = g_ptr_array_ref (certificates);
  gtk_window_set_title (GTK_WINDOW (self), _("Your Certificate"));
  signet_page_set_title (self->file_page, title);
  signet_page_set_description (self->file_page, _("The certificate that you asked for is here."));
  signet_field_set_hint (self->password_field, _("The one that you gave when you made the request."));
  signet_page_set_title (SIGNET_PAGE (self->offer_page), _("Your certificate is here"));
  signet_install_window_open (SIGNET_INSTALL_WINDOW (self));
}

/* --- a second file, with what the first one lacks --- */

static void
on_more_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetSecret) file = signet_opened_bytes_read_finish (G_FILE (source), result, &error);
  SignetImportWindow *self = data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (!file) {
    fail (self, error);
    return;
  }

  g_ptr_array_add (self->files, g_steal_pointer (&file));
  signet_install_window_open (SIGNET_INSTALL_WINDOW (self));
}

static void
read_more (GtkWindow *self, GFile *file)
{
  signet_opened_bytes_read_async (file, signet_install_window_get_cancellable (SIGNET_INSTALL_WINDOW (self)),
                                  on_more_read, self);
}

static void
choose_file (SignetImportWindow *self)
{
  signet_choose_file_to_open (GTK_WINDOW (self), _("Add a File"), read_more);
}

/* --- installing --- */

static void
end (SignetImportWindow *self, SignetKeyset *keyset, const GError *error)
{
  g_autofree char *address = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  address = dup_address (self);
  signet_install_window_end (SIGNET_INSTALL_WINDOW (self), keyset, address, get_problem_of (self), error);
}

static void
on_imported (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyset) keyset = signet_keysets_import_finish (SIGNET_STORE (source), result, &error);

  end (data, keyset, error);
}

/* The keyset may be another by now than it was when the request was made: then the user chooses. */
static void
on_request_installed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyset) keyset = signet_enroller_install_file_finish (SIGNET_ENROLLER (source), result, &error);
  SignetImportWindow *self = data;
  SignetPageWindow *window = data;
  gboolean on_offer_page = signet_page_window_get_page (window) == SIGNET_PAGE (self->offer_page);

  if (on_offer_page && (g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD) ||
                        g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_EXISTS))) {
    signet_page_set_busy (SIGNET_PAGE (self->offer_page), NULL);
    signet_install_window_choose_level (data);
    return;
  }

  end (self, keyset, error);
}

static void
signet_import_window_install (SignetInstallWindow *window, const char *name, gboolean add, SignetLevel level,
                              SignetSecret *password)
{
  SignetImportWindow *self = SIGNET_IMPORT_WINDOW (window);
  SignetEnroller *enroller = signet_install_window_get_enroller (window);
  GCancellable *cancellable = signet_install_window_get_cancellable (window);

  if (self->pending)
    signet_enroller_install_file_async (enroller, self->pending, self->import, name, add, level, password, cancellable,
                                        on_request_installed, self);
  else
    signet_keysets_import_async (signet_enroller_get_store (enroller), self->import, name, add, level, password,
                                 cancellable, on_imported, self);
}

/* Level and password were chosen with the request. */
static void
on_offer_accepted (SignetImportWindow *self)
{
  SignetInstallWindow *window = SIGNET_INSTALL_WINDOW (self);
  const char *name = self->pending ? signet_pending_get_keyset_name (self->pending) : NULL;
  g_autoptr (SignetKeyset) keyset = name ? signet_find_keyset (signet_install_window_get_keysets (window), name) : NULL;

  if (self->pending)
    signet_install_window_install (window, name, keyset != NULL, signet_pending_get_level (self->pending),
                                   self->request_password);
  else
    signet_install_window_choose_level (window);
}

/* --- life cycle --- */

static void
signet_import_window_dispose (GObject *object)
{
  SignetImportWindow *self = SIGNET_IMPORT_WINDOW (object);

  g_clear_object (&self->pending);
  g_clear_pointer (&self->request_password, signet_secret_unref);

  G_OBJECT_CLASS (signet_import_window_parent_class)->dispose (object);
}

static void
signet_import_window_finalize (GObject *object)
{
  SignetImportWindow *self = SIGNET_IMPORT_WINDOW (object);

  g_ptr_array_unref (self->files);
  g_clear_pointer (&self->certificates, g_ptr_array_unref);
  g_clear_pointer (&self->import, signet_import_unref);

  G_OBJECT_CLASS (signet_import_window_parent_class)->finalize (object);
}

static void
signet_import_window_class_init (SignetImportWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = signet_import_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = signet_import_window_finalize;
  SIGNET_INSTALL_WINDOW_CLASS (klass)->open = signet_import_window_begin;
  SIGNET_INSTALL_WINDOW_CLASS (klass)->install = signet_import_window_install;

  g_type_ensure (SIGNET_TYPE_FIELD);
  g_type_ensure (SIGNET_TYPE_PASSWORD_ENTRY);
  g_type_ensure (SIGNET_TYPE_INSTALL_OFFER_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/signetmail/Signet/import-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SignetImportWindow, file_page);
  gtk_widget_class_bind_template_child (widget_class, SignetImportWindow, password_field);
  gtk_widget_class_bind_template_child (widget_class, SignetImportWindow, password);
  gtk_widget_class_bind_template_child (widget_class, SignetImportWindow, offer_page);
  gtk_widget_class_bind_template_callback (widget_class, choose_file);
  gtk_widget_class_bind_template_callback (widget_class, on_password_entered);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, on_offer_accepted);
}

static void
signet_import_window_init (SignetImportWindow *self)
{
  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_secret_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  signet_page_set_focus_to (self->file_page, GTK_WIDGET (self->password));
  update (self);
}
