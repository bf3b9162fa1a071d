/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/writer.h"

#define MAX_BATCH 128              /* changes in one transaction: the first must not wait for ever more of them */

typedef struct {
  SignetWriteFunc write;           /* NULL: stop */
  SignetWriteDone done;
  gpointer data;
  GError *error;
} Change;

struct _SignetWriter {
  SignetDatabase *database;
  GAsyncQueue *queue;
  GThread *thread;
};

/* FALSE when the whole transaction is no longer sound; a change that failed alone keeps its error to itself. */
static gboolean
apply (SignetWriter *self, Change *change, GError **error)
{
  if (!signet_database_begin_part (self->database, error))
    return FALSE;

  gboolean written = change->write (self->database, change->data, &change->error);
  return signet_database_end_part (self->database, written, error);
}

static gboolean
apply_batch (SignetWriter *self, GPtrArray *batch, GError **error)
{
  if (!signet_database_begin (self->database, error))
    return FALSE;
  for (guint i = 0; i < batch->len; i++) {
    if (!apply (self, batch->pdata[i], error)) {
      signet_database_rollback (self->database);
      return FALSE;
    }
  }
  return signet_database_commit (self->database, error);
}

/* All or none of those that were written. */
static void
write_batch (SignetWriter *self, GPtrArray *batch)
{
  g_autoptr (GError) error = NULL;

  apply_batch (self, batch, &error);
  for (guint i = 0; i < batch->len; i++) {
    Change *change = batch->pdata[i];

    if (error != NULL && change->error == NULL)
      change->error = g_error_copy (error);
    change->done (change->data, change->error);
    g_clear_error (&change->error);
    g_free (change);
  }
}

static gpointer
run (gpointer data)
{
  SignetWriter *self = data;
  g_autoptr (GPtrArray) batch = g_ptr_array_new ();
  gboolean stopping = FALSE;

  while (!stopping) {
    Change *change = g_async_queue_pop (self->queue);

    for (; change != NULL && change->write != NULL;
         change = batch->len < MAX_BATCH ? g_async_queue_try_pop (self->queue) : NULL)
      g_ptr_array_add (batch, change);
    stopping = change != NULL;
    g_free (change);
    if (batch->len > 0)
      write_batch (self, batch);
    g_ptr_array_set_size (batch, 0);
  }
  return NULL;
}

SignetWriter *
signet_writer_new (SignetDatabase *database)
{
  SignetWriter *self = g_new0 (SignetWriter, 1);

  self->database = database;
  self->queue = g_async_queue_new ();
  self->thread = g_thread_new ("writer", run, self);
  return self;
}

void
signet_writer_free (SignetWriter *self)
{
  signet_writer_push (self, NULL, NULL, NULL);
  g_thread_join (self->thread);
  g_async_queue_unref (self->queue);
  signet_database_free (self->database);
  g_free (self);
}

void
signet_writer_push (SignetWriter *self, SignetWriteFunc write, SignetWriteDone done, gpointer data)
{
  Change *change = g_new0 (Change, 1);

  change->write = write;
  change->done = done;
  change->data = data;
  g_async_queue_push (self->queue, change);
}

typedef struct {
  SignetWriteFunc write;
  gpointer data;
  GMutex lock;
  GCond finished_cond;
  gboolean finished;               /* under lock */
  GError *error;
} Wait;

static gboolean
write_waited (SignetDatabase *database, gpointer data, GError **error)
{
  Wait *wait = data;

  return wait->write (database, wait->data, error);
}

static void
finish_waited (gpointer data, const GError *error)
{
  Wait *wait = data;

  g_mutex_lock (&wait->lock);
  wait->error = error != NULL ? g_error_copy (error) : NULL;
  wait->finished = TRUE;
  g_cond_signal (&wait->finished_cond);
  g_mutex_unlock (&wait->lock);
}

gboolean
signet_writer_run (SignetWriter *self, SignetWriteFunc write, gpointer data, GError **error)
{
  Wait wait = { write, data, { 0 }, { 0 }, FALSE, NULL };

  g_mutex_init (&wait.lock);
  g_cond_init (&wait.finished_cond);
  signet_writer_push (self, write_waited, finish_waited, &wait);
  g_mutex_lock (&wait.lock);
  while (!wait.finished)
    g_cond_wait (&wait.finished_cond, &wait.lock);
  g_mutex_unlock (&wait.lock);
  g_mutex_clear (&wait.lock);
  g_cond_clear (&wait.finished_cond);
  if (wait.error == NULL)
    return TRUE;
  g_propagate_error (error, wait.error);
  return FALSE;
}
