/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/submission.h"

#include "authority/audit.h"
#include "authority/issuance.h"
#include "authority/recovery.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "base/mail-address.h"
#include "crypto/random.h"
#include "protocol/temporary-key.h"

#define DAY (24 * 3600)

typedef enum {
  OUTCOME_ACCEPTED,
  OUTCOME_SEEN,                    /* accepted before */
  OUTCOME_CONFLICT,
  OUTCOME_UNAUTHORIZED,
  OUTCOME_LOCKED,
} Outcome;

struct _SignetSubmission {
  SignetAuthority *authority;
  SignetBacklog *backlog;
  SignetCall *call;
  SignetSubmissionDone done;
  gpointer data;

  gint64 now;
  char *address;                   /* normalized */
  GBytes *key_digest;
  GBytes *request_digest;
  SignetInvitationRecord *invitation;
  SignetRequest *request;
  SignetIssuance *issuance;        /* NULL: no key was at hand */
  guint recovered;                 /* keys of the key history in it */

  Outcome outcome;
  SignetRequestState state;        /* of the request, when it was accepted */
  gint64 locked_until;
};

static void
submission_free (SignetSubmission *self)
{
  g_free (self->address);
  g_clear_pointer (&self->key_digest, g_bytes_unref);
  g_clear_pointer (&self->request_digest, g_bytes_unref);
  g_clear_pointer (&self->invitation, signet_invitation_record_free);
  g_clear_pointer (&self->request, signet_request_free);
  g_clear_pointer (&self->issuance, signet_issuance_free);
  g_free (self);
}

/* --- answering --- */

void
signet_submission_refuse_stranger (SignetCall *call)
{
  signet_call_refuse (call, SIGNET_STATUS_UNAUTHORIZED,
                      _("The mail address and the temporary key do not belong together, or the key was used or has "
                        "expired. Ask your administrator for a new invitation."));
}

static void
answer (SignetSubmission *self)
{
  switch (self->outcome) {
  case OUTCOME_ACCEPTED:
  case OUTCOME_SEEN:
    signet_call_accept (self->call, self->request != NULL ? self->request->id : self->invitation->request,
                        self->state == SIGNET_REQUEST_QUEUED);
    break;
  case OUTCOME_CONFLICT:
    signet_call_refuse_conflict (self->call);
    break;
  case OUTCOME_UNAUTHORIZED:
    signet_submission_refuse_stranger (self->call);
    break;
  case OUTCOME_LOCKED:
    signet_call_refuse (self->call, SIGNET_STATUS_TOO_MANY,
                        _("There were too many wrong temporary keys for this mail address. Try again later."));
    self->call->retry_after = MAX (1, self->locked_until - self->now);
    break;
  }
}

static void
finish (SignetSubmission *self)
{
  gboolean accepted = self->outcome == OUTCOME_ACCEPTED && self->call->status == SIGNET_STATUS_ACCEPTED;

  self->done (self->call, accepted && self->issuance != NULL, accepted && self->issuance == NULL, self->data);
  submission_free (self);
}

static void
finish_busy (SignetSubmission *self, const GError *error)
{
  signet_call_refuse_busy (self->call, error);
  finish (self);
}

static void
finish_written (gpointer data, const GError *error)
{
  SignetSubmission *self = data;

  if (error != NULL) {
    finish_busy (self, error);
    return;
  }
  if (self->outcome == OUTCOME_ACCEPTED)
    signet_fault_point ("authority:after-commit");
  answer (self);
  finish (self);
}

/* --- a request that is not right, with a key that is --- */

static gboolean
write_refusal (SignetDatabase *database, gpointer data, GError **error)
{
  SignetSubmission *self = data;

  return signet_audit_add_stranger (database, self->address, "request not acceptable", error);
}

static void
finish_recorded (gpointer data, const GError *error)
{
  if (error != NULL)
    g_message ("A refusal could not be recorded: %s", error->message);
  finish (data);
}

static void
finish_unacceptable (SignetSubmission *self, SignetStatus status, const char *text)
{
  signet_call_refuse (self->call, status, text);
  signet_writer_push (self->authority->writer, write_refusal, finish_recorded, self);
}

/* --- a key that is not right --- */

/* The lock is looked at again: of many guesses at once, no more than the limit get an answer. */
static gboolean
write_wrong_key (SignetDatabase *database, gpointer data, GError **error)
{
  SignetSubmission *self = data;
  const SignetSettings *settings = self->authority->settings;

  if (!signet_database_get_lock (database, self->address, &self->locked_until, error))
    return FALSE;
  if (self->locked_until > self->now) {
    self->outcome = OUTCOME_LOCKED;
    return TRUE;
  }
  self->outcome = OUTCOME_UNAUTHORIZED;
  return signet_database_add_wrong_key (database, self->address, self->now, settings->wrong_keys,
                                        (gint64) settings->lock_minutes * 60, error) &&
         signet_audit_add_stranger (database, self->address, "temporary key", error);
}

