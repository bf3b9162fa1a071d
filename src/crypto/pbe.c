/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/pbe.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "crypto/ber.h"
#include "crypto/pkcs12-native.h"

#include <string.h>

#define PKCS5 "\x2a\x86\x48\x86\xf7\x0d\x01\x05"                /* 1.2.840.113549.1.5 */
#define PKCS12_PBE "\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01"       /* 1.2.840.113549.1.12.1 */
#define PBKDF2 PKCS5 "\x0c"
#define PBES2 PKCS5 "\x0d"
#define AES "\x60\x86\x48\x01\x65\x03\x04\x01"                  /* 2.16.840.1.101.3.4.1 */
#define DES_EDE3_CBC "\x2a\x86\x48\x86\xf7\x0d\x03\x07"
#define RC2_CBC "\x2a\x86\x48\x86\xf7\x0d\x03\x02"

static gboolean
refuse_unsupported (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                       _("The file is protected in a way that Signet does not know. Export it again as PKCS#12 with "
                         "AES."));
  return FALSE;
}

static gboolean
refuse_invalid (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                       _("The file cannot be read: it is not whole. Get it again from where it came from."));
  return FALSE;
}

gboolean
signet_pbe_spend (SignetPbeUse *use, gint64 iterations, GCancellable *cancellable, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  use->iterations += iterations;
  if (iterations <= SIGNET_MAX_ITERATIONS && use->iterations <= SIGNET_MAX_FILE_ITERATIONS)
    return TRUE;
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE,
                       _("The file asks for so much computing that it would never end. Get it again from where it came "
                         "from."));
  return FALSE;
}

gboolean
signet_pbe_read_number (SignetDer *rest, gint64 *number)
{
  SignetDerElement element;

  if (!signet_der_expect (rest, SIGNET_DER_INTEGER, &element) || element.contents.length == 0 ||
      element.contents.length > 5 || (element.contents.data[0] & 0x80))
    return FALSE;
  *number = 0;
  for (gsize i = 0; i < element.contents.length; i++)
    *number = *number << 8 | element.contents.data[i];
  return *number > 0;
}

static gboolean
read_algorithm (const SignetDer *whole, SignetDer *oid, SignetDer *parameters)
{
  SignetDerElement element;

  if (!signet_der_open (whole->data, whole->length, SIGNET_DER_SEQUENCE, parameters) ||
      !signet_der_expect (parameters, SIGNET_DER_OID, &element))
    return FALSE;
  *oid = element.contents;
  return TRUE;
}

static gboolean
read_salt (SignetDer *rest, SignetDer *salt)
{
  SignetDerElement element;

  if (!signet_der_expect (rest, SIGNET_DER_OCTET_STRING, &element) || element.contents.length > SIGNET_MAX_SALT)
    return FALSE;
  *salt = element.contents;
  return TRUE;
}

gboolean
signet_pbkdf2_read (const SignetDer *whole, SignetPbkdf2 *self)
{
  SignetDer oid, rest;
  SignetDerElement parameters, prf;

  *self = (SignetPbkdf2) { 0 };
  if (!read_algorithm (whole, &oid, &rest) || !signet_pbe_is_oid (&oid, PBKDF2) ||
      !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &parameters) || rest.length > 0)
    return FALSE;
  rest = parameters.contents;
  if (!read_salt (&rest, &self->salt) || !signet_pbe_read_number (&rest, &self->iterations))
    return FALSE;
  if (rest.length > 0 && rest.data[0] == SIGNET_DER_INTEGER && !signet_pbe_read_number (&rest, &self->key_length))
    return FALSE;
  if (rest.length > 0 && (!signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &prf) ||
                          !read_algorithm (&prf.whole, &self->prf, &parameters.contents)))
    return FALSE;
  return rest.length == 0;
}

/* The ciphers of PBES2 that honest files have.  Their key lengths bound the work of PBKDF2, whatever the file says: a
 * length that is not the cipher's own is refused by OpenSSL before it begins. */
static gboolean
check_cipher (const SignetDer *whole, gboolean *weak, GError **error)
{
  static const guint8 aes_cbc[] = { 2, 22, 42 };
  SignetDer oid, parameters;

  if (!read_algorithm (whole, &oid, &parameters))
    return refuse_invalid (error);
  *weak = signet_pbe_is_oid (&oid, DES_EDE3_CBC) || signet_pbe_is_oid (&oid, RC2_CBC);
  if (*weak)
    return TRUE;
  if (oid.length == sizeof AES && memcmp (oid.data, AES, sizeof AES - 1) == 0 &&
      memchr (aes_cbc, oid.data[sizeof AES - 1], sizeof aes_cbc) != NULL)
    return TRUE;
  return refuse_unsupported (error);
}

