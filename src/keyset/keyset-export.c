/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset-export.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/job.h"
#include "base/limits.h"
#include "crypto/pkcs12-write.h"
#include "crypto/public-key.h"

#include <string.h>

static const struct {
  const char *name;
  SignetPkcs12Form form;
} targets[] = {
  [SIGNET_EXPORT_THUNDERBIRD] = { "thunderbird", SIGNET_PKCS12_MODERN },
  [SIGNET_EXPORT_OPENSSL] = { "openssl", SIGNET_PKCS12_MODERN },
  [SIGNET_EXPORT_WINDOWS] = { "windows", SIGNET_PKCS12_OLD },
  [SIGNET_EXPORT_MACOS] = { "macos", SIGNET_PKCS12_OLD },
  [SIGNET_EXPORT_GNUPG] = { "gnupg", SIGNET_PKCS12_OLD },
};

const char *
signet_export_target_to_name (SignetExportTarget target)
{
  return targets[target].name;
}

gboolean
signet_export_target_from_name (const char *name, SignetExportTarget *target)
{
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++) {
    if (g_strcmp0 (name, targets[i].name) == 0) {
      *target = i;
      return TRUE;
    }
  }
  return FALSE;
}

static void
add_once (GPtrArray *list, GBytes *der)
{
  if (!g_ptr_array_find_with_equal_func (list, der, g_bytes_equal, NULL))
    g_ptr_array_add (list, der);
}

static gboolean
has_same_public_key (gconstpointer a, gconstpointer b)
{
  return g_bytes_equal (signet_private_key_get_spki ((SignetPrivateKey *) a),
                        signet_private_key_get_spki ((SignetPrivateKey *) b));
}

/* Old GnuPG takes the first key of a file and leaves the others without a word. */
static gboolean
is_chosen (SignetDigitalId *id, SignetExportTarget target, int use)
{
  if (target == SIGNET_EXPORT_GNUPG)
    return id->current && id->use == (use < 0 ? SIGNET_ID_ENCRYPTION : (SignetIdUse) use);
  return use < 0 || id->use == (SignetIdUse) use;
}

static gboolean
check_target (SignetDigitalId *id, SignetExportTarget target, GError **error)
{
  SignetPublicKeyKind kind;
  guint bits;

  if (target != SIGNET_EXPORT_GNUPG ||
      (signet_public_key_read (signet_certificate_get_spki (id->certificate), &kind, &bits, NULL) &&
       kind == SIGNET_PUBLIC_KEY_RSA))
    return TRUE;
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                       _("GnuPG cannot read this kind of key from a file, only RSA. Choose another digital ID."));
  return FALSE;
}

/* Old GnuPG does not read a password as UTF-8 but tries one character set after the other. */
static gboolean
check_file_password (SignetSecret *password, SignetExportTarget target, GError **error)
{
  const char *text = signet_secret_get_text (password);

  if (target == SIGNET_EXPORT_GNUPG && text != NULL && !g_str_is_ascii (text)) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                         _("GnuPG would not open the file with this password. Use a password of letters without "
                           "accents."));
    return FALSE;
  }
  if (text != NULL)
    return signet_keyset_check_password (password, error);
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, _("The password is no text. Enter another one."));
  return FALSE;
}

/* CERTIFICATES: the chosen ones first, then their issuers, as other programs expect. */
static gboolean
collect (SignetKeyset *self, GPtrArray *all_keys, SignetExportTarget target, int use, GPtrArray *keys,
         GPtrArray *certificates, GError **error)
{
  GPtrArray *ids = signet_keyset_get_ids (self);
  g_autoptr (GPtrArray) issuers = g_ptr_array_new ();

  for (guint i = 0; i < ids->len; i++) {
    SignetDigitalId *id = ids->pdata[i];
    if (!is_chosen (id, target, use))
      continue;
    if (!check_target (id, target, error))
      return FALSE;
    if (!g_ptr_array_find_with_equal_func (keys, all_keys->pdata[i], has_same_public_key, NULL))
      g_ptr_array_add (keys, all_keys->pdata[i]);
    add_once (certificates, signet_certificate_get_der (id->certificate));
    for (guint k = 0; k < id->chain->len; k++)
      add_once (issuers, signet_certificate_get_der (id->chain->pdata[k]));
  }
  for (guint i = 0; i < issuers->len; i++)
    add_once (certificates, issuers->pdata[i]);
  if (keys->len > 0)
    return TRUE;
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND, _("The keyset “%s” has no such digital ID."),
               signet_keyset_get_name (self));
  return FALSE;
}

