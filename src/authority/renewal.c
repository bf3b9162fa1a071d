/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/renewal.h"

#include "authority/audit.h"
#include "authority/database-renewal.h"
#include "authority/issuance.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "base/mail-address.h"

#define DAY (24 * 3600)

typedef enum {
  OUTCOME_ACCEPTED,
  OUTCOME_SEEN,                    /* accepted before */
  OUTCOME_CONFLICT,
  OUTCOME_STRANGER,                /* the certificate is none of ours */
  OUTCOME_REVOKED,
  OUTCOME_EXPIRED,
  OUTCOME_NOT_CURRENT,
  OUTCOME_TOO_EARLY,
  OUTCOME_TOO_OFTEN,
} Outcome;

/* What the client is told of a refusal, and the audit log; nothing for the other outcomes. */
static const struct {
  SignetStatus status;
  const char *text;
  const char *detail;
} refusals[] = {
  [OUTCOME_STRANGER] = { SIGNET_STATUS_FORBIDDEN,
                         N_("The digital ID to be renewed was not issued by this authority for this address."),
                         "renewal: not a certificate of this authority for this address" },
  [OUTCOME_REVOKED] = { SIGNET_STATUS_FORBIDDEN,
                        N_("The digital ID to be renewed is revoked. Ask your administrator for a new invitation."),
                        "renewal: revoked" },
  [OUTCOME_EXPIRED] = { SIGNET_STATUS_FORBIDDEN,
                        N_("The digital ID to be renewed has expired. Ask your administrator for a new invitation."),
                        "renewal: expired" },
  [OUTCOME_NOT_CURRENT] = { SIGNET_STATUS_FORBIDDEN,
                            N_("The user has a newer digital ID. Renew that, or ask your administrator for a new "
                               "invitation."), "renewal: not the current signing key" },
  [OUTCOME_TOO_EARLY] = { SIGNET_STATUS_TOO_MANY, N_("It is too early to renew this digital ID."),
                          "renewal: too early" },
  [OUTCOME_TOO_OFTEN] = { SIGNET_STATUS_TOO_MANY, N_("This digital ID was renewed too often. Try again tomorrow."),
                          "renewal: too often" },
};

typedef struct {
  SignetAuthority *authority;
  SignetBacklog *backlog;
  SignetCall *call;
  SignetSubmissionDone done;
  gpointer data;

  gint64 now;
  GBytes *request_digest;
  SignetRequest *request;
  SignetIssuance *issuance;        /* NULL: no key was at hand */

  Outcome outcome;
  SignetRequestState state;        /* of the request, when it was accepted */
  gint64 retry_after;
} Renewal;

static void
renewal_free (Renewal *self)
{
  g_clear_pointer (&self->request_digest, g_bytes_unref);
  g_clear_pointer (&self->request, signet_request_free);
  g_clear_pointer (&self->issuance, signet_issuance_free);
  g_free (self);
}

/* --- answering --- */

static void
finish (Renewal *self)
{
  gboolean accepted = self->outcome == OUTCOME_ACCEPTED && self->call->status == SIGNET_STATUS_ACCEPTED;

  self->done (self->call, accepted && self->issuance != NULL, accepted && self->issuance == NULL, self->data);
  renewal_free (self);
}

static void
answer (Renewal *self)
{
  if (self->outcome == OUTCOME_ACCEPTED || self->outcome == OUTCOME_SEEN) {
    signet_call_accept (self->call, self->request->id, self->state == SIGNET_REQUEST_QUEUED);
  } else if (self->outcome == OUTCOME_CONFLICT) {
    signet_call_refuse_conflict (self->call);
  } else {
    signet_call_refuse (self->call, refusals[self->outcome].status, _(refusals[self->outcome].text));
    self->call->retry_after = self->retry_after > 0 ? self->retry_after : -1;
  }
}

static void
finish_busy (Renewal *self, const GError *error)
{
  signet_call_refuse_busy (self->call, error);
  finish (self);
}

static void
finish_written (gpointer data, const GError *error)
{
  Renewal *self = data;

  if (error != NULL) {
    finish_busy (self, error);
    return;
  }
  if (self->outcome == OUTCOME_ACCEPTED)
    signet_fault_point ("authority:after-renewal-commit");
  answer (self);
  finish (self);
}

/* --- judging --- */

static Outcome
judge (Renewal *self, const SignetHolding *holding)
{
  const SignetSettings *settings = self->authority->settings;
  gint64 earliest = settings->renewal_days > 0 ? holding->expires - (gint64) settings->renewal_days * DAY : 0;

  if (holding->purpose != SIGNET_CERTIFICATE_SIGNING ||
      !signet_mail_address_equal (holding->address, self->request->address))
    return OUTCOME_STRANGER;
  if (holding->revoked)
    return OUTCOME_REVOKED;
  if (holding->expires <= self->now)
    return OUTCOME_EXPIRED;
  if (holding->succeeded)
    return OUTCOME_NOT_CURRENT;
  if (earliest > self->now) {
    self->retry_after = earliest - self->now;
    return OUTCOME_TOO_EARLY;
  }
  self->retry_after = holding->renewals >= settings->renewals_per_day ? DAY : 0;
  return self->retry_after > 0 ? OUTCOME_TOO_OFTEN : OUTCOME_ACCEPTED;
}

