/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/pkcs12.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "crypto/ber.h"
#include "crypto/key-file.h"
#include "crypto/pbe.h"
#include "crypto/pkcs12-mac.h"

#include <string.h>

#define PKCS7 "\x2a\x86\x48\x86\xf7\x0d\x01\x07"                 /* 1.2.840.113549.1.7 */
#define DATA PKCS7 "\x01"
#define ENCRYPTED_DATA PKCS7 "\x06"
#define BAG "\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01"           /* 1.2.840.113549.1.12.10.1 */
#define KEY_BAG BAG "\x01"
#define SHROUDED_KEY_BAG BAG "\x02"
#define CERTIFICATE_BAG BAG "\x03"
#define NESTED_BAG BAG "\x06"
#define X509_CERTIFICATE "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x16\x01"
#define FRIENDLY_NAME "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x14"

#define MAX_NESTING 4       /* of SafeContents in SafeContents, which nobody writes */

/* A file while it is read. */
typedef struct {
  SignetSecret *password;     /* NULL: none, which is not an empty one */
  GCancellable *cancellable;
  SignetPbeUse use;
  gboolean opened;            /* something could be decrypted: the password is right */
  SignetKeyFile *result;
} Reader;

static gboolean read_safe_contents (Reader *self, const SignetDer *bytes, guint depth, GError **error);

static gboolean
refuse_unsupported (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                       _("The file is not protected by a password but by a certificate. Export it again with a "
                         "password."));
  return FALSE;
}

static SignetDer
contents_of (SignetSecret *secret)
{
  SignetDer bytes;

  bytes.data = signet_secret_get (secret, &bytes.length);
  return bytes;
}

/* The one element with TAG that is all of BYTES, in DER: its contents, in OWNER. */
static gboolean
open_ber (const SignetDer *bytes, guint8 tag, SignetSecret **owner, SignetDer *contents)
{
  *owner = signet_ber_to_der (bytes);
  if (*owner == NULL)
    return FALSE;
  SignetDer whole = contents_of (*owner);
  return signet_der_open (whole.data, whole.length, tag, contents);
}

/* SEQUENCE { OID, [0] EXPLICIT … }: ContentInfo, CertBag, and how a SafeBag begins.  REST of the sequence goes to
 * AFTER. */
static gboolean
read_typed (SignetDer *rest, SignetDer *oid, SignetDer *value, SignetDer *after)
{
  SignetDerElement sequence, type, content;

  if (!signet_der_expect (rest, SIGNET_DER_SEQUENCE, &sequence))
    return FALSE;
  *after = sequence.contents;
  if (!signet_der_expect (after, SIGNET_DER_OID, &type) || !signet_der_expect (after, SIGNET_DER_CONTEXT (0), &content))
    return FALSE;
  *oid = type.contents;
  *value = content.contents;
  return TRUE;
}

/* --- bags --- */

/* BMPString, as text that may be shown. */
static char *
read_bmp_string (const SignetDer *bytes)
{
  g_autofree char *text = NULL;

  if (bytes->length == 0 || bytes->length > 2 * SIGNET_MAX_NAME)
    return NULL;
  text = g_convert ((const char *) bytes->data, bytes->length, "UTF-8", "UTF-16BE", NULL, NULL, NULL);
  return text != NULL && *text != '\0' ? g_steal_pointer (&text) : NULL;
}

/* SET OF SEQUENCE { OID, SET OF value } */
static char *
find_friendly_name (SignetDer rest)
{
  SignetDerElement set, attribute, type, values, value;

  if (!signet_der_expect (&rest, SIGNET_DER_SET, &set))
    return NULL;
  while (signet_der_expect (&set.contents, SIGNET_DER_SEQUENCE, &attribute)) {
    if (signet_der_expect (&attribute.contents, SIGNET_DER_OID, &type) &&
        signet_pbe_is_oid (&type.contents, FRIENDLY_NAME) &&
        signet_der_expect (&attribute.contents, SIGNET_DER_SET, &values) &&
        signet_der_expect (&values.contents, 0x1e, &value))
      return read_bmp_string (&value.contents);
  }
  return NULL;
}

static gboolean
read_key (Reader *self, const SignetDer *pkcs8, SignetDer attributes, GError **error)
{
  g_autoptr (SignetSecret) der = signet_secret_new (pkcs8->data, pkcs8->length);

  if (!signet_key_file_add_key (self->result, der, error))
    return FALSE;
  if (self->result->name == NULL)
    self->result->name = find_friendly_name (attributes);
  return TRUE;
}

static gboolean
read_shrouded_key (Reader *self, const SignetDer *value, SignetDer attributes, GError **error)
{
  g_autoptr (SignetSecret) plain = signet_pbe_decrypt_pkcs8 (value, self->password, &self->use, self->cancellable,
                                                             error);
  if (plain == NULL)
    return FALSE;
  SignetDer bytes = contents_of (plain);
  self->opened = TRUE;
  return read_key (self, &bytes, attributes, error);
}

