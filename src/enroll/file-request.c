/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enroll/file-request.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/i18n.h"
#include "base/job.h"
#include "base/mail-address.h"
#include "crypto/csr.h"
#include "crypto/password-lock.h"
#include "crypto/public-key.h"
#include "enroll/pending-store.h"
#include "keyset/keyset-list.h"

#include <string.h>

/* --- asking --- */

/* What does not fit now would not fit when the certificate comes. */
static gboolean
check_protection (SignetStore *store, const SignetFileRequest *request, const char *name, GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (SignetKeyset) keyset = signet_keysets_find (store, name, cancellable, &problem);

  if (problem != NULL) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  if (keyset != NULL && signet_keyset_get_level (keyset) != request->level) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_EXISTS,
                 _("The keyset “%s” has another security level. Choose that level, or another name."), name);
    return FALSE;
  }
  if (request->level != SIGNET_LEVEL_HIGH)
    return TRUE;
  if (keyset == NULL)
    return signet_keyset_check_password (request->password, error);
  g_autoptr (GPtrArray) keys = signet_keyset_unlock (keyset, request->password, error);
  return keys != NULL;
}

/* The key as it waits: an AsymmetricKeyPackage; at High in a box of the password lock, with CSR authenticated. */
static SignetSecret *
seal (SignetPrivateKey *key, const SignetFileRequest *request, GBytes *csr, GError **error)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();

  g_ptr_array_add (keys, key);
  g_autoptr (SignetSecret) package = signet_private_keys_to_package (keys, error);
  if (package == NULL || request->level != SIGNET_LEVEL_HIGH)
    return g_steal_pointer (&package);
  g_autoptr (GBytes) box = signet_password_lock_seal (package, request->password, csr, error);
  return box != NULL ? signet_secret_new (g_bytes_get_data (box, NULL), g_bytes_get_size (box)) : NULL;
}

static SignetPending *
make (const SignetFileRequest *request, const char *address, const char *keyset_name, GError **error)
{
  g_autoptr (SignetPrivateKey) key = signet_private_key_generate (SIGNET_KEY_RSA_3072, error);
  g_autoptr (GBytes) csr = key != NULL ? signet_csr_build_for_mail (key, request->name, address, error) : NULL;
  g_autoptr (GBytes) id = csr != NULL ? signet_public_key_get_id (signet_private_key_get_spki (key), error) : NULL;
  g_autoptr (SignetSecret) sealed = id != NULL ? seal (key, request, csr, error) : NULL;

  return sealed != NULL ? signet_pending_new_for_file (address, keyset_name, request->level, csr, id, sealed,
                                                       signet_clock_now ()) : NULL;
}

SignetPending *
signet_enroller_make_file (SignetEnroller *self, const SignetFileRequest *request, GCancellable *cancellable,
                           GError **error)
{
  SignetStore *store = signet_enroller_get_store (self);
  g_autofree char *address = signet_mail_address_normalize (request->address, error);
  g_autofree char *name = address != NULL ? signet_keyset_normalize_name (request->keyset_name, error) : NULL;

  if (name == NULL || !check_protection (store, request, name, cancellable, error))
    return NULL;
  g_autoptr (SignetPending) pending = make (request, address, name, error);
  if (pending == NULL || !signet_job_commit (cancellable, error))
    return NULL;
  signet_fault_point ("client:file-request-made");
  if (!signet_pendings_save (store, pending, NULL, error))
    return NULL;
  signet_fault_point ("client:file-request-stored");
  return g_steal_pointer (&pending);
}

SignetSecret *
signet_pending_to_file (SignetPending *self)
{
  g_autofree char *pem = signet_csr_to_pem (signet_pending_get_facts (self)->request);

  return signet_secret_new_text (pem);
}

/* --- the certificate --- */

static gboolean
is_for (SignetPending *self, SignetCertificate *certificate)
{
  g_autoptr (GBytes) id = signet_public_key_get_id (signet_certificate_get_spki (certificate), NULL);

  return id != NULL && g_bytes_equal (id, signet_pending_get_facts (self)->reply_id);
}

static SignetCertificate *
find_certificate (SignetPending *self, GPtrArray *certificates)
{
  for (guint i = 0; i < certificates->len; i++)
    if (is_for (self, certificates->pdata[i]))
      return certificates->pdata[i];
  return NULL;
}

SignetPending *
signet_enroller_find_file (SignetEnroller *self, GPtrArray *certificates, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) list = signet_pendings_list (signet_enroller_get_store (self), cancellable, error);

  for (guint i = 0; list != NULL && i < list->len; i++)
    if (signet_pending_get_state (list->pdata[i]) == SIGNET_PENDING_CERTIFICATE &&
        find_certificate (list->pdata[i], certificates) != NULL)
      return g_object_ref (list->pdata[i]);
  return NULL;
}

