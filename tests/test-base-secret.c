/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/secret.h"

#include <string.h>

static void
test_content (void)
{
  g_autoptr (SignetSecret) text = signet_secret_new_text ("open sesame"), same = signet_secret_new ("open sesame", 11);
  g_autoptr (SignetSecret) other = signet_secret_new_text ("open sesamf"), shorter = signet_secret_new_text ("open");
  g_autoptr (SignetSecret) binary = signet_secret_new ("a\0b", 3), empty = signet_secret_new (NULL, 0);
  gsize length;

  g_assert_cmpmem (signet_secret_get (text, &length), 11, "open sesame", 11);
  g_assert_cmpuint (length, ==, 11);
  g_assert_cmpstr (signet_secret_get_text (text), ==, "open sesame");
  g_assert_cmpstr (signet_secret_get_text (empty), ==, "");
  g_assert_null (signet_secret_get_text (binary));
  g_assert_true (signet_secret_equal (text, same));
  g_assert_false (signet_secret_equal (text, other));
  g_assert_false (signet_secret_equal (text, shorter));
}

/* A secret that fills its page exactly still ends in a NUL. */
static void
test_page_boundary (void)
{
  g_autoptr (SignetSecret) page = signet_secret_alloc (4096);

  memset (signet_secret_edit (page), 'x', 4096);
  g_assert_cmpuint (strlen (signet_secret_get_text (page)), ==, 4096);
}

/* The kernel says of the secret's own mapping that it is left out of core dumps. */
static void
test_not_dumped (void)
{
  g_autoptr (SignetSecret) secret = signet_secret_new_text ("hidden");
  g_autofree char *smaps = NULL, *start = g_strdup_printf ("%lx-", (gulong) signet_secret_get (secret, NULL));

  g_assert_true (g_file_get_contents ("/proc/self/smaps", &smaps, NULL, NULL));
  const char *mapping = strstr (smaps, start);
  g_assert_nonnull (mapping);
  const char *flags = strstr (mapping, "VmFlags:");
  g_assert_nonnull (flags);
  g_autofree char *line = g_strndup (flags, strcspn (flags, "\n"));
  g_assert_nonnull (strstr (line, " dd"));
}

/* Pages are used again, and nothing of the last secret is left in them. */
static void
test_reused (void)
{
  static const gsize lengths[] = { 0, 1, 100, 4095, 4096, 9000, 20000, 40000 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    gsize length = lengths[i];
    SignetSecret *former = signet_secret_alloc (length);

    memset (signet_secret_edit (former), 'x', length);
    signet_secret_unref (former);
    g_autoptr (SignetSecret) next = signet_secret_alloc (length);
    for (gsize k = 0; k <= length; k++)
      g_assert_cmpuint (signet_secret_get (next, NULL)[k], ==, 0);
  }
}

static void
test_wipe (void)
{
  char bytes[] = "secret";

  signet_wipe (bytes, sizeof bytes);
  for (gsize i = 0; i < sizeof bytes; i++)
    g_assert_cmpint (bytes[i], ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/secret/content", test_content);
  g_test_add_func ("/base/secret/page-boundary", test_page_boundary);
  g_test_add_func ("/base/secret/not-dumped", test_not_dumped);
  g_test_add_func ("/base/secret/reused", test_reused);
  g_test_add_func ("/base/secret/wipe", test_wipe);
  return g_test_run ();
}
