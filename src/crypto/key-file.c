/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/key-file.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "crypto/ber.h"
#include "crypto/cms.h"
#include "crypto/gnutls-types.h"
#include "crypto/pbe.h"
#include "crypto/pkcs12.h"
#include "crypto/private-key.h"

#include <string.h>

#define PEM_BEGIN "-----BEGIN "

/* What a key may stand in. */
static const char *const key_labels[] = { "PRIVATE KEY-----", "ENCRYPTED PRIVATE KEY-----", "RSA PRIVATE KEY-----",
                                          "EC PRIVATE KEY-----", "PKCS12-----" };

SignetKeyFile *
signet_key_file_new (void)
{
  SignetKeyFile *self = g_new0 (SignetKeyFile, 1);

  self->keys = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_private_key_unref);
  self->certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  return self;
}

void
signet_key_file_free (SignetKeyFile *self)
{
  g_ptr_array_unref (self->keys);
  g_ptr_array_unref (self->certificates);
  g_free (self->name);
  g_free (self);
}

gboolean
signet_key_file_refuse (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                       _("The file cannot be read: it is not whole, or no file of digital IDs. Get it again from where "
                         "it came from."));
  return FALSE;
}

static gboolean
refuse_size (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE, _("The file is too large for digital IDs. "
                                                                      "Choose another one."));
  return FALSE;
}

static gboolean
ask_password (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD, _("The password of the file is needed."));
  return FALSE;
}

static gboolean
has_same_public_key (gconstpointer a, gconstpointer b)
{
  return g_bytes_equal (signet_private_key_get_spki ((SignetPrivateKey *) a),
                        signet_private_key_get_spki ((SignetPrivateKey *) b));
}

/* Takes over KEY, or counts why there is none. */
static gboolean
take_key (SignetKeyFile *self, SignetPrivateKey *key, GError *problem, GError **error)
{
  g_autoptr (SignetPrivateKey) owned = key;

  if (g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED)) {
    g_clear_error (&problem);
    self->unusable++;
    return TRUE;
  }
  if (owned == NULL) {
    g_propagate_error (error, problem);
    return FALSE;
  }
  if (g_ptr_array_find_with_equal_func (self->keys, owned, has_same_public_key, NULL))
    return TRUE;
  if (self->keys->len == SIGNET_MAX_IDS)
    return refuse_size (error);
  g_ptr_array_add (self->keys, g_steal_pointer (&owned));
  return TRUE;
}

gboolean
signet_key_file_add_key (SignetKeyFile *self, SignetSecret *pkcs8, GError **error)
{
  SignetDer bytes;
  GError *problem = NULL;

  bytes.data = signet_secret_get (pkcs8, &bytes.length);
  g_autoptr (SignetSecret) der = signet_ber_to_der (&bytes);
  if (der == NULL)
    return signet_key_file_refuse (error);
  SignetPrivateKey *key = signet_private_key_new_from_pkcs8 (der, &problem);
  return take_key (self, key, problem, error);
}

gboolean
signet_key_file_add_certificate (SignetKeyFile *self, GBytes *der, GError **error)
{
  if (g_ptr_array_find_with_equal_func (self->certificates, der, g_bytes_equal, NULL))
    return TRUE;
  if (self->certificates->len == SIGNET_MAX_FILE_CERTIFICATES || g_bytes_get_size (der) > SIGNET_MAX_CERTIFICATE)
    return refuse_size (error);
  g_ptr_array_add (self->certificates, g_bytes_ref (der));
  return TRUE;
}

/* --- one thing --- */

static gboolean
add_encrypted_key (SignetKeyFile *self, const SignetDer *bytes, SignetSecret *password, GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (SignetSecret) der = signet_ber_to_der (bytes), plain = NULL;
  SignetPbeUse use = { 0 };
  SignetDer whole;

  if (der == NULL)
    return signet_key_file_refuse (error);
  if (password == NULL)
    return ask_password (error);
  whole.data = signet_secret_get (der, &whole.length);
  plain = signet_pbe_decrypt_pkcs8 (&whole, password, &use, cancellable, error);
  self->weak = self->weak || use.weak;
  return plain != NULL && signet_key_file_add_key (self, plain, error);
}

static gboolean
add_plain_key (SignetKeyFile *self, SignetSecret *pkcs8, GError **error)
{
  self->weak = TRUE;
  return signet_key_file_add_key (self, pkcs8, error);
}

