/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/fault.h"

#include "config.h"

#include <signal.h>

void
signet_fault_point (const char *name)
{
#ifdef FAULT_POINTS
  if (g_strcmp0 (g_getenv ("SIGNET_FAULT"), name) == 0)
    raise (SIGKILL);
#endif
}
