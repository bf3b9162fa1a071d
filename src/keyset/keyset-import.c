/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset-import.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/i18n.h"
#include "base/job.h"
#include "base/limits.h"
#include "keyset/keyset-list.h"

SignetImport *
signet_import_ref (SignetImport *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  SignetImport *self = data;

  g_ptr_array_unref (self->ids);
  g_ptr_array_unref (self->keys);
  g_free (self->name);
  g_clear_pointer (&self->request, g_bytes_unref);
}

void
signet_import_unref (SignetImport *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/* --- what is in the files --- */

/* Certificates that cannot be read are nobody's. */
static GPtrArray *
read_certificates (SignetKeyFile *file)
{
  GPtrArray *certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_certificate_unref);

  for (guint i = 0; i < file->certificates->len; i++) {
    SignetCertificate *certificate = signet_certificate_new (file->certificates->pdata[i], NULL);
    if (certificate != NULL)
      g_ptr_array_add (certificates, certificate);
  }
  return certificates;
}

static gboolean
is_valid (SignetCertificate *certificate)
{
  gint64 now = signet_clock_now ();

  return signet_certificate_get_not_before (certificate) <= now && now < signet_certificate_get_not_after (certificate);
}

/* A certificate of today names its address where Signet looks; some old ones, which still open old mail, do not. */
static gboolean
is_for_mail (SignetCertificate *certificate)
{
  return !signet_certificate_is_ca (certificate) &&
         (signet_certificate_can_sign (certificate) || signet_certificate_can_encrypt (certificate)) &&
         (signet_certificate_get_addresses (certificate)[0] != NULL || !is_valid (certificate));
}

static gboolean
is_newer (SignetCertificate *a, SignetCertificate *b)
{
  return signet_certificate_get_not_after (a) > signet_certificate_get_not_after (b);
}

/* The newest first. */
static void
add_id (SignetImport *self, SignetIdUse use, SignetCertificate *certificate, GPtrArray *chain, SignetPrivateKey *key)
{
  g_autofree char *authority = g_utf8_substring (signet_certificate_get_issuer (certificate), 0,
    MIN (g_utf8_strlen (signet_certificate_get_issuer (certificate), -1), SIGNET_MAX_NAME));
  guint place = 0;

  while (place < self->ids->len) {
    SignetDigitalId *other = self->ids->pdata[place];
    if (is_newer (certificate, other->certificate))
      break;
    place++;
  }
  g_ptr_array_insert (self->ids, place, signet_digital_id_new (use, FALSE, certificate, chain, authority,
                                                               signet_clock_now (), NULL));
  g_ptr_array_insert (self->keys, place, signet_private_key_ref (key));
}

/* The IDs of KEY.  One that has a certificate, but none for mail, goes to OTHER. */
static gboolean
add_ids (SignetImport *self, SignetPrivateKey *key, GPtrArray *certificates, SignetCertificate **other)
{
  gboolean found = FALSE;

  for (guint i = 0; i < certificates->len && self->ids->len < SIGNET_MAX_IDS; i++) {
    SignetCertificate *certificate = certificates->pdata[i];
    if (!g_bytes_equal (signet_certificate_get_spki (certificate), signet_private_key_get_spki (key)))
      continue;
    if (!is_for_mail (certificate)) {
      *other = certificate;
      continue;
    }
    g_autoptr (GPtrArray) chain = signet_certificate_find_chain (certificate, certificates);
    found = TRUE;
    if (signet_certificate_can_sign (certificate))
      add_id (self, SIGNET_ID_SIGNING, certificate, chain, key);
    if (signet_certificate_can_encrypt (certificate))
      add_id (self, SIGNET_ID_ENCRYPTION, certificate, chain, key);
  }
  return found;
}

