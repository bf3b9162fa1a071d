/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-ca.h"

#include "base/clock.h"
#include "base/hex.h"
#include "crypto/der.h"
#include "crypto/gnutls-types.h"
#include "crypto/random.h"

#include <string.h>

#define HOUR 3600
#define YEAR (365 * 24 * HOUR)

struct _TestCa {
  SignetPrivateKey *root_key;
  SignetPrivateKey *issuing_key;
  SignetPrivateKey *speaker_key;
  SignetCertificate *root;
  SignetCertificate *issuing;
  SignetCertificate *speaker;
  GPtrArray *chain;
  GBytes *pin;
};

/* What a certificate of each use says of its key. */
static const struct {
  guint key_usage;
  const char *purpose;
} uses[] = {
  [TEST_USE_SIGNING] = { GNUTLS_KEY_DIGITAL_SIGNATURE, GNUTLS_KP_EMAIL_PROTECTION },
  [TEST_USE_ENCRYPTION] = { 0, GNUTLS_KP_EMAIL_PROTECTION },        /* the key decides */
  [TEST_USE_SPEAKING] = { GNUTLS_KEY_DIGITAL_SIGNATURE, NULL },
  [TEST_USE_SERVER] = { GNUTLS_KEY_DIGITAL_SIGNATURE, GNUTLS_KP_TLS_WWW_SERVER },
  [TEST_USE_CA] = { GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN, NULL },
};

static void
check (int code)
{
  if (code < 0)
    g_error ("GnuTLS: %s", gnutls_strerror (code));
}

SignetPrivateKey *
test_key (SignetKeyAlgorithm algorithm, guint index)
{
  static GHashTable *keys;
  gpointer place = GUINT_TO_POINTER (algorithm + 16 * index + 1);

  if (keys == NULL)
    keys = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) signet_private_key_unref);
  if (!g_hash_table_contains (keys, place)) {
    g_autoptr (GError) error = NULL;
    g_hash_table_insert (keys, place, signet_private_key_generate (algorithm, &error));
    g_assert_no_error (error);
  }
  return g_hash_table_lookup (keys, place);
}

/* --- one certificate --- */

static void
set_serial (gnutls_x509_crt_t crt)
{
  g_autoptr (GBytes) random = signet_random_bytes (16);
  guint8 serial[16];

  memcpy (serial, g_bytes_get_data (random, NULL), sizeof serial);
  serial[0] = (serial[0] & 0x3f) | 0x40;        /* positive, and always of the same length */
  check (gnutls_x509_crt_set_serial (crt, serial, sizeof serial));
}

static void
set_key (gnutls_x509_crt_t crt, GBytes *spki)
{
  g_auto (gnutls_pubkey_t) key = NULL;
  const gnutls_datum_t datum = signet_datum_from_bytes (spki);
  guint8 id[64];
  gsize length = sizeof id;

  check (gnutls_pubkey_init (&key));
  check (gnutls_pubkey_import (key, &datum, GNUTLS_X509_FMT_DER));
  check (gnutls_x509_crt_set_pubkey (crt, key));
  check (gnutls_pubkey_get_key_id (key, 0, id, &length));
  check (gnutls_x509_crt_set_subject_key_id (crt, id, length));
}

static guint
encryption_usage (gnutls_x509_crt_t crt)
{
  return gnutls_x509_crt_get_pk_algorithm (crt, NULL) == GNUTLS_PK_RSA ? GNUTLS_KEY_KEY_ENCIPHERMENT
                                                                       : GNUTLS_KEY_KEY_AGREEMENT;
}

static void
set_use (gnutls_x509_crt_t crt, const TestFacts *facts)
{
  guint usage = facts->use == TEST_USE_ENCRYPTION ? encryption_usage (crt) : uses[facts->use].key_usage;
  const char *purpose = facts->purpose != NULL ? facts->purpose : uses[facts->use].purpose;

  check (gnutls_x509_crt_set_basic_constraints (crt, facts->use == TEST_USE_CA, -1));
  check (gnutls_x509_crt_set_key_usage (crt, usage));
  if (purpose != NULL && *purpose != '\0')
    check (gnutls_x509_crt_set_key_purpose_oid (crt, purpose, FALSE));
}

