/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/password-strength.h"

static SignetStrength
measure (const char *text, char **advice)
{
  g_autoptr (SignetSecret) password = signet_secret_new_text (text);

  return signet_password_strength (password, advice);
}

/* With and without cracklib's word list the words are these. */
static void
test_words (void)
{
  const struct {
    const char *password;
    SignetStrength strength;
  } cases[] = {
    { "", SIGNET_STRENGTH_NONE },
    { "a", SIGNET_STRENGTH_WEAK },
    { "password", SIGNET_STRENGTH_WEAK },
    { "12345678", SIGNET_STRENGTH_WEAK },
    { "aaaaaaaaaaaa", SIGNET_STRENGTH_WEAK },
    { "five quiet geese by the pond", SIGNET_STRENGTH_STRONG },
    { "fünf Gänse über dem Weiher", SIGNET_STRENGTH_STRONG },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].password);
    g_assert_cmpint (measure (cases[i].password, NULL), ==, cases[i].strength);
  }
}

/* Who is told that it is weak is told what to do; who is told that it is strong is left alone. */
static void
test_advice (void)
{
  g_autofree char *longer = NULL, *mirrored = NULL, *none = NULL, *nothing_typed = NULL;

  measure ("abc", &longer);
  g_assert_true (g_str_has_prefix (longer, "Make it longer"));
  measure ("abcdeffedcba", &mirrored);
  g_assert_true (g_str_has_prefix (mirrored, "It reads the same backwards"));
  measure ("five quiet geese by the pond", &none);
  g_assert_null (none);
  measure ("", &nothing_typed);
  g_assert_null (nothing_typed);
}

/* Bytes that are no text are no password, and do not reach a library that expects text. */
static void
test_no_text (void)
{
  g_autoptr (SignetSecret) password = signet_secret_new ("\xff\xfe" "abcdefghijkl", 14);

  g_assert_cmpint (signet_password_strength (password, NULL), ==, SIGNET_STRENGTH_NONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/keyset/password-strength/words", test_words);
  g_test_add_func ("/keyset/password-strength/advice", test_advice);
  g_test_add_func ("/keyset/password-strength/no-text", test_no_text);

  return g_test_run ();
}
