/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/pkcs12-mac.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "crypto/gnutls-types.h"
#include "crypto/pkcs12-native.h"

#include <string.h>

#define PBMAC1 "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0e"            /* 1.2.840.113549.1.5.14 */
#define HMAC "\x2a\x86\x48\x86\xf7\x0d\x02"                      /* 1.2.840.113549.2 */
#define SHA2 "\x60\x86\x48\x01\x65\x03\x04\x02"                  /* 2.16.840.1.101.3.4.2 */
#define SHA1 "\x2b\x0e\x03\x02\x1a"

/* RFC 9579 section 9: nothing shorter is accepted; nothing longer than the longest hash is of use. */
#define MIN_KEY_LENGTH 20
#define MAX_KEY_LENGTH 64

static const struct {
  const char *oid, *hmac_oid;
  gsize oid_length;
  const char *name;
  gnutls_mac_algorithm_t hmac;
} hashes[] = {
  { SHA1, HMAC "\x07", sizeof SHA1 - 1, "SHA1", GNUTLS_MAC_SHA1 },
  { SHA2 "\x04", HMAC "\x08", sizeof SHA2, "SHA224", GNUTLS_MAC_SHA224 },
  { SHA2 "\x01", HMAC "\x09", sizeof SHA2, "SHA256", GNUTLS_MAC_SHA256 },
  { SHA2 "\x02", HMAC "\x0a", sizeof SHA2, "SHA384", GNUTLS_MAC_SHA384 },
  { SHA2 "\x03", HMAC "\x0b", sizeof SHA2, "SHA512", GNUTLS_MAC_SHA512 },
};

/* MacData, taken apart. */
typedef struct {
  SignetDer oid, parameters;   /* of the DigestInfo's algorithm */
  SignetDer digest, salt;
  gint64 iterations;
} Mac;

static gboolean
refuse (GError **error, SignetError code)
{
  g_set_error_literal (error, SIGNET_ERROR, code,
                       code == SIGNET_ERROR_WRONG_PASSWORD ? _("That is not the password of the file.")
                       : code == SIGNET_ERROR_UNSUPPORTED
                         ? _("The file is protected in a way that Signet does not know. Export it again as PKCS#12 "
                             "with AES.")
                         : _("The file cannot be read: it is not whole. Get it again from where it came from."));
  return FALSE;
}

static gboolean
read_algorithm (SignetDer *rest, SignetDer *oid, SignetDer *parameters)
{
  SignetDerElement algorithm, element;

  if (!signet_der_expect (rest, SIGNET_DER_SEQUENCE, &algorithm))
    return FALSE;
  *parameters = algorithm.contents;
  if (!signet_der_expect (parameters, SIGNET_DER_OID, &element))
    return FALSE;
  *oid = element.contents;
  return TRUE;
}

/* MacData ::= SEQUENCE { DigestInfo, macSalt OCTET STRING, iterations INTEGER DEFAULT 1 } */
static gboolean
read_mac (const SignetDer *data, Mac *mac)
{
  SignetDer rest, info;
  SignetDerElement element, digest, salt;

  mac->iterations = 1;
  if (!signet_der_is_strict (data->data, data->length, SIGNET_MAX_BER_DEPTH) ||
      !signet_der_open (data->data, data->length, SIGNET_DER_SEQUENCE, &rest) ||
      !signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &element))
    return FALSE;
  info = element.contents;
  if (!read_algorithm (&info, &mac->oid, &mac->parameters) ||
      !signet_der_expect (&info, SIGNET_DER_OCTET_STRING, &digest) || info.length > 0 ||
      !signet_der_expect (&rest, SIGNET_DER_OCTET_STRING, &salt) || salt.contents.length > SIGNET_MAX_SALT ||
      (rest.length > 0 && !signet_pbe_read_number (&rest, &mac->iterations)))
    return FALSE;
  mac->digest = digest.contents;
  mac->salt = salt.contents;
  return rest.length == 0;
}

static int
find_hash (const SignetDer *oid)
{
  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++)
    if (oid->length == hashes[i].oid_length && memcmp (oid->data, hashes[i].oid, oid->length) == 0)
      return i;
  return -1;
}

static int
find_hmac (const SignetDer *oid)
{
  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++)
    if (oid->length == sizeof HMAC && memcmp (oid->data, hashes[i].hmac_oid, oid->length) == 0)
      return i;
  return -1;
}

