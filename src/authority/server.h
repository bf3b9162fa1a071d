/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/service.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* HTTP around the service (protocol/authority-info.h names the paths).  Runs in the default main context. */
typedef struct _SignetServer SignetServer;

/* SERVICE must outlive it. */
SignetServer *signet_server_new (SignetService *service, GTlsCertificate *certificate);
void signet_server_free (SignetServer *self);

gboolean signet_server_listen (SignetServer *self, const char *address, GError **error);

/* "ADDRESS:PORT" as it is: (transfer full). */
char *signet_server_get_address (SignetServer *self);

void signet_server_set_certificate (SignetServer *self, GTlsCertificate *certificate);

/* Takes no more requests, and is not done before those that it has are answered. */
void signet_server_stop (SignetServer *self);
gboolean signet_server_is_done (SignetServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetServer, signet_server_free)

G_END_DECLS
