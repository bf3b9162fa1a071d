/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/pkcs12-write.h"

#include "base/error.h"
#include "base/i18n.h"
#include "crypto/der.h"
#include "crypto/gnutls-types.h"
#include "crypto/pkcs12-native.h"
#include "crypto/private-key.h"
#include "crypto/public-key.h"
#include "crypto/random.h"

#include <string.h>

#define ITERATIONS 600000
#define SALT_LENGTH 16

/* OIDs, each a whole element. */
#define OID_DATA "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
#define OID_ENCRYPTED_DATA "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x06"
#define OID_SHROUDED_KEY_BAG "\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x02"
#define OID_CERTIFICATE_BAG "\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x03"
#define OID_X509_CERTIFICATE "\x06\x0a\x2a\x86\x48\x86\xf7\x0d\x01\x09\x16\x01"
#define OID_FRIENDLY_NAME "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x14"
#define OID_LOCAL_KEY_ID "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x15"
#define VERSION_0 "\x02\x01\x00"
#define VERSION_3 "\x02\x01\x03"
/* AlgorithmIdentifiers of the MAC. */
#define SHA_256 "\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00"
#define SHA_1 "\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00"

#define BMP_STRING 0x1e

#define append_literal(to, literal) g_byte_array_append ((to), (const guint8 *) (literal), sizeof (literal) - 1)

static void
append_array (GByteArray *to, guint8 tag, GByteArray *contents)
{
  signet_der_append (to, tag, contents->data, contents->len);
}

static void
append_bytes (GByteArray *to, guint8 tag, GBytes *contents)
{
  signet_der_append (to, tag, g_bytes_get_data (contents, NULL), g_bytes_get_size (contents));
}

/* Attribute ::= SEQUENCE { OID, SET { value } }; OID and VALUE are whole elements. */
static void
append_attribute (GByteArray *to, const char *oid, GByteArray *value)
{
  g_autoptr (GByteArray) attribute = g_byte_array_new ();

  g_byte_array_append (attribute, (const guint8 *) oid, sizeof OID_FRIENDLY_NAME - 1);
  append_array (attribute, SIGNET_DER_SET, value);
  append_array (to, SIGNET_DER_SEQUENCE, attribute);
}

/* What marks the bag of a key, and of its certificate. */
static void
append_attributes (GByteArray *to, const char *name, GBytes *spki)
{
  g_autoptr (GByteArray) attributes = g_byte_array_new (), name_value = g_byte_array_new (),
                         id_value = g_byte_array_new ();
  g_autoptr (GBytes) id = signet_public_key_get_id (spki, NULL);
  g_autofree char *text = NULL;
  gsize length = 0;

  text = g_convert (name, -1, "UTF-16BE", "UTF-8", NULL, &length, NULL);
  if (text != NULL) {
    signet_der_append (name_value, BMP_STRING, text, length);
    append_attribute (attributes, OID_FRIENDLY_NAME, name_value);
  }
  if (id != NULL) {
    append_bytes (id_value, SIGNET_DER_OCTET_STRING, id);
    append_attribute (attributes, OID_LOCAL_KEY_ID, id_value);
  }
  append_array (to, SIGNET_DER_SET, attributes);
}

/* SafeBag ::= SEQUENCE { bagId, [0] bagValue, attributes }; SPKI NULL: without attributes. */
static void
append_bag (GByteArray *to, const char *oid, GByteArray *value, const char *name, GBytes *spki)
{
  g_autoptr (GByteArray) bag = g_byte_array_new ();

  g_byte_array_append (bag, (const guint8 *) oid, sizeof OID_CERTIFICATE_BAG - 1);
  append_array (bag, SIGNET_DER_CONTEXT (0), value);
  if (spki != NULL)
    append_attributes (bag, name, spki);
  append_array (to, SIGNET_DER_SEQUENCE, bag);
}

static gboolean
fail (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_FAILED, _("The file could not be made."));
  return FALSE;
}

