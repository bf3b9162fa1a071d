/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "base/limits.h"
#include "crypto/cms.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) der = fuzz_bytes (data, size);
  g_autoptr (GError) error = NULL, id_error = NULL;
  g_autoptr (GPtrArray) ids = signet_cms_get_recipient_ids (der, SIGNET_MAX_REPLY, &id_error);
  g_autoptr (SignetSecret) content =
    signet_cms_decrypt_with_key (der, SIGNET_MAX_REPLY, fuzz_key (FUZZ_KEY_REPLY), &error);

  fuzz_check (ids != NULL, id_error);
  fuzz_check (content != NULL, error);
  g_assert (content == NULL || ids != NULL);
  return 0;
}
