/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/reminder-text.h"

#include "base/i18n.h"

#define DAY (24 * 3600)

/* Before it has run out. */
static char *
dup_renewal (gint64 left, int days)
{
  if (left < DAY)
    return g_strdup (_("This is its last day. Renew it today: tomorrow your organization would have to invite you "
                       "anew."));
  if (left <= 7 * DAY)
    return g_strdup_printf (ngettext ("It runs out in %d day. Renew it now.", "It runs out in %d days. Renew it now.",
                                      days), days);

  return g_strdup_printf (ngettext ("It runs out in %d day. Renew it in time.",
                                    "It runs out in %d days. Renew it in time.", days), days);
}

char *
signet_reminder_text (gint64 end, gboolean renewable, gint64 now)
{
  gint64 left = end - now;
  int days = left > 0 ? (int) MIN (left / DAY, 31) : 0;

  if (left <= 0)
    return g_strdup (_("Your mail cannot be signed with it any more. Ask your organization for an invitation to a new "
                       "digital ID."));
  if (renewable && left <= 30 * DAY)
    return dup_renewal (left, days);
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
