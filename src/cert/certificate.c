/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cert/certificate.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "base/mail-address.h"
#include "crypto/der.h"
#include "crypto/gnutls-types.h"

#include <string.h>

#define MAX_ADDRESSES 64   /* rfc822Names that are read: a person has a handful */

/* Everything is read once, so that later calls cannot fail and need no lock. */
struct _SignetCertificate {
  gatomicrefcount refs;
  GBytes *der;
  GBytes *spki;
  char *subject;
  char *organization;
  char *issuer;
  char *serial;
  GStrv addresses;
  gint64 not_before;
  gint64 not_after;
  guint key_usage;       /* GNUTLS_KEY_*; all of them when the certificate does not say */
  gboolean ca;
  gboolean for_mail;     /* emailProtection or anyExtendedKeyUsage, or no word about it */
};

G_DEFINE_BOXED_TYPE (SignetCertificate, signet_certificate, signet_certificate_ref, signet_certificate_unref)

/* A name from a certificate as text that may be shown: nothing that breaks a line or turns the writing direction to
 * make one name look like another. */
static char *
clean_text (const char *data, gsize length)
{
  g_autofree char *valid = g_utf8_make_valid (data, length);
  GString *text = g_string_new (NULL);

  for (const char *c = valid; *c != '\0'; c = g_utf8_next_char (c)) {
    gunichar character = g_utf8_get_char (c);
    GUnicodeType type = g_unichar_type (character);
    gboolean hidden = type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_LINE_SEPARATOR ||
                      type == G_UNICODE_PARAGRAPH_SEPARATOR;
    g_string_append_unichar (text, hidden ? 0xfffd : character);
  }
  return g_string_free (text, FALSE);
}

/* The library writes an attribute as it stands in a whole name (RFC 4514 section 2.4): "Lind\\, Asa".  Shortens TEXT in
 * its place; the two digits that stand for a byte without a letter stay. */
static gsize
unescape (char *text, gsize length)
{
  gsize end = 0;

  for (gsize i = 0; i < length; i++) {
    if (text[i] == '\\' && i + 1 < length && !g_ascii_isxdigit (text[i + 1]))
      i++;
    text[end++] = text[i];
  }
  return end;
}

typedef int (*GetByOid) (gnutls_x509_crt_t crt, const char *oid, unsigned indx, unsigned raw, void *buf, size_t *size);
typedef int (*GetWhole) (gnutls_x509_crt_t crt, gnutls_datum_t *dn, unsigned flags);

static char *
read_name (gnutls_x509_crt_t crt, GetByOid get_by_oid, GetWhole get_whole)
{
  char common_name[1024];
  gsize length = sizeof common_name;
  g_auto (gnutls_datum_t) whole = { NULL, 0 };

  if (get_by_oid (crt, GNUTLS_OID_X520_COMMON_NAME, 0, 0, common_name, &length) >= 0 && length > 0)
    return clean_text (common_name, unescape (common_name, length));
  if (get_whole (crt, &whole, 0) < 0)
    return g_strdup ("");
  return clean_text ((const char *) whole.data, whole.size);
}

static char *
read_organization (gnutls_x509_crt_t crt)
{
  char organization[1024];
  gsize length = sizeof organization;

  if (gnutls_x509_crt_get_dn_by_oid (crt, GNUTLS_OID_X520_ORGANIZATION_NAME, 0, 0, organization, &length) < 0)
    return g_strdup ("");
  return clean_text (organization, length);
}

static char *
read_serial (gnutls_x509_crt_t crt)
{
  guint8 serial[128];
  gsize length = sizeof serial;

  if (gnutls_x509_crt_get_serial (crt, serial, &length) < 0)
    return NULL;

  g_autoptr (GBytes) bytes = g_bytes_new (serial, length);
  return signet_hex_encode (bytes);
}

static void
add_addresses (GPtrArray *addresses, gnutls_subject_alt_names_t names)
{
  gnutls_datum_t name;
  guint type;

  for (guint i = 0; addresses->len < MAX_ADDRESSES &&
                    gnutls_subject_alt_names_get (names, i, &type, &name, NULL) >= 0; i++) {
    if (type != GNUTLS_SAN_RFC822NAME || memchr (name.data, '\0', name.size) != NULL)
      continue;
    g_autofree char *text = g_strndup ((const char *) name.data, name.size);
    char *address = signet_mail_address_normalize (text, NULL);
    if (address != NULL)
      g_ptr_array_add (addresses, address);
  }
}

