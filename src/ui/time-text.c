/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/time-text.h"

#include "base/i18n.h"

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define WEEK (7 * DAY)

static char *
format (gint64 when, const char *pattern)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (when);

  /* Fails only for times outside the calendar; a certificate may hold any. */
  return time ? g_date_time_format (time, pattern) : g_strdup ("—");
}

/* The day as a number that counts up by one from midnight to midnight in the user's time zone; 0 when there is none. */
static guint32
day_number (gint64 when)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (when);
  GDate date;
  int year, month, day;

  if (!time)
    return 0;

  g_date_time_get_ymd (time, &year, &month, &day);
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, day, month, year);
  return g_date_get_julian (&date);
}

char *
signet_time_text_date (gint64 when)
{
  /* Translators: a date such as "3 May 2026", by the codes of strftime(3). */
  return format (when, _("%-e %B %Y"));
}

char *
signet_time_text_exact (gint64 when)
{
  return format (when, "%c");
}

char *
signet_time_text_ago (gint64 then, gint64 now)
{
  gint64 passed = MAX (now - then, 0);
  g_autofree char *date = NULL;

  if (passed < MINUTE)
    return g_strdup (_("just now"));
  if (passed < HOUR)
    return g_strdup_printf (ngettext ("%d minute ago", "%d minutes ago", passed / MINUTE), (int) (passed / MINUTE));
  if (day_number (then) == day_number (now))
    return g_strdup_printf (ngettext ("%d hour ago", "%d hours ago", passed / HOUR), (int) (passed / HOUR));
  if (day_number (then) + 1 == day_number (now))
    return g_strdup (_("yesterday"));

  date = signet_time_text_date (then);
  /* Translators: %s is a date: "asked on 3 May 2026". */
  return g_strdup_printf (_("on %s"), date);
}

char *
signet_time_text_left (gint64 end, gint64 now)
{
  gint64 left = end - now;

  if (left <= 0)
    return g_strdup (_("Expired"));
  if (left < DAY)
    return g_strdup (_("Last day"));
  if (left < 2 * WEEK)
    return g_strdup_printf (ngettext ("%d day left", "%d days left", left / DAY), (int) (left / DAY));
  if (left < 8 * WEEK)
    return g_strdup_printf (ngettext ("%d week left", "%d weeks left", left / WEEK), (int) (left / WEEK));

  return NULL;
}

char *
signet_time_text_retry (gint64 when, gint64 now)
{
  /* Translators: a time of day such as "14:20", by the codes of strftime(3). */
  g_autofree char *clock = format (when, _("%H:%M"));

  if (when <= now)
    return g_strdup (_("Signet tries again soon."));
  if (day_number (when) == day_number (now))
    return g_strdup_printf (_("Signet tries again at %s."), clock);

  return g_strdup_printf (_("Signet tries again tomorrow at %s."), clock);
}