/* Reads it into the library's own object, as it comes: the older forms have no PKCS#8 around them. */
static gboolean
add_old_key (SignetKeyFile *self, const gnutls_datum_t *pem, SignetSecret *password, GError **error)
{
  g_auto (gnutls_x509_privkey_t) key = NULL;
  g_auto (gnutls_datum_t) pkcs8 = { NULL, 0 };
  gboolean encrypted = g_strstr_len ((const char *) pem->data, pem->size, "Proc-Type: 4,ENCRYPTED") != NULL;

  if (encrypted && password == NULL)
    return ask_password (error);
  gnutls_x509_privkey_init (&key);
  int code = encrypted ? gnutls_x509_privkey_import_openssl (key, pem, signet_secret_get_text (password))
                       : gnutls_x509_privkey_import (key, pem, GNUTLS_X509_FMT_PEM);
  if (encrypted && (code == GNUTLS_E_DECRYPTION_FAILED || code == GNUTLS_E_PARSING_ERROR)) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD, _("That is not the password of the file."));
    return FALSE;
  }
  if (code < 0 || gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_DER, NULL, GNUTLS_PKCS_PLAIN, &pkcs8) < 0)
    return signet_key_file_refuse (error);
  g_autoptr (SignetSecret) der = signet_datum_to_secret (&pkcs8);
  return add_plain_key (self, der, error);
}

