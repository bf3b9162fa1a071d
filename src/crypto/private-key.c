/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/private-key.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "crypto/der.h"
#include "crypto/gnutls-types.h"
#include "crypto/private-key-foreign.h"

#include <string.h>

#define MIN_RSA_BITS 2048
#define MAX_RSA_BITS 16384

/* GnuTLS's object does the work; its PKCS#8 form and its public half are asked for so often that they are made once. */
struct _SignetPrivateKey {
  gatomicrefcount refs;
  gnutls_privkey_t key;
  SignetSecret *pkcs8;
  GBytes *spki;
  gpointer foreign;             /* atomic; see crypto/private-key-foreign.h */
  GDestroyNotify foreign_free;
};

G_DEFINE_BOXED_TYPE (SignetPrivateKey, signet_private_key, signet_private_key_ref, signet_private_key_unref)

static const struct {
  const char *name;
  gnutls_pk_algorithm_t algorithm;
  guint bits;
} algorithms[] = {
  [SIGNET_KEY_P256] = { "P-256", GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1) },
  [SIGNET_KEY_P384] = { "P-384", GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP384R1) },
  [SIGNET_KEY_RSA_3072] = { "RSA-3072", GNUTLS_PK_RSA, 3072 },
  [SIGNET_KEY_RSA_4096] = { "RSA-4096", GNUTLS_PK_RSA, 4096 },
};

const char *
signet_key_algorithm_to_name (SignetKeyAlgorithm algorithm)
{
  return algorithms[algorithm].name;
}

gboolean
signet_key_algorithm_from_name (const char *name, SignetKeyAlgorithm *algorithm)
{
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (strcmp (name, algorithms[i].name) == 0) {
      *algorithm = i;
      return TRUE;
    }
  return FALSE;
}

static void
set_invalid (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                       _("The private key cannot be read. Ask for it again from where it came from."));
}

static void
set_unsupported (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                       _("The private key is of a kind that Signet does not use. Signet uses RSA of 2048 bits or more, "
                         "P-256, P-384 and P-521."));
}

static void
set_too_large (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE,
                       _("The private keys are larger than Signet reads. Ask for them again from where they came "
                         "from."));
}

/* The whole AlgorithmIdentifier of each kind of key that is read (RFC 3279 section 2.3.1, RFC 5480 section 2.1.1). */
static const struct {
  const char *der;
  gsize length;
} known_kinds[] = {
  { "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00", 15 },                             /* RSA */
  { "\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07", 21 },     /* P-256 */
  { "\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22", 18 },                 /* P-384 */
  { "\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23", 18 },                 /* P-521 */
};

