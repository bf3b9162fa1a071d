/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset-health.h"
#include "keyset/prompter.h"
#include "keyset/store.h"
#include "revocation/cache.h"

G_BEGIN_DECLS

/* The findings about KEYSET (see keyset/keyset-health.h), for PROGRAM: asks the user for the keys as its level says,
 * and the authorities of the current IDs, now, whether these still count.  A user who says no to the keys still learns
 * all the rest.  Blocks its thread.  Errors: see keyset/keyset-use.h; a keyset that is damaged is a finding. */
GPtrArray *signet_keyset_test (SignetStore *store, SignetKeyset *keyset, const char *program, SignetPrompter *prompter,
                               SignetRevocationCache *cache, GCancellable *cancellable, GError **error);

G_END_DECLS
