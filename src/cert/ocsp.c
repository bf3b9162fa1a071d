/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cert/ocsp.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "cert/issued.h"
#include "cert/path.h"
#include "cert/signed.h"
#include "crypto/gnutls-types.h"

#include <gnutls/ocsp.h>
#include <string.h>

/* GnuTLS makes the request.  Its reader of answers knows no extensions of a single answer, compares half of a CertID,
 * and its check of the signature prefers a certificate in the answer over the one that the caller names. */

#define ENUMERATED 0x0a
#define CONTEXT_PRIMITIVE(number) (0x80 | (number))
#define MAX_DEPTH 32             /* nested elements: the certificates in it have about 12 */
#define MAX_CERTIFICATES 8       /* an answer brings one, some bring its chain */
#define MAX_AGE (24 * 3600)      /* seconds that an answer without a nextUpdate counts */

#define PKIX_OCSP "\x2b\x06\x01\x05\x05\x07\x30\x01"      /* 1.3.6.1.5.5.7.48.1 */
#define BASIC PKIX_OCSP "\x01"
#define NONCE PKIX_OCSP "\x02"

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_ocsp_req_t, gnutls_ocsp_req_deinit, NULL)

typedef struct {
  SignetSigned outer;
  SignetDer certificates;
  SignetDerElement responder;     /* [1] Name or [2] KeyHash */
  SignetDer answers;
  SignetDer extensions;
} Answer;

/* --- the question --- */

GBytes *
signet_ocsp_make_request (SignetCertificate *certificate, SignetCertificate *issuer, GBytes *nonce, GError **error)
{
  g_auto (gnutls_ocsp_req_t) request = NULL;
  g_auto (gnutls_x509_crt_t) crt = NULL;
  g_auto (gnutls_x509_crt_t) issuer_crt = NULL;
  g_auto (gnutls_datum_t) out = { NULL, 0 };
  gnutls_datum_t der = signet_datum_from_bytes (signet_certificate_get_der (certificate));
  gnutls_datum_t issuer_der = signet_datum_from_bytes (signet_certificate_get_der (issuer));
  gnutls_datum_t salt = nonce != NULL ? signet_datum_from_bytes (nonce) : (gnutls_datum_t) { NULL, 0 };

  gnutls_ocsp_req_init (&request);
  gnutls_x509_crt_init (&crt);
  gnutls_x509_crt_init (&issuer_crt);
  if (gnutls_x509_crt_import (crt, &der, GNUTLS_X509_FMT_DER) >= 0 &&
      gnutls_x509_crt_import (issuer_crt, &issuer_der, GNUTLS_X509_FMT_DER) >= 0 &&
      gnutls_ocsp_req_add_cert (request, GNUTLS_DIG_SHA1, issuer_crt, crt) >= 0 &&
      (nonce == NULL || gnutls_ocsp_req_set_nonce (request, FALSE, &salt) >= 0) &&
      gnutls_ocsp_req_export (request, &out) >= 0)
    return signet_datum_to_bytes (&out);
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_FAILED,
                       _("No question about the certificate could be made for its authority."));
  return NULL;
}

/* --- reading --- */

static gboolean
set_invalid (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                       _("The authority's answer cannot be read. Tell the authority."));
  return FALSE;
}

static gboolean
set_unsupported (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                       _("The authority's answer is of a kind that Signet does not know."));
  return FALSE;
}

static gboolean
set_untrusted (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED,
                       _("The answer is not from the authority that issued the certificate. Try again later, or from "
                         "another network."));
  return FALSE;
}

/* OCSPResponseStatus: tryLater is 3; the others say in several ways that there will be no answer. */
static gboolean
check_success (const SignetDerElement *status, GError **error)
{
  guint code = status->contents.length == 1 ? status->contents.data[0] : 255;

  if (code == 0)
    return TRUE;
  if (code == 3)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_BUSY, _("The authority asks to try again later."));
  else
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_REFUSED,
                         _("The authority's server gives no answer about this certificate."));
  return FALSE;
}

