/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/reminder-text.h"

#include "base/i18n.h"

#define DAY (24 * 3600)

char *
signet_reminder_text (gint64 end, gint64 now)
{
  gint64 left = end - now;
  int days = left > 0 ? (int) MIN (left / DAY, 31) : 0;

  if (left <= 0)
    return g_strdup (_("Your mail cannot be signed with it any more. Ask your organization for an invitation to a new "
                       "digital ID."));
  if (left < DAY)
    return g_strdup (_("This is its last day. Without a new digital ID your mail cannot be signed tomorrow: ask your "
                       "organization for an invitation today."));
  if (left <= 7 * DAY)
    return g_strdup_printf (ngettext ("It runs out in %d day. Ask your organization for an invitation to a new digital "
                                      "ID now.",
                                      "It runs out in %d days. Ask your organization for an invitation to a new "
                                      "digital ID now.", days), days);
  if (left <= 30 * DAY)
    return g_strdup_printf (ngettext ("It runs out in %d day. Ask your organization for an invitation to a new digital "
                                      "ID in time.",
                                      "It runs out in %d days. Ask your organization for an invitation to a new "
                                      "digital ID in time.", days), days);

  return NULL;
}