static void
finish_wrong_key (SignetSubmission *self)
{
  signet_writer_push (self->authority->writer, write_wrong_key, finish_written, self);
}

/* What the client calls its temporary key, as its digest.  Something that cannot be one gets the digest of noise,
 * and then goes the way of every wrong key. */
static GBytes *
digest_key (SignetSecret *typed)
{
  g_autoptr (SignetSecret) key = typed != NULL ? signet_temporary_key_parse (typed, NULL) : NULL;

  return key != NULL ? signet_temporary_key_digest (key) : signet_random_bytes (32);
}

/* The invitation that address and key are, used or not.  It is found by the key's digest alone, so that a wrong key
 * costs the same time whether its address exists or not.  NULL without an error: none. */
static SignetInvitationRecord *
find_invitation (SignetSubmission *self, SignetDatabase *database, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (SignetInvitationRecord) invitation =
    signet_database_find_invitation (database, self->key_digest, &problem);

  if (invitation == NULL && !g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&problem));
  if (invitation == NULL || !signet_mail_address_equal (invitation->address, self->address))
    return NULL;
  if (invitation->request == NULL && (invitation->withdrawn || invitation->expires <= self->now))
    return NULL;
  return g_steal_pointer (&invitation);
}

/* --- a key that is right --- */

SignetRequestRecord *
signet_submission_make_record (const SignetSettings *settings, const SignetRequest *request, GBytes *digest,
                               gint64 now)
{
  SignetRequestRecord *record = signet_request_record_new ();

  record->id = g_strdup (request->id);
  record->digest = g_bytes_ref (digest);
  record->created = now;
  record->expires = now + (gint64) settings->reply_days * DAY;
  record->signing_spki = g_bytes_ref (request->signing_spki);
  return record;
}

static gboolean
record_accepted (SignetSubmission *self, SignetDatabase *database, GError **error)
{
  g_autofree char *detail = g_strdup_printf ("request %s, %u recovered keys", self->request->id, self->recovered);

  return signet_audit_add (database, self->address, "request", self->address, FALSE, detail, error);
}

/* The second look, in the transaction: between the first and now another request may have used the key. */
static gboolean
write_request (SignetDatabase *database, gpointer data, GError **error)
{
  SignetSubmission *self = data;
  g_autoptr (SignetInvitationRecord) invitation = signet_database_find_invitation (database, self->key_digest, error);
  g_autoptr (SignetRequestRecord) known = signet_database_find_request (database, self->request->id, FALSE, NULL);
  g_autoptr (SignetRequestRecord) record =
    signet_submission_make_record (self->authority->settings, self->request, self->request_digest, self->now);

  if (invitation == NULL)
    return FALSE;
  if (known != NULL) {
    gboolean same = known->invitation == invitation->id && g_bytes_equal (known->digest, self->request_digest);
    self->outcome = same ? OUTCOME_SEEN : OUTCOME_CONFLICT;
    self->state = known->state;
    return TRUE;
  }
  if (invitation->request != NULL || invitation->withdrawn)
    return write_wrong_key (database, self, error);

  record->invitation = invitation->id;
  record->body = self->issuance == NULL ? g_bytes_ref (self->call->body) : NULL;
  if (!signet_database_add_request (database, record, error) ||
      (self->issuance != NULL && !signet_issuance_store (self->issuance, self->authority->settings, database,
                                                         record->number, self->now, error)) ||
      !signet_database_drop_recovered_keys (database, invitation->id, error) ||
      !record_accepted (self, database, error))
    return FALSE;
  self->outcome = OUTCOME_ACCEPTED;
  self->state = self->issuance != NULL ? SIGNET_REQUEST_READY : SIGNET_REQUEST_QUEUED;
  signet_fault_point ("authority:before-commit");
  return TRUE;
}

static gboolean
read_request (SignetSubmission *self, GError **error)
{
  self->request = signet_request_parse (self->call->body, error);
  if (self->request != NULL && self->request->operation != SIGNET_REQUEST_ENROLL) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                         _("A renewal is not asked for with a temporary key."));
    return FALSE;
  }
  return self->request != NULL &&
         signet_issuance_allows (self->authority->settings, self->request->signing_spki, error);
}

/* What officers have released to the holder of this temporary key, which opens it (authority/recovery.h). */
static gboolean
open_recovered (SignetSubmission *self, SignetIssuanceKeys *encryption, GError **error)
{
  SignetDatabase *database = signet_authority_borrow_reader (self->authority);
  g_autoptr (SignetSecret) key = signet_temporary_key_parse (self->call->key, error);
  gboolean opened = key != NULL && signet_recovery_open_keys (database, self->invitation->id, key,
                                                              &encryption->old_certificates, &encryption->old_keys,
                                                              error);

  signet_authority_return_reader (self->authority, database);
  return opened;
}

