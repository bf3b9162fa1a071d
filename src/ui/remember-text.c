/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/remember-text.h"

#include "base/i18n.h"

char *
signet_remember_text_dup_minutes (guint minutes)
{
  if (minutes == 0)
    return g_strdup (_("Never"));

  return g_strdup_printf (ngettext ("%u minute", "%u minutes", minutes), minutes);
}

/* Rounded up: what says one more minute is over a minute later at the most. */
char *
signet_remember_text_dup_left (guint seconds)
{
  guint minutes = (seconds + 59) / 60;

  return g_strdup_printf (ngettext ("Remembered for %u more minute", "Remembered for %u more minutes", minutes),
                          minutes);
}