static gboolean
refuse_address (SignetPending *self, SignetCertificate *certificate, GError **error)
{
  const char *const *addresses = signet_certificate_get_addresses (certificate);
  g_autofree char *joined = g_strjoinv (", ", (char **) addresses);

  if (*addresses == NULL)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOR_US,
                 _("It names no mail address, and you asked for %s. Tell the authority; your request is kept."),
                 signet_pending_get_address (self));
  else
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOR_US,
                 _("It is for %s, and you asked for %s. Tell the authority; your request is kept."), joined,
                 signet_pending_get_address (self));
  return FALSE;
}

static gboolean
check_dates (SignetCertificate *certificate, GError **error)
{
  gint64 now = signet_clock_now (), from = signet_certificate_get_not_before (certificate);
  gint64 until = signet_certificate_get_not_after (certificate);
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (now < from ? from : until);
  g_autofree char *text = date != NULL ? g_date_time_format (date, "%c") : g_strdup ("?");

  if (from <= now && now < until)
    return TRUE;
  if (now < from)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_EXPIRED,
                 _("It becomes valid on %s. Open it again then, or set the clock of this computer right."), text);
  else
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_EXPIRED,
                 _("It has expired on %s. Ask the authority for a new one; your request is kept."), text);
  return FALSE;
}

gboolean
signet_pending_check_certificates (SignetPending *self, GPtrArray *certificates, GError **error)
{
  SignetCertificate *certificate = find_certificate (self, certificates);

  g_return_val_if_fail (certificate != NULL, FALSE);
  if (!signet_certificate_has_address (certificate, signet_pending_get_address (self)))
    return refuse_address (self, certificate, error);
  if (signet_certificate_is_ca (certificate) ||
      !(signet_certificate_can_sign (certificate) || signet_certificate_can_encrypt (certificate))) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                         _("It was made for another purpose, such as a web server. Ask the authority for one that "
                           "signs or encrypts mail; your request is kept."));
    return FALSE;
  }
  return check_dates (certificate, error);
}

static SignetPrivateKey *
open_key (SignetPending *self, SignetSecret *password, GError **error)
{
  const SignetPendingFacts *facts = signet_pending_get_facts (self);
  g_autoptr (SignetSecret) package = NULL;

  if (signet_pending_get_level (self) == SIGNET_LEVEL_HIGH) {
    gsize length;
    const guint8 *data = signet_secret_get (facts->sealed, &length);
    g_autoptr (GBytes) box = g_bytes_new (data, length);
    package = signet_password_lock_open (box, password, facts->request, error);
  } else {
    package = signet_secret_ref (facts->sealed);
  }
  g_autoptr (GPtrArray) keys = package != NULL ? signet_private_keys_from_package (package, error) : NULL;
  if (keys == NULL || keys->len == 1)
    return keys != NULL ? signet_private_key_ref (keys->pdata[0]) : NULL;
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED, _("The stored request is damaged."));
  return NULL;
}

SignetImport *
signet_pending_open_file (SignetPending *self, GPtrArray *certificates, SignetSecret *password, GError **error)
{
  g_autoptr (SignetKeyFile) file = signet_key_file_new ();

  if (!signet_pending_check_certificates (self, certificates, error))
    return NULL;
  SignetPrivateKey *key = open_key (self, password, error);
  if (key == NULL)
    return NULL;
  g_ptr_array_add (file->keys, key);
  for (guint i = 0; i < certificates->len; i++)
    if (!signet_key_file_add_certificate (file, signet_certificate_get_der (certificates->pdata[i]), error))
      return NULL;
  return signet_import_new (file, signet_pending_get_facts (self)->reply_id, NULL, error);
}

/* The keyset is written first: after a kill it is known by the request's key that the request is over. */
SignetKeyset *
signet_enroller_install_file (SignetEnroller *self, SignetPending *pending, SignetImport *import,
                              const char *keyset_name, gboolean add, SignetLevel level, SignetSecret *password,
                              GCancellable *cancellable, GError **error)
{
  SignetStore *store = signet_enroller_get_store (self);
  g_autoptr (SignetPending) stored = signet_pendings_find (store, signet_pending_get_id (pending), cancellable, error);
  g_autoptr (GError) problem = NULL;

  if (stored == NULL)
    return NULL;
  if (signet_pending_get_state (stored) != SIGNET_PENDING_CERTIFICATE) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_REMOVED,
                         _("This request has been removed meanwhile, and nothing was installed."));
    return NULL;
  }
  SignetKeyset *keyset = signet_keysets_import (store, import, keyset_name, add, level, password, cancellable, error);
  if (keyset != NULL && !signet_pendings_forget (store, stored, NULL, &problem))
    g_debug ("The request goes when requests are listed next: %s", problem->message);
  return keyset;
}

