/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The file serve.lock in an authority's folder: held by the one daemon that serves it, for as long as that lives,
 * however it ends.  It also says how the daemon is doing. */
typedef struct {
  gint64 pid;
  char *url;                       /* where it listens */
  gint64 keys;                     /* in its key pool */
} SignetServeState;

typedef struct _SignetServeLock SignetServeLock;

/* SIGNET_ERROR_BUSY when another daemon serves DIRECTORY. */
SignetServeLock *signet_serve_lock_take (const char *directory, GError **error);
void signet_serve_lock_free (SignetServeLock *self);

void signet_serve_lock_describe (SignetServeLock *self, const char *url, guint keys);

/* How the daemon of DIRECTORY is doing; NULL when none runs. */
SignetServeState *signet_serve_state_read (const char *directory);
void signet_serve_state_free (SignetServeState *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetServeLock, signet_serve_lock_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetServeState, signet_serve_state_free)

G_END_DECLS