/* What becomes of the request as the database is now.  *HOLDING is what it renews, unless that is not known. */
static gboolean
look_up (Renewal *self, SignetDatabase *database, SignetHolding **holding, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (SignetRequestRecord) known = signet_database_find_request (database, self->request->id, FALSE, &problem);

  if (known != NULL) {
    self->outcome = g_bytes_equal (known->digest, self->request_digest) ? OUTCOME_SEEN : OUTCOME_CONFLICT;
    self->state = known->state;
    return TRUE;
  }
  if (g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND)) {
    g_clear_error (&problem);
    *holding = signet_database_find_holding (database, signet_certificate_get_serial (self->request->renewed),
                                             signet_certificate_get_der (self->request->renewed), self->now - DAY,
                                             &problem);
  }
  if (problem != NULL && !g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  self->outcome = *holding != NULL ? judge (self, *holding) : OUTCOME_STRANGER;
  return TRUE;
}

/* --- writing --- */

static gboolean
write_refusal (SignetDatabase *database, gpointer data, GError **error)
{
  Renewal *self = data;

  return signet_audit_add_stranger (database, self->request->address, refusals[self->outcome].detail, error);
}

static gboolean
write_accepted (Renewal *self, SignetDatabase *database, const SignetHolding *holding, GError **error)
{
  const SignetSettings *settings = self->authority->settings;
  g_autofree char *detail = g_strdup_printf ("request %s renews %s", self->request->id,
                                             signet_certificate_get_serial (self->request->renewed));
  g_autoptr (SignetRequestRecord) record =
    signet_submission_make_record (settings, self->request, self->request_digest, self->now);

  record->body = self->issuance == NULL ? g_bytes_ref (self->call->body) : NULL;
  if (!signet_database_add_renewal (database, record, holding, error) ||
      (self->issuance != NULL &&
       !signet_issuance_store (self->issuance, settings, database, record->number, self->now, error)) ||
      !signet_audit_add (database, holding->address, "renew", holding->address, FALSE, detail, error))
    return FALSE;
  self->state = self->issuance != NULL ? SIGNET_REQUEST_READY : SIGNET_REQUEST_QUEUED;
  signet_fault_point ("authority:before-renewal-commit");
  return TRUE;
}

/* The second look, in the transaction: between the first and now the certificate may have been revoked, or renewed. */
static gboolean
write_request (SignetDatabase *database, gpointer data, GError **error)
{
  Renewal *self = data;
  g_autoptr (SignetHolding) holding = NULL;

  if (!look_up (self, database, &holding, error))
    return FALSE;
  if (self->outcome == OUTCOME_ACCEPTED)
    return write_accepted (self, database, holding, error);
  return refusals[self->outcome].detail == NULL || write_refusal (database, self, error);
}

/* --- the whole way --- */

/* The new encryption key comes from the pool, as every other: the one that is renewed stays in the user's history,
 * where it is already. */
static gboolean
issue (Renewal *self, GError **error)
{
  g_autoptr (SignetPrivateKey) key =
    signet_backlog_is_empty (self->backlog) ? signet_key_pool_try_take (self->authority->pool) : NULL;
  const SignetIssuanceKeys encryption = { key, NULL, NULL };

  if (key == NULL)
    return TRUE;
  self->issuance = signet_issuance_new (self->authority->keys, self->authority->settings, self->request,
                                        self->request_digest, &encryption, self->now,
                                        self->now + (gint64) self->authority->settings->reply_days * DAY, error);
  return self->issuance != NULL;
}

/* A first look, so that no key is made, and no certificate signed, for a request that will be refused. */
static gboolean
look_first (Renewal *self, GError **error)
{
  SignetDatabase *database = signet_authority_borrow_reader (self->authority);
  g_autoptr (SignetHolding) holding = NULL;
  gboolean looked = look_up (self, database, &holding, error);

  signet_authority_return_reader (self->authority, database);
  return looked;
}

static void
take_in (Renewal *self)
{
  g_autoptr (GError) error = NULL;

  if (!look_first (self, &error) || (self->outcome == OUTCOME_ACCEPTED && !issue (self, &error))) {
    finish_busy (self, error);
  } else if (refusals[self->outcome].detail == NULL && self->outcome != OUTCOME_ACCEPTED) {
    answer (self);
    finish (self);
  } else {
    signet_writer_push (self->authority->writer, write_request, finish_written, self);
  }
}

void
signet_renewal_run (SignetAuthority *authority, SignetBacklog *backlog, SignetCall *call, SignetSubmissionDone done,
                    gpointer data)
{
  Renewal *self = g_new0 (Renewal, 1);
  g_autoptr (GError) error = NULL;

  self->authority = authority;
  self->backlog = backlog;
  self->call = call;
  self->done = done;
  self->data = data;
  self->now = signet_clock_now ();
  self->request_digest = signet_sha256 (call->body);
  self->request = signet_request_parse (call->body, &error);

  self->outcome = OUTCOME_STRANGER;

  if (self->request != NULL && self->request->operation == SIGNET_REQUEST_ENROLL) {
    signet_submission_refuse_stranger (call);
    finish (self);
  } else if (self->request == NULL ||
             !signet_issuance_allows (authority->settings, self->request->signing_spki, &error)) {
    signet_call_refuse (call, signet_call_status_for (error), error->message);
    finish (self);
  } else {
    take_in (self);
  }
}