static SignetSecret *
derive_old (const Mac *mac, int hash, SignetSecret *password, SignetPbeUse *use, GCancellable *cancellable,
            GError **error)
{
  if (!signet_pbe_spend (use, mac->iterations, cancellable, error))
    return NULL;
  SignetSecret *key = signet_pkcs12_native_mac_key (password, &mac->salt, mac->iterations, hashes[hash].name,
                                                    gnutls_hmac_get_len (hashes[hash].hmac));
  if (key == NULL)
    refuse (error, SIGNET_ERROR_INVALID);
  return key;
}

/* PBMAC1-params ::= SEQUENCE { keyDerivationFunc, messageAuthScheme }, both AlgorithmIdentifiers. */
static gboolean
read_pbmac1 (SignetDer rest, SignetPbkdf2 *kdf, int *prf, int *hmac, GError **error)
{
  SignetDerElement parameters, element;
  SignetDer oid, ignored;

  if (!signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &parameters) || rest.length > 0)
    return refuse (error, SIGNET_ERROR_INVALID);
  rest = parameters.contents;
  if (!signet_der_expect (&rest, SIGNET_DER_SEQUENCE, &element) || !signet_pbkdf2_read (&element.whole, kdf) ||
      !read_algorithm (&rest, &oid, &ignored) || rest.length > 0 ||
      kdf->key_length < MIN_KEY_LENGTH || kdf->key_length > MAX_KEY_LENGTH)
    return refuse (error, SIGNET_ERROR_INVALID);
  *prf = kdf->prf.length > 0 ? find_hmac (&kdf->prf) : 0;
  *hmac = find_hmac (&oid);
  return (*prf >= 0 && *hmac >= 0) || refuse (error, SIGNET_ERROR_UNSUPPORTED);
}

/* The salt and the count beside the digest are not used: RFC 9579 section 4. */
static SignetSecret *
derive_pbmac1 (const Mac *mac, int *hmac, SignetSecret *password, SignetPbeUse *use, GCancellable *cancellable,
               GError **error)
{
  SignetPbkdf2 kdf;
  int prf;

  if (!read_pbmac1 (mac->parameters, &kdf, &prf, hmac, error) ||
      !signet_pbe_spend (use, kdf.iterations, cancellable, error))
    return NULL;
  g_autoptr (SignetSecret) key = signet_secret_alloc (kdf.key_length);
  gnutls_datum_t secret = { NULL, 0 }, salt = { (guint8 *) kdf.salt.data, kdf.salt.length };
  if (password != NULL)
    secret = signet_datum_from_secret (password);
  if (gnutls_pbkdf2 (hashes[prf].hmac, &secret, &salt, kdf.iterations, signet_secret_edit (key), kdf.key_length) < 0) {
    refuse (error, SIGNET_ERROR_INVALID);
    return NULL;
  }
  return g_steal_pointer (&key);
}

gboolean
signet_pkcs12_mac_check (const SignetDer *mac_data, const SignetDer *content, SignetSecret *password, SignetPbeUse *use,
                         GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetSecret) key = NULL;
  guint8 digest[64];
  gsize key_length;
  Mac mac;
  int hash;

  if (!read_mac (mac_data, &mac))
    return refuse (error, SIGNET_ERROR_INVALID);
  hash = find_hash (&mac.oid);
  if (hash >= 0)
    key = derive_old (&mac, hash, password, use, cancellable, error);
  else if (signet_pbe_is_oid (&mac.oid, PBMAC1))
    key = derive_pbmac1 (&mac, &hash, password, use, cancellable, error);
  else
    refuse (error, SIGNET_ERROR_UNSUPPORTED);
  if (key == NULL)
    return FALSE;

  const guint8 *key_data = signet_secret_get (key, &key_length);
  gsize length = gnutls_hmac_get_len (hashes[hash].hmac);
  if (mac.digest.length != length ||
      gnutls_hmac_fast (hashes[hash].hmac, key_data, key_length, content->data, content->length, digest) < 0)
    return refuse (error, SIGNET_ERROR_INVALID);
  return gnutls_memcmp (digest, mac.digest.data, length) == 0 || refuse (error, SIGNET_ERROR_WRONG_PASSWORD);
}