static gboolean
is_known_kind (const SignetDerElement *algorithm)
{
  for (guint i = 0; i < G_N_ELEMENTS (known_kinds); i++)
    if (algorithm->whole.length == known_kinds[i].length &&
        memcmp (algorithm->whole.data, known_kinds[i].der, known_kinds[i].length) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
has_supported_size (gnutls_x509_privkey_t key)
{
  guint bits = 0;

  return gnutls_x509_privkey_get_pk_algorithm2 (key, &bits) != GNUTLS_PK_RSA ||
         (bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS);
}

/* OneAsymmetricKey ::= SEQUENCE { version INTEGER (0 | 1), AlgorithmIdentifier, privateKey OCTET STRING, attributes [0]
 * OPTIONAL, publicKey [1] OPTIONAL }.  CORE becomes the first three: what PKCS#8's first version had, and all that
 * GnuTLS 3.7 reads. */
static gboolean
split_pkcs8 (SignetSecret *der, SignetDerElement *algorithm, SignetDerElement *key)
{
  gsize length;
  const guint8 *data = signet_secret_get (der, &length);
  SignetDer rest;
  SignetDerElement version, other;

  if (!signet_der_open (data, length, SIGNET_DER_SEQUENCE, &rest) ||
      !signet_der_expect (&rest, SIGNET_DER_INTEGER, &version) || version.contents.length != 1 ||
      version.contents.data[0] > 1 || !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, algorithm) ||
      !signet_der_expect (&rest, SIGNET_DER_OCTET_STRING, key))
    return FALSE;
  signet_der_expect (&rest, SIGNET_DER_CONTEXT (0), &other);
  if (version.contents.data[0] == 1)
    signet_der_expect (&rest, 0x81, &other);
  return rest.length == 0;
}

static const guint8 version_1[] = { SIGNET_DER_INTEGER, 1, 0 };

static SignetSecret *
join_pkcs8 (const SignetDerElement *algorithm, const SignetDerElement *key)
{
  guint8 header[SIGNET_DER_MAX_HEADER];
  gsize length = sizeof version_1 + algorithm->whole.length + key->whole.length;
  gsize header_length = signet_der_write_header (header, SIGNET_DER_SEQUENCE, length);
  SignetSecret *der = signet_secret_alloc (header_length + length);
  guint8 *out = signet_secret_edit (der);

  out = (guint8 *) mempcpy (out, header, header_length);
  out = (guint8 *) mempcpy (out, version_1, sizeof version_1);
  out = (guint8 *) mempcpy (out, algorithm->whole.data, algorithm->whole.length);
  memcpy (out, key->whole.data, key->whole.length);
  return der;
}

/* ECPrivateKey ::= SEQUENCE { version INTEGER, privateKey OCTET STRING, … }, in KEY.  RFC 5915 section 3 wants the
 * private value as long as the curve's order; GnuTLS 3.7 writes it like an INTEGER's contents, a byte longer when its
 * top bit is set and shorter when it is small.  NULL when KEY is not of this form. */
static SignetSecret *
pad_ec_key (const SignetDerElement *key, gsize value_length)
{
  guint8 octets_header[SIGNET_DER_MAX_HEADER], key_header[SIGNET_DER_MAX_HEADER], value_header[SIGNET_DER_MAX_HEADER];
  SignetDer rest;
  SignetDerElement version, value;

  if (!signet_der_open (key->contents.data, key->contents.length, SIGNET_DER_SEQUENCE, &rest) ||
      !signet_der_expect (&rest, SIGNET_DER_INTEGER, &version) ||
      !signet_der_expect (&rest, SIGNET_DER_OCTET_STRING, &value))
    return NULL;
  while (value.contents.length > value_length && value.contents.data[0] == 0) {
    value.contents.data++;
    value.contents.length--;
  }
  if (value.contents.length > value_length)
    return NULL;

  gsize value_header_length = signet_der_write_header (value_header, SIGNET_DER_OCTET_STRING, value_length);
  gsize length = version.whole.length + value_header_length + value_length + rest.length;
  gsize key_header_length = signet_der_write_header (key_header, SIGNET_DER_SEQUENCE, length);
  gsize octets_header_length =
    signet_der_write_header (octets_header, SIGNET_DER_OCTET_STRING, key_header_length + length);
  SignetSecret *padded = signet_secret_alloc (octets_header_length + key_header_length + length);
  guint8 *out = signet_secret_edit (padded);

  out = (guint8 *) mempcpy (out, octets_header, octets_header_length);
  out = (guint8 *) mempcpy (out, key_header, key_header_length);
  out = (guint8 *) mempcpy (out, version.whole.data, version.whole.length);
  out = (guint8 *) mempcpy (out, value_header, value_header_length);
  out += value_length - value.contents.length;
  out = (guint8 *) mempcpy (out, value.contents.data, value.contents.length);
  memcpy (out, rest.data, rest.length);
  return padded;
}

/* The PKCS#8 of KEY. */
static SignetSecret *
write_pkcs8 (gnutls_x509_privkey_t key)
{
  g_auto (gnutls_datum_t) datum = { NULL, 0 };
  guint bits = 0;
  SignetDerElement algorithm, octets;

  if (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_DER, NULL, GNUTLS_PKCS_PLAIN, &datum) < 0)
    return NULL;
  g_autoptr (SignetSecret) written = signet_datum_to_secret (&datum);
  if (gnutls_x509_privkey_get_pk_algorithm2 (key, &bits) != GNUTLS_PK_ECDSA)
    return g_steal_pointer (&written);

  g_autoptr (SignetSecret) padded =
    split_pkcs8 (written, &algorithm, &octets) ? pad_ec_key (&octets, (bits + 7) / 8) : NULL;
  if (padded == NULL)
    return NULL;
  octets.whole.data = signet_secret_get (padded, &octets.whole.length);
  return join_pkcs8 (&algorithm, &octets);
}

/* Takes KEY over.  Its PKCS#8 is written anew, so that whatever stood beside the key in an imported file (attributes,
 * odd encodings) goes no further. */
static SignetPrivateKey *
wrap (gnutls_x509_privkey_t *key, GError **error)
{
  g_autoptr (SignetSecret) pkcs8 = write_pkcs8 (*key);
  g_auto (gnutls_datum_t) spki = { NULL, 0 };
  g_auto (gnutls_privkey_t) privkey = NULL;
  g_auto (gnutls_pubkey_t) pubkey = NULL;

  gnutls_privkey_init (&privkey);
  gnutls_pubkey_init (&pubkey);
  if (pkcs8 == NULL || gnutls_privkey_import_x509 (privkey, *key, GNUTLS_PRIVKEY_IMPORT_AUTO_RELEASE) < 0) {
    set_invalid (error);
    return NULL;
  }
  *key = NULL;
  if (gnutls_pubkey_import_privkey (pubkey, privkey, 0, 0) < 0 ||
      gnutls_pubkey_export2 (pubkey, GNUTLS_X509_FMT_DER, &spki) < 0) {
    set_invalid (error);
    return NULL;
  }

  SignetPrivateKey *self = g_new0 (SignetPrivateKey, 1);
  g_atomic_ref_count_init (&self->refs);
  self->key = g_steal_pointer (&privkey);
  self->pkcs8 = g_steal_pointer (&pkcs8);
  self->spki = signet_datum_to_bytes (&spki);
  return self;
}

