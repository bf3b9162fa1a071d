/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/authority.h"
#include "authority/call.h"

G_BEGIN_DECLS

/* In the writer's thread or the caller's: CALL holds the answer. */
typedef void (*SignetRevokeDone) (SignetCall *call, gpointer data);

/* A user takes his digital ID back (SIGNET_CALL_REVOKE): the one that signed the request, and whatever else came with
 * it or by renewals from it, before or after; for whoever has one of these keys may have renewed it himself.
 *
 *   204  revoked, or revoked before; the next list of revoked certificates, seconds later, says so
 *   400, 422  the request itself is wrong
 *   403  the certificate is none of this authority's for this address, or has expired
 *   503  the database cannot be written */
void signet_revoke_by_user (SignetAuthority *authority, SignetCall *call, SignetRevokeDone done, gpointer data);

G_END_DECLS
