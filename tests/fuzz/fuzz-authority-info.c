/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "base/limits.h"
#include "protocol/authority-info.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  GBytes *pin = test_ca_get_pin (fuzz_ca ());
  g_autoptr (GBytes) json = fuzz_bytes (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetAuthorityInfo) info = signet_authority_info_parse (json, pin, &error);

  fuzz_check (info != NULL, error);
  if (info == NULL)
    return 0;

  g_autoptr (GBytes) root_pin = signet_certificate_get_pin (signet_authority_info_get_root (info));
  g_autoptr (GBytes) written = signet_authority_info_to_json (info);
  g_autoptr (SignetAuthorityInfo) again = signet_authority_info_parse (written, pin, NULL);
  g_assert_true (g_bytes_equal (root_pin, pin));
  g_assert_cmpstr (signet_authority_info_get_name (info), ==, signet_authority_info_get_name (again));
  g_assert_cmpstr (signet_authority_info_get_notice (info), ==, signet_authority_info_get_notice (again));
  return 0;
}
