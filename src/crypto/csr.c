/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/csr.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "base/mail-address.h"
#include "crypto/der.h"
#include "crypto/gnutls-types.h"
#include "crypto/public-key.h"

/* ub-common-name, RFC 5280 appendix A.1.  A longer address stands in the subjectAltName alone. */
#define MAX_COMMON_NAME 64

static gnutls_digest_algorithm_t
choose_digest (GBytes *spki)
{
  SignetPublicKeyKind kind;
  guint bits;

  if (!signet_public_key_read (spki, &kind, &bits, NULL) || kind == SIGNET_PUBLIC_KEY_RSA)
    return GNUTLS_DIG_SHA256;
  return bits > 384 ? GNUTLS_DIG_SHA512 : bits > 256 ? GNUTLS_DIG_SHA384 : GNUTLS_DIG_SHA256;
}

/* The negative code of the first call that fails, else the last one's. */
static int
fill (gnutls_x509_crq_t csr, gnutls_pubkey_t pubkey, const char *name, const char *address)
{
  gsize length = strlen (address);
  int code = gnutls_x509_crq_set_version (csr, 1);

  if (code >= 0)
    code = gnutls_x509_crq_set_pubkey (csr, pubkey);
  if (code >= 0 && name != NULL)
    code = gnutls_x509_crq_set_dn_by_oid (csr, GNUTLS_OID_X520_COMMON_NAME, 0, name, strlen (name));
  if (code >= 0)
    code = gnutls_x509_crq_set_subject_alt_name (csr, GNUTLS_SAN_RFC822NAME, address, length, GNUTLS_FSAN_SET);
  return code;
}

/* What RFC 8550 section 4.4 wants of a certificate for both uses. */
static int
ask_for_mail (gnutls_x509_crq_t csr)
{
  int code = gnutls_x509_crq_set_key_usage (csr, GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_KEY_ENCIPHERMENT);

  return code < 0 ? code : gnutls_x509_crq_set_key_purpose_oid (csr, GNUTLS_KP_EMAIL_PROTECTION, 0);
}

static GBytes *
build (SignetPrivateKey *key, const char *name, const char *address, gboolean for_mail, GError **error)
{
  g_auto (gnutls_x509_crq_t) csr = NULL;
  g_auto (gnutls_pubkey_t) pubkey = NULL;
  g_auto (gnutls_datum_t) der = { NULL, 0 };
  gnutls_privkey_t privkey = signet_private_key_get_gnutls (key);

  gnutls_x509_crq_init (&csr);
  gnutls_pubkey_init (&pubkey);
  int code = gnutls_pubkey_import_privkey (pubkey, privkey, 0, 0);
  if (code >= 0)
    code = fill (csr, pubkey, name, address);
  if (code >= 0 && for_mail)
    code = ask_for_mail (csr);
  if (code >= 0)
    code = gnutls_x509_crq_privkey_sign (csr, privkey, choose_digest (signet_private_key_get_spki (key)), 0);
  if (code >= 0)
    code = gnutls_x509_crq_export2 (csr, GNUTLS_X509_FMT_DER, &der);
  if (code < 0) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_FAILED, _("The request could not be made: %s"),
                 gnutls_strerror (code));
    return NULL;
  }
  return signet_datum_to_bytes (&der);
}

GBytes *
signet_csr_build (SignetPrivateKey *key, const char *address, GError **error)
{
  return build (key, strlen (address) <= MAX_COMMON_NAME ? address : NULL, address, FALSE, error);
}

static gboolean
is_common_name (const char *name)
{
  glong length = g_utf8_validate (name, -1, NULL) ? g_utf8_strlen (name, -1) : 0;

  for (const char *place = name; length > 0 && *place != '\0'; place = g_utf8_next_char (place))
    if (g_unichar_iscntrl (g_utf8_get_char (place)))
      return FALSE;
  return length >= 1 && length <= MAX_COMMON_NAME;
}

GBytes *
signet_csr_build_for_mail (SignetPrivateKey *key, const char *name, const char *address, GError **error)
{
  if (name == NULL || is_common_name (name))
    return build (key, name, address, TRUE, error);
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                       _("A certificate has room for a name of 64 characters, in one line. Enter a shorter one."));
  return NULL;
}

