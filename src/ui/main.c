/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/process.h"
#include "base/secret.h"
#include "ui/application.h"

#include <string.h>

/* A copy of the arguments.  The link of an invitation holds a temporary key, and every user of the machine can read the
 * arguments of a process: of the original ones no link is left. */
static char **
take_arguments (char **argv)
{
  char **copy = g_strdupv (argv);

  for (guint i = 1; argv[i]; i++)
    if (g_ascii_strncasecmp (argv[i], "signet:", 7) == 0)
      signet_wipe (argv[i], strlen (argv[i]));

  return copy;
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) arguments = take_arguments (argv);
  g_autoptr (SignetApplication) application = NULL;

  signet_process_init ();
  application = signet_application_new ();

  return g_application_run (G_APPLICATION (application), argc, arguments);
}