/* ResponseData ::= SEQUENCE { version [0] DEFAULT, responderID, producedAt, responses, responseExtensions [1] } */
static gboolean
read_data (Answer *self, SignetDer rest)
{
  SignetDerElement version, answers, extensions;
  gint64 produced;

  signet_der_expect (&rest, SIGNET_DER_CONTEXT (0), &version);
  if (!signet_der_read (&rest, &self->responder) || !signet_signed_read_time (&rest, &produced) ||
      !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &answers))
    return FALSE;
  self->answers = answers.contents;
  if (signet_der_expect (&rest, SIGNET_DER_CONTEXT (1), &extensions) &&
      !signet_der_open (extensions.contents.data, extensions.contents.length, SIGNET_DER_SEQUENCE, &self->extensions))
    return FALSE;
  return rest.length == 0;
}

/* BasicOCSPResponse ::= SEQUENCE { tbsResponseData, signatureAlgorithm, signature, certs [0] OPTIONAL } */
static gboolean
read_basic (Answer *self, SignetDer basic)
{
  SignetDerElement certificates;

  if (!signet_der_open (basic.data, basic.length, SIGNET_DER_SEQUENCE, &basic) ||
      !signet_signed_read (basic, &self->outer))
    return FALSE;
  basic = self->outer.rest;
  if (signet_der_expect (&basic, SIGNET_DER_CONTEXT (0), &certificates) &&
      !signet_der_open (certificates.contents.data, certificates.contents.length, SIGNET_DER_SEQUENCE,
                        &self->certificates))
    return FALSE;
  return basic.length == 0 && read_data (self, self->outer.signed_part.contents);
}

/* OCSPResponse ::= SEQUENCE { responseStatus, responseBytes [0] { responseType, response } OPTIONAL } */
static gboolean
read_answer (Answer *self, GBytes *bytes, GError **error)
{
  SignetDer rest = signet_der_from_bytes (bytes);
  SignetDerElement status, body, type, basic;

  if (rest.length > SIGNET_MAX_OCSP) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE,
                         _("The authority's answer is larger than Signet reads."));
    return FALSE;
  }
  if (!signet_der_is_strict (rest.data, rest.length, MAX_DEPTH) ||
      !signet_der_open (rest.data, rest.length, SIGNET_DER_SEQUENCE, &rest) ||
      !signet_der_expect (&rest, ENUMERATED, &status))
    return set_invalid (error);
  if (!check_success (&status, error))
    return FALSE;
  if (!signet_der_expect (&rest, SIGNET_DER_CONTEXT (0), &body) || rest.length > 0 ||
      !signet_der_open (body.contents.data, body.contents.length, SIGNET_DER_SEQUENCE, &rest) ||
      !signet_der_expect (&rest, SIGNET_DER_OID, &type) ||
      !signet_der_expect (&rest, SIGNET_DER_OCTET_STRING, &basic) || rest.length > 0)
    return set_invalid (error);
  if (type.contents.length != strlen (BASIC) || memcmp (type.contents.data, BASIC, type.contents.length) != 0)
    return set_unsupported (error);
  return read_basic (self, basic.contents) || set_invalid (error);
}

/* --- who signed it --- */

static gboolean
is_digest (SignetDer digest, GChecksumType type, SignetDer of)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (type);
  guint8 expected[64];
  gsize length = sizeof expected;

  g_checksum_update (checksum, of.data, of.length);
  g_checksum_get_digest (checksum, expected, &length);
  return digest.length == length && memcmp (digest.data, expected, length) == 0;
}

/* KeyHash is SHA-1, whatever the CertID's is (RFC 6960 section 4.2.1). */
static gboolean
is_responder (const Answer *self, SignetCertificate *certificate)
{
  SignetDer name, key, hash = self->responder.contents;

  if (!signet_issued_read_signer (certificate, &name, &key))
    return FALSE;
  if (self->responder.tag == SIGNET_DER_CONTEXT (1))
    return signet_signed_equal (&self->responder.contents, &name);
  return self->responder.tag == SIGNET_DER_CONTEXT (2) &&
         signet_der_open (hash.data, hash.length, SIGNET_DER_OCTET_STRING, &hash) &&
         is_digest (hash, G_CHECKSUM_SHA1, key);
}

