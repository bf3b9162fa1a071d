/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enroll/pending.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The Signet authority's side of the wire: one call, one HTTPS exchange under the pin, nothing stored.  Each blocks.
 * SIGNET_ERROR_UNREACHABLE, _UNTRUSTED, _REFUSED, _BUSY, _NOT_FOUND, _INVALID, _TOO_LARGE, _UNSUPPORTED,
 * G_IO_ERROR_CANCELLED. */
SignetAuthorityInfo *signet_exchange_discover (SignetInvitation *invitation, GCancellable *cancellable, GError **error);

/* What the server lets know besides its answer; also set where there is an error, which may be what it answered. */
typedef struct {
  gint64 retry_after;         /* seconds until it wants to be asked again; 0: it does not say */
  gboolean sent;              /* some of what was asked may have reached it */
} SignetExchangeNote;

/* LOCATION is where the reply will be. */
gboolean signet_exchange_submit (SignetPending *pending, char **location, SignetExchangeNote *note,
                                 GCancellable *cancellable, GError **error);

/* ATTACHMENT becomes the reply's, or NULL while there is none. */
gboolean signet_exchange_poll (SignetPending *pending, GBytes **attachment, SignetExchangeNote *note,
                               GCancellable *cancellable, GError **error);

/* BODY (protocol/revocation-request.h) to the authority at SERVER, a URL. */
gboolean signet_exchange_revoke (const char *server, GBytes *pin, GBytes *body, GCancellable *cancellable,
                                 GError **error);

gboolean signet_exchange_confirm (SignetPending *pending, SignetExchangeNote *note, GCancellable *cancellable,
                                  GError **error);

G_END_DECLS
