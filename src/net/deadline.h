/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A time after which a cancellable is cancelled, kept by a thread of its own: a server that floods can hold the thread
 * that talks to it inside one turn of its main loop, where no timeout source is ever dispatched. */
typedef struct _SignetDeadline SignetDeadline;

/* Cancels CANCELLABLE in SECONDS from now, unless freed before. */
SignetDeadline *signet_deadline_new (guint seconds, GCancellable *cancellable);
gboolean signet_deadline_has_passed (SignetDeadline *self);
void signet_deadline_free (SignetDeadline *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetDeadline, signet_deadline_free)

G_END_DECLS
