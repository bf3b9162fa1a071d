/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/escrow.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "base/mail-address.h"
#include "crypto/cms.h"

#include <string.h>

#define MAX_SEALED (SIGNET_MAX_PRIVATE_KEY + 1024)     /* the key, the address, and the envelope around them */

GBytes *
signet_escrow_seal (SignetPrivateKey *key, const char *address, GBytes *recovery_spki, GError **error)
{
  g_autoptr (SignetSecret) pkcs8 = signet_private_key_to_pkcs8 (key, error);

  if (pkcs8 == NULL)
    return NULL;
  gsize length, prefix = strlen (address) + 1;
  const guint8 *der = signet_secret_get (pkcs8, &length);
  g_autoptr (SignetSecret) content = signet_secret_alloc (prefix + length);
  guint8 *data = signet_secret_edit (content);
  memcpy (data, address, prefix - 1);
  data[prefix - 1] = '\n';
  memcpy (data + prefix, der, length);
  return signet_cms_encrypt_to_key (content, recovery_spki, error);
}

static gboolean
belongs_to (const guint8 *content, gsize prefix, const char *address)
{
  g_autofree char *found = g_strndup ((const char *) content, prefix);

  return signet_mail_address_equal (found, address);
}

SignetPrivateKey *
signet_escrow_open (GBytes *sealed, SignetPrivateKey *recovery_key, const char *address, GBytes *spki, GError **error)
{
  g_autoptr (SignetSecret) content = signet_cms_decrypt_with_key (sealed, MAX_SEALED, recovery_key, error);

  if (content == NULL)
    return NULL;
  gsize length;
  const guint8 *data = signet_secret_get (content, &length);
  const guint8 *newline = memchr (data, '\n', MIN (length, SIGNET_MAX_ADDRESS + 1));
  if (newline == NULL) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED, _("A key in the archive is damaged."));
    return NULL;
  }

  gsize prefix = newline - data + 1;
  g_autoptr (SignetSecret) der = signet_secret_new (data + prefix, length - prefix);
  g_autoptr (SignetPrivateKey) key = signet_private_key_new_from_pkcs8 (der, error);
  if (key == NULL)
    return NULL;
  if (!belongs_to (data, prefix - 1, address) || !g_bytes_equal (signet_private_key_get_spki (key), spki)) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED,
                 _("A key in the archive under the name of %s is another's: somebody has changed the database."),
                 address);
    return NULL;
  }
  return g_steal_pointer (&key);
}
