/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/process.h"

#include "base/i18n.h"
#include "config.h"

#include <locale.h>
#include <sys/prctl.h>
#include <sys/resource.h>

void
signet_process_init (void)
{
  const struct rlimit none = { 0, 0 };

  (void) setrlimit (RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__            /* the leak checker must be able to look at its own process */
  (void) prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif

  /* glib-networking 2.74 resumes TLS sessions across connections without asking again whom they trust; and a priority
   * of one's own replaces its default, which is what leaves the versions before 1.2 out. */
  g_setenv ("G_TLS_GNUTLS_PRIORITY", "NORMAL:%COMPAT:%NO_TICKETS:-VERS-TLS1.1:-VERS-TLS1.0", TRUE);

  /* HTTP/2 is young in libsoup 3.2, and nothing here needs it. */
  g_setenv ("SOUP_FORCE_HTTP1", "1", TRUE);

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, g_getenv ("SIGNET_LOCALEDIR") ? g_getenv ("SIGNET_LOCALEDIR") : LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}
