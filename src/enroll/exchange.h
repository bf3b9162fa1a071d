/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enroll/pending.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The Signet authority's side of the wire: one call, one HTTPS exchange under the pin, nothing stored.  Each blocks.
 * SIGNET_ERROR_UNREACHABLE, _UNTRUSTED, _REFUSED, _BUSY, _NOT_FOUND, _INVALID, _TOO_LARGE, _UNSUPPORTED,
 * G_IO_ERROR_CANCELLED. */
SignetAuthorityInfo *signet_exchange_discover (SignetInvitation *invitation, GCancellable *cancellable, GError **error);

/* LOCATION is where the reply will be, RETRY_AFTER (seconds) when to ask for it. */
gboolean signet_exchange_submit (SignetPending *pending, char **location, gint64 *retry_after,
                                 GCancellable *cancellable, GError **error);

/* ATTACHMENT becomes the reply's, or NULL while there is none: then RETRY_AFTER says when to ask again. */
gboolean signet_exchange_poll (SignetPending *pending, GBytes **attachment, gint64 *retry_after,
                               GCancellable *cancellable, GError **error);

gboolean signet_exchange_confirm (SignetPending *pending, GCancellable *cancellable, GError **error);

G_END_DECLS
