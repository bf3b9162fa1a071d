/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A time after which a cancellable is cancelled, kept by a thread of its own: the thread that talks to a server reads
 * without a main loop, and a server that floods could hold it inside one turn of one. */
typedef struct _SignetDeadline SignetDeadline;

/* Cancels CANCELLABLE in SECONDS from now, unless freed before. */
SignetDeadline *signet_deadline_new (guint seconds, GCancellable *cancellable);
gboolean signet_deadline_has_passed (SignetDeadline *self);
void signet_deadline_free (SignetDeadline *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetDeadline, signet_deadline_free)

G_END_DECLS
