/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/authority.h"

G_BEGIN_DECLS

/* The plain HTTP server of the list of revoked certificates and the CA certificates.  RFC 5280 section 8 says why
 * it is not HTTPS; all of it is signed. */
typedef struct _SignetCrlServer SignetCrlServer;

/* AUTHORITY must outlive it. */
SignetCrlServer *signet_crl_server_new (SignetAuthority *authority, GBytes *crl);
void signet_crl_server_free (SignetCrlServer *self);

gboolean signet_crl_server_listen (SignetCrlServer *self, const char *address, GError **error);

void signet_crl_server_set_crl (SignetCrlServer *self, GBytes *crl);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetCrlServer, signet_crl_server_free)

G_END_DECLS
