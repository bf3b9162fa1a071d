/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset-export.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "crypto/key-file.h"
#include "crypto/pkcs12-write.h"
#include "crypto/public-key.h"
#include "keyset/keyset-change.h"

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
is_chosen (SignetDigitalId *id, const SignetExportChoice *choice)
{
  int use = choice->target == SIGNET_EXPORT_GNUPG && choice->use < 0 ? SIGNET_ID_ENCRYPTION : choice->use;
  gboolean current_only = choice->current_only || choice->target == SIGNET_EXPORT_GNUPG;

  return (use < 0 || id->use == (SignetIdUse) use) && (id->current || !current_only);
}

gboolean
signet_export_choice_is_all (const SignetExportChoice *choice)
{
  return choice->target != SIGNET_EXPORT_GNUPG && choice->use < 0 && !choice->current_only;
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
collect (SignetKeyset *self, GPtrArray *all_keys, const SignetExportChoice *choice, GPtrArray *keys,
         GPtrArray *certificates, GError **error)
{
  GPtrArray *ids = signet_keyset_get_ids (self);
  g_autoptr (GPtrArray) issuers = g_ptr_array_new ();

  for (guint i = 0; i < ids->len; i++) {
    SignetDigitalId *id = ids->pdata[i];
    if (!is_chosen (id, choice))
      continue;
    if (!check_target (id, choice->target, error))
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
signet_keyset_export (SignetKeyset *self, GPtrArray *all_keys, const SignetExportChoice *choice,
                      SignetSecret *file_password, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new (), certificates = g_ptr_array_new ();

  if (!check_file_password (file_password, choice->target, error) ||
      !collect (self, all_keys, choice, keys, certificates, error))
    return NULL;
  return signet_pkcs12_write (keys, certificates, signet_keyset_get_name (self), targets[choice->target].form,
                              file_password, cancellable, error);
}

/* --- leaving --- */

/* As it lies on the disk now. */
static SignetKeyFile *
read_back (const char *path, SignetSecret *file_password, GCancellable *cancellable, GError **error)
{
  g_autoptr (GMappedFile) mapped = g_mapped_file_new (path, FALSE, error);
  g_autoptr (SignetKeyFile) file = signet_key_file_new ();

  if (mapped == NULL)
    return NULL;
  g_autoptr (SignetSecret) bytes = signet_secret_new (g_mapped_file_get_contents (mapped),
                                                      g_mapped_file_get_length (mapped));
  return signet_key_file_read (file, bytes, file_password, cancellable, error) ? g_steal_pointer (&file) : NULL;
}

static gboolean
holds_id (SignetKeyFile *file, SignetDigitalId *id)
{
  GBytes *spki = signet_certificate_get_spki (id->certificate);

  if (!g_ptr_array_find_with_equal_func (file->certificates, signet_certificate_get_der (id->certificate),
                                         g_bytes_equal, NULL))
    return FALSE;
  for (guint i = 0; i < file->keys->len; i++)
    if (g_bytes_equal (signet_private_key_get_spki (file->keys->pdata[i]), spki))
      return TRUE;
  return FALSE;
}

static gboolean
holds_all (SignetKeyFile *file, SignetKeyset *keyset)
{
  GPtrArray *ids = signet_keyset_get_ids (keyset);

  for (guint i = 0; i < ids->len; i++)
    if (!holds_id (file, ids->pdata[i]))
      return FALSE;
  return TRUE;
}

gboolean
signet_keysets_remove_exported (SignetStore *store, SignetKeyset *self, const char *path, SignetSecret *file_password,
                                GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (SignetKeyFile) file = read_back (path, file_password, cancellable, &problem);

  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  if (file == NULL || !holds_all (file, self)) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED,
                 _("The file was written, but read back it does not hold all of “%s”. The keyset was not removed."),
                 signet_keyset_get_name (self));
    return FALSE;
  }
  return signet_keysets_remove (store, self, cancellable, error);
}

/* --- certificates alone --- */

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
