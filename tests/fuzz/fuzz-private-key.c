/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "base/limits.h"
#include "crypto/public-key.h"

static void
check_key (SignetPrivateKey *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetSecret) der = signet_private_key_to_pkcs8 (key, &error);

  g_assert_no_error (error);
  g_autoptr (SignetPrivateKey) again = signet_private_key_new_from_pkcs8 (der, &error);
  g_autoptr (GBytes) id = signet_public_key_get_id (signet_private_key_get_spki (key), NULL);
  g_assert_no_error (error);
  g_assert_nonnull (id);
  g_assert_true (g_bytes_equal (signet_private_key_get_spki (key), signet_private_key_get_spki (again)));
}

/* One key, and a package of keys. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (SignetSecret) der = signet_secret_new (data, size);
  g_autoptr (GError) error = NULL, package_error = NULL;
  g_autoptr (SignetPrivateKey) key = signet_private_key_new_from_pkcs8 (der, &error);
  g_autoptr (GPtrArray) keys = signet_private_keys_from_package (der, &package_error);

  fuzz_check (key != NULL, error);
  fuzz_check (keys != NULL, package_error);
  if (key != NULL)
    check_key (key);
  for (guint i = 0; keys != NULL && i < keys->len; i++)
    check_key (keys->pdata[i]);
  g_assert (keys == NULL || keys->len <= SIGNET_MAX_IDS);
  return 0;
}
