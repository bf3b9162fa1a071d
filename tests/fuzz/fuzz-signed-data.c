/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "base/limits.h"
#include "crypto/cms.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree guint8 *der = g_memdup2 (data, size);
  g_autoptr (GError) error = NULL, key_error = NULL, certificate_error = NULL;
  g_autoptr (SignetSignedData) signed_data = signet_signed_data_parse (der, size, SIGNET_MAX_REPLY, &error);
  g_autoptr (GBytes) signer = NULL;
  g_autoptr (GPtrArray) certificates = NULL;

  fuzz_check (signed_data != NULL, error);
  if (signed_data == NULL)
    return 0;

  g_assert_nonnull (signet_signed_data_get_content (signed_data));
  GBytes *spki = signet_private_key_get_spki (fuzz_key (FUZZ_KEY_SIGNING));
  gboolean by_key = signet_signed_data_verify_key (signed_data, spki, &key_error);
  gboolean by_certificate =
    signet_signed_data_verify_certificate (signed_data, &signer, &certificates, &certificate_error);
  fuzz_check (by_key, key_error);
  fuzz_check (by_certificate, certificate_error);
  g_assert_true (by_certificate == (signer != NULL && certificates != NULL));
  return 0;
}