/* A .p7b or .p7c: certificates alone in a SignedData (RFC 8551 section 3.8). */
static gboolean
add_certificates (SignetKeyFile *self, const guint8 *data, gsize length, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);
  g_autoptr (GPtrArray) list = signet_cms_parse_certs_only (bytes, NULL);

  if (list == NULL)
    return signet_key_file_refuse (error);
  for (guint i = 0; i < list->len; i++)
    if (!signet_key_file_add_certificate (self, list->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* --- PEM --- */

/* LABEL is what stands after BEGIN; PEM is all of one block. */
static gboolean
add_pem_block (SignetKeyFile *self, const char *label, const gnutls_datum_t *pem, SignetSecret *password,
               GCancellable *cancellable, GError **error)
{
  static const char *const known[] = { "CERTIFICATE", "X509 CERTIFICATE", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY",
                                       "PKCS12", "PKCS7", "CMS", NULL };
  g_auto (gnutls_datum_t) raw = { NULL, 0 };

  if (g_str_equal (label, "RSA PRIVATE KEY") || g_str_equal (label, "EC PRIVATE KEY"))
    return add_old_key (self, pem, password, error);
  if (!g_strv_contains (known, label))
    return TRUE;
  if (gnutls_pem_base64_decode2 (label, pem, &raw) < 0)
    return signet_key_file_refuse (error);

  g_autoptr (SignetSecret) secret = signet_datum_to_secret (&raw);
  SignetDer bytes = { raw.data, raw.size };
  if (g_str_equal (label, "PRIVATE KEY"))
    return add_plain_key (self, secret, error);
  if (g_str_equal (label, "ENCRYPTED PRIVATE KEY"))
    return add_encrypted_key (self, &bytes, password, cancellable, error);
  if (g_str_equal (label, "PKCS12"))
    return signet_pkcs12_read (self, secret, password, cancellable, error);
  if (g_str_equal (label, "PKCS7") || g_str_equal (label, "CMS"))
    return add_certificates (self, raw.data, raw.size, error);
  g_autoptr (GBytes) der = signet_datum_to_bytes (&raw);
  return signet_key_file_add_certificate (self, der, error);
}

/* The next block of REST, its label in LABEL (free it); FALSE at the end, or when the last is not whole (BAD). */
static gboolean
next_pem_block (const char **rest, gsize *length, char **label, gnutls_datum_t *block, gboolean *bad)
{
  const char *start = g_strstr_len (*rest, *length, PEM_BEGIN);
  *bad = FALSE;
  if (start == NULL)
    return FALSE;

  const char *name = start + strlen (PEM_BEGIN), *end = *rest + *length;
  const char *name_end = g_strstr_len (name, MIN (end - name, 64), "-----");
  g_autofree char *found = name_end != NULL ? g_strndup (name, name_end - name) : NULL;
  g_autofree char *closing = found != NULL ? g_strdup_printf ("-----END %s-----", found) : NULL;
  const char *stop = closing != NULL ? g_strstr_len (name_end, end - name_end, closing) : NULL;
  *bad = stop == NULL;
  if (*bad)
    return FALSE;

  stop += strlen (closing);
  *block = (gnutls_datum_t) { (unsigned char *) start, stop - start };
  *label = g_steal_pointer (&found);
  *rest = stop;
  *length = end - stop;
  return TRUE;
}

static gboolean
read_pem (SignetKeyFile *self, SignetSecret *file, SignetSecret *password, GCancellable *cancellable, GError **error)
{
  gsize length;
  const char *rest = (const char *) signet_secret_get (file, &length);
  gnutls_datum_t block;
  char *found = NULL;
  gboolean bad;

  while (next_pem_block (&rest, &length, &found, &block, &bad)) {
    g_autofree char *label = found;
    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !add_pem_block (self, label, &block, password, cancellable, error))
      return FALSE;
  }
  return !bad || signet_key_file_refuse (error);
}

/* --- DER --- */

/* What follows the first tag of the outer SEQUENCE tells them apart: a version (PKCS#12: 3, PKCS#8: 0 or 1), an
 * AlgorithmIdentifier (an encrypted key: its second element is an OCTET STRING), a content type (certificates in CMS),
 * or a TBSCertificate. */
static gboolean
read_der (SignetKeyFile *self, SignetSecret *file, SignetSecret *password, GCancellable *cancellable, GError **error)
{
  SignetDer bytes, rest;
  SignetDerElement first, second;

  bytes.data = signet_secret_get (file, &bytes.length);
  g_autoptr (SignetSecret) der = signet_ber_to_der (&bytes);
  if (der == NULL)
    return signet_key_file_refuse (error);
  bytes.data = signet_secret_get (der, &bytes.length);
  if (!signet_der_open (bytes.data, bytes.length, SIGNET_DER_SEQUENCE, &rest) || !signet_der_read (&rest, &first) ||
      !signet_der_read (&rest, &second))
    return signet_key_file_refuse (error);
  if (first.tag == SIGNET_DER_INTEGER && first.contents.length == 1 && first.contents.data[0] == 3)
    return signet_pkcs12_read (self, file, password, cancellable, error);
  if (first.tag == SIGNET_DER_OID)
    return add_certificates (self, bytes.data, bytes.length, error);
  if (first.tag == SIGNET_DER_INTEGER)
    return add_plain_key (self, der, error);
  if (first.tag == SIGNET_DER_SEQUENCE && second.tag == SIGNET_DER_OCTET_STRING)
    return add_encrypted_key (self, &bytes, password, cancellable, error);
  g_autoptr (GBytes) certificate = g_bytes_new (bytes.data, bytes.length);
  return signet_key_file_add_certificate (self, certificate, error);
}

/* --- telling it from other files --- */

static gboolean
holds_pem_key (const char *text, gsize length)
{
  for (const char *block = text; (block = g_strstr_len (block, text + length - block, PEM_BEGIN)) != NULL;) {
    block += strlen (PEM_BEGIN);
    for (guint i = 0; i < G_N_ELEMENTS (key_labels); i++)
      if ((gsize) (text + length - block) >= strlen (key_labels[i]) &&
          strncmp (block, key_labels[i], strlen (key_labels[i])) == 0)
        return TRUE;
  }
  return FALSE;
}

/* A SEQUENCE, of a length that may be indefinite (as BER permits) or cut short, whose first element is a small number:
 * a version.  What else people open begins otherwise. */
static gboolean
begins_with_version (const guint8 *data, gsize length)
{
  gsize place = length > 1 && data[1] > 0x80 ? 2 + (data[1] & 0x7f) : 2;

  return length >= place + 3 && data[0] == SIGNET_DER_SEQUENCE && data[place] == SIGNET_DER_INTEGER &&
         data[place + 1] == 1 && data[place + 2] <= 3;
}

static gboolean
is_encrypted_key (const guint8 *data, gsize length)
{
  SignetDer rest;
  SignetDerElement first, second;

  return signet_der_open (data, length, SIGNET_DER_SEQUENCE, &rest) && signet_der_read (&rest, &first) &&
         signet_der_read (&rest, &second) && first.tag == SIGNET_DER_SEQUENCE && second.tag == SIGNET_DER_OCTET_STRING;
}

gboolean
signet_key_file_holds_key (SignetSecret *file)
{
  gsize length;
  const guint8 *data = signet_secret_get (file, &length);

  return begins_with_version (data, length) || is_encrypted_key (data, length) ||
         holds_pem_key ((const char *) data, length);
}

gboolean
signet_key_file_read (SignetKeyFile *self, SignetSecret *file, SignetSecret *password, GCancellable *cancellable,
                      GError **error)
{
  gsize length;
  const char *text = (const char *) signet_secret_get (file, &length);

  if (length > SIGNET_MAX_KEY_FILE)
    return refuse_size (error);
  if (g_strstr_len (text, length, PEM_BEGIN) != NULL)
    return read_pem (self, file, password, cancellable, error);
  return read_der (self, file, password, cancellable, error);
}
