/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "base/limits.h"
#include "protocol/parts.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (SignetSecret) entity = signet_secret_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = signet_parts_parse (entity, SIGNET_MAX_MESSAGE, &error);
  gsize total = 0;

  fuzz_check (parts != NULL, error);
  if (parts == NULL)
    return 0;

  g_assert_cmpuint (parts->len, <=, SIGNET_MAX_PARTS);
  for (guint i = 0; i < parts->len; i++) {
    SignetPart *part = parts->pdata[i];
    g_assert_nonnull (strchr (part->content_type, '/'));
    g_assert (part->name == NULL || g_utf8_validate (part->name, -1, NULL));
    total += signet_secret_length (part->body);
    signet_part_is (part, "application/vnd.signet.reply", ".signet-reply");
  }
  g_assert_cmpuint (total, <=, size);
  return 0;
}
