/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cert/signed.h"

#include "base/error.h"
#include "base/i18n.h"
#include "crypto/gnutls-types.h"

#include <string.h>

#define BOOLEAN 0x01
#define UTC_TIME 0x17
#define GENERALIZED_TIME 0x18

#define RSA_OID "\x2a\x86\x48\x86\xf7\x0d\x01\x01"
#define ECDSA_OID "\x2a\x86\x48\xce\x3d\x04\x03"

static const struct {
  const char *oid;
  gnutls_sign_algorithm_t algorithm;
} algorithms[] = {
  { RSA_OID "\x0b", GNUTLS_SIGN_RSA_SHA256 },
  { RSA_OID "\x0c", GNUTLS_SIGN_RSA_SHA384 },
  { RSA_OID "\x0d", GNUTLS_SIGN_RSA_SHA512 },
  { ECDSA_OID "\x02", GNUTLS_SIGN_ECDSA_SHA256 },
  { ECDSA_OID "\x03", GNUTLS_SIGN_ECDSA_SHA384 },
  { ECDSA_OID "\x04", GNUTLS_SIGN_ECDSA_SHA512 },
  { "\x2b\x65\x70", GNUTLS_SIGN_EDDSA_ED25519 },
};

gboolean
signet_signed_read (SignetDer contents, SignetSigned *self)
{
  SignetDerElement algorithm, bits;

  self->rest = contents;
  if (!signet_der_expect (&self->rest, SIGNET_DER_SEQUENCE, &self->signed_part) ||
      !signet_der_expect (&self->rest, SIGNET_DER_SEQUENCE, &algorithm) ||
      !signet_der_expect (&self->rest, SIGNET_DER_BIT_STRING, &bits) ||
      bits.contents.length < 2 || bits.contents.data[0] != 0)
    return FALSE;
  self->algorithm = algorithm.whole;
  self->signature = (SignetDer) { bits.contents.data + 1, bits.contents.length - 1 };
  return TRUE;
}

static gnutls_sign_algorithm_t
find_algorithm (SignetDer identifier)
{
  SignetDerElement oid;

  if (!signet_der_open (identifier.data, identifier.length, SIGNET_DER_SEQUENCE, &identifier) ||
      !signet_der_expect (&identifier, SIGNET_DER_OID, &oid))
    return GNUTLS_SIGN_UNKNOWN;
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (oid.contents.length == strlen (algorithms[i].oid) &&
        memcmp (oid.contents.data, algorithms[i].oid, oid.contents.length) == 0)
      return algorithms[i].algorithm;
  return GNUTLS_SIGN_UNKNOWN;
}

gboolean
signet_signed_verify (const SignetSigned *self, SignetCertificate *signer, GError **error)
{
  g_auto (gnutls_pubkey_t) key = NULL;
  gnutls_datum_t spki = signet_datum_from_bytes (signet_certificate_get_spki (signer));
  gnutls_datum_t data = { (unsigned char *) self->signed_part.whole.data, self->signed_part.whole.length };
  gnutls_datum_t signature = { (unsigned char *) self->signature.data, self->signature.length };
  gnutls_sign_algorithm_t algorithm = find_algorithm (self->algorithm);

  if (algorithm == GNUTLS_SIGN_UNKNOWN) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                         _("The authority's answer is signed in a way that is too weak, or that Signet does not know. "
                           "Tell the authority."));
    return FALSE;
  }
  gnutls_pubkey_init (&key);
  if (gnutls_pubkey_import (key, &spki, GNUTLS_X509_FMT_DER) >= 0 &&
      gnutls_pubkey_verify_data2 (key, algorithm, 0, &data, &signature) >= 0)
    return TRUE;
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED,
                       _("The answer is not from the authority that issued the certificate, or was changed on its "
                         "way. Try again later, or from another network."));
  return FALSE;
}

gboolean
signet_signed_equal (const SignetDer *a, const SignetDer *b)
{
  return a->length == b->length && memcmp (a->data, b->data, a->length) == 0;
}

/* COUNT digits at TEXT, moved on. */
static int
take_digits (const guint8 **text, guint count)
{
  int value = 0;

  for (guint i = 0; i < count; i++)
    value = 10 * value + *(*text)++ - '0';
  return value;
}

gboolean
signet_signed_read_time (SignetDer *rest, gint64 *time)
{
  SignetDerElement element;
  gboolean utc = signet_der_expect (rest, UTC_TIME, &element);

  if (!utc && !signet_der_expect (rest, GENERALIZED_TIME, &element))
    return FALSE;

  const guint8 *text = element.contents.data;
  gsize digits = utc ? 12 : 14;
  if (element.contents.length != digits + 1 || text[digits] != 'Z')
    return FALSE;
  for (gsize i = 0; i < digits; i++)
    if (!g_ascii_isdigit (text[i]))
      return FALSE;

  int year = take_digits (&text, utc ? 2 : 4), month = take_digits (&text, 2), day = take_digits (&text, 2);
  int hour = take_digits (&text, 2), minute = take_digits (&text, 2), second = take_digits (&text, 2);
  if (utc)
    year += year < 50 ? 2000 : 1900;
  g_autoptr (GDateTime) date = g_date_time_new_utc (year, month, day, hour, minute, second);
  if (date == NULL)
    return FALSE;
  *time = g_date_time_to_unix (date);
  return TRUE;
}

gboolean
signet_signed_read_extension (SignetDer *rest, SignetExtension *extension)
{
  SignetDerElement whole, oid, critical, value;

  if (!signet_der_expect (rest, SIGNET_DER_SEQUENCE, &whole) ||
      !signet_der_expect (&whole.contents, SIGNET_DER_OID, &oid))
    return FALSE;
  extension->critical = signet_der_expect (&whole.contents, BOOLEAN, &critical);
  if (extension->critical && (critical.contents.length != 1 || critical.contents.data[0] != 0xff))
    return FALSE;
  if (!signet_der_expect (&whole.contents, SIGNET_DER_OCTET_STRING, &value) || whole.contents.length > 0)
    return FALSE;
  extension->oid = oid.contents;
  extension->value = value.contents;
  return TRUE;
}

gboolean
signet_extension_is (const SignetExtension *self, const char *oid, gsize length)
{
  return self->oid.length == length && memcmp (self->oid.data, oid, length) == 0;
}
