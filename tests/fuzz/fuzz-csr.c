/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "base/mail-address.h"
#include "crypto/csr.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) der = fuzz_bytes (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetCsr) csr = signet_csr_parse (der, &error);

  fuzz_check (csr != NULL, error);
  if (csr != NULL) {
    g_autofree char *address = signet_mail_address_normalize (csr->address, NULL);
    g_assert_cmpstr (address, ==, csr->address);
    g_assert_cmpuint (g_bytes_get_size (csr->spki), >, 0);
  }
  return 0;
}
