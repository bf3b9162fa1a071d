/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* With "https://ADDRESS:PORT", once connections are accepted. */
typedef void (*SignetDaemonReady) (const char *url);

/* Serves the authority in DIRECTORY until SIGTERM or SIGINT, then finishes what is under way.  LISTEN and
 * CRL_LISTEN, unless NULL, stand for what the settings say. */
gboolean signet_daemon_run (const char *directory, const char *listen, const char *crl_listen, SignetDaemonReady ready,
                            GError **error);

G_END_DECLS