static void
set_name (gnutls_x509_crt_t crt, const TestFacts *facts)
{
  const char *name = facts->name != NULL ? facts->name : facts->address;

  check (gnutls_x509_crt_set_dn_by_oid (crt, GNUTLS_OID_X520_COMMON_NAME, 0, name, strlen (name)));
  if (facts->address != NULL)
    check (gnutls_x509_crt_set_subject_alt_name (crt, GNUTLS_SAN_RFC822NAME, facts->address, strlen (facts->address),
                                                 GNUTLS_FSAN_SET));
}

static void
sign (gnutls_x509_crt_t crt, SignetCertificate *issuer, SignetPrivateKey *issuer_key)
{
  g_auto (gnutls_x509_crt_t) parent = NULL;
  gnutls_privkey_t key = signet_private_key_get_gnutls (issuer_key);
  guint8 id[64];
  gsize length = sizeof id;

  if (issuer != NULL) {
    const gnutls_datum_t datum = signet_datum_from_bytes (signet_certificate_get_der (issuer));
    check (gnutls_x509_crt_init (&parent));
    check (gnutls_x509_crt_import (parent, &datum, GNUTLS_X509_FMT_DER));
    check (gnutls_x509_crt_get_subject_key_id (parent, id, &length, NULL));
    check (gnutls_x509_crt_set_authority_key_id (crt, id, length));
  }
  check (gnutls_x509_crt_privkey_sign (crt, parent != NULL ? parent : crt, key, GNUTLS_DIG_SHA256, 0));
}

static SignetCertificate *
make (const TestFacts *facts, SignetCertificate *issuer, SignetPrivateKey *issuer_key)
{
  g_auto (gnutls_x509_crt_t) crt = NULL;
  g_auto (gnutls_datum_t) der = { NULL, 0 };
  gint64 not_before = facts->not_before != 0 ? facts->not_before : signet_clock_now () - HOUR;
  g_autoptr (GError) error = NULL;

  check (gnutls_x509_crt_init (&crt));
  check (gnutls_x509_crt_set_version (crt, 3));
  check (gnutls_x509_crt_set_activation_time (crt, not_before));
  check (gnutls_x509_crt_set_expiration_time (crt, facts->not_after != 0 ? facts->not_after : not_before + YEAR));
  set_serial (crt);
  set_name (crt, facts);
  set_key (crt, facts->spki);
  set_use (crt, facts);
  sign (crt, issuer, issuer_key);
  check (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_DER, &der));

  g_autoptr (GBytes) bytes = signet_datum_to_bytes (&der);
  SignetCertificate *certificate = signet_certificate_new (bytes, &error);
  g_assert_no_error (error);
  return certificate;
}

SignetCertificate *
test_ca_issue (TestCa *self, const TestFacts *facts)
{
  return facts->by_root ? make (facts, self->root, self->root_key) : make (facts, self->issuing, self->issuing_key);
}

SignetCertificate *
test_ca_issue_signing (TestCa *self, const char *address, SignetPrivateKey *key)
{
  return test_ca_issue (self, &(TestFacts) { TEST_USE_SIGNING, signet_private_key_get_spki (key), address });
}

SignetCertificate *
test_ca_issue_encryption (TestCa *self, const char *address, SignetPrivateKey *key)
{
  return test_ca_issue (self, &(TestFacts) { TEST_USE_ENCRYPTION, signet_private_key_get_spki (key), address });
}

/* --- what an authority says of certificates --- */

GBytes *
test_ca_sign (TestCa *self, GBytes *tbs)
{
  static const guint8 ecdsa_sha256[] = { 0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02 };
  g_auto (gnutls_datum_t) signature = { NULL, 0 };
  const gnutls_datum_t data = signet_datum_from_bytes (tbs);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GByteArray) bits = g_byte_array_new ();

  check (gnutls_privkey_sign_data2 (signet_private_key_get_gnutls (self->issuing_key), GNUTLS_SIGN_ECDSA_SHA256, 0,
                                    &data, &signature));
  g_byte_array_append (bits, (const guint8 *) "", 1);
  g_byte_array_append (bits, signature.data, signature.size);
  g_byte_array_append (out, data.data, data.size);
  signet_der_append (out, SIGNET_DER_SEQUENCE, ecdsa_sha256, sizeof ecdsa_sha256);
  signet_der_append (out, SIGNET_DER_BIT_STRING, bits->data, bits->len);
  signet_der_enclose (out, SIGNET_DER_SEQUENCE);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

