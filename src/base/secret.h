/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Bytes that must not linger: a password, a private key, a temporary key, or a blob that holds one.  Immutable once
 * shared, counted, kept out of swap (best effort) and of core dumps, and wiped when the last reference goes.
 * The bytes are always followed by a NUL that is not counted, so that text can be passed to C functions. */
typedef struct _SignetSecret SignetSecret;

#define SIGNET_TYPE_SECRET (signet_secret_get_type ())
GType signet_secret_get_type (void);

/* A copy of LENGTH bytes of DATA. */
SignetSecret *signet_secret_new (gconstpointer data, gsize length);

/* A copy of TEXT, without its NUL. */
SignetSecret *signet_secret_new_text (const char *text);

/* LENGTH zero bytes, to be filled through signet_secret_edit() before anybody else sees them. */
SignetSecret *signet_secret_alloc (gsize length);

/* The writable bytes of a secret with one owner; a mistake in the code (asserted) when it is shared. */
guint8 *signet_secret_edit (SignetSecret *self);

SignetSecret *signet_secret_ref (SignetSecret *self);
void signet_secret_unref (SignetSecret *self);

/* The bytes, owned by SELF.  LENGTH may be NULL. */
const guint8 *signet_secret_get (SignetSecret *self, gsize *length);
gsize signet_secret_length (SignetSecret *self);

/* The bytes as text; NULL when they hold a NUL or are not UTF-8. */
const char *signet_secret_get_text (SignetSecret *self);

/* In constant time for equal lengths. */
gboolean signet_secret_equal (SignetSecret *a, SignetSecret *b);

/* Overwrites LENGTH bytes so that the compiler cannot leave it out. */
void signet_wipe (gpointer data, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetSecret, signet_secret_unref)

G_END_DECLS