/* Leaves one signing ID, the newest, when it can still be used.  TRUE when some had expired. */
static gboolean
drop_old_signing (SignetImport *self)
{
  gboolean expired = FALSE, kept = FALSE;

  for (guint i = 0; i < self->ids->len;) {
    SignetDigitalId *id = self->ids->pdata[i];
    gboolean valid = is_valid (id->certificate);
    gboolean keep = id->use == SIGNET_ID_ENCRYPTION || (valid && !kept);
    expired = expired || (id->use == SIGNET_ID_SIGNING && !valid);
    kept = kept || (id->use == SIGNET_ID_SIGNING && keep);
    if (keep) {
      i++;
    } else {
      g_ptr_array_remove_index (self->ids, i);
      g_ptr_array_remove_index (self->keys, i);
    }
  }
  return expired;
}

/* Why there is nothing to import. */
static void
explain (SignetKeyFile *file, SignetCertificate *other, gboolean expired, GError **error)
{
  if (expired)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_EXPIRED,
                         _("The digital ID in this file has expired and was for signing only, so it is of no more use. "
                           "Get a new one."));
  else if (other != NULL && signet_certificate_is_ca (other))
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                 _("The certificate of “%s” is an authority's, not for mail. Import one that names a mail address."),
                 signet_certificate_get_subject (other));
  else if (other != NULL)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                 _("The certificate of “%s” is not for mail: it names no mail address, or it was made for another "
                   "purpose, such as a web server. Import one that was made for mail."),
                 signet_certificate_get_subject (other));
  else if (file->keys->len == 0 && file->unusable > 0)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                         _("The private key is of a kind that Signet does not use. Signet uses RSA of 2048 bits or "
                           "more, P-256, P-384 and P-521."));
  else if (file->keys->len == 0)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND,
                         _("There is no private key in this file, only certificates. Export the digital ID again with "
                           "its private key."));
  else
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND,
                         _("The certificate of the private key is missing. Add the file with the certificate."));
}

/* The keyset's name: what the key was called, if it can be one, or its first address. */
static char *
choose_name (SignetKeyFile *file, GPtrArray *ids)
{
  g_autofree char *given = file->name != NULL ? signet_keyset_normalize_name (file->name, NULL) : NULL;

  if (given != NULL)
    return g_steal_pointer (&given);
  for (guint i = 0; i < ids->len; i++) {
    SignetDigitalId *id = ids->pdata[i];
    const char *address = signet_certificate_get_addresses (id->certificate)[0];
    if (address != NULL)
      return g_strdup (address);
  }
  return g_strdup (_("Imported"));
}

SignetImport *
signet_import_new (SignetKeyFile *file, GBytes *request, GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetImport) self = g_atomic_rc_box_new0 (SignetImport);
  g_autoptr (GPtrArray) certificates = read_certificates (file);
  SignetCertificate *other = NULL;

  self->ids = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_digital_id_unref);
  self->keys = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_private_key_unref);
  self->request = request != NULL ? g_bytes_ref (request) : NULL;
  self->weak = file->weak;
  self->left_out = file->unusable;
  for (guint i = 0; i < file->keys->len; i++) {
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return NULL;
    self->left_out += !add_ids (self, file->keys->pdata[i], certificates, &other);
  }
  gboolean expired = drop_old_signing (self);
  if (self->ids->len == 0) {
    explain (file, other, expired, error);
    return NULL;
  }
  self->name = choose_name (file, self->ids);
  return g_steal_pointer (&self);
}

static SignetImport *
read_with (GPtrArray *files, SignetSecret *password, GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetKeyFile) found = signet_key_file_new ();

  for (guint i = 0; i < files->len; i++)
    if (!signet_key_file_read (found, files->pdata[i], password, cancellable, error))
      return NULL;
  return signet_import_new (found, NULL, cancellable, error);
}

