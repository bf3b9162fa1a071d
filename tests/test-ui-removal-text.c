/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/removal-text.h"

#include "sample-keyset.h"

#include <string.h>

#define ADDRESS "asa@example.org"

static SignetKeyset *
keyset_new (SampleIds *sample)
{
  g_autoptr (GError) error = NULL;
  SignetKeyset *keyset = signet_keyset_new ("Sample", SIGNET_LEVEL_LOW, sample->ids, sample->keys, NULL, &error);

  g_assert_no_error (error);

  return keyset;
}

static void
check (SignetKeyset *keyset, SignetKeyset *other, const char *numbers, const char *consequence)
{
  g_autoptr (GListStore) keysets = g_list_store_new (SIGNET_TYPE_KEYSET);
  g_autofree char *text = NULL;

  g_list_store_append (keysets, keyset);
  if (other)
    g_list_store_append (keysets, other);
  text = signet_removal_text (keyset, G_LIST_MODEL (keysets));
  g_test_message ("%s", text);
  g_assert_true (g_str_has_prefix (text, numbers));
  g_assert_nonnull (strstr (text, consequence));
}

static void
test_only_place (void)
{
  g_autoptr (SignetKeyset) keyset = sample_keyset_new ("Work", SIGNET_LEVEL_LOW);

  check (keyset, NULL, "This removes 2 digital IDs and 1 older key for good.",
         "2 encryption keys are in no other keyset.");
}

static void
test_elsewhere (void)
{
  g_autoptr (SignetKeyset) keyset = sample_keyset_new ("Work", SIGNET_LEVEL_LOW);
  g_autoptr (SignetKeyset) same = sample_keyset_new ("Copy", SIGNET_LEVEL_LOW);
  g_autoptr (SampleIds) sample = sample_ids_new ();
  g_autoptr (SignetKeyset) one = NULL;

  check (keyset, same, "This removes", "Old mail still opens");

  /* The signing key of one is no help; one of two encryption keys is there. */
  sample_ids_add (sample, SIGNET_ID_SIGNING, TRUE, 1, ADDRESS, 0, NULL);
  sample_ids_add (sample, SIGNET_ID_ENCRYPTION, TRUE, 2, ADDRESS, 0, NULL);
  one = keyset_new (sample);
  check (keyset, one, "This removes", "1 encryption key is in no other keyset.");
}

static void
test_one_key (void)
{
  g_autoptr (SampleIds) sample = sample_ids_new ();
  g_autoptr (SignetKeyset) keyset = NULL;

  sample_ids_add (sample, SIGNET_ID_ENCRYPTION, TRUE, 1, ADDRESS, 0, NULL);
  keyset = keyset_new (sample);
  check (keyset, NULL, "This removes 1 digital ID for good.", "1 encryption key is in no other keyset.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/removal-text/only-place", test_only_place);
  g_test_add_func ("/ui/removal-text/elsewhere", test_elsewhere);
  g_test_add_func ("/ui/removal-text/one-key", test_one_key);

  return g_test_run ();
}
