/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cert/issued.h"

#include "base/error.h"
#include "base/i18n.h"
#include "cert/path.h"
#include "crypto/gnutls-types.h"

/* TBSCertificate ::= SEQUENCE { version [0] OPTIONAL, serialNumber, signature, issuer, validity, subject, … } */
static gboolean
read_names (SignetCertificate *certificate, SignetDer *serial, SignetDer *issuer, SignetDer *subject)
{
  SignetDer rest = signet_der_from_bytes (signet_certificate_get_der (certificate));
  SignetDerElement tbs, element, from, to;

  if (!signet_der_open (rest.data, rest.length, SIGNET_DER_SEQUENCE, &rest) ||
      !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &tbs))
    return FALSE;
  rest = tbs.contents;
  signet_der_expect (&rest, SIGNET_DER_CONTEXT (0), &element);
  if (!signet_der_expect (&rest, SIGNET_DER_INTEGER, &element))
    return FALSE;
  *serial = element.contents;
  if (!signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &element) ||      /* the algorithm */
      !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &from) ||
      !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &element) ||      /* the validity */
      !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &to))
    return FALSE;
  *issuer = from.whole;
  *subject = to.whole;
  return TRUE;
}

gboolean
signet_issued_read_signer (SignetCertificate *certificate, SignetDer *name, SignetDer *key)
{
  SignetDer serial, issuer, rest = signet_der_from_bytes (signet_certificate_get_spki (certificate));
  SignetDerElement algorithm, bits;

  if (!read_names (certificate, &serial, &issuer, name) ||
      !signet_der_open (rest.data, rest.length, SIGNET_DER_SEQUENCE, &rest) ||
      !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &algorithm) ||
      !signet_der_expect (&rest, SIGNET_DER_BIT_STRING, &bits) || bits.contents.length < 1)
    return FALSE;
  *key = (SignetDer) { bits.contents.data + 1, bits.contents.length - 1 };
  return TRUE;
}

gboolean
signet_issued_read (SignetIssued *self, SignetCertificate *certificate, SignetCertificate *issuer, gint64 at,
                    GError **error)
{
  g_autoptr (GError) problem = NULL;
  SignetDer issuer_name, subject;

  if (!signet_path_validate_step (certificate, issuer, at, &problem) &&
      !g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_EXPIRED)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  if (read_names (certificate, &self->serial, &issuer_name, &subject) &&
      signet_issued_read_signer (issuer, &self->issuer_name, &self->issuer_key))
    return TRUE;
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                       _("The certificate cannot be read. Ask for it again from where it came from."));
  return FALSE;
}

gboolean
signet_issued_check_list_signer (SignetCertificate *issuer, GError **error)
{
  g_auto (gnutls_x509_crt_t) crt = NULL;
  gnutls_datum_t der = signet_datum_from_bytes (signet_certificate_get_der (issuer));
  guint usage = 0;

  gnutls_x509_crt_init (&crt);
  int code = gnutls_x509_crt_import (crt, &der, GNUTLS_X509_FMT_DER);
  if (code >= 0)
    code = gnutls_x509_crt_get_key_usage (crt, &usage, NULL);
  if (code == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE || (code >= 0 && (usage & GNUTLS_KEY_CRL_SIGN) != 0))
    return TRUE;
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED,
                       _("The list of revoked certificates is signed by someone who may not do so."));
  return FALSE;
}
