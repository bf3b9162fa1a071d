/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/process.h"
#include "ui/application.h"

int
main (int argc, char **argv)
{
  g_autoptr (SignetApplication) application = NULL;

  signet_process_init ();
  application = signet_application_new ();

  return g_application_run (G_APPLICATION (application), argc, argv);
}
