/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Answers of authorities in a folder, a file each, with the time when they were asked for.  Anybody may have written
 * there: what comes out of it is checked like what comes from the network.  Immutable; for several threads and
 * processes. */
typedef struct _SignetRevocationCache SignetRevocationCache;

/* FOLDER is made when it is needed; NULL: signet/revocation below the user's XDG_CACHE_HOME. */
SignetRevocationCache *signet_revocation_cache_new (const char *folder);
SignetRevocationCache *signet_revocation_cache_ref (SignetRevocationCache *self);
void signet_revocation_cache_unref (SignetRevocationCache *self);

/* The name under which an answer lies: KIND, and what it is about. */
char *signet_revocation_cache_make_name (const char *kind, GBytes *subject, const char *url);

/* At most MAX bytes; *FETCHED is when they were asked for, if the file is honest.  NULL when there is nothing. */
GBytes *signet_revocation_cache_load (SignetRevocationCache *self, const char *name, gsize max, gint64 *fetched);

/* Whole or not at all.  The oldest files go when there are too many.  Errors: see base/private-file.h. */
gboolean signet_revocation_cache_save (SignetRevocationCache *self, const char *name, GBytes *answer, gint64 fetched,
                                       GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetRevocationCache, signet_revocation_cache_unref)

G_END_DECLS
