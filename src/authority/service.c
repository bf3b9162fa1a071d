/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/service.h"

#include "authority/audit.h"
#include "authority/backlog.h"
#include "authority/renewal.h"
#include "authority/revoke-by-user.h"
#include "authority/submission.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/i18n.h"
#include "protocol/confirmation.h"
#include "protocol/request.h"

#define MAX_WAITING 2048           /* calls that may wait for a thread: some two seconds' work */

struct _SignetService {
  SignetAuthority *authority;
  SignetBacklog *backlog;
  GThreadPool *threads;
  void (*issued) (gpointer data);
  gpointer issued_data;
};

typedef struct {
  SignetService *service;
  SignetCall *call;
  SignetCallDone done;
  gpointer data;
  SignetRequestRecord *record;     /* of a confirmation */
} Job;

/* --- finishing --- */

static gboolean
deliver_answer (gpointer data)
{
  Job *job = data;

  job->done (job->call, job->data);
  g_clear_pointer (&job->record, signet_request_record_free);
  g_free (job);
  return G_SOURCE_REMOVE;
}

static void
finish (Job *job)
{
  g_main_context_invoke (NULL, deliver_answer, job);
}

static void
refuse (Job *job, SignetStatus status, const char *text)
{
  signet_call_refuse (job->call, status, text);
  finish (job);
}

static void
refuse_busy (Job *job, const GError *error)
{
  signet_call_refuse_busy (job->call, error);
  finish (job);
}

static void
refuse_unknown (Job *job)
{
  refuse (job, SIGNET_STATUS_NOT_FOUND, _("The authority has no such request."));
}

/* --- a request comes in --- */

static void
submitted (SignetCall *call, gboolean issued, gboolean queued, gpointer data)
{
  Job *job = data;

  if (issued)
    job->service->issued (job->service->issued_data);
  if (queued)
    signet_backlog_wake (job->service->backlog);
  finish (job);
}

static void
answered (SignetCall *call, gpointer data)
{
  finish (data);
}

/* --- a reply goes out --- */

static SignetRequestRecord *
find_request (Job *job, gboolean with_reply, GError **error)
{
  SignetAuthority *authority = job->service->authority;
  SignetDatabase *database = signet_authority_borrow_reader (authority);
  SignetRequestRecord *record = signet_database_find_request (database, job->call->id, with_reply, error);

  signet_authority_return_reader (authority, database);
  return record;
}

static void
answer_reply (Job *job, SignetRequestRecord *record)
{
  if (record->state == SIGNET_REQUEST_FAILED || record->expires <= signet_clock_now ()) {
    refuse (job, SIGNET_STATUS_GONE, _("The reply has expired. Ask your administrator for a new invitation."));
  } else if (record->reply == NULL) {
    signet_call_accept (job->call, record->id, TRUE);
    finish (job);
  } else {
    job->call->status = SIGNET_STATUS_OK;
    job->call->content_type = "message/rfc822";
    job->call->answer = g_bytes_ref (record->reply);
    finish (job);
  }
}

static void
fetch (Job *job)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetRequestRecord) record = find_request (job, TRUE, &error);

  if (record != NULL)
    answer_reply (job, record);
  else if (g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND))
    refuse_unknown (job);
  else
    refuse_busy (job, error);
}

/* --- a reply was installed --- */

static gboolean
write_confirmation (SignetDatabase *database, gpointer data, GError **error)
{
  Job *job = data;
  g_autofree char *detail = g_strdup_printf ("request %s", job->record->id);
  gboolean written = signet_database_set_confirmed (database, job->record->number, signet_clock_now (), error) &&
                     signet_audit_add (database, "daemon", "installed", "", FALSE, detail, error);

  signet_fault_point ("authority:before-confirm-commit");
  return written;
}

static void
confirmed (gpointer data, const GError *error)
{
  Job *job = data;

  if (error != NULL) {
    refuse_busy (job, error);
    return;
  }
  signet_fault_point ("authority:after-confirm-commit");
  job->call->status = SIGNET_STATUS_NO_CONTENT;
  finish (job);
}

static void
confirm (Job *job)
{
  g_autoptr (GError) error = NULL;
  SignetRequestRecord *record = job->record = find_request (job, FALSE, &error);

  if (record == NULL && g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND)) {
    refuse_unknown (job);
  } else if (record == NULL) {
    refuse_busy (job, error);
  } else if (record->attachment_digest == NULL) {
    refuse (job, SIGNET_STATUS_CONFLICT, _("There is no reply yet that could be confirmed."));
  } else if (!signet_confirmation_verify (job->call->body, record->id, record->attachment_digest, record->signing_spki,
                                          &error)) {
    refuse (job, SIGNET_STATUS_BAD_REQUEST, error->message);
  } else if (record->state == SIGNET_REQUEST_CONFIRMED) {
    job->call->status = SIGNET_STATUS_NO_CONTENT;
    finish (job);
  } else {
    signet_writer_push (job->service->authority->writer, write_confirmation, confirmed, job);
  }
}

/* --- the service --- */

static void
work (gpointer data, gpointer user_data)
{
  Job *job = data;
  SignetService *self = user_data;

  switch (job->call->kind) {
  case SIGNET_CALL_SUBMIT:
    if (job->call->address != NULL)
      signet_submission_run (self->authority, self->backlog, job->call, submitted, job);
    else
      signet_renewal_run (self->authority, self->backlog, job->call, submitted, job);
    break;
  case SIGNET_CALL_REVOKE:
    signet_revoke_by_user (self->authority, job->call, answered, job);
    break;
  case SIGNET_CALL_FETCH:
    fetch (job);
    break;
  case SIGNET_CALL_CONFIRM:
    confirm (job);
    break;
  case SIGNET_CALL_INFO:
    job->call->status = SIGNET_STATUS_OK;
    job->call->content_type = "application/json";
    job->call->answer = g_bytes_ref (self->authority->info);
    finish (job);
    break;
  }
}

SignetService *
signet_service_new (SignetAuthority *authority, guint threads, void (*issued) (gpointer data), gpointer issued_data)
{
  SignetService *self = g_new0 (SignetService, 1);

  self->authority = authority;
  self->issued = issued;
  self->issued_data = issued_data;
  self->backlog = signet_backlog_new (authority, issued, issued_data);
  self->threads = g_thread_pool_new (work, self, threads, TRUE, NULL);
  return self;
}

void
signet_service_free (SignetService *self)
{
  g_thread_pool_free (self->threads, FALSE, TRUE);
  signet_backlog_free (self->backlog);
  g_free (self);
}

void
signet_service_handle (SignetService *self, SignetCall *call, SignetCallDone done, gpointer data)
{
  Job *job = g_new0 (Job, 1);

  job->service = self;
  job->call = call;
  job->done = done;
  job->data = data;
  if (g_thread_pool_unprocessed (self->threads) < MAX_WAITING) {
    g_thread_pool_push (self->threads, job, NULL);
  } else {
    signet_call_refuse_busy (call, NULL);
    deliver_answer (job);
  }
}