/* AlgorithmIdentifier and, as an element with TAG, PLAIN under it. */
static gboolean
append_encrypted (GByteArray *to, guint8 tag, SignetSecret *plain, SignetPkcs12Form form, SignetSecret *password,
                  GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) algorithm = NULL, ciphertext = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  ciphertext = signet_pkcs12_native_encrypt (plain, form == SIGNET_PKCS12_OLD, ITERATIONS, password, &algorithm);
  if (ciphertext == NULL)
    return fail (error);
  g_byte_array_append (to, g_bytes_get_data (algorithm, NULL), g_bytes_get_size (algorithm));
  append_bytes (to, tag, ciphertext);
  return TRUE;
}

/* EncryptedPrivateKeyInfo ::= SEQUENCE { AlgorithmIdentifier, OCTET STRING } */
static gboolean
append_key (GByteArray *to, SignetPrivateKey *key, const char *name, SignetPkcs12Form form, SignetSecret *password,
            GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetSecret) pkcs8 = signet_private_key_to_pkcs8 (key, error);
  g_autoptr (GByteArray) value = g_byte_array_new ();

  if (pkcs8 == NULL || !append_encrypted (value, SIGNET_DER_OCTET_STRING, pkcs8, form, password, cancellable, error))
    return FALSE;
  signet_der_enclose (value, SIGNET_DER_SEQUENCE);
  append_bag (to, OID_SHROUDED_KEY_BAG, value, name, signet_private_key_get_spki (key));
  return TRUE;
}

/* The public key of the key to which the certificate belongs, or NULL. */
static GBytes *
find_owner (GBytes *certificate, GPtrArray *keys)
{
  g_auto (gnutls_x509_crt_t) crt = NULL;
  g_auto (gnutls_pubkey_t) key = NULL;
  g_auto (gnutls_datum_t) spki = { NULL, 0 };
  gnutls_datum_t datum = signet_datum_from_bytes (certificate);

  gnutls_x509_crt_init (&crt);
  gnutls_pubkey_init (&key);
  if (gnutls_x509_crt_import (crt, &datum, GNUTLS_X509_FMT_DER) < 0 || gnutls_pubkey_import_x509 (key, crt, 0) < 0 ||
      gnutls_pubkey_export2 (key, GNUTLS_X509_FMT_DER, &spki) < 0)
    return NULL;
  for (guint i = 0; i < keys->len; i++) {
    GBytes *own = signet_private_key_get_spki (keys->pdata[i]);
    if (g_bytes_get_size (own) == spki.size && memcmp (g_bytes_get_data (own, NULL), spki.data, spki.size) == 0)
      return own;
  }
  return NULL;
}

/* CertBag ::= SEQUENCE { x509Certificate, [0] OCTET STRING } */
static void
append_certificate (GByteArray *to, GBytes *certificate, const char *name, GPtrArray *keys)
{
  g_autoptr (GByteArray) value = g_byte_array_new (), octets = g_byte_array_new ();

  append_literal (value, OID_X509_CERTIFICATE);
  append_bytes (octets, SIGNET_DER_OCTET_STRING, certificate);
  append_array (value, SIGNET_DER_CONTEXT (0), octets);
  signet_der_enclose (value, SIGNET_DER_SEQUENCE);
  append_bag (to, OID_CERTIFICATE_BAG, value, name, find_owner (certificate, keys));
}

/* ContentInfo with EncryptedData ::= SEQUENCE { version, SEQUENCE { data, AlgorithmIdentifier, [0] IMPLICIT } } */
static gboolean
append_encrypted_data (GByteArray *to, GByteArray *bags, SignetPkcs12Form form, SignetSecret *password,
                       GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) content = g_byte_array_new (), data = g_byte_array_new (), info = g_byte_array_new ();
  g_autoptr (SignetSecret) plain = signet_secret_new (bags->data, bags->len);

  append_literal (content, OID_DATA);
  if (!append_encrypted (content, 0x80, plain, form, password, cancellable, error))
    return FALSE;
  append_literal (data, VERSION_0);
  append_array (data, SIGNET_DER_SEQUENCE, content);
  signet_der_enclose (data, SIGNET_DER_SEQUENCE);
  append_literal (info, OID_ENCRYPTED_DATA);
  append_array (info, SIGNET_DER_CONTEXT (0), data);
  append_array (to, SIGNET_DER_SEQUENCE, info);
  return TRUE;
}