SignetSecret *
signet_keyset_export_keys (SignetKeyset *self, GPtrArray *all_keys, SignetExportTarget target, int use,
                           SignetSecret *file_password, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new (), certificates = g_ptr_array_new ();

  if (!check_file_password (file_password, target, error) ||
      !collect (self, all_keys, target, use, keys, certificates, error))
    return NULL;
  return signet_pkcs12_write (keys, certificates, signet_keyset_get_name (self), targets[target].form, file_password,
                              cancellable, error);
}

SignetSecret *
signet_keyset_export (SignetKeyset *self, SignetSecret *password, SignetExportTarget target, int use,
                      SignetSecret *file_password, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) keys = NULL;

  if (!check_file_password (file_password, target, error))
    return NULL;
  keys = signet_keyset_unlock (self, password, error);
  return keys != NULL ? signet_keyset_export_keys (self, keys, target, use, file_password, cancellable, error) : NULL;
}

/* Lines of 64 characters: RFC 7468 section 2. */
static void
append_pem (GString *text, GBytes *der)
{
  g_autofree char *base64 = g_base64_encode (g_bytes_get_data (der, NULL), g_bytes_get_size (der));

  g_string_append (text, "-----BEGIN CERTIFICATE-----\n");
  for (const char *line = base64; *line != '\0'; line += MIN (strlen (line), 64))
    g_string_append_printf (text, "%.64s\n", line);
  g_string_append (text, "-----END CERTIFICATE-----\n");
}

SignetSecret *
signet_keyset_export_certificates (SignetKeyset *self)
{
  GPtrArray *ids = signet_keyset_get_ids (self);
  g_autoptr (GPtrArray) certificates = g_ptr_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < ids->len; i++)
    add_once (certificates, signet_certificate_get_der (((SignetDigitalId *) ids->pdata[i])->certificate));
  for (guint i = 0; i < ids->len; i++) {
    SignetDigitalId *id = ids->pdata[i];
    for (guint k = 0; k < id->chain->len; k++)
      add_once (certificates, signet_certificate_get_der (id->chain->pdata[k]));
  }
  for (guint i = 0; i < certificates->len; i++)
    append_pem (text, certificates->pdata[i]);
  return signet_secret_new (text->str, text->len);
}

/* --- the same off the main loop --- */

typedef struct {
  SignetSecret *password, *file_password;
  SignetExportTarget target;
  int use;
} Arguments;

static void
arguments_free (gpointer data)
{
  Arguments *arguments = data;

  g_clear_pointer (&arguments->password, signet_secret_unref);
  signet_secret_unref (arguments->file_password);
  g_free (arguments);
}

static gpointer
export_job (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  Arguments *arguments = data;

  return signet_keyset_export (source, arguments->password, arguments->target, arguments->use, arguments->file_password,
                               cancellable, error);
}

void
signet_keyset_export_async (SignetKeyset *self, SignetSecret *password, SignetExportTarget target, int use,
                            SignetSecret *file_password, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  Arguments *arguments = g_new0 (Arguments, 1);

  arguments->password = password != NULL ? signet_secret_ref (password) : NULL;
  arguments->file_password = signet_secret_ref (file_password);
  arguments->target = target;
  arguments->use = use;
  signet_job_run (self, export_job, export_job, arguments, arguments_free, (GDestroyNotify) signet_secret_unref,
                  cancellable, callback, user_data);
}

SignetSecret *
signet_keyset_export_finish (SignetKeyset *self, GAsyncResult *result, GError **error)
{
  return signet_job_finish (self, result, export_job, error);
}
