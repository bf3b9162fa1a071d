/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/name.h"

#include "base/limits.h"

typedef struct {
  const char *text;
  gboolean valid;
} Case;

static const Case cases[] = {
  { "Example Authority", TRUE },
  { "Förvaltningen — Öst", TRUE },
  { "認証局", TRUE },
  { "مرجع گواهی \342\200\214نمونه", TRUE },      /* with a zero width non-joiner, which Persian needs */
  { "A", TRUE },
  { "", FALSE },
  { " ", FALSE },
  { " Example", FALSE },
  { "Example ", FALSE },
  { "Example\302\240", FALSE },
  { "Exam\nple", FALSE },
  { "Exam\r\nBcc: eve@example.org", FALSE },
  { "Exam\tple", FALSE },
  { "Exam\177ple", FALSE },
  { "Exam\302\205ple", FALSE },                   /* NEXT LINE */
  { "Exam\342\200\250ple", FALSE },               /* LINE SEPARATOR */
  { "Exam\342\200\256ple", FALSE },               /* RIGHT-TO-LEFT OVERRIDE */
  { "Exam\342\201\246ple", FALSE },               /* LEFT-TO-RIGHT ISOLATE */
  { "Exam\377ple", FALSE },
};

static void
test_valid (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("case %u", (guint) i);
    g_assert_true (signet_name_is_valid (cases[i].text) == cases[i].valid);
  }
}

static void
test_length (void)
{
  g_autofree char *longest = g_strnfill (SIGNET_MAX_NAME, 'x'), *longer = g_strnfill (SIGNET_MAX_NAME + 1, 'x');

  g_assert_true (signet_name_is_valid (longest));
  g_assert_false (signet_name_is_valid (longer));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/name/valid", test_valid);
  g_test_add_func ("/protocol/name/length", test_length);
  return g_test_run ();
}
