/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Writes the stored forms of two sample keysets, keyset-v1-low.bin and keyset-v1-high.bin, into a folder.  Run once
 * for each version of the form, never again: the test is that what was written then is still read. */
#include "keyset/item-format.h"
#include "keyset/keyset-format.h"
#include "sample-keyset.h"

static void
write_sample (const char *folder, SignetLevel level)
{
  g_autoptr (SignetKeyset) keyset = sample_keyset_new ("Work", level);
  g_autoptr (SignetSecret) blob = signet_keyset_to_blob (keyset, NULL);
  g_autofree char *name = g_strdup_printf ("keyset-v%u-%s.bin", SIGNET_KEYSET_VERSION, signet_level_to_name (level));
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *data = (const char *) signet_secret_get (blob, &length);

  g_file_set_contents (path, data, length, &error);
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_assert_cmpint (argc, ==, 2);
  write_sample (argv[1], SIGNET_LEVEL_LOW);
  write_sample (argv[1], SIGNET_LEVEL_HIGH);
  return 0;
}
