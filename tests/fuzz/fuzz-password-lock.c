/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "crypto/password-lock.h"

#include <string.h>

#define COSTLY 256       /* passes times KiB: past it a box is only slow */

/* As crypto/password-lock.h draws it. */
static guint32
read_u32 (const uint8_t *data)
{
  guint32 big;

  memcpy (&big, data, sizeof big);
  return GUINT32_FROM_BE (big);
}

/* Whether the box asks for so little work that it can be tried thousands of times, or for more than any box may. */
static gboolean
is_quick (const uint8_t *data, size_t size)
{
  guint64 passes = size >= 13 ? read_u32 (data + 1) : 0, memory = size >= 13 ? read_u32 (data + 5) : 0;

  return passes * memory <= COSTLY || passes > 1000 || memory > 1000 * 1000;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (SignetSecret) password = signet_secret_new_text ("password");
  g_autoptr (GBytes) box = fuzz_bytes (data, size), header = g_bytes_new_static ("header", 6);
  g_autoptr (GError) error = NULL;

  if (!is_quick (data, size))
    return 0;
  g_autoptr (SignetSecret) plain = signet_password_lock_open (box, password, header, &error);
  fuzz_check (plain != NULL, error);
  return 0;
}
