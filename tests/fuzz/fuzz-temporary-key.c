/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "protocol/temporary-key.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (SignetSecret) typed = signet_secret_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetSecret) key = signet_temporary_key_parse (typed, &error);

  fuzz_check (key != NULL, error);
  if (key == NULL)
    return 0;

  g_autoptr (SignetSecret) formatted = signet_temporary_key_format (key);
  g_autoptr (SignetSecret) again = signet_temporary_key_parse (formatted, NULL);
  g_assert_true (signet_secret_equal (key, again));
  return 0;
}
