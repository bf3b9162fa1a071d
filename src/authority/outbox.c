/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/outbox.h"

#include "authority/maildir.h"
#include "authority/sendmail.h"
#include "authority/smtp.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"

#include <sys/resource.h>
#include <unistd.h>

#define BATCH 16                   /* deliveries between two records of them */
#define FIRST_PAUSE 5              /* seconds */
#define LONGEST_PAUSE 3600
#define ERROR_PAUSE 10             /* after a database error, before it is asked again */

struct _SignetOutbox {
  SignetAuthority *authority;
  SignetSmtp *smtp;
  gint64 started;
  GThread *thread;
  GCancellable *stop;
  GMutex lock;
  GCond changed;
  gboolean waiting;                /* under lock: replies may be due */
};

/* --- one delivery --- */

/* Every reply is a file of its own name, so that a second delivery of it cannot be a second mail. */
static gboolean
deliver_to_maildir (SignetOutbox *self, SignetDelivery *delivery, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (self->authority->settings->maildir, "{address}", -1);
  g_autofree char *folder = g_strjoinv (delivery->address, parts);
  g_autofree char *name = g_strconcat (delivery->id, ".signet", NULL);
  gboolean again = delivery->attempts > 0 || delivery->created <= self->started;

  return signet_maildir_deliver (folder, name, delivery->message, again, error);
}

static gboolean
deliver (SignetOutbox *self, SignetDelivery *delivery, GError **error)
{
  const SignetSettings *settings = self->authority->settings;

  switch (settings->delivery) {
  case SIGNET_DELIVERY_MAILDIR:
    return deliver_to_maildir (self, delivery, error);
  case SIGNET_DELIVERY_SENDMAIL:
    return signet_sendmail_deliver (settings->sendmail, settings->from, delivery->address, delivery->message,
                                    self->stop, error);
  case SIGNET_DELIVERY_SMTP:
    return signet_smtp_deliver (self->smtp, delivery->address, delivery->message, self->stop, error);
  case SIGNET_DELIVERY_NONE:
    break;
  }
  return TRUE;                     /* the administrator has switched mail off since */
}

/* --- a batch of them --- */

typedef struct {
  SignetOutbox *outbox;
  GPtrArray *deliveries;
  GError *errors[BATCH];
  guint count;                     /* that were tried */
} Batch;

gint64
signet_outbox_get_pause (guint attempts)
{
  return attempts > 5 ? LONGEST_PAUSE : MIN (FIRST_PAUSE << (2 * attempts), LONGEST_PAUSE);
}

static gboolean
record_failure (SignetDatabase *database, SignetDelivery *delivery, const GError *failure, GError **error)
{
  gint64 again = signet_clock_now () + signet_outbox_get_pause (delivery->attempts);

  return signet_database_set_undelivered (database, delivery->request, failure->message,
                                          again < delivery->expires ? again : 0, error);
}

static gboolean
write_batch (SignetDatabase *database, gpointer data, GError **error)
{
  Batch *batch = data;

  for (guint i = 0; i < batch->count; i++) {
    SignetDelivery *delivery = batch->deliveries->pdata[i];
    gboolean written = batch->errors[i] == NULL ? signet_database_set_delivered (database, delivery->request, error)
                                                : record_failure (database, delivery, batch->errors[i], error);
    if (!written)
      return FALSE;
  }
  return TRUE;
}

/* Deliveries that were broken off by the end of the program count as not tried. */
static void
try_batch (SignetOutbox *self, Batch *batch)
{
  while (batch->count < batch->deliveries->len && !g_cancellable_is_cancelled (self->stop)) {
    SignetDelivery *delivery = batch->deliveries->pdata[batch->count];
    GError **error = &batch->errors[batch->count];

    signet_fault_point ("authority:before-delivery");
    gboolean delivered = deliver (self, delivery, error);
    if (!delivered && g_cancellable_is_cancelled (self->stop)) {
      g_clear_error (error);
      return;
    }
    if (delivered)
      signet_fault_point ("authority:after-delivery");
    else
      g_message ("The reply to %s was not delivered: %s", delivery->address, (*error)->message);
    batch->count++;
  }
}

static GPtrArray *
list_due (SignetOutbox *self, gint64 *next, GError **error)
{
  SignetDatabase *reader = signet_authority_borrow_reader (self->authority);
  GPtrArray *deliveries = signet_database_list_due (reader, signet_clock_now (), BATCH, error);

  *next = deliveries != NULL && deliveries->len == 0 ? signet_database_get_next_due (reader, error) : 0;
  signet_authority_return_reader (self->authority, reader);
  return deliveries;
}

/* Delivers until nothing is due: TRUE, and NEXT is when something will be, or 0. */
static gboolean
work (SignetOutbox *self, gint64 *next, GError **error)
{
  while (!g_cancellable_is_cancelled (self->stop)) {
    g_autoptr (GPtrArray) deliveries = list_due (self, next, error);
    Batch batch = { self, deliveries, { NULL }, 0 };

    if (deliveries == NULL)
      return FALSE;
    if (deliveries->len == 0)
      return TRUE;
    try_batch (self, &batch);
    gboolean written = signet_writer_run (self->authority->writer, write_batch, &batch, error);
    for (guint i = 0; i < batch.count; i++)
      g_clear_error (&batch.errors[i]);
    if (!written)
      return FALSE;
    signet_fault_point ("authority:after-delivery-commit");
  }
  return TRUE;
}

/* --- the thread --- */

static void
sleep_until (SignetOutbox *self, gint64 next)
{
  gint64 pause = next - signet_clock_now ();

  if (self->waiting || g_cancellable_is_cancelled (self->stop))
    return;
  if (next == 0)
    g_cond_wait (&self->changed, &self->lock);
  else if (pause > 0)
    g_cond_wait_until (&self->changed, &self->lock, g_get_monotonic_time () + pause * G_TIME_SPAN_SECOND);
}

static gpointer
run (gpointer data)
{
  SignetOutbox *self = data;

  (void) setpriority (PRIO_PROCESS, gettid (), 10);      /* the thread's own, on Linux: answers come before mails */
  g_mutex_lock (&self->lock);
  while (!g_cancellable_is_cancelled (self->stop)) {
    g_autoptr (GError) error = NULL;
    gint64 next = 0;

    self->waiting = FALSE;
    g_mutex_unlock (&self->lock);
    if (!work (self, &next, &error)) {
      g_message ("Replies cannot be delivered: %s", error->message);
      next = signet_clock_now () + ERROR_PAUSE;
    }
    g_mutex_lock (&self->lock);
    sleep_until (self, next);
  }
  g_mutex_unlock (&self->lock);
  return NULL;
}

SignetOutbox *
signet_outbox_new (SignetAuthority *authority)
{
  SignetOutbox *self = g_new0 (SignetOutbox, 1);

  self->authority = authority;
  self->started = signet_clock_now ();
  self->stop = g_cancellable_new ();
  if (authority->settings->delivery == SIGNET_DELIVERY_SMTP)
    self->smtp = signet_smtp_new (authority->settings);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->thread = g_thread_new ("outbox", run, self);
  return self;
}

void
signet_outbox_free (SignetOutbox *self)
{
  g_cancellable_cancel (self->stop);
  signet_outbox_wake (self);
  g_thread_join (self->thread);
  g_clear_pointer (&self->smtp, signet_smtp_free);
  g_object_unref (self->stop);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

void
signet_outbox_wake (SignetOutbox *self)
{
  g_mutex_lock (&self->lock);
  self->waiting = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}
