/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/authority.h"
#include "authority/backlog.h"
#include "authority/call.h"
#include "authority/database.h"
#include "protocol/request.h"

G_BEGIN_DECLS

/* One request on its way in: judged and answered in a worker's thread, written by the writer. */
typedef struct _SignetSubmission SignetSubmission;

/* In the writer's thread or the caller's: CALL holds the answer.  ISSUED: a reply is there to be delivered; QUEUED: the
 * request waits for a key. */
typedef void (*SignetSubmissionDone) (SignetCall *call, gboolean issued, gboolean queued, gpointer data);

/* Takes in the request of CALL (SIGNET_CALL_SUBMIT).  The answer depends on what CALL brings alone, never on whether
 * its address exists:
 *
 *   202  accepted, or accepted before: the same id, the same bytes, the same temporary key
 *   400, 403, 422  the request itself is wrong; the temporary key has not been used up
 *   401  address and temporary key are not an open invitation
 *   409  another request has this id
 *   429  the address is locked after too many wrong keys
 *   503  the database cannot be written */
void signet_submission_run (SignetAuthority *authority, SignetBacklog *backlog, SignetCall *call,
                            SignetSubmissionDone done, gpointer data);

/* The answer to whoever brings no open invitation, always the same one. */
void signet_submission_refuse_stranger (SignetCall *call);

/* What is kept of REQUEST, whose bytes have DIGEST, until its reply has been fetched; without the bytes. */
SignetRequestRecord *signet_submission_make_record (const SignetSettings *settings, const SignetRequest *request,
                                                    GBytes *digest, gint64 now);

G_END_DECLS