/* Some programs write an empty password where the user gave none. */
SignetImport *
signet_import_read (GPtrArray *files, SignetSecret *password, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) problem = NULL;
  SignetImport *self = read_with (files, password, cancellable, &problem);

  if (password == NULL && g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD)) {
    g_autoptr (SignetSecret) empty = signet_secret_new (NULL, 0);
    g_clear_error (&problem);
    self = read_with (files, empty, cancellable, &problem);
  }
  if (self == NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return self;
}

/* --- into the store --- */

static gboolean
is_in (SignetKeyset *keyset, SignetDigitalId *wanted)
{
  GPtrArray *ids = signet_keyset_get_ids (keyset);

  for (guint i = 0; i < ids->len; i++) {
    SignetDigitalId *id = ids->pdata[i];
    if (id->use == wanted->use && g_bytes_equal (signet_certificate_get_der (id->certificate),
                                                 signet_certificate_get_der (wanted->certificate)))
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_all (SignetKeyset *keyset, SignetImport *import)
{
  for (guint i = 0; i < import->ids->len; i++)
    if (!is_in (keyset, import->ids->pdata[i]))
      return FALSE;
  return TRUE;
}

static void
refuse_installed (SignetKeyset *keyset, GError **error)
{
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_ALREADY_INSTALLED,
               _("The keyset “%s” has these digital IDs already. Nothing more needs to be done."),
               signet_keyset_get_name (keyset));
}

char *
signet_keysets_offer_import (SignetStore *store, SignetImport *import, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) keysets = signet_keysets_load (store, NULL, cancellable, error);

  if (keysets == NULL)
    return NULL;
  for (guint i = 0; i < keysets->len; i++) {
    if (has_all (keysets->pdata[i], import)) {
      refuse_installed (keysets->pdata[i], error);
      return NULL;
    }
  }
  return signet_keysets_suggest_name (keysets, import->name);
}

/* Whether ID, the newest of its use in the file, is to be the one for new mail. */
static gboolean
becomes_current (SignetDigitalId *id, SignetKeyset *existing)
{
  SignetDigitalId *present = existing != NULL ? signet_keyset_get_current (existing, id->use) : NULL;

  return existing == NULL || (is_valid (id->certificate) &&
                              (present == NULL || is_newer (id->certificate, present->certificate)));
}

/* What of IMPORT goes into EXISTING (or a new keyset), with the current ones chosen. */
static void
select_ids (SignetImport *import, SignetKeyset *existing, GPtrArray *ids, GPtrArray *keys)
{
  gboolean seen[] = { [SIGNET_ID_SIGNING] = FALSE, [SIGNET_ID_ENCRYPTION] = FALSE };

  for (guint i = 0; i < import->ids->len; i++) {
    SignetDigitalId *id = import->ids->pdata[i];
    gboolean current = !seen[id->use] && (import->request != NULL || becomes_current (id, existing));
    seen[id->use] = TRUE;
    if ((existing != NULL && is_in (existing, id)) || (id->use == SIGNET_ID_SIGNING && !current))
      continue;
    g_ptr_array_add (ids, signet_digital_id_new (id->use, current, id->certificate, id->chain, id->authority,
                                                 id->installed, import->request));
    g_ptr_array_add (keys, import->keys->pdata[i]);
  }
}

static SignetKeyset *
build (SignetImport *import, SignetKeyset *existing, const char *name, gboolean add, SignetLevel level,
       SignetSecret *password, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_digital_id_unref);
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();

  select_ids (import, existing, ids, keys);
  if (existing != NULL && !add)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_EXISTS,
                 _("There is a keyset “%s” already. Choose another name."), signet_keyset_get_name (existing));
  else if (existing == NULL && add)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND,
                 _("There is no keyset “%s” any more. Choose another name."), name);
  else if (existing != NULL && signet_keyset_get_level (existing) != level)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_EXISTS,
                 _("The keyset “%s” has another security level. Choose that level, or another name."), name);
  else if (existing != NULL && ids->len == 0)
    refuse_installed (existing, error);
  else if (existing != NULL)
    return signet_keyset_add (existing, ids, keys, password, error);
  else
    return signet_keyset_new (name, level, ids, keys, password, error);
  return NULL;
}