/* An encryption key, when one is at hand and nobody has waited longer for it.  A recovery does not wait: nobody could
 * open its keys later, when the temporary key is gone.  NULL without an error: none. */
static SignetPrivateKey *
take_key (SignetSubmission *self, gboolean recovers, GError **error)
{
  SignetPrivateKey *key = signet_backlog_is_empty (self->backlog) ? signet_key_pool_try_take (self->authority->pool)
                                                                  : NULL;

  return key == NULL && recovers ? signet_private_key_generate (self->authority->settings->encryption, error) : key;
}

/* Certificates and reply, unless they must wait for an encryption key. */
static gboolean
issue (SignetSubmission *self, GError **error)
{
  SignetIssuanceKeys encryption = { NULL, NULL, NULL };

  if (!open_recovered (self, &encryption, error))
    return FALSE;
  g_autoptr (GPtrArray) old_certificates = encryption.old_certificates;
  g_autoptr (GPtrArray) old_keys = encryption.old_keys;
  g_autoptr (GError) problem = NULL;
  g_autoptr (SignetPrivateKey) key = take_key (self, old_keys->len > 0, &problem);
  if (problem != NULL) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  if (key == NULL)
    return TRUE;
  encryption.current = key;
  self->recovered = old_keys->len;
  self->issuance = signet_issuance_new (self->authority->keys, self->authority->settings, self->request,
                                        self->request_digest, &encryption, self->now,
                                        self->now + (gint64) self->authority->settings->reply_days * DAY, error);
  return self->issuance != NULL;
}

static void
take_in_new (SignetSubmission *self)
{
  g_autoptr (GError) error = NULL;

  if (!read_request (self, &error))
    finish_unacceptable (self, signet_call_status_for (error), error->message);
  else if (!signet_mail_address_equal (self->request->address, self->invitation->address))
    finish_unacceptable (self, SIGNET_STATUS_FORBIDDEN,
                         _("The request is for another mail address than the invitation. Check the address."));
  else if (!issue (self, &error))
    finish_busy (self, error);
  else
    signet_writer_push (self->authority->writer, write_request, finish_written, self);
}

/* The key was used.  Only the request that used it may still be heard of: the same bytes were answered before this, and
 * other bytes in its name are a conflict.  Anything else is a wrong key like any other. */
static void
take_in_used (SignetSubmission *self)
{
  if (read_request (self, NULL) && g_str_equal (self->request->id, self->invitation->request))
    signet_writer_push (self->authority->writer, write_request, finish_written, self);
  else
    finish_wrong_key (self);
}

/* --- the whole way --- */

/* The request that used the invitation, sent once more: its answer was lost on the way. */
static gboolean
is_seen (SignetSubmission *self, SignetDatabase *database)
{
  g_autoptr (SignetRequestRecord) known = NULL;

  if (self->invitation == NULL || self->invitation->request == NULL)
    return FALSE;
  known = signet_database_find_request (database, self->invitation->request, FALSE, NULL);
  if (known == NULL || !g_bytes_equal (known->digest, self->request_digest))
    return FALSE;
  self->outcome = OUTCOME_SEEN;
  self->state = known->state;
  return TRUE;
}

/* The lock of the address, its invitation, and whether the request is an old one: FALSE when the database is broken. */
static gboolean
look_up (SignetSubmission *self, gboolean *seen, GError **error)
{
  SignetDatabase *database = signet_authority_borrow_reader (self->authority);
  g_autoptr (GError) problem = NULL;

  if (signet_database_get_lock (database, self->address, &self->locked_until, &problem))
    self->invitation = find_invitation (self, database, &problem);
  *seen = problem == NULL && is_seen (self, database);
  signet_authority_return_reader (self->authority, database);
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

void
signet_submission_run (SignetAuthority *authority, SignetBacklog *backlog, SignetCall *call, SignetSubmissionDone done,
                       gpointer data)
{
  SignetSubmission *self = g_new0 (SignetSubmission, 1);
  g_autoptr (GError) error = NULL;
  gboolean seen;

  self->authority = authority;
  self->backlog = backlog;
  self->call = call;
  self->done = done;
  self->data = data;
  self->now = signet_clock_now ();
  self->address = call->address != NULL ? signet_mail_address_normalize (call->address, NULL) : NULL;
  self->key_digest = digest_key (call->key);
  self->request_digest = signet_sha256 (call->body);
  self->outcome = OUTCOME_UNAUTHORIZED;

  if (self->address == NULL) {
    answer (self);
    finish (self);
  } else if (!look_up (self, &seen, &error)) {
    finish_busy (self, error);
  } else if (self->locked_until > self->now) {
    self->outcome = OUTCOME_LOCKED;
    answer (self);
    finish (self);
  } else if (seen) {
    answer (self);
    finish (self);
  } else if (self->invitation == NULL) {
    finish_wrong_key (self);
  } else if (self->invitation->request == NULL) {
    take_in_new (self);
  } else {
    take_in_used (self);
  }
}
