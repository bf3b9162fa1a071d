/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "protocol/certified.h"
#include "protocol/revocation-request.h"

/* The first byte says what the others are: the request itself, or the text that is properly signed in it. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;

  if (size == 0)
    return 0;
  g_autoptr (GBytes) rest = fuzz_bytes (data + 1, size - 1), bytes = NULL;
  if (data[0] == '1') {
    g_autoptr (SignetCertificate) certificate = test_ca_issue_signing (fuzz_ca (), FUZZ_ADDRESS,
                                                                       fuzz_key (FUZZ_KEY_SIGNING));
    bytes = signet_certified_sign (rest, certificate, fuzz_key (FUZZ_KEY_SIGNING), NULL);
  } else {
    bytes = g_bytes_ref (rest);
  }
  g_autoptr (SignetRevocationRequest) request = signet_revocation_request_parse (bytes, &error);
  fuzz_check (request != NULL, error);
  if (request != NULL)
    g_assert_true (signet_certificate_has_address (request->certificate, request->address));
  return 0;
}
