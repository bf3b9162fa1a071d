/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"
#include "keyset/store.h"

G_BEGIN_DECLS

/* Reads every keyset: (element-type SignetKeyset), by name.  One that cannot be read does not hide the others:
 * DAMAGED counts them (may be NULL).  Blocks. */
GPtrArray *signet_keysets_load (SignetStore *store, guint *damaged, GCancellable *cancellable, GError **error);

/* The keyset of that name (signet_keyset_name_equal); NULL without an error when there is none.  Blocks. */
SignetKeyset *signet_keysets_find (SignetStore *store, const char *name, GCancellable *cancellable, GError **error);

/* NAME, or "NAME 2", … when one of KEYSETS has it: (transfer full). */
char *signet_keysets_suggest_name (GPtrArray *keysets, const char *name);

/* Writes one keyset.  The caller holds the store's lock when it read before.  Blocks. */
gboolean signet_keysets_save (SignetStore *store, SignetKeyset *keyset, GCancellable *cancellable, GError **error);

/* The keysets of a store as a GListModel of SignetKeyset, sorted by name, for windows: loads itself in the
 * background and again when the store says "changed". */
#define SIGNET_TYPE_KEYSET_LIST (signet_keyset_list_get_type ())
G_DECLARE_FINAL_TYPE (SignetKeysetList, signet_keyset_list, SIGNET, KEYSET_LIST, GObject)

typedef enum {
  SIGNET_LIST_LOADING,     /* nothing is known yet */
  SIGNET_LIST_READY,
  SIGNET_LIST_FAILED,      /* see the error: SIGNET_ERROR_LOCKED, _NO_STORE, … */
} SignetListState;

SignetKeysetList *signet_keyset_list_new (SignetStore *store);

/* Begins to load (again). */
void signet_keyset_list_reload (SignetKeysetList *self);

/* Signal "notify::state". */
SignetListState signet_keyset_list_get_state (SignetKeysetList *self);
const GError *signet_keyset_list_get_error (SignetKeysetList *self);     /* or NULL */
guint signet_keyset_list_get_damaged (SignetKeysetList *self);           /* items that could not be read */

/* The keyset that came after KEYSET: its older keys hold KEYSET's current encryption key, as they do after a forgotten
 * password.  Owned by SELF; NULL when there is none. */
SignetKeyset *signet_keyset_list_find_successor (SignetKeysetList *self, SignetKeyset *keyset);

/* Asks the desktop to unlock the store, then loads again. */
void signet_keyset_list_unlock (SignetKeysetList *self);

G_END_DECLS
