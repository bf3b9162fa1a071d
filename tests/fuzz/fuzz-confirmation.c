/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "base/hex.h"
#include "crypto/cms.h"
#include "protocol/confirmation.h"

/* The first byte says what the others are: the confirmation itself, or the text that is properly signed in it. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  SignetPrivateKey *key = fuzz_key (FUZZ_KEY_SIGNING);
  g_autoptr (GError) error = NULL;

  if (size == 0)
    return 0;
  g_autoptr (GBytes) rest = fuzz_bytes (data + 1, size - 1), digest = signet_sha256 (fuzz_request ());
  g_autoptr (GBytes) bytes = data[0] == '1' ? signet_cms_sign_with_key (rest, key, NULL) : g_bytes_ref (rest);
  if (bytes == NULL)
    return 0;
  gboolean good = signet_confirmation_verify (bytes, FUZZ_ID, digest, signet_private_key_get_spki (key), &error);
  fuzz_check (good, error);
  return 0;
}
