/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/authority.h"

G_BEGIN_DECLS

/* The requests that were accepted when no encryption key was at hand.  A thread answers them, oldest first, as keys
 * come: also those that an earlier run of the program left. */
typedef struct _SignetBacklog SignetBacklog;

/* Called in the backlog's thread after each answer. */
typedef void (*SignetBacklogFunc) (gpointer data);

SignetBacklog *signet_backlog_new (SignetAuthority *authority, SignetBacklogFunc answered, gpointer data);

/* Stops after the answer that it is at. */
void signet_backlog_free (SignetBacklog *self);

/* Requests may have been queued. */
void signet_backlog_wake (SignetBacklog *self);

/* Whether none waits, as far as is known; new requests go behind those that do. */
gboolean signet_backlog_is_empty (SignetBacklog *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetBacklog, signet_backlog_free)

G_END_DECLS
