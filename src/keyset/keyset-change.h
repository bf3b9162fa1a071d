/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"
#include "keyset/store.h"

G_BEGIN_DECLS

/* What a user does to a keyset after its first day.  Each change is one atomic replacement (or removal) of one stored
 * item, under the store's lock, and works without a network.  KEYSET is as the caller saw it last: when the stored one
 * is another by now, because a second Signet has changed it meanwhile, nothing happens: SIGNET_ERROR_CHANGED; when it
 * is gone, SIGNET_ERROR_NOT_FOUND.  The result is the keyset as it is stored now.
 *
 * PASSWORD is the one of now, at High only: SIGNET_ERROR_WRONG_PASSWORD.
 *
 * Who cancels before the write has changed nothing: G_IO_ERROR_CANCELLED.  Who cancels during it gets its result.
 *
 * Each exists twice: plain, which blocks its thread, for a terminal; and _async/_finish, for windows. */

/* Whether KEYSET is stored as the caller saw it. */
gboolean signet_keysets_check_unchanged (SignetStore *store, SignetKeyset *keyset, GCancellable *cancellable,
                                         GError **error);

/* Puts the keyset under LEVEL, with NEW_PASSWORD at High and only there.  The same level High with another password
 * is a change of password.  The former password opens nothing any more. */
SignetKeyset *signet_keysets_protect (SignetStore *store, SignetKeyset *keyset, SignetSecret *password,
                                      SignetLevel level, SignetSecret *new_password, GCancellable *cancellable,
                                      GError **error);
void signet_keysets_protect_async (SignetStore *store, SignetKeyset *keyset, SignetSecret *password, SignetLevel level,
                                   SignetSecret *new_password, GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
SignetKeyset *signet_keysets_protect_finish (SignetStore *store, GAsyncResult *result, GError **error);

/* NAME is any that the user typed: SIGNET_ERROR_INVALID, and _EXISTS when another keyset has it.  Asks for the
 * password at High because the name is sealed with the keys. */
SignetKeyset *signet_keysets_rename (SignetStore *store, SignetKeyset *keyset, const char *name, SignetSecret *password,
                                     GCancellable *cancellable, GError **error);
void signet_keysets_rename_async (SignetStore *store, SignetKeyset *keyset, const char *name, SignetSecret *password,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
SignetKeyset *signet_keysets_rename_finish (SignetStore *store, GAsyncResult *result, GError **error);

/* Lets the password be remembered for so many minutes after it was entered; 0: never.  At High only, and it asks for
 * the password: SIGNET_ERROR_INVALID when it is at another level, or MINUTES is above SIGNET_MAX_REMEMBER. */
SignetKeyset *signet_keysets_allow_remembering (SignetStore *store, SignetKeyset *keyset, guint minutes,
                                                SignetSecret *password, GCancellable *cancellable, GError **error);
void signet_keysets_allow_remembering_async (SignetStore *store, SignetKeyset *keyset, guint minutes,
                                             SignetSecret *password, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
SignetKeyset *signet_keysets_allow_remembering_finish (SignetStore *store, GAsyncResult *result, GError **error);

/* Lets it be renewed by itself before it runs out, or not.  Below High only: SIGNET_ERROR_INVALID. */
SignetKeyset *signet_keysets_let_renew_itself (SignetStore *store, SignetKeyset *keyset, gboolean itself,
                                               GCancellable *cancellable, GError **error);
void signet_keysets_let_renew_itself_async (SignetStore *store, SignetKeyset *keyset, gboolean itself,
                                            GCancellable *cancellable, GAsyncReadyCallback callback,
                                            gpointer user_data);
SignetKeyset *signet_keysets_let_renew_itself_finish (SignetStore *store, GAsyncResult *result, GError **error);

/* For good.  Needs no password: who has forgotten it must be able to tidy up. */
gboolean signet_keysets_remove (SignetStore *store, SignetKeyset *keyset, GCancellable *cancellable, GError **error);
void signet_keysets_remove_async (SignetStore *store, SignetKeyset *keyset, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
gboolean signet_keysets_remove_finish (SignetStore *store, GAsyncResult *result, GError **error);

/* Takes a change back: FORMER, which was stored before it, stands again where NOW stands since, byte for byte, or
 * (NULL) where the change left nothing.  Needs no password: nothing is sealed anew.  Not for a change of password,
 * whose point is that the former one opens nothing any more.  SIGNET_ERROR_EXISTS when another keyset has its name by
 * now. */
SignetKeyset *signet_keysets_put_back (SignetStore *store, SignetKeyset *former, SignetKeyset *now,
                                       GCancellable *cancellable, GError **error);
void signet_keysets_put_back_async (SignetStore *store, SignetKeyset *former, SignetKeyset *now,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
SignetKeyset *signet_keysets_put_back_finish (SignetStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