/* FALSE when the extension is there and cannot be read. */
static gboolean
read_addresses (SignetCertificate *self, gnutls_x509_crt_t crt)
{
  g_auto (gnutls_subject_alt_names_t) names = NULL;
  g_auto (gnutls_datum_t) extension = { NULL, 0 };
  GPtrArray *addresses = g_ptr_array_new ();
  int code = gnutls_x509_crt_get_extension_by_oid2 (crt, "2.5.29.17", 0, &extension, NULL);

  if (code >= 0) {
    gnutls_subject_alt_names_init (&names);
    code = gnutls_x509_ext_import_subject_alt_names (&extension, names, 0);
    if (code >= 0)
      add_addresses (addresses, names);
  }
  g_ptr_array_add (addresses, NULL);
  self->addresses = (GStrv) g_ptr_array_free (addresses, FALSE);
  return code >= 0 || code == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
}

/* RFC 8550 section 4.4.4: no extension leaves every purpose open. */
static gboolean
read_purposes (SignetCertificate *self, gnutls_x509_crt_t crt)
{
  int code = 0;

  for (guint i = 0; code >= 0; i++) {
    char oid[128];
    gsize length = sizeof oid;

    code = gnutls_x509_crt_get_key_purpose_oid (crt, i, oid, &length, NULL);
    if (code == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
      self->for_mail = self->for_mail || i == 0;
    else if (code == GNUTLS_E_SHORT_MEMORY_BUFFER)
      code = 0;
    else if (code >= 0)
      self->for_mail = self->for_mail || strcmp (oid, GNUTLS_KP_EMAIL_PROTECTION) == 0 ||
                       strcmp (oid, GNUTLS_KP_ANY) == 0;
  }
  return code == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
}

static gboolean
read_constraints (SignetCertificate *self, gnutls_x509_crt_t crt)
{
  guint ca = 0;
  int code = gnutls_x509_crt_get_basic_constraints (crt, NULL, &ca, NULL);

  if (code < 0 && code != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
    return FALSE;
  self->ca = code >= 0 && ca;
  code = gnutls_x509_crt_get_key_usage (crt, &self->key_usage, NULL);
  if (code == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
    self->key_usage = ~0u;
  return code >= 0 || code == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
}

/* TBSCertificate ::= SEQUENCE { version [0] OPTIONAL, serialNumber, signature, issuer, validity, subject,
 * SubjectPublicKeyInfo, … } */
static GBytes *
find_spki (GBytes *der)
{
  SignetDer rest = signet_der_from_bytes (der);
  SignetDerElement tbs, element;

  if (!signet_der_open (rest.data, rest.length, SIGNET_DER_SEQUENCE, &rest) ||
      !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &tbs))
    return NULL;
  rest = tbs.contents;
  signet_der_expect (&rest, SIGNET_DER_CONTEXT (0), &element);
  if (!signet_der_expect (&rest, SIGNET_DER_INTEGER, &element))
    return NULL;
  for (guint i = 0; i < 5; i++)
    if (!signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &element))
      return NULL;
  return signet_der_to_bytes (&element.whole);
}

static gboolean
read_certificate (SignetCertificate *self)
{
  g_auto (gnutls_x509_crt_t) crt = NULL;
  gnutls_datum_t datum = signet_datum_from_bytes (self->der);

  gnutls_x509_crt_init (&crt);
  self->spki = find_spki (self->der);
  if (self->spki == NULL || gnutls_x509_crt_import (crt, &datum, GNUTLS_X509_FMT_DER) < 0)
    return FALSE;

  self->subject = read_name (crt, gnutls_x509_crt_get_dn_by_oid, gnutls_x509_crt_get_dn3);
  self->organization = read_organization (crt);
  self->issuer = read_name (crt, gnutls_x509_crt_get_issuer_dn_by_oid, gnutls_x509_crt_get_issuer_dn3);
  self->serial = read_serial (crt);
  self->not_before = gnutls_x509_crt_get_activation_time (crt);
  self->not_after = gnutls_x509_crt_get_expiration_time (crt);
  return self->serial != NULL && self->not_before != -1 && self->not_after != -1 && read_addresses (self, crt) &&
         read_constraints (self, crt) && read_purposes (self, crt);
}

SignetCertificate *
signet_certificate_new (GBytes *der, GError **error)
{
  if (g_bytes_get_size (der) > SIGNET_MAX_CERTIFICATE) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE,
                         _("The certificate is larger than Signet reads. Ask for it again from where it came from."));
    return NULL;
  }

  g_autoptr (SignetCertificate) self = g_new0 (SignetCertificate, 1);
  g_atomic_ref_count_init (&self->refs);
  self->der = g_bytes_ref (der);
  if (!read_certificate (self)) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                         _("The certificate cannot be read. Ask for it again from where it came from."));
    return NULL;
  }
  return g_steal_pointer (&self);
}