/* CertBag ::= SEQUENCE { certId, certValue [0] EXPLICIT OCTET STRING } */
static gboolean
read_certificate (Reader *self, SignetDer value, GError **error)
{
  SignetDer oid, content, after;
  SignetDerElement octets;

  if (!read_typed (&value, &oid, &content, &after))
    return signet_key_file_refuse (error);
  if (!signet_pbe_is_oid (&oid, X509_CERTIFICATE))
    return TRUE;
  if (!signet_der_expect (&content, SIGNET_DER_OCTET_STRING, &octets))
    return signet_key_file_refuse (error);
  g_autoptr (GBytes) der = signet_der_to_bytes (&octets.contents);
  return signet_key_file_add_certificate (self->result, der, error);
}

/* CRLs, secrets and what the future brings are passed over. */
static gboolean
read_bag (Reader *self, SignetDer *rest, guint depth, GError **error)
{
  SignetDer oid, value, attributes;

  if (!read_typed (rest, &oid, &value, &attributes))
    return signet_key_file_refuse (error);
  if (signet_pbe_is_oid (&oid, KEY_BAG))
    return read_key (self, &value, attributes, error);
  if (signet_pbe_is_oid (&oid, SHROUDED_KEY_BAG))
    return read_shrouded_key (self, &value, attributes, error);
  if (signet_pbe_is_oid (&oid, CERTIFICATE_BAG))
    return read_certificate (self, value, error);
  if (signet_pbe_is_oid (&oid, NESTED_BAG))
    return read_safe_contents (self, &value, depth, error);
  return TRUE;
}

/* SafeContents ::= SEQUENCE OF SafeBag, BER as it comes. */
static gboolean
read_safe_contents (Reader *self, const SignetDer *bytes, guint depth, GError **error)
{
  g_autoptr (SignetSecret) owner = NULL;
  SignetDer rest;

  if (depth == 0 || !open_ber (bytes, SIGNET_DER_SEQUENCE, &owner, &rest))
    return signet_key_file_refuse (error);
  while (rest.length > 0)
    if (!read_bag (self, &rest, depth - 1, error))
      return FALSE;
  return TRUE;
}

/* --- what the bags are in --- */

/* [0] IMPLICIT OCTET STRING, whole or in pieces. */
static gboolean
join_implicit (SignetDer *rest, GByteArray *joined)
{
  SignetDerElement element, piece;

  if (!signet_der_read (rest, &element) || rest->length > 0)
    return FALSE;
  if (element.tag == 0x80) {
    g_byte_array_append (joined, element.contents.data, element.contents.length);
    return TRUE;
  }
  while (element.tag == SIGNET_DER_CONTEXT (0) && element.contents.length > 0) {
    if (!signet_der_expect (&element.contents, SIGNET_DER_OCTET_STRING, &piece))
      return FALSE;
    g_byte_array_append (joined, piece.contents.data, piece.contents.length);
  }
  return element.tag == SIGNET_DER_CONTEXT (0);
}

/* EncryptedData ::= SEQUENCE { version, EncryptedContentInfo SEQUENCE { type, AlgorithmIdentifier, [0] content } } */
static gboolean
read_encrypted (Reader *self, SignetDer rest, GError **error)
{
  SignetDerElement element, algorithm;
  g_autoptr (GByteArray) ciphertext = g_byte_array_new ();

  if (!signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &element))
    return signet_key_file_refuse (error);
  rest = element.contents;
  if (!signet_der_expect (&rest, SIGNET_DER_INTEGER, &element) ||
      !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &element))
    return signet_key_file_refuse (error);
  rest = element.contents;
  if (!signet_der_expect (&rest, SIGNET_DER_OID, &element) || !signet_pbe_is_oid (&element.contents, DATA) ||
      !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &algorithm) || !join_implicit (&rest, ciphertext))
    return signet_key_file_refuse (error);

  SignetDer bytes = { ciphertext->data, ciphertext->len };
  g_autoptr (SignetSecret) plain = signet_pbe_decrypt (&algorithm.whole, &bytes, self->password, &self->use,
                                                       self->cancellable, error);
  if (plain == NULL)
    return FALSE;
  bytes = contents_of (plain);
  g_autoptr (SignetSecret) owner = NULL;
  if (!open_ber (&bytes, SIGNET_DER_SEQUENCE, &owner, &rest)) {     /* the padding fitted by chance */
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD, _("That is not the password of the file."));
    return FALSE;
  }
  self->opened = TRUE;
  return read_safe_contents (self, &bytes, MAX_NESTING, error);
}

static gboolean
read_plain (Reader *self, SignetDer content, GError **error)
{
  SignetDerElement octets;

  if (!signet_der_expect (&content, SIGNET_DER_OCTET_STRING, &octets))
    return signet_key_file_refuse (error);
  return read_safe_contents (self, &octets.contents, MAX_NESTING, error);
}