/* --- the same off the main loop --- */

typedef struct {
  char *address, *name, *keyset_name;
  SignetLevel level;
  SignetSecret *password;
  GPtrArray *certificates;
  SignetPending *pending;
  SignetImport *import;
  gboolean add;
} Arguments;

static void
arguments_free (gpointer data)
{
  Arguments *arguments = data;

  g_free (arguments->address);
  g_free (arguments->name);
  g_free (arguments->keyset_name);
  g_clear_pointer (&arguments->password, signet_secret_unref);
  g_clear_pointer (&arguments->certificates, g_ptr_array_unref);
  g_clear_object (&arguments->pending);
  g_clear_pointer (&arguments->import, signet_import_unref);
  g_free (arguments);
}

static Arguments *
arguments_new (SignetSecret *password, GPtrArray *certificates)
{
  Arguments *arguments = g_new0 (Arguments, 1);

  arguments->password = password != NULL ? signet_secret_ref (password) : NULL;
  arguments->certificates = certificates != NULL ? g_ptr_array_ref (certificates) : NULL;
  return arguments;
}

static gpointer
make_job (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  Arguments *arguments = data;
  const SignetFileRequest request = { arguments->address, arguments->name, arguments->keyset_name, arguments->level,
                                      arguments->password };

  return signet_enroller_make_file (source, &request, cancellable, error);
}

void
signet_enroller_make_file_async (SignetEnroller *self, const SignetFileRequest *request, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  Arguments *arguments = arguments_new (request->password, NULL);

  arguments->address = g_strdup (request->address);
  arguments->name = g_strdup (request->name);
  arguments->keyset_name = g_strdup (request->keyset_name);
  arguments->level = request->level;
  signet_job_run (self, make_job, make_job, arguments, arguments_free, g_object_unref, cancellable, callback,
                  user_data);
}

SignetPending *
signet_enroller_make_file_finish (SignetEnroller *self, GAsyncResult *result, GError **error)
{
  return signet_job_finish (self, result, make_job, error);
}

static gpointer
find_job (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  return signet_enroller_find_file (source, data, cancellable, error);
}

void
signet_enroller_find_file_async (SignetEnroller *self, GPtrArray *certificates, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  signet_job_run (self, find_job, find_job, g_ptr_array_ref (certificates), (GDestroyNotify) g_ptr_array_unref,
                  g_object_unref, cancellable, callback, user_data);
}

SignetPending *
signet_enroller_find_file_finish (SignetEnroller *self, GAsyncResult *result, GError **error)
{
  return signet_job_finish (self, result, find_job, error);
}

static gpointer
open_job (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  Arguments *arguments = data;

  return signet_pending_open_file (source, arguments->certificates, arguments->password, error);
}

void
signet_pending_open_file_async (SignetPending *self, GPtrArray *certificates, SignetSecret *password,
                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  signet_job_run (self, open_job, open_job, arguments_new (password, certificates), arguments_free,
                  (GDestroyNotify) signet_import_unref, cancellable, callback, user_data);
}

SignetImport *
signet_pending_open_file_finish (SignetPending *self, GAsyncResult *result, GError **error)
{
  return signet_job_finish (self, result, open_job, error);
}

static gpointer
install_job (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  Arguments *arguments = data;

  return signet_enroller_install_file (source, arguments->pending, arguments->import, arguments->keyset_name,
                                       arguments->add, arguments->level, arguments->password, cancellable, error);
}

void
signet_enroller_install_file_async (SignetEnroller *self, SignetPending *pending, SignetImport *import,
                                    const char *keyset_name, gboolean add, SignetLevel level, SignetSecret *password,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Arguments *arguments = arguments_new (password, NULL);

  arguments->pending = g_object_ref (pending);
  arguments->import = signet_import_ref (import);
  arguments->keyset_name = g_strdup (keyset_name);
  arguments->add = add;
  arguments->level = level;
  signet_job_run (self, install_job, install_job, arguments, arguments_free, g_object_unref, cancellable, callback,
                  user_data);
}

SignetKeyset *
signet_enroller_install_file_finish (SignetEnroller *self, GAsyncResult *result, GError **error)
{
  return signet_job_finish (self, result, install_job, error);
}
