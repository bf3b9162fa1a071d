/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "crypto/private-key.h"

#include "foreign.h"

/* What the tests of CMS share: keys and certificates that openssl made, and the most that a message may hold. */

#define MAX_MESSAGE (64 * 1024)

static inline SignetPrivateKey *
generate (SignetKeyAlgorithm algorithm)
{
  g_autoptr (GError) error = NULL;
  SignetPrivateKey *key = signet_private_key_generate (algorithm, &error);

  g_assert_no_error (error);
  return key;
}

static inline SignetPrivateKey *
read_key (const char *name)
{
  g_autoptr (GBytes) bytes = foreign_read (name);
  g_autoptr (SignetSecret) der = signet_secret_new (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autoptr (GError) error = NULL;
  SignetPrivateKey *key = signet_private_key_new_from_pkcs8 (der, &error);

  g_assert_no_error (error);
  return key;
}

#define NEW_EC "-newkey ec -pkeyopt ec_paramgen_curve:P-256"
#define NEW_RSA "-newkey rsa:2048"

/* NAME.key (PKCS#8, DER), NAME.pem (key), NAME.crt and NAME.pem.crt (self-signed certificate, DER and PEM), by openssl,
 * when they are not there yet. */
static inline void
make_identity (const char *name, const char *new_key)
{
  g_autofree char *file = g_strconcat (name, ".key", NULL), *path = foreign_path (file);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return;
  g_autoptr (GBytes) none = foreign_shell (
    "openssl req -x509 %s -nodes -keyout %s.pem -subj /CN=%s -addext subjectKeyIdentifier=hash -out %s.pem.crt && "
    "openssl x509 -in %s.pem.crt -outform DER -out %s.crt && "
    "openssl pkcs8 -topk8 -nocrypt -in %s.pem -outform DER -out %s.key",
    new_key, name, name, name, name, name, name, name);
}

static inline void
write_secret (const char *name, SignetSecret *secret)
{
  foreign_write (name, signet_secret_get (secret, NULL), signet_secret_length (secret));
}

static inline void
assert_content (SignetSecret *content, gconstpointer data, gsize length)
{
  g_assert_cmpmem (signet_secret_get (content, NULL), signet_secret_length (content), data, length);
}
