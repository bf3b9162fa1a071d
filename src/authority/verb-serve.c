/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/verbs.h"

#include "authority/daemon.h"
#include "base/i18n.h"

#include <stdio.h>

/* Whoever started the daemon waits for this line, and reads the port in it: it is the same in every language. */
static void
ready (const char *url)
{
  printf ("Serving %s\n", url);
  fflush (stdout);
}

gboolean
signet_verb_serve (int count, char **arguments, GError **error)
{
  g_autofree char *listen = NULL, *crl_listen = NULL;
  const GOptionEntry entries[] = {
    { "listen", 0, 0, G_OPTION_ARG_STRING, &listen,
      N_("Where to listen, instead of what the settings say; port 0: a free one"), N_("ADDRESS:PORT") },
    { "crl-listen", 0, 0, G_OPTION_ARG_STRING, &crl_listen,
      N_("Where to offer the list of revoked certificates; none: nowhere"), N_("ADDRESS:PORT") },
    { NULL },
  };

  if (!signet_verb_parse (entries, "DIR", 1, &count, &arguments, error))
    return FALSE;

  g_autofree char *directory = g_canonicalize_filename (arguments[1], NULL);
  return signet_daemon_run (directory, listen, crl_listen, ready, error);
}
