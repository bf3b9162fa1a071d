/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/revoke-by-user.h"

#include "authority/audit.h"
#include "authority/database-renewal.h"
#include "authority/database-users.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/i18n.h"
#include "base/mail-address.h"
#include "protocol/revocation-request.h"

typedef struct {
  SignetCall *call;
  SignetRevokeDone done;
  gpointer data;
  SignetRevocationRequest *request;
  gboolean known;                  /* a good certificate of this authority, for this address */
} Revoke;

static void
finish (Revoke *self)
{
  self->done (self->call, self->data);
  g_clear_pointer (&self->request, signet_revocation_request_free);
  g_free (self);
}

static void
finish_written (gpointer data, const GError *error)
{
  Revoke *self = data;

  if (error != NULL) {
    signet_call_refuse_busy (self->call, error);
  } else if (!self->known) {
    signet_call_refuse (self->call, SIGNET_STATUS_FORBIDDEN,
                        _("The digital ID to be revoked is not a good one of this authority for this address."));
  } else {
    signet_fault_point ("authority:after-revocation-commit");
    self->call->status = SIGNET_STATUS_NO_CONTENT;
  }
  finish (self);
}

static gboolean
is_good (Revoke *self, const SignetHolding *holding, gint64 now)
{
  return holding->purpose == SIGNET_CERTIFICATE_SIGNING && holding->expires > now &&
         signet_mail_address_equal (holding->address, self->request->address);
}

static gboolean
write_revocation (Revoke *self, SignetDatabase *database, const SignetHolding *holding, gint64 now, GError **error)
{
  const char *reason = signet_user_reason_to_name (self->request->reason);
  guint count;

  if (!signet_database_revoke_keyset (database, holding->lineage, now, reason, &count, error))
    return FALSE;
  if (count == 0)
    return TRUE;                   /* asked again: nothing has happened that could be recorded */
  g_autofree char *detail = g_strdup_printf ("%u certificates: %s", count, reason);
  gboolean written = signet_audit_add (database, holding->address, "revoke", holding->address, FALSE, detail, error);
  signet_fault_point ("authority:before-revocation-commit");
  return written;
}

static gboolean
write_request (SignetDatabase *database, gpointer data, GError **error)
{
  Revoke *self = data;
  SignetCertificate *certificate = self->request->certificate;
  gint64 now = signet_clock_now ();
  g_autoptr (GError) problem = NULL;
  g_autoptr (SignetHolding) holding =
    signet_database_find_holding (database, signet_certificate_get_serial (certificate),
                                  signet_certificate_get_der (certificate), now, &problem);

  if (holding == NULL && !g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  self->known = holding != NULL && is_good (self, holding, now);
  return self->known ? write_revocation (self, database, holding, now, error)
                     : signet_audit_add_stranger (database, self->request->address,
                                                  "revocation: not a good certificate for this address", error);
}

void
signet_revoke_by_user (SignetAuthority *authority, SignetCall *call, SignetRevokeDone done, gpointer data)
{
  Revoke *self = g_new0 (Revoke, 1);
  g_autoptr (GError) error = NULL;

  self->call = call;
  self->done = done;
  self->data = data;
  self->request = signet_revocation_request_parse (call->body, &error);
  if (self->request != NULL) {
    signet_writer_push (authority->writer, write_request, finish_written, self);
    return;
  }
  signet_call_refuse (call, signet_call_status_for (error), error->message);
  finish (self);
}
