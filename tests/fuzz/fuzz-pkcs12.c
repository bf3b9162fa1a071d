/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "base/limits.h"
#include "crypto/key-file.h"

/* A file of another program with keys and certificates, in any form; the password of those that have one is "x".  What
 * comes of it can be used, and what does not says why. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (SignetSecret) file = signet_secret_new (data, size), password = signet_secret_new_text ("x");
  g_autoptr (SignetKeyFile) found = signet_key_file_new ();
  g_autoptr (GError) error = NULL;
  gboolean accepted = signet_key_file_read (found, file, password, NULL, &error);

  fuzz_check (accepted, error);
  g_assert (found->keys->len <= SIGNET_MAX_IDS && found->certificates->len <= SIGNET_MAX_FILE_CERTIFICATES);
  for (guint i = 0; i < found->keys->len; i++)
    g_assert (signet_private_key_get_spki (found->keys->pdata[i]) != NULL);
  g_assert (found->name == NULL || g_utf8_validate (found->name, -1, NULL));
  return 0;
}
