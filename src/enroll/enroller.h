/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enroll/pending.h"
#include "enroll/reply-offer.h"
#include "keyset/keyset.h"

G_BEGIN_DECLS

/* The client's side of getting a digital ID, one durable step at a time.  Every step exists twice: plain, which blocks
 * its thread, for a terminal; and _async/_finish, for windows.  Safe to use from several threads and, over the store's
 * lock, from several processes. */
#define SIGNET_TYPE_ENROLLER (signet_enroller_get_type ())
G_DECLARE_FINAL_TYPE (SignetEnroller, signet_enroller, SIGNET, ENROLLER, GObject)

SignetEnroller *signet_enroller_new (SignetStore *store);
SignetStore *signet_enroller_get_store (SignetEnroller *self);

/* 1. Whom would the user trust?  Asks the invitation's authority, over TLS under the invitation's pin.  Nothing secret
 * is sent.  SIGNET_ERROR_UNTRUSTED, _UNREACHABLE, _NOT_FOUND (no authority there), _INVALID, _UNSUPPORTED. */
SignetAuthorityInfo *signet_enroller_discover (SignetEnroller *self, SignetInvitation *invitation,
                                               GCancellable *cancellable, GError **error);
void signet_enroller_discover_async (SignetEnroller *self, SignetInvitation *invitation, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
SignetAuthorityInfo *signet_enroller_discover_finish (SignetEnroller *self, GAsyncResult *result, GError **error);

/* 2. Makes the keys, stores the pending request, sends it.  When KEYSET_NAME names a keyset at High, PASSWORD must be
 * its password (SIGNET_ERROR_WRONG_PASSWORD, also when it is NULL): nothing is sent then and nothing changes.
 * SIGNET_ERROR_REFUSED (temporary key), _BUSY (too many wrong keys: the text says until when), _NOT_FOUND (no authority
 * there), _UNTRUSTED, and a cancel before anything has left: nothing is kept.  When the server cannot be reached, or
 * its answer does not say whether it has the request, that is no error: the result is CREATED, has a problem text, and
 * is tried again.  A cancel after the request has left keeps it, too. */
SignetPending *signet_enroller_request (SignetEnroller *self, SignetInvitation *invitation, SignetAuthorityInfo *info,
                                        const char *keyset_name, SignetSecret *password, GCancellable *cancellable,
                                        GError **error);
void signet_enroller_request_async (SignetEnroller *self, SignetInvitation *invitation, SignetAuthorityInfo *info,
                                    const char *keyset_name, SignetSecret *password, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
SignetPending *signet_enroller_request_finish (SignetEnroller *self, GAsyncResult *result, GError **error);

/* The name offered for a new keyset: NAME, or "NAME 2", … when it is taken. */
char *signet_enroller_suggest_name (SignetEnroller *self, const char *name, GCancellable *cancellable, GError **error);
void signet_enroller_suggest_name_async (SignetEnroller *self, const char *name, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
char *signet_enroller_suggest_name_finish (SignetEnroller *self, GAsyncResult *result, GError **error);

/* The keyset of that name; NULL without an error when the name is free. */
SignetKeyset *signet_enroller_find_keyset (SignetEnroller *self, const char *name, GCancellable *cancellable,
                                           GError **error);
void signet_enroller_find_keyset_async (SignetEnroller *self, const char *name, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
SignetKeyset *signet_enroller_find_keyset_finish (SignetEnroller *self, GAsyncResult *result, GError **error);

/* 3. Takes a pending request one step on: sends it (a refused one once more), asks for its reply, or tells the
 * authority that it is installed.  The result is its new state; NULL without an error when it is done and gone.  A
 * server that cannot be reached is no error but a problem in the result. */
SignetPending *signet_enroller_check (SignetEnroller *self, const char *pending_id, GCancellable *cancellable,
                                      GError **error);
void signet_enroller_check_async (SignetEnroller *self, const char *pending_id, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
SignetPending *signet_enroller_check_finish (SignetEnroller *self, GAsyncResult *result, GError **error);

/* 4. Opens a reply: the bytes that the user opened (a mail or its attachment), or that of a pending request that is
 * READY.  Changes nothing.  SIGNET_ERROR_NOT_FOR_US, _REMOVED, _ALREADY_INSTALLED (the text says when and where),
 * _DAMAGED, _UNTRUSTED, _EXPIRED, _INVALID. */
SignetReplyOffer *signet_enroller_open (SignetEnroller *self, GBytes *message, GCancellable *cancellable,
                                        GError **error);
void signet_enroller_open_async (SignetEnroller *self, GBytes *message, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
SignetReplyOffer *signet_enroller_open_finish (SignetEnroller *self, GAsyncResult *result, GError **error);
SignetReplyOffer *signet_enroller_open_pending (SignetEnroller *self, const char *pending_id,
                                                GCancellable *cancellable, GError **error);
void signet_enroller_open_pending_async (SignetEnroller *self, const char *pending_id, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
SignetReplyOffer *signet_enroller_open_pending_finish (SignetEnroller *self, GAsyncResult *result, GError **error);

/* 5. Installs it into the keyset KEYSET_NAME.
 * A new name makes a keyset at LEVEL, with PASSWORD at High.  An existing keyset takes the IDs in when ADD is TRUE:
 * LEVEL must be its level and, at High, PASSWORD its password (SIGNET_ERROR_WRONG_PASSWORD); with ADD FALSE an existing
 * name is SIGNET_ERROR_EXISTS, with ADD TRUE a missing one _NOT_FOUND.  When it returns the keyset is durable; the
 * authority is told by the next check. */
SignetKeyset *signet_enroller_install (SignetEnroller *self, SignetReplyOffer *offer, const char *keyset_name,
                                       gboolean add, SignetLevel level, SignetSecret *password,
                                       GCancellable *cancellable, GError **error);
void signet_enroller_install_async (SignetEnroller *self, SignetReplyOffer *offer, const char *keyset_name,
                                    gboolean add, SignetLevel level, SignetSecret *password, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
SignetKeyset *signet_enroller_install_finish (SignetEnroller *self, GAsyncResult *result, GError **error);

/* Removes a pending request, which is returned; a reply that still comes is then SIGNET_ERROR_REMOVED. */
SignetPending *signet_enroller_remove (SignetEnroller *self, const char *pending_id, GCancellable *cancellable,
                                       GError **error);
void signet_enroller_remove_async (SignetEnroller *self, const char *pending_id, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
SignetPending *signet_enroller_remove_finish (SignetEnroller *self, GAsyncResult *result, GError **error);

/* Takes a removal back: REMOVED, what it returned, is pending again, with its keys.  SIGNET_ERROR_CHANGED when it is
 * there already, _NOT_FOUND when no marker of it is left.  Returns REMOVED. */
SignetPending *signet_enroller_put_back (SignetEnroller *self, SignetPending *removed, GCancellable *cancellable,
                                         GError **error);
void signet_enroller_put_back_async (SignetEnroller *self, SignetPending *removed, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
SignetPending *signet_enroller_put_back_finish (SignetEnroller *self, GAsyncResult *result, GError **error);

/* Every pending request but the REMOVED ones, the oldest first: (element-type SignetPending). */
GPtrArray *signet_enroller_list (SignetEnroller *self, GCancellable *cancellable, GError **error);
void signet_enroller_list_async (SignetEnroller *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
GPtrArray *signet_enroller_list_finish (SignetEnroller *self, GAsyncResult *result, GError **error);

G_END_DECLS