char *
signet_csr_to_pem (GBytes *der)
{
  g_auto (gnutls_datum_t) pem = { NULL, 0 };
  gnutls_datum_t datum = signet_datum_from_bytes (der);

  g_return_val_if_fail (gnutls_pem_base64_encode2 ("CERTIFICATE REQUEST", &datum, &pem) >= 0, NULL);
  return g_strndup ((const char *) pem.data, pem.size);
}

static gboolean
set_invalid (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                       _("The certificate request cannot be read. Make a new one."));
  return FALSE;
}

/* CertificationRequestInfo ::= SEQUENCE { version INTEGER, subject Name, SubjectPublicKeyInfo, attributes [0] } */
static GBytes *
find_spki (GBytes *der)
{
  SignetDer rest = signet_der_from_bytes (der);
  SignetDerElement info, element;

  if (!signet_der_open (rest.data, rest.length, SIGNET_DER_SEQUENCE, &rest) ||
      !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &info))
    return NULL;
  rest = info.contents;
  if (!signet_der_expect (&rest, SIGNET_DER_INTEGER, &element) ||
      !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &element) ||
      !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &element))
    return NULL;
  return signet_der_to_bytes (&element.whole);
}

/* Exactly one name, and that an address: whoever asks for more does not ask Signet's way. */
static char *
find_address (gnutls_x509_crq_t csr)
{
  g_auto (gnutls_subject_alt_names_t) names = NULL;
  g_auto (gnutls_datum_t) extension = { NULL, 0 };
  gnutls_datum_t name;
  guint type;

  gnutls_subject_alt_names_init (&names);
  if (gnutls_x509_crq_get_extension_by_oid2 (csr, GNUTLS_X509EXT_OID_SAN, 0, &extension, NULL) < 0 ||
      gnutls_x509_ext_import_subject_alt_names (&extension, names, 0) < 0 ||
      gnutls_subject_alt_names_get (names, 0, &type, &name, NULL) < 0 || type != GNUTLS_SAN_RFC822NAME ||
      name.size > SIGNET_MAX_ADDRESS || memchr (name.data, '\0', name.size) != NULL ||
      gnutls_subject_alt_names_get (names, 1, NULL, NULL, NULL) != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
    return NULL;

  g_autofree char *text = g_strndup ((const char *) name.data, name.size);
  return signet_mail_address_normalize (text, NULL);
}

static gboolean
is_strong (int algorithm)
{
  switch (algorithm) {
  case GNUTLS_SIGN_RSA_SHA256:
  case GNUTLS_SIGN_RSA_SHA384:
  case GNUTLS_SIGN_RSA_SHA512:
  case GNUTLS_SIGN_ECDSA_SHA256:
  case GNUTLS_SIGN_ECDSA_SHA384:
  case GNUTLS_SIGN_ECDSA_SHA512:
    return TRUE;
  default:
    return FALSE;
  }
}

static gboolean
check_signature (gnutls_x509_crq_t csr, GError **error)
{
  if (!is_strong (gnutls_x509_crq_get_signature_algorithm (csr))) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                         _("The certificate request is signed in a way that Signet does not accept. Make a new one, "
                           "signed with SHA-256."));
    return FALSE;
  }
  if (gnutls_x509_crq_verify (csr, 0) < 0) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED,
                         _("The certificate request is not signed by its own key. Make a new one."));
    return FALSE;
  }
  return TRUE;
}

static gboolean
read_csr (SignetCsr *self, GBytes *der, GError **error)
{
  g_auto (gnutls_x509_crq_t) csr = NULL;
  gnutls_datum_t datum = signet_datum_from_bytes (der);

  self->spki = find_spki (der);
  gnutls_x509_crq_init (&csr);
  if (self->spki == NULL || gnutls_x509_crq_import (csr, &datum, GNUTLS_X509_FMT_DER) < 0)
    return set_invalid (error);
  if (!check_signature (csr, error))
    return FALSE;
  self->address = find_address (csr);
  return self->address != NULL || set_invalid (error);
}

SignetCsr *
signet_csr_parse (GBytes *der, GError **error)
{
  g_autoptr (SignetCsr) self = g_new0 (SignetCsr, 1);

  if (g_bytes_get_size (der) > SIGNET_MAX_CSR) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE,
                         _("The certificate request is larger than Signet reads. Make a new one."));
    return NULL;
  }
  return read_csr (self, der, error) ? g_steal_pointer (&self) : NULL;
}

void
signet_csr_free (SignetCsr *self)
{
  g_clear_pointer (&self->spki, g_bytes_unref);
  g_free (self->address);
  g_free (self);
}
