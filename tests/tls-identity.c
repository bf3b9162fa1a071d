/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tls-identity.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>

struct _TlsIdentity {
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t certificate;
};

static void
check (int result)
{
  if (result < 0)
    g_error ("GnuTLS: %s", gnutls_strerror (result));
}

static void
set_serial (gnutls_x509_crt_t certificate)
{
  guint8 serial[16];

  check (gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial));
  serial[0] = (serial[0] & 0x7f) | 1;
  check (gnutls_x509_crt_set_serial (certificate, serial, sizeof serial));
}

static void
set_key_ids (gnutls_x509_crt_t certificate, gnutls_x509_crt_t issuer)
{
  guint8 id[20];
  size_t length = sizeof id;

  check (gnutls_x509_crt_get_key_id (certificate, 0, id, &length));
  check (gnutls_x509_crt_set_subject_key_id (certificate, id, length));
  length = sizeof id;
  check (gnutls_x509_crt_get_key_id (issuer, 0, id, &length));
  check (gnutls_x509_crt_set_authority_key_id (certificate, id, length));
}

static void
set_names (gnutls_x509_crt_t certificate, const TlsFacts *facts)
{
  check (gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, facts->name,
                                        strlen (facts->name)));
  if (facts->dns != NULL)
    check (gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, facts->dns, strlen (facts->dns),
                                                 GNUTLS_FSAN_APPEND));
  if (facts->ip != NULL) {
    g_autoptr (GInetAddress) address = g_inet_address_new_from_string (facts->ip);
    check (gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, g_inet_address_to_bytes (address),
                                                 g_inet_address_get_native_size (address), GNUTLS_FSAN_APPEND));
  }
}

static void
set_uses (gnutls_x509_crt_t certificate, const TlsFacts *facts)
{
  unsigned int usage = GNUTLS_KEY_DIGITAL_SIGNATURE;

  if (facts->is_ca && !facts->may_not_sign)
    usage |= GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN;
  check (gnutls_x509_crt_set_basic_constraints (certificate, facts->is_ca, facts->path_length - 1));
  check (gnutls_x509_crt_set_key_usage (certificate, usage));
  if (facts->purpose != NULL)
    check (gnutls_x509_crt_set_key_purpose_oid (certificate, facts->purpose, 0));
}

static gnutls_x509_privkey_t
make_key (TlsIdentity *same_as)
{
  gnutls_x509_privkey_t key;

  check (gnutls_x509_privkey_init (&key));
  if (same_as != NULL)
    check (gnutls_x509_privkey_cpy (key, same_as->key));
  else
    check (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0));
  return key;
}

TlsIdentity *
tls_identity_new (const TlsFacts *facts, TlsIdentity *issuer)
{
  TlsIdentity *self = g_new0 (TlsIdentity, 1);
  time_t now = time (NULL);

  self->key = make_key (facts->key_of);
  check (gnutls_x509_crt_init (&self->certificate));
  check (gnutls_x509_crt_set_version (self->certificate, 3));
  check (gnutls_x509_crt_set_key (self->certificate, self->key));
  set_serial (self->certificate);
  set_names (self->certificate, facts);
  check (gnutls_x509_crt_set_activation_time (self->certificate, now + facts->not_before * 86400));
  check (gnutls_x509_crt_set_expiration_time (self->certificate, now + facts->not_after * 86400));
  set_uses (self->certificate, facts);
  if (issuer == NULL)
    issuer = self;
  if (!facts->no_key_ids)
    set_key_ids (self->certificate, issuer->certificate);
  check (gnutls_x509_crt_sign2 (self->certificate, issuer->certificate, issuer->key,
                                facts->sha1 ? GNUTLS_DIG_SHA1 : GNUTLS_DIG_SHA256, 0));
  return self;
}

TlsIdentity *
tls_identity_new_root (const char *name)
{
  return tls_identity_new (&(TlsFacts) { .name = name, .not_before = -2, .not_after = 900, .is_ca = TRUE }, NULL);
}

TlsIdentity *
tls_identity_new_server (TlsIdentity *issuer)
{
  return tls_identity_new (&(TlsFacts) { .name = "server", .dns = "localhost", .ip = "127.0.0.1", .not_before = -1,
                                         .not_after = 30, .purpose = GNUTLS_KP_TLS_WWW_SERVER }, issuer);
}

void
tls_identity_free (TlsIdentity *self)
{
  gnutls_x509_crt_deinit (self->certificate);
  gnutls_x509_privkey_deinit (self->key);
  g_free (self);
}

GBytes *
tls_identity_get_pin (TlsIdentity *self)
{
  gnutls_pubkey_t key;
  gnutls_datum_t spki;

  check (gnutls_pubkey_init (&key));
  check (gnutls_pubkey_import_x509 (key, self->certificate, 0));
  check (gnutls_pubkey_export2 (key, GNUTLS_X509_FMT_DER, &spki));
  gnutls_pubkey_deinit (key);

  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;
  g_checksum_update (checksum, spki.data, spki.size);
  g_checksum_get_digest (checksum, digest, &length);
  gnutls_free (spki.data);
  return g_bytes_new (digest, length);
}

static char *
take_text (gnutls_datum_t *data)
{
  char *text = g_strndup ((const char *) data->data, data->size);

  gnutls_free (data->data);
  return text;
}

char *
tls_identity_get_certificate_pem (TlsIdentity *self)
{
  gnutls_datum_t pem;

  check (gnutls_x509_crt_export2 (self->certificate, GNUTLS_X509_FMT_PEM, &pem));
  return take_text (&pem);
}

char *
tls_identity_get_key_pem (TlsIdentity *self)
{
  gnutls_datum_t pem;

  check (gnutls_x509_privkey_export2_pkcs8 (self->key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem));
  return take_text (&pem);
}

/* GIO's own reader of PEM drops what is no proper chain, so the links are made one by one. */
static GTlsCertificate *
present (TlsIdentity *self, GTlsCertificate *issuer, gboolean with_key)
{
  g_autofree char *certificate = tls_identity_get_certificate_pem (self);
  g_autofree char *key = with_key ? tls_identity_get_key_pem (self) : NULL;
  g_autoptr (GError) error = NULL;
  gpointer result = g_initable_new (g_tls_backend_get_certificate_type (g_tls_backend_get_default ()), NULL, &error,
                                    "certificate-pem", certificate, "private-key-pem", key, "issuer", issuer, NULL);

  g_assert_no_error (error);
  return result;
}

GTlsCertificate *
tls_identity_present (TlsIdentity *self, ...)
{
  TlsIdentity *list[16];
  guint length = 0;
  va_list arguments;
  g_autoptr (GTlsCertificate) above = NULL;

  va_start (arguments, self);
  for (TlsIdentity *next; (next = va_arg (arguments, TlsIdentity *)) != NULL; length++) {
    g_assert_cmpuint (length, <, G_N_ELEMENTS (list));
    list[length] = next;
  }
  va_end (arguments);
  while (length-- > 0) {
    GTlsCertificate *certificate = present (list[length], above, FALSE);
    g_clear_object (&above);
    above = certificate;
  }
  return present (self, above, TRUE);
}
