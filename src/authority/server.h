/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/service.h"
#include "authority/tls-credentials.h"

G_BEGIN_DECLS

/* HTTP around the service (protocol/authority-info.h names the paths).  Runs in the default main context. */
typedef struct _SignetServer SignetServer;

/* SERVICE must outlive it. */
SignetServer *signet_server_new (SignetService *service, SignetTlsCredentials *credentials);
void signet_server_free (SignetServer *self);

gboolean signet_server_listen (SignetServer *self, const char *address, GError **error);

/* "ADDRESS:PORT" as it is: (transfer full). */
char *signet_server_get_address (SignetServer *self);

/* For connections from now on. */
void signet_server_set_credentials (SignetServer *self, SignetTlsCredentials *credentials);

/* Takes no more requests, and is not done before those that it has are answered. */
void signet_server_stop (SignetServer *self);
gboolean signet_server_is_done (SignetServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetServer, signet_server_free)

G_END_DECLS
