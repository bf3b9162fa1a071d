/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

#include <glib-object.h>
#include <gnutls/abstract.h>

G_BEGIN_DECLS

typedef enum {
  SIGNET_KEY_P256,
  SIGNET_KEY_P384,
  SIGNET_KEY_RSA_3072,
  SIGNET_KEY_RSA_4096,
} SignetKeyAlgorithm;

/* The names of configuration files and lists: "P-256", "P-384", "RSA-3072", "RSA-4096". */
const char *signet_key_algorithm_to_name (SignetKeyAlgorithm algorithm);
gboolean signet_key_algorithm_from_name (const char *name, SignetKeyAlgorithm *algorithm);

/* A private key in memory.  Immutable, counted, wiped with its last reference; may be used by several threads. */
typedef struct _SignetPrivateKey SignetPrivateKey;

#define SIGNET_TYPE_PRIVATE_KEY (signet_private_key_get_type ())
GType signet_private_key_get_type (void);

/* Slow for RSA (a second): in a thread. */
SignetPrivateKey *signet_private_key_generate (SignetKeyAlgorithm algorithm, GError **error);

/* One unencrypted OneAsymmetricKey, DER (RFC 5958 section 2), of at most SIGNET_MAX_PRIVATE_KEY bytes.  RSA of 2048 to
 * 16384 bits and EC on P-256, P-384 and P-521 are read; SIGNET_ERROR_INVALID, _TOO_LARGE or _UNSUPPORTED. */
SignetPrivateKey *signet_private_key_new_from_pkcs8 (SignetSecret *der, GError **error);

/* The key as such a OneAsymmetricKey. */
SignetSecret *signet_private_key_to_pkcs8 (SignetPrivateKey *self, GError **error);

SignetPrivateKey *signet_private_key_ref (SignetPrivateKey *self);
void signet_private_key_unref (SignetPrivateKey *self);

/* DER SubjectPublicKeyInfo (RFC 5280 section 4.1), owned by SELF. */
GBytes *signet_private_key_get_spki (SignetPrivateKey *self);

/* For the functions of GnuTLS that take a key: owned by SELF. */
gnutls_privkey_t signet_private_key_get_gnutls (SignetPrivateKey *self);

/* AsymmetricKeyPackage (RFC 5958 section 2): a DER SEQUENCE OF OneAsymmetricKey, in order.  KEYS: (element-type
 * SignetPrivateKey), up to SIGNET_MAX_IDS. */
SignetSecret *signet_private_keys_to_package (GPtrArray *keys, GError **error);
GPtrArray *signet_private_keys_from_package (SignetSecret *der, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetPrivateKey, signet_private_key_unref)

G_END_DECLS
