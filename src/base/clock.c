/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/clock.h"

static gint64 frozen;

gint64
signet_clock_now (void)
{
  return frozen != 0 ? frozen : g_get_real_time () / G_USEC_PER_SEC;
}

void
signet_clock_set (gint64 now)
{
  frozen = now;
}