GBytes *
test_ca_make_crl (TestCa *self, SignetCertificate *revoked, gint64 when, gint64 this_update, gint64 next_update)
{
  g_auto (gnutls_x509_crl_t) crl = NULL;
  g_auto (gnutls_x509_crt_t) issuer = NULL;
  g_auto (gnutls_datum_t) der = { NULL, 0 };
  const gnutls_datum_t datum = signet_datum_from_bytes (signet_certificate_get_der (self->issuing));

  check (gnutls_x509_crt_init (&issuer));
  check (gnutls_x509_crt_import (issuer, &datum, GNUTLS_X509_FMT_DER));
  check (gnutls_x509_crl_init (&crl));
  check (gnutls_x509_crl_set_version (crl, 2));
  check (gnutls_x509_crl_set_this_update (crl, this_update));
  check (gnutls_x509_crl_set_next_update (crl, next_update));
  if (revoked != NULL) {
    const char *text = signet_certificate_get_serial (revoked);
    g_autoptr (GBytes) serial = signet_hex_decode (text, strlen (text) / 2);
    check (gnutls_x509_crl_set_crt_serial (crl, g_bytes_get_data (serial, NULL), g_bytes_get_size (serial), when));
  }
  check (gnutls_x509_crl_privkey_sign (crl, issuer, signet_private_key_get_gnutls (self->issuing_key),
                                       GNUTLS_DIG_SHA256, 0));
  check (gnutls_x509_crl_export2 (crl, GNUTLS_X509_FMT_DER, &der));
  return signet_datum_to_bytes (&der);
}

/* --- the authority --- */

static SignetPrivateKey *
make_key (void)
{
  g_autoptr (GError) error = NULL;
  SignetPrivateKey *key = signet_private_key_generate (SIGNET_KEY_P256, &error);

  g_assert_no_error (error);
  return key;
}

TestCa *
test_ca_new (const char *name)
{
  g_autoptr (SignetPrivateKey) root = make_key (), issuing = make_key (), speaker = make_key ();

  return test_ca_new_with_keys (name, root, issuing, speaker);
}

TestCa *
test_ca_new_with_keys (const char *name, SignetPrivateKey *root, SignetPrivateKey *issuing, SignetPrivateKey *speaker)
{
  TestCa *self = g_new0 (TestCa, 1);
  g_autofree char *root_name = g_strconcat (name, " Root", NULL), *issuing_name = g_strconcat (name, " Issuing", NULL);
  gint64 start = signet_clock_now () - YEAR, end = start + 20LL * YEAR;

  self->root_key = signet_private_key_ref (root);
  self->issuing_key = signet_private_key_ref (issuing);
  self->speaker_key = signet_private_key_ref (speaker);
  self->root = make (&(TestFacts) { TEST_USE_CA, signet_private_key_get_spki (self->root_key), NULL, root_name, start,
                                    end }, NULL, self->root_key);
  self->issuing = make (&(TestFacts) { TEST_USE_CA, signet_private_key_get_spki (self->issuing_key), NULL, issuing_name,
                                       start, end }, self->root, self->root_key);
  self->speaker = test_ca_issue (self, &(TestFacts) { TEST_USE_SPEAKING,
                                                      signet_private_key_get_spki (self->speaker_key), NULL, name });
  self->pin = signet_certificate_get_pin (self->root);
  self->chain = g_ptr_array_new ();
  g_ptr_array_add (self->chain, self->issuing);
  g_ptr_array_add (self->chain, self->root);
  return self;
}

void
test_ca_free (TestCa *self)
{
  signet_private_key_unref (self->root_key);
  signet_private_key_unref (self->issuing_key);
  signet_private_key_unref (self->speaker_key);
  signet_certificate_unref (self->root);
  signet_certificate_unref (self->issuing);
  signet_certificate_unref (self->speaker);
  g_ptr_array_unref (self->chain);
  g_bytes_unref (self->pin);
  g_free (self);
}

SignetCertificate *
test_ca_get_root (TestCa *self)
{
  return self->root;
}

SignetCertificate *
test_ca_get_issuing (TestCa *self)
{
  return self->issuing;
}

SignetPrivateKey *
test_ca_get_issuing_key (TestCa *self)
{
  return self->issuing_key;
}

SignetCertificate *
test_ca_get_speaker (TestCa *self)
{
  return self->speaker;
}

SignetPrivateKey *
test_ca_get_speaker_key (TestCa *self)
{
  return self->speaker_key;
}

GPtrArray *
test_ca_get_chain (TestCa *self)
{
  return self->chain;
}

GBytes *
test_ca_get_pin (TestCa *self)
{
  return self->pin;
}
