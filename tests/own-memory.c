/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "own-memory.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BLOCK (64 * 1024)
#define LARGEST_MAPPING (G_GUINT64_CONSTANT (1) << 30)      /* what is larger is a sanitizer's book-keeping */

/* Each byte is compared as it is read; nothing is unmasked into memory, where it would be found. */
static guint
count_in (const guint8 *data, gsize length, const guint8 *masked, gsize masked_length)
{
  guint count = 0;

  for (const guint8 *at = data; (at = memchr (at, masked[0] ^ OWN_MEMORY_MASK, data + length - at)) != NULL; at++) {
    gsize same = 0;
    while (same < masked_length && at + same < data + length && (at[same] ^ OWN_MEMORY_MASK) == masked[same])
      same++;
    count += same == masked_length;
  }
  return count;
}

/* In blocks that overlap by less than what is looked for.  The copy is wiped: it must not be found later. */
static guint
count_in_mapping (int memory, guint64 start, guint64 end, const guint8 *masked, gsize length)
{
  static guint8 block[BLOCK];
  guint count = 0;

  for (guint64 at = start; at < end; at += BLOCK - length + 1) {
    gssize got = pread (memory, block, MIN (BLOCK, end - at), at);
    if (got > 0)
      count += count_in (block, got, masked, length);
    explicit_bzero (block, sizeof block);
  }
  return count;
}

guint
own_memory_count (const guint8 *masked, gsize length)
{
  int memory = open ("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  FILE *maps = fopen ("/proc/self/maps", "re");
  guint64 start, end;
  char line[512], access[5];
  guint count = 0;

  g_assert_cmpint (memory, >=, 0);
  g_assert_nonnull (maps);
  while (fgets (line, sizeof line, maps) != NULL) {
    if (sscanf (line, "%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x %4s", &start, &end, access) == 3 &&
        access[0] == 'r' && access[1] == 'w' && end - start <= LARGEST_MAPPING)
      count += count_in_mapping (memory, start, end, masked, length);
  }
  fclose (maps);
  close (memory);
  return count;
}