/* AuthenticatedSafe ::= SEQUENCE OF ContentInfo, BER as it comes. */
static gboolean
read_authenticated_safe (Reader *self, const SignetDer *bytes, GError **error)
{
  g_autoptr (SignetSecret) owner = NULL;
  SignetDer rest, oid, content, after;

  if (!open_ber (bytes, SIGNET_DER_SEQUENCE, &owner, &rest))
    return signet_key_file_refuse (error);
  while (rest.length > 0) {
    if (!read_typed (&rest, &oid, &content, &after))
      return signet_key_file_refuse (error);
    if (signet_pbe_is_oid (&oid, DATA) ? !read_plain (self, content, error)
        : signet_pbe_is_oid (&oid, ENCRYPTED_DATA) ? !read_encrypted (self, content, error)
                                                   : !refuse_unsupported (error))
      return FALSE;
  }
  return TRUE;
}

/* --- the file --- */

/* PFX ::= SEQUENCE { version INTEGER, authSafe ContentInfo, macData OPTIONAL }: the octets of the one, the other whole
 * (empty when it is missing). */
static gboolean
split_file (SignetDer rest, SignetDer *safe, SignetDer *mac, GError **error)
{
  SignetDerElement element;
  SignetDer oid, content, after;

  if (!signet_der_expect (&rest, SIGNET_DER_INTEGER, &element) || !read_typed (&rest, &oid, &content, &after))
    return signet_key_file_refuse (error);
  if (!signet_pbe_is_oid (&oid, DATA))
    return refuse_unsupported (error);
  if (!signet_der_expect (&content, SIGNET_DER_OCTET_STRING, &element))
    return signet_key_file_refuse (error);
  *safe = element.contents;
  *mac = (SignetDer) { NULL, 0 };
  if (signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &element))
    *mac = element.whole;
  return rest.length == 0 || signet_key_file_refuse (error);
}

/* What is left to say when the file could not be read whole: a password that opened anything of it is the right one. */
static void
explain (Reader *self, gboolean mac_fits, GError *local_error, GError **error)
{
  gboolean wrong = local_error == NULL || g_error_matches (local_error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);

  if (wrong && (mac_fits || self->opened))
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED,
                         _("The file was changed or damaged since it was made. Get it again from where it came from."));
  else if (wrong)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD, _("That is not the password of the file."));
  else
    g_propagate_error (error, g_error_copy (local_error));
}

static gboolean
read_file (SignetKeyFile *to, const SignetDer *safe, const SignetDer *mac, SignetSecret *password,
           GCancellable *cancellable, GError **error)
{
  Reader reader = { .password = password, .cancellable = cancellable, .result = to };
  g_autoptr (GError) mac_error = NULL, local_error = NULL;
  gboolean mac_fits = mac->length > 0 && signet_pkcs12_mac_check (mac, safe, password, &reader.use, cancellable,
                                                                 &mac_error);

  if (mac_error != NULL && !g_error_matches (mac_error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD)) {
    g_propagate_error (error, g_steal_pointer (&mac_error));
    return FALSE;
  }
  if (mac_error != NULL && (password == NULL || signet_secret_length (password) == 0)) {
    g_propagate_error (error, g_steal_pointer (&mac_error));     /* just tried, before anybody was asked: be quick */
    return FALSE;
  }
  if (!read_authenticated_safe (&reader, safe, &local_error) || mac_error != NULL) {
    explain (&reader, mac_fits, local_error, error);
    return FALSE;
  }
  to->weak = to->weak || reader.use.weak || mac->length == 0;
  return TRUE;
}

/* Some programs write an empty password as none at all. */
static gboolean
read_without_password (SignetKeyFile *to, const SignetDer *safe, const SignetDer *mac, SignetSecret *empty,
                       GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (read_file (to, safe, mac, empty, cancellable, &local_error))
    return TRUE;
  if (g_error_matches (local_error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD))
    return read_file (to, safe, mac, NULL, cancellable, error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
signet_pkcs12_read (SignetKeyFile *to, SignetSecret *file, SignetSecret *password, GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (SignetSecret) owner = NULL;
  SignetDer bytes = contents_of (file), rest, safe, mac;

  if (bytes.length > SIGNET_MAX_KEY_FILE) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE, _("The file is too large for digital IDs. "
                                                                        "Choose another one."));
    return FALSE;
  }
  if (!open_ber (&bytes, SIGNET_DER_SEQUENCE, &owner, &rest))
    return signet_key_file_refuse (error);
  if (!split_file (rest, &safe, &mac, error))
    return FALSE;
  if (password == NULL) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD, _("The password of the file is needed."));
    return FALSE;
  }
  return (signet_secret_length (password) == 0 ? read_without_password : read_file) (to, &safe, &mac, password,
                                                                                   cancellable, error);
}
