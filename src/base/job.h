/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Slow, linear code kept off the main loop.  FUNC runs in a thread on DATA, which nobody else changes meanwhile, and
 * returns a result or sets ERROR.  When CANCELLABLE is cancelled the caller is told at once, even while a system
 * service hangs below FUNC, unless FUNC has committed; FUNC itself looks at its cancellable before each step that would
 * last. */
typedef gpointer (*SignetJobFunc) (gpointer source, gpointer data, GCancellable *cancellable, GError **error);

void signet_job_run (gpointer source, gpointer tag, SignetJobFunc func, gpointer data, GDestroyNotify data_free,
                     GDestroyNotify result_free, GCancellable *cancellable, GAsyncReadyCallback callback,
                     gpointer user_data);

/* Called by FUNC before the step that must not be half known: from here on the caller waits for the result, whatever
 * becomes of its cancellable.  G_IO_ERROR_CANCELLED when that has been cancelled already: FUNC then does nothing more.
 * Outside of a job it just looks at the cancellable. */
gboolean signet_job_commit (GCancellable *cancellable, GError **error);

/* The result of the job begun with TAG: (transfer full). */
gpointer signet_job_finish (gpointer source, GAsyncResult *result, gpointer tag, GError **error);

G_END_DECLS
