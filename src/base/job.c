/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/job.h"

typedef struct {
  SignetJobFunc func;
  gpointer data;
  GDestroyNotify data_free;
  GDestroyNotify result_free;
} Job;

static GPrivate current_task;     /* the GTask whose FUNC this thread runs; or NULL */

static void
job_free (gpointer data)
{
  Job *job = data;

  if (job->data_free != NULL)
    job->data_free (job->data);
  g_free (job);
}

static void
run (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;

  g_private_set (&current_task, task);
  gpointer result = job->func (source, job->data, cancellable, &error);
  g_private_set (&current_task, NULL);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, result, job->result_free);
}

void
signet_job_run (gpointer source, gpointer tag, SignetJobFunc func, gpointer data, GDestroyNotify data_free,
                GDestroyNotify result_free, GCancellable *cancellable, GAsyncReadyCallback callback,
                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->func = func;
  job->data = data;
  job->data_free = data_free;
  job->result_free = result_free;
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, job, job_free);
  if (g_task_return_error_if_cancelled (task))
    return;
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, run);
}

gboolean
signet_job_commit (GCancellable *cancellable, GError **error)
{
  GTask *task = g_private_get (&current_task);

  if (task != NULL && !g_task_set_return_on_cancel (task, FALSE)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The caller has been told that it is cancelled");
    return FALSE;
  }
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

gpointer
signet_job_finish (gpointer source, GAsyncResult *result, gpointer tag, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == tag, NULL);

  if (!g_task_get_return_on_cancel (G_TASK (result)))      /* committed: what was done is the result */
    g_task_set_check_cancellable (G_TASK (result), FALSE);
  return g_task_propagate_pointer (G_TASK (result), error);
}