/* Named outright: anyExtendedKeyUsage is no leave to speak for the authority. */
static gboolean
may_answer (SignetCertificate *certificate)
{
  g_auto (gnutls_x509_crt_t) crt = NULL;
  gnutls_datum_t der = signet_datum_from_bytes (signet_certificate_get_der (certificate));
  guint usage;
  int code;

  gnutls_x509_crt_init (&crt);
  if (gnutls_x509_crt_import (crt, &der, GNUTLS_X509_FMT_DER) < 0)
    return FALSE;
  code = gnutls_x509_crt_get_key_usage (crt, &usage, NULL);
  if (code != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE && (code < 0 || (usage & GNUTLS_KEY_DIGITAL_SIGNATURE) == 0))
    return FALSE;
  for (guint i = 0; ; i++) {
    char oid[128];
    gsize length = sizeof oid;

    code = gnutls_x509_crt_get_key_purpose_oid (crt, i, oid, &length, NULL);
    if (code >= 0 && strcmp (oid, GNUTLS_KP_OCSP_SIGNING) == 0)
      return TRUE;
    if (code < 0 && code != GNUTLS_E_SHORT_MEMORY_BUFFER)
      return FALSE;
  }
}

static gboolean
is_delegate (SignetCertificate *certificate, SignetCertificate *issuer, gint64 at)
{
  return may_answer (certificate) && signet_path_validate_step (certificate, issuer, at, NULL);
}

/* The certificate in the answer that may speak for ISSUER. */
static SignetCertificate *
find_delegate (const Answer *self, SignetCertificate *issuer, gint64 at)
{
  SignetDer rest = self->certificates;
  SignetDerElement element;

  for (guint i = 0; i < MAX_CERTIFICATES && signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &element); i++) {
    g_autoptr (GBytes) der = signet_der_to_bytes (&element.whole);
    g_autoptr (SignetCertificate) certificate = signet_certificate_new (der, NULL);
    if (certificate != NULL && is_responder (self, certificate) && is_delegate (certificate, issuer, at))
      return g_steal_pointer (&certificate);
  }
  return NULL;
}

static gboolean
check_signature (const Answer *self, SignetCertificate *issuer, gint64 at, GError **error)
{
  if (is_responder (self, issuer))
    return signet_signed_verify (&self->outer, issuer, error);

  g_autoptr (SignetCertificate) delegate = find_delegate (self, issuer, at);
  return delegate != NULL ? signet_signed_verify (&self->outer, delegate, error) : set_untrusted (error);
}

/* --- what it says --- */

/* The nonce is an OCTET STRING within the extension's value; some older responders put the bare bytes there. */
static gboolean
is_nonce (SignetDer value, GBytes *nonce)
{
  SignetDer sent = signet_der_from_bytes (nonce), inner;

  return signet_signed_equal (&value, &sent) ||
         (signet_der_open (value.data, value.length, SIGNET_DER_OCTET_STRING, &inner) &&
          signet_signed_equal (&inner, &sent));
}

static gboolean
check_extensions (SignetDer rest, GBytes *nonce, gboolean *echoed, GError **error)
{
  SignetExtension extension;

  while (rest.length > 0) {
    if (!signet_signed_read_extension (&rest, &extension))
      return set_invalid (error);
    if (signet_extension_is (&extension, NONCE, strlen (NONCE))) {
      if (nonce != NULL && !is_nonce (extension.value, nonce))
        return set_untrusted (error);
      *echoed = TRUE;
    } else if (extension.critical) {
      return set_unsupported (error);
    }
  }
  return TRUE;
}

static gboolean
find_digest (SignetDer algorithm, GChecksumType *type)
{
  static const struct {
    const char *oid;
    GChecksumType type;
  } digests[] = {
    { "\x2b\x0e\x03\x02\x1a", G_CHECKSUM_SHA1 },
    { "\x60\x86\x48\x01\x65\x03\x04\x02\x01", G_CHECKSUM_SHA256 },
    { "\x60\x86\x48\x01\x65\x03\x04\x02\x02", G_CHECKSUM_SHA384 },
    { "\x60\x86\x48\x01\x65\x03\x04\x02\x03", G_CHECKSUM_SHA512 },
  };
  SignetDerElement oid;

  if (!signet_der_expect (&algorithm, SIGNET_DER_OID, &oid))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (digests); i++)
    if (oid.contents.length == strlen (digests[i].oid) &&
        memcmp (oid.contents.data, digests[i].oid, oid.contents.length) == 0) {
      *type = digests[i].type;
      return TRUE;
    }
  return FALSE;
}

