/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "base/clock.h"
#include "cert/crl.h"

/* What follows the first byte is a list, or, when that byte is not 'R', what is signed in one: else the signature would
 * keep the fuzzer from what is read behind it. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) raw = size > 0 ? fuzz_bytes (data + 1, size - 1) : NULL;
  g_autoptr (GBytes) bytes = raw != NULL ? fuzz_serial (raw, TRUE) : NULL;
  g_autoptr (GError) error = NULL;
  SignetRevocationStatus status = { .verdict = 99 };

  if (bytes == NULL)
    return 0;
  SignetCertificate *issuer = test_ca_get_issuing (fuzz_ca ()), *certificate = test_ca_get_speaker (fuzz_ca ());
  g_autoptr (GBytes) crl = data[0] != 'R' ? test_ca_sign (fuzz_ca (), bytes) : g_bytes_ref (bytes);
  gboolean believed = signet_crl_read (crl, certificate, issuer, signet_clock_now (), &status, &error);
  fuzz_check (believed, error);
  g_assert_true (error != NULL ? status.verdict == 99 : status.verdict <= SIGNET_REVOCATION_REVOKED);
  return 0;
}
