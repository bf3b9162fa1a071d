/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/submission.h"

G_BEGIN_DECLS

/* Takes in a renewal (SIGNET_CALL_SUBMIT without address and temporary key): a request that the user's current signing
 * key has signed.  It is answered as any other, with new certificates and a new encryption key, which is archived; the
 * old certificates stay good until they run out, also when the new ones are confirmed: a list of revoked certificates
 * that named them would put mail in doubt that was signed in good time.  Only renewed they cannot be again.
 *
 *   202  accepted, or accepted before: the same id, the same bytes
 *   400, 422  the request itself is wrong
 *   401  it is no renewal, and brings no temporary key either
 *   403  its certificate is not one of this authority's that is good, or not the user's current one
 *   409  another request has this id
 *   429  too early, or too often; Retry-After says when
 *   503  the database cannot be written */
void signet_renewal_run (SignetAuthority *authority, SignetBacklog *backlog, SignetCall *call,
                         SignetSubmissionDone done, gpointer data);

G_END_DECLS
