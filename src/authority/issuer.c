/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/issuer.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "crypto/gnutls-types.h"
#include "crypto/public-key.h"
#include "crypto/random.h"

#include <gio/gio.h>
#include <string.h>

#define SERIAL_LENGTH 16
#define MAX_COMMON_NAME 64         /* ub-common-name, RFC 5280 appendix A.1 */

struct _SignetIssuer {
  gatomicrefcount refs;
  SignetCertificate *certificate;
  SignetPrivateKey *key;
  gnutls_x509_crt_t crt;
  GBytes *key_id;
  char *crl_url;
  char *certificate_url;
};

static const struct {
  guint usage;
  const char *purpose;             /* extended key usage */
} profiles[] = {
  [SIGNET_PROFILE_ROOT] = { GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN, NULL },
  [SIGNET_PROFILE_ISSUING] = { GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN, GNUTLS_KP_EMAIL_PROTECTION },
  [SIGNET_PROFILE_REPLY] = { GNUTLS_KEY_DIGITAL_SIGNATURE, NULL },
  [SIGNET_PROFILE_SERVER] = { GNUTLS_KEY_DIGITAL_SIGNATURE, GNUTLS_KP_TLS_WWW_SERVER },
  [SIGNET_PROFILE_MAIL_SIGNING] = { GNUTLS_KEY_DIGITAL_SIGNATURE, GNUTLS_KP_EMAIL_PROTECTION },
  [SIGNET_PROFILE_MAIL_ENCRYPTION] = { 0, GNUTLS_KP_EMAIL_PROTECTION },     /* by the kind of key */
};

static gboolean
check (int code, GError **error)
{
  if (code >= 0)
    return TRUE;
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_FAILED, _("The certificate could not be made: %s"),
               gnutls_strerror (code));
  return FALSE;
}

static gboolean
is_user (SignetProfile profile)
{
  return profile == SIGNET_PROFILE_MAIL_SIGNING || profile == SIGNET_PROFILE_MAIL_ENCRYPTION;
}

/* --- life cycle --- */

SignetIssuer *
signet_issuer_new (SignetCertificate *certificate, SignetPrivateKey *key, const char *crl_url,
                   const char *certificate_url, GError **error)
{
  g_auto (gnutls_x509_crt_t) crt = NULL;
  gnutls_datum_t der = signet_datum_from_bytes (signet_certificate_get_der (certificate));
  g_autoptr (GBytes) key_id = signet_public_key_get_id (signet_private_key_get_spki (key), error);

  gnutls_x509_crt_init (&crt);
  if (key_id == NULL || !check (gnutls_x509_crt_import (crt, &der, GNUTLS_X509_FMT_DER), error))
    return NULL;
  if (!g_bytes_equal (signet_certificate_get_spki (certificate), signet_private_key_get_spki (key))) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED, _("The key of “%s” does not fit its certificate."),
                 signet_certificate_get_subject (certificate));
    return NULL;
  }

  SignetIssuer *self = g_new0 (SignetIssuer, 1);
  g_atomic_ref_count_init (&self->refs);
  self->certificate = signet_certificate_ref (certificate);
  self->key = signet_private_key_ref (key);
  self->crt = g_steal_pointer (&crt);
  self->key_id = g_steal_pointer (&key_id);
  self->crl_url = g_strdup (crl_url);
  self->certificate_url = g_strdup (certificate_url);
  return self;
}

