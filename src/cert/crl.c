/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cert/crl.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "cert/issued.h"
#include "cert/signed.h"

#include <string.h>

/* Not GnuTLS's reader: it takes time by the square of a list's length (minutes for 100,000 entries), and says nothing
 * about an entry's extensions, so neither the reason nor a critical one that forbids the use of the list. */

#define ENUMERATED 0x0a
#define CONTEXT_PRIMITIVE(number) (0x80 | (number))
#define URI CONTEXT_PRIMITIVE (6)

#define CE "\x55\x1d"           /* 2.5.29 */
#define REASON_CODE CE "\x15"
#define INVALIDITY_DATE CE "\x18"
#define NUMBER CE "\x14"
#define ISSUING_POINT CE "\x1c"
#define AUTHORITY_KEY CE "\x23"
#define IS(extension, oid) signet_extension_is (extension, oid, strlen (oid))

typedef struct {
  SignetSigned outer;
  SignetDer algorithm;       /* as the signed part names it */
  SignetDer issuer;
  SignetDer entries;
  SignetDer extensions;
  SignetRevocationStatus status;
} Crl;

static gboolean
set_invalid (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                       _("The authority's list of revoked certificates cannot be read. Tell the authority."));
  return FALSE;
}

static gboolean
set_unsupported (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                       _("The authority's list of revoked certificates is of a kind that Signet does not know, or does "
                         "not speak of this certificate."));
  return FALSE;
}

/* TBSCertList ::= SEQUENCE { version OPTIONAL, signature, issuer, thisUpdate, nextUpdate OPTIONAL,
 * revokedCertificates OPTIONAL, crlExtensions [0] OPTIONAL }.  An RFC 5280 list has a nextUpdate. */
static gboolean
read_list (Crl *self, SignetDer rest)
{
  SignetDerElement version, algorithm, issuer, entries, extensions;
  gboolean second = signet_der_expect (&rest, SIGNET_DER_INTEGER, &version);

  if ((second && (version.contents.length != 1 || version.contents.data[0] != 1)) ||
      !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &algorithm) ||
      !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &issuer) ||
      !signet_signed_read_time (&rest, &self->status.this_update) ||
      !signet_signed_read_time (&rest, &self->status.next_update))
    return FALSE;
  self->algorithm = algorithm.whole;
  self->issuer = issuer.whole;
  if (signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &entries))
    self->entries = entries.contents;
  if (signet_der_expect (&rest, SIGNET_DER_CONTEXT (0), &extensions))
    return second && rest.length == 0 && signet_der_open (extensions.contents.data, extensions.contents.length,
                                                          SIGNET_DER_SEQUENCE, &self->extensions);
  return rest.length == 0;
}

static gboolean
read_crl (Crl *self, GBytes *bytes, GError **error)
{
  SignetDer der = signet_der_from_bytes (bytes);

  if (der.length > SIGNET_MAX_CRL) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE,
                         _("The authority's list of revoked certificates is larger than Signet reads."));
    return FALSE;
  }
  return (signet_der_open (der.data, der.length, SIGNET_DER_SEQUENCE, &der) && signet_signed_read (der, &self->outer) &&
          self->outer.rest.length == 0 && read_list (self, self->outer.signed_part.contents) &&
          signet_signed_equal (&self->algorithm, &self->outer.algorithm)) || set_invalid (error);
}

/* --- whether the list speaks of the certificate --- */