SignetKeyset *
signet_keysets_import (SignetStore *store, SignetImport *import, const char *name, gboolean add, SignetLevel level,
                       SignetSecret *password, GCancellable *cancellable, GError **error)
{
  g_autofree char *proper_name = signet_keyset_normalize_name (name, error);
  g_autoptr (SignetStoreLock) lock = proper_name != NULL ? signet_store_lock (store, cancellable, error) : NULL;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SignetKeyset) existing = NULL, keyset = NULL;

  if (lock == NULL)
    return NULL;
  existing = signet_keysets_find (store, proper_name, cancellable, &local_error);
  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return NULL;
  }
  keyset = build (import, existing, proper_name, add, level, password, error);
  if (keyset == NULL || !signet_job_commit (cancellable, error))
    return NULL;
  signet_fault_point ("client:before-import");
  if (!signet_keysets_save (store, keyset, NULL, error))
    return NULL;
  signet_fault_point ("client:imported");
  return g_steal_pointer (&keyset);
}

/* --- the same off the main loop --- */

typedef struct {
  GPtrArray *files;
  SignetImport *import;
  SignetSecret *password;
  char *name;
  gboolean add;
  SignetLevel level;
} Arguments;

static void
arguments_free (gpointer data)
{
  Arguments *arguments = data;

  g_clear_pointer (&arguments->files, g_ptr_array_unref);
  g_clear_pointer (&arguments->import, signet_import_unref);
  g_clear_pointer (&arguments->password, signet_secret_unref);
  g_free (arguments->name);
  g_free (arguments);
}

static gpointer
read_job (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  Arguments *arguments = data;

  return signet_import_read (arguments->files, arguments->password, cancellable, error);
}

void
signet_import_read_async (GPtrArray *files, SignetSecret *password, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  Arguments *arguments = g_new0 (Arguments, 1);

  arguments->files = g_ptr_array_ref (files);
  arguments->password = password != NULL ? signet_secret_ref (password) : NULL;
  signet_job_run (NULL, read_job, read_job, arguments, arguments_free, (GDestroyNotify) signet_import_unref,
                  cancellable, callback, user_data);
}

SignetImport *
signet_import_read_finish (GAsyncResult *result, GError **error)
{
  return signet_job_finish (NULL, result, read_job, error);
}

static gpointer
offer_job (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  return signet_keysets_offer_import (source, data, cancellable, error);
}

void
signet_keysets_offer_import_async (SignetStore *store, SignetImport *import, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  signet_job_run (store, offer_job, offer_job, signet_import_ref (import), (GDestroyNotify) signet_import_unref, g_free,
                  cancellable, callback, user_data);
}

char *
signet_keysets_offer_import_finish (SignetStore *store, GAsyncResult *result, GError **error)
{
  return signet_job_finish (store, result, offer_job, error);
}

static gpointer
import_job (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  Arguments *arguments = data;

  return signet_keysets_import (source, arguments->import, arguments->name, arguments->add, arguments->level,
                                arguments->password, cancellable, error);
}

void
signet_keysets_import_async (SignetStore *store, SignetImport *import, const char *name, gboolean add,
                             SignetLevel level, SignetSecret *password, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  Arguments *arguments = g_new0 (Arguments, 1);

  arguments->import = signet_import_ref (import);
  arguments->password = password != NULL ? signet_secret_ref (password) : NULL;
  arguments->name = g_strdup (name);
  arguments->add = add;
  arguments->level = level;
  signet_job_run (store, import_job, import_job, arguments, arguments_free, g_object_unref, cancellable, callback,
                  user_data);
}

SignetKeyset *
signet_keysets_import_finish (SignetStore *store, GAsyncResult *result, GError **error)
{
  return signet_job_finish (store, result, import_job, error);
}