/* CertID ::= SEQUENCE { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber } */
static gboolean
is_about (SignetDer id, const SignetIssued *issued)
{
  SignetDerElement algorithm, name, key, serial;
  GChecksumType type;

  return signet_der_expect (&id, SIGNET_DER_SEQUENCE, &algorithm) && find_digest (algorithm.contents, &type) &&
         signet_der_expect (&id, SIGNET_DER_OCTET_STRING, &name) &&
         signet_der_expect (&id, SIGNET_DER_OCTET_STRING, &key) &&
         signet_der_expect (&id, SIGNET_DER_INTEGER, &serial) &&
         signet_signed_equal (&serial.contents, &issued->serial) &&
         is_digest (name.contents, type, issued->issuer_name) && is_digest (key.contents, type, issued->issuer_key);
}

/* RevokedInfo ::= SEQUENCE { revocationTime, revocationReason [0] OPTIONAL } */
static gboolean
read_revoked (SignetDer rest, SignetRevocationStatus *status)
{
  SignetDerElement reason;

  status->verdict = SIGNET_REVOCATION_REVOKED;
  if (!signet_signed_read_time (&rest, &status->revoked))
    return FALSE;
  if (!signet_der_expect (&rest, SIGNET_DER_CONTEXT (0), &reason))
    return rest.length == 0;
  if (!signet_der_open (reason.contents.data, reason.contents.length, ENUMERATED, &reason.contents) ||
      reason.contents.length != 1 || reason.contents.data[0] > SIGNET_REASON_AA_COMPROMISE)
    return FALSE;
  status->reason = reason.contents.data[0];
  return rest.length == 0;
}

/* What follows the CertID: certStatus, thisUpdate, nextUpdate [0] OPTIONAL, singleExtensions [1] OPTIONAL. */
static gboolean
read_status (SignetDer rest, SignetRevocationStatus *status, SignetDer *extensions)
{
  SignetDerElement verdict, next, list;

  if (!signet_der_read (&rest, &verdict))
    return FALSE;
  if (verdict.tag == CONTEXT_PRIMITIVE (0))
    status->verdict = SIGNET_REVOCATION_GOOD;
  else if (verdict.tag == SIGNET_DER_CONTEXT (1) ? !read_revoked (verdict.contents, status)
                                                 : verdict.tag != CONTEXT_PRIMITIVE (2))
    return FALSE;
  if (!signet_signed_read_time (&rest, &status->this_update))
    return FALSE;
  if (signet_der_expect (&rest, SIGNET_DER_CONTEXT (0), &next) &&
      (!signet_signed_read_time (&next.contents, &status->next_update) || next.contents.length > 0))
    return FALSE;
  if (signet_der_expect (&rest, SIGNET_DER_CONTEXT (1), &list) &&
      !signet_der_open (list.contents.data, list.contents.length, SIGNET_DER_SEQUENCE, extensions))
    return FALSE;
  return rest.length == 0;
}

static gboolean
find_status (const Answer *self, const SignetIssued *issued, SignetRevocationStatus *status, GError **error)
{
  SignetDer rest = self->answers, extensions = { NULL, 0 };
  SignetDerElement single, id;
  gboolean unused = FALSE;

  while (rest.length > 0) {
    if (!signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &single) ||
        !signet_der_expect (&single.contents, SIGNET_DER_SEQUENCE, &id))
      return set_invalid (error);
    if (is_about (id.contents, issued))
      return read_status (single.contents, status, &extensions) ? check_extensions (extensions, NULL, &unused, error)
                                                                 : set_invalid (error);
  }
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND,
                       _("The authority's answer is about another certificate."));
  return FALSE;
}

static gboolean
check_times (const SignetRevocationStatus *status, gboolean beforehand, gint64 at, GError **error)
{
  return signet_revocation_is_final (status) ||
         signet_revocation_check_times (status, beforehand ? 0 : MAX_AGE, at, error);
}

gboolean
signet_ocsp_read (GBytes *answer, SignetCertificate *certificate, SignetCertificate *issuer, GBytes *nonce, gint64 at,
                  SignetRevocationStatus *status, GError **error)
{
  Answer self = { 0 };
  SignetIssued issued;
  SignetRevocationStatus found = { 0 };
  gboolean echoed = FALSE;

  if (!signet_issued_read (&issued, certificate, issuer, at, error) || !read_answer (&self, answer, error) ||
      !check_signature (&self, issuer, at, error) || !check_extensions (self.extensions, nonce, &echoed, error) ||
      !find_status (&self, &issued, &found, error) ||
      !check_times (&found, nonce != NULL && !echoed, at, error))
    return FALSE;
  signet_revocation_settle (&found, certificate);
  *status = found;
  return TRUE;
}
