/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/time-text.h"

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* Thursday, 14 May 2026, 12:00:00; the tests run in UTC. */
#define NOW G_GINT64_CONSTANT (1778760000)

static void
test_ago (void)
{
  const struct {
    gint64 passed;
    const char *text;
  } cases[] = {
    { -5, "just now" },                 /* the clock was set back */
    { 59, "just now" },
    { MINUTE, "1 minute ago" },
    { 59 * MINUTE + 59, "59 minutes ago" },
    { HOUR, "1 hour ago" },
    { 12 * HOUR, "12 hours ago" },      /* midnight, which is still today */
    { 12 * HOUR + 1, "yesterday" },
    { 36 * HOUR, "yesterday" },
    { 36 * HOUR + 1, "on 12 May 2026" },
    { 400 * DAY, "on 9 April 2025" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = signet_time_text_ago (NOW - cases[i].passed, NOW);

    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

static void
test_left (void)
{
  const struct {
    gint64 left;
    const char *text;
  } cases[] = {
    { -DAY, "Expired" },
    { 0, "Expired" },
    { 1, "Last day" },
    { DAY, "1 day left" },
    { 14 * DAY - 1, "13 days left" },
    { 14 * DAY, "2 weeks left" },
    { 56 * DAY - 1, "7 weeks left" },
    { 56 * DAY, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = signet_time_text_left (NOW + cases[i].left, NOW);

    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

static void
test_retry (void)
{
  const struct {
    gint64 in;
    const char *text;
  } cases[] = {
    { -1, "Signet tries again soon." },
    { 0, "Signet tries again soon." },
    { 140 * MINUTE, "Signet tries again at 14:20." },
    { 12 * HOUR, "Signet tries again tomorrow at 00:00." },
    { DAY, "Signet tries again tomorrow at 12:00." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = signet_time_text_retry (NOW + cases[i].in, NOW);

    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

/* A certificate may hold any time. */
static void
test_out_of_calendar (void)
{
  const gint64 times[] = { G_MININT64, -62135596801, 253402300800, G_MAXINT64 };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++) {
    g_autofree char *date = signet_time_text_date (times[i]);
    g_autofree char *exact = signet_time_text_exact (times[i]);

    g_assert_cmpstr (date, ==, "—");
    g_assert_cmpstr (exact, ==, "—");
  }
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/time-text/ago", test_ago);
  g_test_add_func ("/ui/time-text/left", test_left);
  g_test_add_func ("/ui/time-text/retry", test_retry);
  g_test_add_func ("/ui/time-text/out-of-calendar", test_out_of_calendar);

  return g_test_run ();
}
