/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/revocation.h"
#include "enroll/enroller.h"
#include "keyset/prompter.h"

G_BEGIN_DECLS

/* What a user asks of his authority with the key of a digital ID that he has.  KEYSET is as the caller saw it last; a
 * keyset that came from elsewhere has nobody to be asked: SIGNET_ERROR_UNSUPPORTED (signet_keyset_get_renewable).
 *
 * A renewal goes the way of every request, in the same durable steps (enroller.c).  Until the new IDs are in the
 * keyset, at one stroke, it stays as it was; until the authority has heard of that, it lets the old ones be renewed
 * again. */

/* Asks for new IDs with the current key, asking PROMPTER as the keyset's level says, and when the reply comes within
 * some seconds installs it.  The result is what is left to be done, which goes on by itself (a reply that comes later,
 * at High, waits for signet_enroller_finish_renewal()); NULL without an error: nothing, it is renewed, and the
 * authority knows.  SIGNET_ERROR_REFUSED, _EXPIRED, _BUSY (being renewed already, or too early, or too often),
 * _UNTRUSTED and others: nothing was begun.  When the authority cannot be reached that is no error: the result is
 * CREATED, has a problem text, and is tried again.  PROMPTER: NULL for a keyset that renews itself. */
SignetPending *signet_enroller_renew (SignetEnroller *self, SignetKeyset *keyset, const char *program,
                                      SignetPrompter *prompter, GCancellable *cancellable, GError **error);
void signet_enroller_renew_async (SignetEnroller *self, SignetKeyset *keyset, const char *program,
                                  SignetPrompter *prompter, GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);
SignetPending *signet_enroller_renew_finish (SignetEnroller *self, GAsyncResult *result, GError **error);

/* Installs the reply to a renewal that is READY, asking for the password at High.  The keyset as it is now. */
SignetKeyset *signet_enroller_finish_renewal (SignetEnroller *self, const char *pending_id, const char *program,
                                              SignetPrompter *prompter, GCancellable *cancellable, GError **error);
void signet_enroller_finish_renewal_async (SignetEnroller *self, const char *pending_id, const char *program,
                                           SignetPrompter *prompter, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data);
SignetKeyset *signet_enroller_finish_renewal_finish (SignetEnroller *self, GAsyncResult *result, GError **error);

/* Asks the authority to revoke the keyset's digital ID, for one of signet_user_reasons: its certificates and those that
 * it was renewed from or by.  Always asks PROMPTER.  It is done when this returns TRUE; twice does no harm.
 * SIGNET_ERROR_UNREACHABLE, _REFUSED, _UNTRUSTED: it is not. */
gboolean signet_enroller_revoke (SignetEnroller *self, SignetKeyset *keyset, SignetRevocationReason reason,
                                 const char *program, SignetPrompter *prompter, GCancellable *cancellable,
                                 GError **error);
void signet_enroller_revoke_async (SignetEnroller *self, SignetKeyset *keyset, SignetRevocationReason reason,
                                   const char *program, SignetPrompter *prompter, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
gboolean signet_enroller_revoke_finish (SignetEnroller *self, GAsyncResult *result, GError **error);

G_END_DECLS
