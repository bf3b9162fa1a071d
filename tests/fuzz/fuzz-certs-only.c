/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "base/limits.h"
#include "crypto/cms.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) der = fuzz_bytes (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) certificates = signet_cms_parse_certs_only (der, &error);

  fuzz_check (certificates != NULL, error);
  if (certificates != NULL)
    g_assert_cmpuint (certificates->len, <=, SIGNET_MAX_IDS + SIGNET_MAX_CHAIN);
  return 0;
}
