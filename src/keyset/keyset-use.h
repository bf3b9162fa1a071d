/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/prompter.h"
#include "keyset/store.h"

G_BEGIN_DECLS

/* The private keys of KEYSET for one use, one for each ID: (element-type SignetPrivateKey), as signet_keyset_unlock()
 * gives them.  Everybody who needs them for a purpose comes this way, in a thread of a job.
 *
 * Asks as the level says.  High: the password, until it is right or the user gives up; after three wrong ones each try
 * has to wait, longer each time.  Medium: whether PROGRAM may.  Low: nothing.  One question shows at a time; a second
 * use waits for its turn.
 *
 * At High the user may say that the password be remembered, if the keyset allows it (keyset/keyset-memory.h).  Then it
 * serves SIGN, OPEN, TEST and RENEW without being asked for; REVOKE and EXPORT ask always.
 *
 * KEYSET is as the caller saw it last.  When another Signet has changed it meanwhile (its password, perhaps) it opens
 * nothing any more: SIGNET_ERROR_CHANGED; or SIGNET_ERROR_NOT_FOUND.  G_IO_ERROR_CANCELLED when the user says no.
 * Errors of the store: see keyset/store.h; of the prompter: its own, SIGNET_ERROR_WRONG_PASSWORD among them when it
 * cannot ask again. */
GPtrArray *signet_keyset_use (SignetStore *store, SignetKeyset *keyset, const char *program, SignetPurpose purpose,
                              SignetPrompter *prompter, GCancellable *cancellable, GError **error);

G_END_DECLS
