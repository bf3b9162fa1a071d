/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enroll/pending.h"
#include "keyset/keyset.h"

G_BEGIN_DECLS

/* The requests as they lie in the store.  All calls block, with the errors of keyset/store.h. */

/* Every request that can be read, removed ones included, as it was stored: (element-type SignetPending). */
GPtrArray *signet_pendings_load (SignetStore *store, GCancellable *cancellable, GError **error);

/* Every request but the removed ones, as it really stands (CONFIRMING when its reply is in a keyset already), the
 * oldest first: (element-type SignetPending). */
GPtrArray *signet_pendings_list (SignetStore *store, GCancellable *cancellable, GError **error);

/* One request, removed or not, as it really stands.  SIGNET_ERROR_NOT_FOUND. */
SignetPending *signet_pendings_find (SignetStore *store, const char *id, GCancellable *cancellable, GError **error);

gboolean signet_pendings_save (SignetStore *store, SignetPending *pending, GCancellable *cancellable, GError **error);

/* Puts NEXT in the place of FORMER, unless another Signet has changed it meanwhile: the result is what is stored then.
 * SIGNET_ERROR_NOT_FOUND when it is gone. */
SignetPending *signet_pendings_replace (SignetStore *store, SignetPending *former, SignetPending *next,
                                        GCancellable *cancellable, GError **error);

/* Removes PENDING without a marker, unless another Signet has changed it meanwhile. */
gboolean signet_pendings_forget (SignetStore *store, SignetPending *pending, GCancellable *cancellable, GError **error);

/* The keyset that the reply to this reply key has been installed into; NULL without an error when there is none. */
SignetKeyset *signet_pendings_find_installed (SignetStore *store, GBytes *reply_id, GCancellable *cancellable,
                                              GError **error);

G_END_DECLS
