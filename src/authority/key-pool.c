/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/key-pool.h"

#include <sys/resource.h>
#include <unistd.h>

struct _SignetKeyPool {
  SignetKeyAlgorithm algorithm;
  guint size;
  GThread *thread;                 /* NULL: keys are made when asked for */
  GMutex lock;
  GCond changed;
  GQueue keys;                     /* under lock */
  gboolean stopping;               /* under lock */
};

static gboolean
is_slow (SignetKeyAlgorithm algorithm)
{
  return algorithm == SIGNET_KEY_RSA_3072 || algorithm == SIGNET_KEY_RSA_4096;
}

static SignetPrivateKey *
generate (SignetKeyPool *self)
{
  g_autoptr (GError) error = NULL;
  SignetPrivateKey *key = signet_private_key_generate (self->algorithm, &error);

  if (key == NULL)
    g_error ("No encryption key can be made: %s", error->message); /* the random source is broken: nothing is safe */
  return key;
}

/* Answering users comes first: on Linux, a priority is the thread's own (setpriority(2), "C library/kernel
 * differences"). */
static gpointer
fill (gpointer data)
{
  SignetKeyPool *self = data;

  (void) setpriority (PRIO_PROCESS, gettid (), 19);
  g_mutex_lock (&self->lock);
  while (!self->stopping) {
    if (self->keys.length >= self->size) {
      g_cond_wait (&self->changed, &self->lock);
      continue;
    }
    g_mutex_unlock (&self->lock);
    SignetPrivateKey *key = generate (self);
    g_mutex_lock (&self->lock);
    g_queue_push_tail (&self->keys, key);
    g_cond_broadcast (&self->changed);
  }
  g_mutex_unlock (&self->lock);
  return NULL;
}

SignetKeyPool *
signet_key_pool_new (SignetKeyAlgorithm algorithm, guint size)
{
  SignetKeyPool *self = g_new0 (SignetKeyPool, 1);

  self->algorithm = algorithm;
  self->size = size;
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_queue_init (&self->keys);
  if (is_slow (algorithm))
    self->thread = g_thread_new ("key-pool", fill, self);
  return self;
}

void
signet_key_pool_free (SignetKeyPool *self)
{
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&self->thread, g_thread_join);
  g_queue_clear_full (&self->keys, (GDestroyNotify) signet_private_key_unref);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

SignetPrivateKey *
signet_key_pool_try_take (SignetKeyPool *self)
{
  if (self->thread == NULL)
    return generate (self);

  g_mutex_lock (&self->lock);
  SignetPrivateKey *key = g_queue_pop_head (&self->keys);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  return key;
}

static void
wake (GCancellable *cancellable, SignetKeyPool *self)
{
  g_mutex_lock (&self->lock);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

SignetPrivateKey *
signet_key_pool_take (SignetKeyPool *self, GCancellable *cancellable)
{
  SignetPrivateKey *key = NULL;
  gulong handler = g_cancellable_connect (cancellable, G_CALLBACK (wake), self, NULL);

  while (key == NULL && !g_cancellable_is_cancelled (cancellable)) {
    key = signet_key_pool_try_take (self);
    if (key != NULL)
      break;
    g_mutex_lock (&self->lock);
    if (self->keys.length == 0 && !g_cancellable_is_cancelled (cancellable))
      g_cond_wait (&self->changed, &self->lock);
    g_mutex_unlock (&self->lock);
  }
  g_cancellable_disconnect (cancellable, handler);
  return key;
}

guint
signet_key_pool_count (SignetKeyPool *self)
{
  g_mutex_lock (&self->lock);
  guint count = self->keys.length;
  g_mutex_unlock (&self->lock);
  return count;
}