SignetIssuer *
signet_issuer_ref (SignetIssuer *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
signet_issuer_unref (SignetIssuer *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  signet_certificate_unref (self->certificate);
  signet_private_key_unref (self->key);
  gnutls_x509_crt_deinit (self->crt);
  g_bytes_unref (self->key_id);
  g_free (self->crl_url);
  g_free (self->certificate_url);
  g_free (self);
}

SignetCertificate *
signet_issuer_get_certificate (SignetIssuer *self)
{
  return self->certificate;
}

/* --- what every certificate has --- */

/* 16 random bytes, positive and without a leading zero, so that all are equally long. */
static gboolean
set_serial (gnutls_x509_crt_t crt, GError **error)
{
  g_autoptr (GBytes) random = signet_random_bytes (SERIAL_LENGTH);
  guint8 serial[SERIAL_LENGTH];

  memcpy (serial, g_bytes_get_data (random, NULL), SERIAL_LENGTH);
  serial[0] = (serial[0] & 0x7f) | 0x40;
  return check (gnutls_x509_crt_set_serial (crt, serial, SERIAL_LENGTH), error);
}

/* The address as common name, or as emailAddress, whose bound is 255, when it is too long for that. */
static gboolean
set_subject (gnutls_x509_crt_t crt, const SignetCertificateOrder *order, GError **error)
{
  gsize length = strlen (order->name);
  const char *oid = length <= MAX_COMMON_NAME || !is_user (order->profile) ? GNUTLS_OID_X520_COMMON_NAME
                                                                           : GNUTLS_OID_PKCS9_EMAIL;

  return check (gnutls_x509_crt_set_dn_by_oid (crt, oid, 0, order->name, length), error);
}

static gboolean
set_key (gnutls_x509_crt_t crt, const SignetCertificateOrder *order, guint *usage, GError **error)
{
  g_auto (gnutls_pubkey_t) key = NULL;
  gnutls_datum_t spki = signet_datum_from_bytes (order->spki);
  g_autoptr (GBytes) id = signet_public_key_get_id (order->spki, error);

  gnutls_pubkey_init (&key);
  if (id == NULL || !check (gnutls_pubkey_import (key, &spki, GNUTLS_X509_FMT_DER), error) ||
      !check (gnutls_x509_crt_set_pubkey (crt, key), error))
    return FALSE;
  if (order->profile == SIGNET_PROFILE_MAIL_ENCRYPTION)
    *usage = gnutls_pubkey_get_pk_algorithm (key, NULL) == GNUTLS_PK_RSA ? GNUTLS_KEY_KEY_ENCIPHERMENT
                                                                         : GNUTLS_KEY_KEY_AGREEMENT;
  return check (gnutls_x509_crt_set_subject_key_id (crt, g_bytes_get_data (id, NULL), g_bytes_get_size (id)), error);
}

static gboolean
set_alternative_name (gnutls_x509_crt_t crt, const SignetCertificateOrder *order, GError **error)
{
  g_autoptr (GInetAddress) ip = g_inet_address_new_from_string (order->name);

  if (is_user (order->profile))
    return check (gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_RFC822NAME, order->name, strlen (order->name),
                                                        GNUTLS_FSAN_SET), error);
  if (order->profile != SIGNET_PROFILE_SERVER)
    return TRUE;
  if (ip != NULL)
    return check (gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_IPADDRESS, g_inet_address_to_bytes (ip),
                                                        g_inet_address_get_native_size (ip), GNUTLS_FSAN_SET), error);
  return check (gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_DNSNAME, order->name, strlen (order->name),
                                                      GNUTLS_FSAN_SET), error);
}

/* Only a CA has basic constraints: the root two levels, the issuing one none below it. */
static gboolean
set_constraints (gnutls_x509_crt_t crt, SignetProfile profile, GError **error)
{
  if (profile == SIGNET_PROFILE_ROOT)
    return check (gnutls_x509_crt_set_basic_constraints (crt, 1, 1), error);
  if (profile == SIGNET_PROFILE_ISSUING)
    return check (gnutls_x509_crt_set_basic_constraints (crt, 1, 0), error);
  return TRUE;
}

static gboolean
set_profile (gnutls_x509_crt_t crt, const SignetCertificateOrder *order, GError **error)
{
  guint usage = profiles[order->profile].usage;
  const char *purpose = profiles[order->profile].purpose;

  return check (gnutls_x509_crt_set_version (crt, 3), error) &&
         set_serial (crt, error) &&
         set_subject (crt, order, error) &&
         set_key (crt, order, &usage, error) &&
         set_constraints (crt, order->profile, error) &&
         check (gnutls_x509_crt_set_key_usage (crt, usage), error) &&
         (purpose == NULL || check (gnutls_x509_crt_set_key_purpose_oid (crt, purpose, FALSE), error)) &&
         set_alternative_name (crt, order, error) &&
         check (gnutls_x509_crt_set_activation_time (crt, order->not_before), error);
}

/* Where users' mail programs find out whether the certificate still counts, and who issued it. */
static gboolean
set_locations (gnutls_x509_crt_t crt, SignetIssuer *issuer, GError **error)
{
  gnutls_datum_t certificate = { (unsigned char *) issuer->certificate_url, 0 };

  if (issuer->crl_url != NULL && !check (gnutls_x509_crt_set_crl_dist_points (crt, GNUTLS_SAN_URI, issuer->crl_url, 0),
                                         error))
    return FALSE;
  if (issuer->certificate_url == NULL)
    return TRUE;
  certificate.size = strlen (issuer->certificate_url);
  return check (gnutls_x509_crt_set_authority_info_access (crt, GNUTLS_IA_CAISSUERS_URI, &certificate), error);
}