static gboolean
check_pbes2 (SignetDer rest, gint64 *iterations, gboolean *weak, GError **error)
{
  SignetDerElement parameters, kdf, cipher;
  SignetPbkdf2 pbkdf2;
  SignetDer oid, ignored;

  if (!signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &parameters) || rest.length > 0)
    return refuse_invalid (error);
  rest = parameters.contents;
  if (!signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &kdf) ||
      !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &cipher) || rest.length > 0 ||
      !read_algorithm (&kdf.whole, &oid, &ignored))
    return refuse_invalid (error);
  if (!signet_pbe_is_oid (&oid, PBKDF2))
    return refuse_unsupported (error);
  if (!signet_pbkdf2_read (&kdf.whole, &pbkdf2) || pbkdf2.key_length > 64)
    return refuse_invalid (error);
  *iterations = pbkdf2.iterations;
  return check_cipher (&cipher.whole, weak, error);
}

/* PBEParameter ::= SEQUENCE { salt OCTET STRING, iterations INTEGER }, of PBES1 and PKCS#12 alike. */
static gboolean
check_old (SignetDer rest, gint64 *iterations, GError **error)
{
  SignetDerElement parameters;
  SignetDer salt;

  if (!signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &parameters) || rest.length > 0)
    return refuse_invalid (error);
  rest = parameters.contents;
  if (!read_salt (&rest, &salt) || !signet_pbe_read_number (&rest, iterations) || rest.length > 0)
    return refuse_invalid (error);
  return TRUE;
}

static gboolean
has_prefix (const SignetDer *oid, const char *prefix, gsize length)
{
  return oid->length == length + 1 && memcmp (oid->data, prefix, length) == 0;
}

static gboolean
check_algorithm (const SignetDer *whole, gint64 *iterations, gboolean *weak, GError **error)
{
  SignetDer oid, parameters;

  if (!signet_der_is_strict (whole->data, whole->length, SIGNET_MAX_BER_DEPTH) ||
      !read_algorithm (whole, &oid, &parameters))
    return refuse_invalid (error);
  if (signet_pbe_is_oid (&oid, PBES2))
    return check_pbes2 (parameters, iterations, weak, error);
  *weak = TRUE;
  if (has_prefix (&oid, PKCS5, sizeof PKCS5 - 1) || has_prefix (&oid, PKCS12_PBE, sizeof PKCS12_PBE - 1))
    return check_old (parameters, iterations, error);
  return refuse_unsupported (error);
}

SignetSecret *
signet_pbe_decrypt (const SignetDer *algorithm, const SignetDer *ciphertext, SignetSecret *password, SignetPbeUse *use,
                    GCancellable *cancellable, GError **error)
{
  gint64 iterations;
  gboolean weak = FALSE;

  if (!check_algorithm (algorithm, &iterations, &weak, error) ||
      !signet_pbe_spend (use, iterations, cancellable, error))
    return NULL;
  use->weak = use->weak || weak;

  SignetSecret *plain = signet_pkcs12_native_decrypt (algorithm, ciphertext, password);
  if (plain == NULL)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD, _("That is not the password of the file."));
  return plain;
}

/* EncryptedPrivateKeyInfo ::= SEQUENCE { AlgorithmIdentifier, encryptedData OCTET STRING } */
SignetSecret *
signet_pbe_decrypt_pkcs8 (const SignetDer *encrypted, SignetSecret *password, SignetPbeUse *use,
                          GCancellable *cancellable, GError **error)
{
  SignetDer rest;
  SignetDerElement algorithm, data;

  if (!signet_der_open (encrypted->data, encrypted->length, SIGNET_DER_SEQUENCE, &rest) ||
      !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &algorithm) ||
      !signet_der_expect (&rest, SIGNET_DER_OCTET_STRING, &data) || rest.length > 0) {
    refuse_invalid (error);
    return NULL;
  }
  g_autoptr (SignetSecret) plain = signet_pbe_decrypt (&algorithm.whole, &data.contents, password, use, cancellable,
                                                       error);
  if (plain == NULL)
    return NULL;

  SignetDer bytes = { NULL, 0 };
  bytes.data = signet_secret_get (plain, &bytes.length);
  SignetSecret *der = signet_ber_to_der (&bytes);
  if (der == NULL)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD, _("That is not the password of the file."));
  return der;
}