/* ContentInfo with data. */
static void
append_data (GByteArray *to, GByteArray *contents)
{
  g_autoptr (GByteArray) octets = g_byte_array_new (), info = g_byte_array_new ();

  append_array (octets, SIGNET_DER_OCTET_STRING, contents);
  append_literal (info, OID_DATA);
  append_array (info, SIGNET_DER_CONTEXT (0), octets);
  append_array (to, SIGNET_DER_SEQUENCE, info);
}

/* MacData ::= SEQUENCE { DigestInfo, macSalt, iterations } over SAFE. */
static gboolean
append_mac (GByteArray *to, GByteArray *safe, SignetPkcs12Form form, SignetSecret *password, GError **error)
{
  gnutls_mac_algorithm_t hmac = form == SIGNET_PKCS12_OLD ? GNUTLS_MAC_SHA1 : GNUTLS_MAC_SHA256;
  gsize length = gnutls_hmac_get_len (hmac);
  g_autoptr (GBytes) salt = signet_random_bytes (SALT_LENGTH);
  SignetDer salt_bytes = signet_der_from_bytes (salt);
  g_autoptr (SignetSecret) key = signet_pkcs12_native_mac_key (password, &salt_bytes, ITERATIONS,
                                                               form == SIGNET_PKCS12_OLD ? "SHA1" : "SHA256", length);
  g_autoptr (GByteArray) mac = g_byte_array_new ();
  static const guint8 iterations[] = { ITERATIONS >> 16, (ITERATIONS >> 8) & 0xff, ITERATIONS & 0xff };
  guint8 digest[64];

  if (key == NULL ||
      gnutls_hmac_fast (hmac, signet_secret_get (key, NULL), length, safe->data, safe->len, digest) < 0)
    return fail (error);
  if (form == SIGNET_PKCS12_OLD)
    append_literal (mac, SHA_1);
  else
    append_literal (mac, SHA_256);
  signet_der_append (mac, SIGNET_DER_OCTET_STRING, digest, length);
  signet_der_enclose (mac, SIGNET_DER_SEQUENCE);
  append_bytes (mac, SIGNET_DER_OCTET_STRING, salt);
  signet_der_append (mac, SIGNET_DER_INTEGER, iterations, sizeof iterations);
  append_array (to, SIGNET_DER_SEQUENCE, mac);
  return TRUE;
}

SignetSecret *
signet_pkcs12_write (GPtrArray *keys, GPtrArray *certificates, const char *name, SignetPkcs12Form form,
                     SignetSecret *password, GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) certificate_bags = g_byte_array_new (), key_bags = g_byte_array_new (),
                         safe = g_byte_array_new (), file = g_byte_array_new ();

  for (guint i = 0; i < certificates->len; i++)
    append_certificate (certificate_bags, certificates->pdata[i], name, keys);
  signet_der_enclose (certificate_bags, SIGNET_DER_SEQUENCE);
  for (guint i = 0; i < keys->len; i++)
    if (!append_key (key_bags, keys->pdata[i], name, form, password, cancellable, error))
      return NULL;
  signet_der_enclose (key_bags, SIGNET_DER_SEQUENCE);

  if (!append_encrypted_data (safe, certificate_bags, form, password, cancellable, error))
    return NULL;
  append_data (safe, key_bags);
  signet_der_enclose (safe, SIGNET_DER_SEQUENCE);

  append_literal (file, VERSION_3);
  append_data (file, safe);
  if (!append_mac (file, safe, form, password, error))
    return NULL;
  signet_der_enclose (file, SIGNET_DER_SEQUENCE);
  return signet_secret_new (file->data, file->len);
}