static SignetCertificate *
export_certificate (gnutls_x509_crt_t crt, GError **error)
{
  g_auto (gnutls_datum_t) datum = { NULL, 0 };

  if (!check (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_DER, &datum), error))
    return NULL;
  g_autoptr (GBytes) der = signet_datum_to_bytes (&datum);
  return signet_certificate_new (der, error);
}

/* --- issuing --- */

SignetCertificate *
signet_issuer_issue (SignetIssuer *self, const SignetCertificateOrder *order, GError **error)
{
  g_auto (gnutls_x509_crt_t) crt = NULL;
  gint64 last = signet_certificate_get_not_after (self->certificate);

  gnutls_x509_crt_init (&crt);
  if (!set_profile (crt, order, error) ||
      !check (gnutls_x509_crt_set_expiration_time (crt, MIN (order->not_after, last)), error) ||
      !check (gnutls_x509_crt_set_authority_key_id (crt, g_bytes_get_data (self->key_id, NULL),
                                                    g_bytes_get_size (self->key_id)), error) ||
      (is_user (order->profile) && !set_locations (crt, self, error)) ||
      !check (gnutls_x509_crt_privkey_sign (crt, self->crt, signet_private_key_get_gnutls (self->key),
                                            GNUTLS_DIG_SHA256, 0), error))
    return NULL;
  return export_certificate (crt, error);
}

SignetCertificate *
signet_issuer_self_sign (SignetPrivateKey *key, const SignetCertificateOrder *order, GError **error)
{
  g_auto (gnutls_x509_crt_t) crt = NULL;

  gnutls_x509_crt_init (&crt);
  if (!set_profile (crt, order, error) || !check (gnutls_x509_crt_set_expiration_time (crt, order->not_after), error) ||
      !check (gnutls_x509_crt_privkey_sign (crt, crt, signet_private_key_get_gnutls (key), GNUTLS_DIG_SHA256, 0),
              error))
    return NULL;
  return export_certificate (crt, error);
}

/* --- the list of revoked certificates --- */

void
signet_revocation_free (SignetRevocation *self)
{
  g_free (self->serial);
  g_free (self);
}

static gboolean
add_revocations (gnutls_x509_crl_t crl, GPtrArray *revocations, GError **error)
{
  for (guint i = 0; i < revocations->len; i++) {
    SignetRevocation *revocation = revocations->pdata[i];
    g_autoptr (GBytes) serial = signet_hex_decode (revocation->serial, strlen (revocation->serial) / 2);

    if (serial == NULL) {
      g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED, _("A serial number in the database is damaged."));
      return FALSE;
    }
    if (!check (gnutls_x509_crl_set_crt_serial (crl, g_bytes_get_data (serial, NULL), g_bytes_get_size (serial),
                                                revocation->time), error))
      return FALSE;
  }
  return TRUE;
}

/* NUMBER as the contents of a DER INTEGER: big endian, no needless zero in front.  The bytes written. */
static gsize
write_number (gint64 number, guint8 digits[8])
{
  guint64 big_endian = GUINT64_TO_BE ((guint64) number);
  const guint8 *bytes = (const guint8 *) &big_endian;
  gsize skip = 0;

  while (skip < 7 && bytes[skip] == 0 && bytes[skip + 1] < 0x80)
    skip++;
  memcpy (digits, bytes + skip, sizeof big_endian - skip);
  return sizeof big_endian - skip;
}

GBytes *
signet_issuer_sign_crl (SignetIssuer *self, GPtrArray *revocations, gint64 number, gint64 now, gint64 next_update,
                        GError **error)
{
  g_auto (gnutls_x509_crl_t) crl = NULL;
  g_auto (gnutls_datum_t) datum = { NULL, 0 };
  guint8 digits[8];
  gsize digits_length = write_number (number, digits);

  gnutls_x509_crl_init (&crl);
  if (!check (gnutls_x509_crl_set_version (crl, 2), error) ||
      !check (gnutls_x509_crl_set_this_update (crl, now), error) ||
      !check (gnutls_x509_crl_set_next_update (crl, next_update), error) ||
      !check (gnutls_x509_crl_set_number (crl, digits, digits_length), error) ||
      !check (gnutls_x509_crl_set_authority_key_id (crl, g_bytes_get_data (self->key_id, NULL),
                                                    g_bytes_get_size (self->key_id)), error) ||
      !add_revocations (crl, revocations, error) ||
      !check (gnutls_x509_crl_privkey_sign (crl, self->crt, signet_private_key_get_gnutls (self->key),
                                            GNUTLS_DIG_SHA256, 0), error) ||
      !check (gnutls_x509_crl_export2 (crl, GNUTLS_X509_FMT_DER, &datum), error))
    return NULL;
  return signet_datum_to_bytes (&datum);
}