/* Whether one of the URIs among NAMES is one where the certificate says that its list is. */
static gboolean
names_point (SignetDer names, SignetCertificate *certificate)
{
  g_auto (GStrv) urls = signet_revocation_get_crl_urls (certificate);
  SignetDerElement name;

  while (signet_der_read (&names, &name)) {
    g_autofree char *url = name.tag == URI ? g_strndup ((const char *) name.contents.data, name.contents.length) : NULL;
    if (url != NULL && strlen (url) == name.contents.length && g_strv_contains ((const char *const *) urls, url))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_true (const SignetDerElement *element)
{
  return element->contents.length == 1 && element->contents.data[0] == 0xff;
}

/* IssuingDistributionPoint (RFC 5280 section 5.2.5).  Lists for some reasons only, indirect ones and those of attribute
 * certificates are not ours; a field that is not known is none that we could honour. */
static gboolean
covers (SignetDer point, SignetCertificate *certificate)
{
  SignetDerElement field, name;
  gboolean ca = signet_certificate_is_ca (certificate);

  if (!signet_der_open (point.data, point.length, SIGNET_DER_SEQUENCE, &point))
    return FALSE;
  while (point.length > 0) {
    if (!signet_der_read (&point, &field))
      return FALSE;
    if (field.tag == SIGNET_DER_CONTEXT (0)) {
      if (!signet_der_expect (&field.contents, SIGNET_DER_CONTEXT (0), &name) ||
          !names_point (name.contents, certificate))
        return FALSE;
    } else if (!is_true (&field) || field.tag != (ca ? CONTEXT_PRIMITIVE (2) : CONTEXT_PRIMITIVE (1))) {
      return FALSE;
    }
  }
  return TRUE;
}

/* A delta list has a critical extension too, and so is refused here. */
static gboolean
check_extensions (const Crl *self, SignetCertificate *certificate, GError **error)
{
  SignetDer rest = self->extensions;
  SignetExtension extension;

  while (rest.length > 0) {
    if (!signet_signed_read_extension (&rest, &extension))
      return set_invalid (error);
    if (IS (&extension, ISSUING_POINT) ? !covers (extension.value, certificate)
                                       : extension.critical && !IS (&extension, NUMBER) &&
                                           !IS (&extension, AUTHORITY_KEY))
      return set_unsupported (error);
  }
  return TRUE;
}

/* --- the entries --- */

static gboolean
read_reason (SignetDer value, SignetRevocationReason *reason)
{
  if (!signet_der_open (value.data, value.length, ENUMERATED, &value) || value.length != 1 || value.data[0] > 10)
    return FALSE;
  *reason = value.data[0];
  return TRUE;
}

/* crlEntryExtensions.  One that is critical and not known forbids the use of the whole list (RFC 5280 section 5.3);
 * certificateIssuer, of indirect lists, is such a one. */
static gboolean
read_entry_extensions (SignetDer rest, SignetRevocationReason *reason, GError **error)
{
  SignetDerElement list;
  SignetExtension extension;

  *reason = SIGNET_REASON_UNSPECIFIED;
  if (rest.length == 0)
    return TRUE;
  if (!signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &list) || rest.length > 0)
    return set_invalid (error);
  while (list.contents.length > 0) {
    if (!signet_signed_read_extension (&list.contents, &extension))
      return set_invalid (error);
    if (IS (&extension, REASON_CODE)) {
      if (!read_reason (extension.value, reason))
        return set_invalid (error);
    } else if (extension.critical && !IS (&extension, INVALIDITY_DATE)) {
      return set_unsupported (error);
    }
  }
  return TRUE;
}

static gboolean
read_entries (Crl *self, SignetDer serial, GError **error)
{
  SignetDer rest = self->entries;
  SignetDerElement entry, number;
  SignetRevocationReason reason;
  gint64 time;

  self->status.verdict = SIGNET_REVOCATION_GOOD;
  while (rest.length > 0) {
    if (!signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &entry) ||
        !signet_der_expect (&entry.contents, SIGNET_DER_INTEGER, &number) ||
        !signet_signed_read_time (&entry.contents, &time))
      return set_invalid (error);
    if (!read_entry_extensions (entry.contents, &reason, error))
      return FALSE;
    if (signet_signed_equal (&number.contents, &serial)) {
      self->status.verdict = SIGNET_REVOCATION_REVOKED;
      self->status.revoked = time;
      self->status.reason = reason;
    }
  }
  return TRUE;
}

/* --- the whole --- */

gboolean
signet_crl_read (GBytes *crl, SignetCertificate *certificate, SignetCertificate *issuer, gint64 at,
                 SignetRevocationStatus *status, GError **error)
{
  Crl self = { 0 };
  SignetIssued issued;

  if (!signet_issued_read (&issued, certificate, issuer, at, error) || !read_crl (&self, crl, error))
    return FALSE;
  if (!signet_signed_equal (&self.issuer, &issued.issuer_name)) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED,
                         _("The list of revoked certificates is of another authority than the certificate."));
    return FALSE;
  }
  if (!signet_issued_check_list_signer (issuer, error) || !signet_signed_verify (&self.outer, issuer, error) ||
      !check_extensions (&self, certificate, error) || !read_entries (&self, issued.serial, error) ||
      (!signet_revocation_is_final (&self.status) && !signet_revocation_check_times (&self.status, 0, at, error)))
    return FALSE;
  signet_revocation_settle (&self.status, certificate);
  *status = self.status;
  return TRUE;
}
