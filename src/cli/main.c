/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/process.h"

int
main (int argc, char **argv)
{
  signet_process_init ();
  return 0;
}