SignetCertificate *
signet_certificate_ref (SignetCertificate *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
signet_certificate_unref (SignetCertificate *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_bytes_unref (self->der);
  g_clear_pointer (&self->spki, g_bytes_unref);
  g_free (self->subject);
  g_free (self->organization);
  g_free (self->issuer);
  g_free (self->serial);
  g_strfreev (self->addresses);
  g_free (self);
}

GBytes *
signet_certificate_get_der (SignetCertificate *self)
{
  return self->der;
}

GBytes *
signet_certificate_get_spki (SignetCertificate *self)
{
  return self->spki;
}

const char *
signet_certificate_get_subject (SignetCertificate *self)
{
  return self->subject;
}

const char *
signet_certificate_get_organization (SignetCertificate *self)
{
  return self->organization;
}

const char *
signet_certificate_get_issuer (SignetCertificate *self)
{
  return self->issuer;
}

const char *
signet_certificate_get_serial (SignetCertificate *self)
{
  return self->serial;
}

const char *const *
signet_certificate_get_addresses (SignetCertificate *self)
{
  return (const char *const *) self->addresses;
}

gint64
signet_certificate_get_not_before (SignetCertificate *self)
{
  return self->not_before;
}

gint64
signet_certificate_get_not_after (SignetCertificate *self)
{
  return self->not_after;
}

gboolean
signet_certificate_is_ca (SignetCertificate *self)
{
  return self->ca;
}

/* nonRepudiation alone will do: RFC 8550 section 4.4.2. */
gboolean
signet_certificate_can_sign (SignetCertificate *self)
{
  return self->for_mail && (self->key_usage & (GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_NON_REPUDIATION)) != 0;
}

gboolean
signet_certificate_can_encrypt (SignetCertificate *self)
{
  return self->for_mail && (self->key_usage & (GNUTLS_KEY_KEY_ENCIPHERMENT | GNUTLS_KEY_KEY_AGREEMENT)) != 0;
}

gboolean
signet_certificate_has_address (SignetCertificate *self, const char *address)
{
  for (guint i = 0; self->addresses[i] != NULL; i++)
    if (signet_mail_address_equal (self->addresses[i], address))
      return TRUE;
  return FALSE;
}

static gboolean
parse (SignetCertificate *self, gnutls_x509_crt_t *crt)
{
  gnutls_datum_t datum = signet_datum_from_bytes (self->der);

  gnutls_x509_crt_init (crt);
  return gnutls_x509_crt_import (*crt, &datum, GNUTLS_X509_FMT_DER) >= 0;
}

gboolean
signet_certificate_names_issuer (SignetCertificate *self, SignetCertificate *issuer)
{
  g_auto (gnutls_x509_crt_t) crt = NULL;
  g_auto (gnutls_x509_crt_t) issuer_crt = NULL;

  return parse (self, &crt) && parse (issuer, &issuer_crt) && gnutls_x509_crt_check_issuer (crt, issuer_crt) == 1;
}

GBytes *
signet_certificate_get_fingerprint (SignetCertificate *self)
{
  return signet_sha256 (self->der);
}

GBytes *
signet_certificate_get_pin (SignetCertificate *self)
{
  return signet_sha256 (self->spki);
}

static gboolean
contains (GPtrArray *list, SignetCertificate *certificate)
{
  return g_ptr_array_find (list, certificate, NULL);
}

/* The texts are compared first: that costs nothing, and a stranger's file may hold a thousand certificates. */
static gboolean
is_issuer (SignetCertificate *issuer, SignetCertificate *of)
{
  return signet_certificate_is_ca (issuer) &&
         g_str_equal (signet_certificate_get_subject (issuer), signet_certificate_get_issuer (of)) &&
         signet_certificate_names_issuer (of, issuer);
}

GPtrArray *
signet_certificate_find_chain (SignetCertificate *leaf, GPtrArray *certificates)
{
  GPtrArray *chain = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_certificate_unref);
  SignetCertificate *last = leaf;

  for (gboolean found = TRUE; found && chain->len < SIGNET_MAX_CHAIN;) {
    found = FALSE;
    for (guint i = 0; i < certificates->len && !found; i++) {
      SignetCertificate *issuer = certificates->pdata[i];
      found = issuer != leaf && issuer != last && !contains (chain, issuer) && is_issuer (issuer, last);
      if (found) {
        g_ptr_array_add (chain, signet_certificate_ref (issuer));
        last = issuer;
      }
    }
  }
  return chain;
}