SignetPrivateKey *
signet_private_key_generate (SignetKeyAlgorithm algorithm, GError **error)
{
  g_auto (gnutls_x509_privkey_t) key = NULL;

  gnutls_x509_privkey_init (&key);
  int code = gnutls_x509_privkey_generate (key, algorithms[algorithm].algorithm, algorithms[algorithm].bits, 0);
  if (code < 0) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_FAILED, _("No key could be made: %s"), gnutls_strerror (code));
    return NULL;
  }
  return wrap (&key, error);
}

SignetPrivateKey *
signet_private_key_new_from_pkcs8 (SignetSecret *der, GError **error)
{
  g_auto (gnutls_x509_privkey_t) key = NULL;
  SignetDerElement algorithm, octets;

  if (signet_secret_length (der) > SIGNET_MAX_PRIVATE_KEY) {
    set_too_large (error);
    return NULL;
  }
  if (!split_pkcs8 (der, &algorithm, &octets)) {
    set_invalid (error);
    return NULL;
  }
  if (!is_known_kind (&algorithm)) {
    set_unsupported (error);
    return NULL;
  }

  g_autoptr (SignetSecret) core = join_pkcs8 (&algorithm, &octets);
  gnutls_datum_t datum = signet_datum_from_secret (core);
  gnutls_x509_privkey_init (&key);
  int code = gnutls_x509_privkey_import_pkcs8 (key, &datum, GNUTLS_X509_FMT_DER, NULL, GNUTLS_PKCS_PLAIN);
  if (code >= 0 && !has_supported_size (key)) {
    set_unsupported (error);
    return NULL;
  }
  if (code < 0 || gnutls_x509_privkey_verify_params (key) < 0) {
    set_invalid (error);
    return NULL;
  }
  return wrap (&key, error);
}

SignetSecret *
signet_private_key_to_pkcs8 (SignetPrivateKey *self, GError **error)
{
  return signet_secret_ref (self->pkcs8);
}

SignetPrivateKey *
signet_private_key_ref (SignetPrivateKey *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
signet_private_key_unref (SignetPrivateKey *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  if (self->foreign != NULL)
    self->foreign_free (self->foreign);
  gnutls_privkey_deinit (self->key);
  signet_secret_unref (self->pkcs8);
  g_bytes_unref (self->spki);
  g_free (self);
}

GBytes *
signet_private_key_get_spki (SignetPrivateKey *self)
{
  return self->spki;
}

gnutls_privkey_t
signet_private_key_get_gnutls (SignetPrivateKey *self)
{
  return self->key;
}

/* Two threads may both make one; the first to put it there wins. */
gpointer
signet_private_key_get_foreign (SignetPrivateKey *self, SignetForeignKeyFunc make, GDestroyNotify destroy)
{
  gpointer key = g_atomic_pointer_get (&self->foreign);

  if (key != NULL)
    return key;
  key = make (self->pkcs8);
  if (key == NULL)
    return NULL;
  self->foreign_free = destroy;
  if (!g_atomic_pointer_compare_and_exchange (&self->foreign, NULL, key))
    destroy (key);
  return g_atomic_pointer_get (&self->foreign);
}

SignetSecret *
signet_private_keys_to_package (GPtrArray *keys, GError **error)
{
  guint8 header[SIGNET_DER_MAX_HEADER];
  gsize length = 0;

  if (keys->len > SIGNET_MAX_IDS) {
    set_too_large (error);
    return NULL;
  }
  for (guint i = 0; i < keys->len; i++)
    length += signet_secret_length (((SignetPrivateKey *) keys->pdata[i])->pkcs8);

  gsize header_length = signet_der_write_header (header, SIGNET_DER_SEQUENCE, length);
  g_autoptr (SignetSecret) package = signet_secret_alloc (header_length + length);
  guint8 *out = (guint8 *) mempcpy (signet_secret_edit (package), header, header_length);
  for (guint i = 0; i < keys->len; i++) {
    SignetPrivateKey *key = keys->pdata[i];
    gsize key_length;
    const guint8 *data = signet_secret_get (key->pkcs8, &key_length);
    out = (guint8 *) mempcpy (out, data, key_length);
  }
  return g_steal_pointer (&package);
}

GPtrArray *
signet_private_keys_from_package (SignetSecret *der, GError **error)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_private_key_unref);
  gsize length;
  const guint8 *data = signet_secret_get (der, &length);
  SignetDer rest;
  SignetDerElement element;

  if (!signet_der_open (data, length, SIGNET_DER_SEQUENCE, &rest)) {
    set_invalid (error);
    return NULL;
  }
  while (rest.length > 0) {
    if (keys->len == SIGNET_MAX_IDS) {
      set_too_large (error);
      return NULL;
    }
    if (!signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &element)) {
      set_invalid (error);
      return NULL;
    }
    g_autoptr (SignetSecret) one = signet_secret_new (element.whole.data, element.whole.length);
    SignetPrivateKey *key = signet_private_key_new_from_pkcs8 (one, error);
    if (key == NULL)
      return NULL;
    g_ptr_array_add (keys, key);
  }
  return g_steal_pointer (&keys);
}
