/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "base/limits.h"
#include "protocol/reply.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) message = fuzz_bytes (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) attachment = signet_reply_message_extract (message, &error);

  fuzz_check (attachment != NULL, error);
  g_assert (attachment == NULL || g_bytes_get_size (attachment) <= SIGNET_MAX_REPLY);
  return 0;
}
