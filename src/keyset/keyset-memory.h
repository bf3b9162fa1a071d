/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The keysets of which this process remembers the password for a while: as many minutes as the keyset allows
 * (signet_keyset_get_remember), counted from when it was entered, by a clock that goes on while the machine sleeps and
 * that no change of the date moves.  What is remembered is not the password but the key that it was made into for the
 * keyset as it is stored now: of any later form of it, under another password, it opens nothing.
 *
 * It is wiped when the time is over, when it is forgotten here, and when somebody looks for it too late.  The first
 * needs a main loop: a program without one must not remember.  All calls may come from any thread. */
#define SIGNET_TYPE_KEYSET_MEMORY (signet_keyset_memory_get_type ())
G_DECLARE_FINAL_TYPE (SignetKeysetMemory, signet_keyset_memory, SIGNET, KEYSET_MEMORY, GObject)

/* The one of the process.  Signal "changed", on the main context: something was remembered or forgotten. */
SignetKeysetMemory *signet_keyset_memory_get (void);

/* How often everything was forgotten so far: taken when the user has answered, so that a password which he entered
 * before the screen was locked, and which was being tried meanwhile, is not remembered after it. */
guint signet_keyset_memory_get_endings (SignetKeysetMemory *self);

/* Remembers KEY (signet_keyset_derive_key), unless everything was forgotten since ENDINGS were counted, or the keyset
 * does not allow it. */
void signet_keyset_memory_keep (SignetKeysetMemory *self, SignetKeyset *keyset, SignetSecret *key, guint endings);

/* The key of KEYSET; NULL when none is remembered.  One of another form of it is forgotten: (transfer full). */
SignetSecret *signet_keyset_memory_lookup (SignetKeysetMemory *self, SignetKeyset *keyset);

/* Seconds for which KEYSET is still remembered; 0: it is not. */
guint signet_keyset_memory_get_left (SignetKeysetMemory *self, SignetKeyset *keyset);

gboolean signet_keyset_memory_is_empty (SignetKeysetMemory *self);

/* Forgets the keyset of that id; everything; everything but what is in KEYSETS (of SignetKeyset) just as it was. */
void signet_keyset_memory_forget (SignetKeysetMemory *self, const char *id);
void signet_keyset_memory_forget_all (SignetKeysetMemory *self);
void signet_keyset_memory_keep_only (SignetKeysetMemory *self, GListModel *keysets);

G_END_DECLS
