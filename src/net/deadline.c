/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net/deadline.h"

struct _SignetDeadline {
  GMutex mutex;
  GCond changed;
  GThread *thread;
  GCancellable *cancellable;
  gint64 end;               /* monotonic, microseconds */
  gboolean stopped;
  gboolean passed;
};

static gpointer
watch (gpointer data)
{
  SignetDeadline *self = data;
  gboolean passed;

  g_mutex_lock (&self->mutex);
  while (!self->stopped && !self->passed)
    self->passed = !g_cond_wait_until (&self->changed, &self->mutex, self->end);
  passed = self->passed;
  g_mutex_unlock (&self->mutex);

  if (passed)
    g_cancellable_cancel (self->cancellable);
  return NULL;
}

SignetDeadline *
signet_deadline_new (guint seconds, GCancellable *cancellable)
{
  SignetDeadline *self = g_new0 (SignetDeadline, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->cancellable = g_object_ref (cancellable);
  self->end = g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC;
  self->thread = g_thread_new ("deadline", watch, self);
  return self;
}

gboolean
signet_deadline_has_passed (SignetDeadline *self)
{
  g_autoptr (GMutexLocker) lock = g_mutex_locker_new (&self->mutex);

  return self->passed;
}

void
signet_deadline_free (SignetDeadline *self)
{
  g_mutex_lock (&self->mutex);
  self->stopped = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->mutex);
  g_thread_join (self->thread);

  g_object_unref (self->cancellable);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);
  g_free (self);
}
