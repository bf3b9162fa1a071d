/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/number.h"

#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES 500

static void
test_parse (void)
{
  static const struct {
    const char *text;
    gint64 number;
  } good[] = {
    { "0", 0 }, { "7", 7 }, { "-7", -7 }, { "007", 7 },
    { "9223372036854775807", G_MAXINT64 }, { "-9223372036854775808", G_MININT64 },
  };
  static const char *const bad[] = {
    "", "-", "+7", " 7", "7 ", "7x", "0x7", "7.0", "--7", "9223372036854775808", "-9223372036854775809",
  };
  gint64 number;

  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_assert_true (signet_number_parse (good[i].text, G_MININT64, G_MAXINT64, &number));
    g_assert_cmpint (number, ==, good[i].number);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (signet_number_parse (bad[i], G_MININT64, G_MAXINT64, &number));
  g_assert_false (signet_number_parse ("0", 1, 9, NULL));
  g_assert_true (signet_number_parse ("1", 1, 9, NULL));
  g_assert_true (signet_number_parse ("9", 1, 9, NULL));
  g_assert_false (signet_number_parse ("10", 1, 9, NULL));
}

/* --- the first two threads at once --- */

static int arrived, refused;

static gpointer
parse_at_once (gpointer data)
{
  g_atomic_int_inc (&arrived);
  while (g_atomic_int_get (&arrived) < 2)
    ;
  if (!signet_number_parse ("1800000000", 0, G_MAXINT64, NULL))
    g_atomic_int_inc (&refused);
  return NULL;
}

/* In processes of their own, since it is the first time only once; before GLib's tests parse numbers themselves. */
static int
count_refused (void)
{
  int count = 0;

  for (int i = 0; i < PROCESSES; i++) {
    pid_t child = fork ();
    int status = 1;

    if (child == 0) {
      GThread *other = g_thread_new ("other", parse_at_once, NULL);
      parse_at_once (NULL);
      g_thread_join (other);
      _exit (refused > 0);
    }
    waitpid (child, &status, 0);
    count += status != 0;
  }
  return count;
}

static int refused_at_once;

static void
test_at_once (void)
{
  g_assert_cmpint (refused_at_once, ==, 0);
}

int
main (int argc, char **argv)
{
  refused_at_once = count_refused ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/number/parse", test_parse);
  g_test_add_func ("/base/number/at-once", test_at_once);
  return g_test_run ();
}
