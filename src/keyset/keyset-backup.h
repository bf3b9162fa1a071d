/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"
#include "keyset/store.h"

G_BEGIN_DECLS

/* All keysets in one file, as they are: names, levels, key histories.  The file has a password of its own; a keyset at
 * High stays sealed under its own password within, which must be known, too, to use its keys.  Big endian:
 *
 *   8 bytes "SIGNETBK" | u32 version = 1 | box of crypto/password-lock.h | 32 bytes SHA-256 of all before
 *
 * What is before the box is authenticated with it.  In the box, for each keyset: u32 length, its stored form
 * (keyset/keyset-format.c).  Requests that are on their way are not in it: they belong to one computer. */

/* Every keyset of the store.  DAMAGED counts those that cannot be read and so are not in it (may be NULL).  Slow: in a
 * thread.  SIGNET_ERROR_NOT_FOUND (there is none), _INVALID (empty or too long password), _TOO_LARGE, and what the
 * store says. */
SignetSecret *signet_keysets_back_up (SignetStore *store, SignetSecret *password, guint *damaged,
                                      GCancellable *cancellable, GError **error);

/* Whether FILE begins as a backup does. */
gboolean signet_backup_is_one (SignetSecret *file);

/* The keysets of a backup: (element-type SignetKeyset) each. */
typedef struct {
  GPtrArray *all;          /* every one of them is also in one of the following */
  GPtrArray *restored;     /* or to be restored */
  GPtrArray *same;         /* in the store already, exactly so */
  GPtrArray *different;    /* there, but changed since or before: the one in the store stays */
  GPtrArray *name_taken;   /* another keyset of the store has this name: it stays, and this one is not restored */
} SignetRestored;

void signet_restored_free (SignetRestored *self);

/* What restoring FILE would do.  Changes nothing.  Slow: in a thread.
 *
 * SIGNET_ERROR_WRONG_PASSWORD, _DAMAGED, _INVALID (no backup), _UNSUPPORTED (of a newer version), _TOO_LARGE, and what
 * the store says. */
SignetRestored *signet_keysets_open_backup (SignetStore *store, SignetSecret *file, SignetSecret *password,
                                            GCancellable *cancellable, GError **error);

/* Puts those of KEYSETS (element-type SignetKeyset) into the store that are not in it.  Nothing that is there is
 * changed: whoever wants the one of the backup removes or renames his own first.  Each keyset is one durable step; a
 * second run goes on where a first one was cut.  Blocks; with what the store says. */
SignetRestored *signet_keysets_restore (SignetStore *store, GPtrArray *keysets, GCancellable *cancellable,
                                        GError **error);

/* The same for windows. */
void signet_keysets_back_up_async (SignetStore *store, SignetSecret *password, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
SignetSecret *signet_keysets_back_up_finish (SignetStore *store, GAsyncResult *result, guint *damaged, GError **error);
void signet_keysets_open_backup_async (SignetStore *store, SignetSecret *file, SignetSecret *password,
                                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
SignetRestored *signet_keysets_open_backup_finish (SignetStore *store, GAsyncResult *result, GError **error);
void signet_keysets_restore_async (SignetStore *store, GPtrArray *keysets, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
SignetRestored *signet_keysets_restore_finish (SignetStore *store, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetRestored, signet_restored_free)

G_END_DECLS
