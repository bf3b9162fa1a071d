/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/clock.h"

#include <time.h>

static gint64 frozen;

gint64
signet_clock_now (void)
{
  return frozen != 0 ? frozen : g_get_real_time () / G_USEC_PER_SEC;
}

gint64
signet_clock_since_boot (void)
{
  struct timespec now = { 0 };

  if (frozen != 0)
    return frozen;
  clock_gettime (CLOCK_BOOTTIME, &now);
  return now.tv_sec;
}

void
signet_clock_set (gint64 now)
{
  frozen = now;
}
