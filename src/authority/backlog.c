/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/backlog.h"

#include "authority/issuance.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/i18n.h"

#define PAUSE (10 * G_TIME_SPAN_SECOND)    /* after a database error, before it is asked again */

struct _SignetBacklog {
  SignetAuthority *authority;
  SignetBacklogFunc answered;
  gpointer data;
  GThread *thread;
  GCancellable *stop;
  GMutex lock;
  GCond changed;
  gboolean waiting;                /* under lock: somebody may be queued */
  gboolean working;                /* under lock */
};

typedef struct {
  SignetAuthority *authority;
  gint64 number;
  SignetIssuance *issuance;
  const char *failure;
  gint64 now;
} Answer;

static gboolean
write_answer (SignetDatabase *database, gpointer data, GError **error)
{
  Answer *answer = data;
  gboolean written = signet_issuance_store (answer->issuance, answer->authority->settings, database, answer->number,
                                            answer->now, error);

  signet_fault_point ("backlog:before-commit");
  return written;
}

static gboolean
write_failure (SignetDatabase *database, gpointer data, GError **error)
{
  Answer *answer = data;

  return signet_database_set_failed (database, answer->number, answer->failure, error);
}

static SignetIssuance *
issue (SignetBacklog *self, SignetRequestRecord *record, SignetPrivateKey *key, gint64 now, GError **error)
{
  g_autoptr (SignetRequest) request = NULL;

  if (record->body == NULL) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED, _("The request is gone."));
    return NULL;
  }
  request = signet_request_parse (record->body, error);
  if (request == NULL)
    return NULL;
  const SignetIssuanceKeys encryption = { key, NULL, NULL };
  return signet_issuance_new (self->authority->keys, self->authority->settings, request, record->digest, &encryption,
                              now, record->expires, error);
}

/* A request that cannot be answered (its row is damaged) is set aside, or nobody behind it would ever be answered. */
static gboolean
answer (SignetBacklog *self, SignetRequestRecord *record, SignetPrivateKey *key, GError **error)
{
  g_autoptr (GError) problem = NULL;
  Answer change = { self->authority, record->number, NULL, NULL, signet_clock_now () };
  g_autoptr (SignetIssuance) issuance = issue (self, record, key, change.now, &problem);

  if (issuance == NULL) {
    g_message ("Request %s cannot be answered: %s", record->id, problem->message);
    change.failure = problem->message;
    return signet_writer_run (self->authority->writer, write_failure, &change, error);
  }
  change.issuance = issuance;
  if (!signet_writer_run (self->authority->writer, write_answer, &change, error))
    return FALSE;
  signet_fault_point ("backlog:after-commit");
  self->answered (self->data);
  return TRUE;
}

static SignetRequestRecord *
find_queued (SignetBacklog *self, GError **error)
{
  SignetDatabase *reader = signet_authority_borrow_reader (self->authority);
  SignetRequestRecord *record = signet_database_find_queued (reader, error);

  signet_authority_return_reader (self->authority, reader);
  return record;
}

/* Answers until none is left: TRUE; or until something is wrong or it is told to stop. */
static gboolean
work (SignetBacklog *self, GError **error)
{
  while (!g_cancellable_is_cancelled (self->stop)) {
    g_autoptr (GError) problem = NULL;
    g_autoptr (SignetRequestRecord) record = find_queued (self, &problem);

    if (record == NULL && g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND))
      return TRUE;
    if (record == NULL) {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
    g_autoptr (SignetPrivateKey) key = signet_key_pool_take (self->authority->pool, self->stop);
    if (key != NULL && !answer (self, record, key, error))
      return FALSE;
  }
  return TRUE;
}

/* `waiting` goes down before the look into the database: whoever queues after that look has put it up again. */
static gpointer
run (gpointer data)
{
  SignetBacklog *self = data;

  g_mutex_lock (&self->lock);
  while (!g_cancellable_is_cancelled (self->stop)) {
    g_autoptr (GError) error = NULL;

    if (!self->waiting) {
      g_cond_wait (&self->changed, &self->lock);
      continue;
    }
    self->waiting = FALSE;
    self->working = TRUE;
    g_mutex_unlock (&self->lock);
    gboolean done = work (self, &error);
    g_mutex_lock (&self->lock);
    self->working = FALSE;
    if (!done) {
      g_message ("Waiting requests cannot be answered: %s", error->message);
      self->waiting = TRUE;
      g_cond_wait_until (&self->changed, &self->lock, g_get_monotonic_time () + PAUSE);
    }
  }
  g_mutex_unlock (&self->lock);
  return NULL;
}

SignetBacklog *
signet_backlog_new (SignetAuthority *authority, SignetBacklogFunc answered, gpointer data)
{
  SignetBacklog *self = g_new0 (SignetBacklog, 1);
  g_autoptr (GError) error = NULL;

  self->authority = authority;
  self->answered = answered;
  self->data = data;
  self->stop = g_cancellable_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);

  g_autoptr (SignetRequestRecord) left = find_queued (self, &error);
  self->waiting = left != NULL || !g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND);
  self->thread = g_thread_new ("backlog", run, self);
  return self;
}

void
signet_backlog_free (SignetBacklog *self)
{
  g_cancellable_cancel (self->stop);
  g_mutex_lock (&self->lock);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);
  g_object_unref (self->stop);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

void
signet_backlog_wake (SignetBacklog *self)
{
  g_mutex_lock (&self->lock);
  self->waiting = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}

gboolean
signet_backlog_is_empty (SignetBacklog *self)
{
  g_mutex_lock (&self->lock);
  gboolean empty = !self->waiting && !self->working;
  g_mutex_unlock (&self->lock);
  return empty;
}
