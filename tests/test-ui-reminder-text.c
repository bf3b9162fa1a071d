/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/reminder-text.h"

#include <string.h>

#define DAY (24 * 3600)

/* Thursday, 14 May 2026, 12:00:00. */
#define NOW G_GINT64_CONSTANT (1778760000)

static void
test_times (void)
{
  const struct {
    gint64 left;
    gboolean renewable;
    const char *begins;
    const char *ends;
  } cases[] = {
    { 30 * DAY, FALSE, "It runs out in 30 days.", "in time." },
    { 7 * DAY + 1, FALSE, "It runs out in 7 days.", "in time." },
    { 7 * DAY, FALSE, "It runs out in 7 days.", "now." },
    { DAY, FALSE, "It runs out in 1 day.", "now." },
    { DAY - 1, FALSE, "This is its last day.", "today." },
    { 1, FALSE, "This is its last day.", "today." },
    { 0, FALSE, "Your mail cannot be signed", "digital ID." },
    { -4000 * (gint64) DAY, FALSE, "Your mail cannot be signed", "digital ID." },
    { 30 * DAY, TRUE, "It runs out in 30 days.", "in time." },
    { 7 * DAY + 1, TRUE, "It runs out in 7 days.", "in time." },
    { 7 * DAY, TRUE, "It runs out in 7 days.", "Renew it now." },
    { DAY, TRUE, "It runs out in 1 day.", "Renew it now." },
    { DAY - 1, TRUE, "This is its last day. Renew it today", "anew." },
    { 0, TRUE, "Your mail cannot be signed", "digital ID." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = signet_reminder_text (NOW + cases[i].left, cases[i].renewable, NOW);

    g_test_message ("%s", text);
    g_assert_true (g_str_has_prefix (text, cases[i].begins));
    g_assert_true (g_str_has_suffix (text, cases[i].ends));
  }

  g_assert_null (signet_reminder_text (NOW + 30 * DAY + 1, TRUE, NOW));
  g_assert_null (signet_reminder_text (G_MAXINT64, FALSE, NOW));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/reminder-text/times", test_times);

  return g_test_run ();
}
