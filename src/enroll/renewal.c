/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enroll/renewal.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/i18n.h"
#include "base/job.h"
#include "enroll/enroller-private.h"
#include "enroll/exchange.h"
#include "enroll/password-keeper.h"
#include "enroll/pending-store.h"
#include "keyset/keyset-change.h"
#include "keyset/keyset-list.h"
#include "keyset/keyset-memory.h"
#include "keyset/keyset-use.h"
#include "protocol/revocation-request.h"

#define PATIENCE (20 * G_TIME_SPAN_SECOND)     /* for which the user may be kept waiting for a reply */
#define LOOK_PERIOD (50 * G_TIME_SPAN_MILLISECOND)

/* --- what both need --- */

static SignetDigitalId *
get_renewable (SignetKeyset *keyset, GError **error)
{
  SignetDigitalId *id = signet_keyset_get_renewable (keyset);

  if (id == NULL)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                 _("“%s” did not come from an authority that Signet can ask. Ask whoever issued it."),
                 signet_keyset_get_name (keyset));
  return id;
}

/* The key of ID among KEYS, one for each ID of KEYSET. */
static SignetPrivateKey *
find_key (SignetKeyset *keyset, GPtrArray *keys, SignetDigitalId *id)
{
  guint index;

  return g_ptr_array_find (signet_keyset_get_ids (keyset), id, &index) ? keys->pdata[index] : NULL;
}

static SignetKeyset *
find_keyset (SignetEnroller *self, const char *id, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) keysets = signet_keysets_load (signet_enroller_get_store (self), NULL, cancellable, error);

  for (guint i = 0; keysets != NULL && i < keysets->len; i++) {
    if (g_str_equal (signet_keyset_get_id (keysets->pdata[i]), id))
      return g_object_ref (keysets->pdata[i]);
  }
  if (keysets != NULL)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND,
                         _("The keyset that was to be renewed is gone. Remove the request."));
  return NULL;
}

/* --- installing --- */

/* A keyset has one name, so that it is found by it even between two looks. */
static SignetKeyset *
install (SignetEnroller *self, SignetPending *pending, SignetKeyset *keyset, SignetSecret *password,
         GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetReplyOffer) offer =
    signet_enroller_open_pending (self, signet_pending_get_id (pending), cancellable, error);

  return offer != NULL ? signet_enroller_install (self, offer, signet_keyset_get_name (keyset), TRUE,
                                                  signet_keyset_get_level (keyset), password, cancellable, error)
                       : NULL;
}

SignetPending *
signet_enroller_install_by_itself (SignetEnroller *self, SignetPending *pending, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyset) keyset = find_keyset (self, signet_pending_get_renewed (pending), cancellable, &error);
  g_autoptr (SignetKeyset) renewed = NULL;
  SignetPending *next = NULL;

  if (keyset != NULL && signet_keyset_get_level (keyset) != SIGNET_LEVEL_HIGH) {
    renewed = install (self, pending, keyset, NULL, cancellable, &error);
    next = renewed != NULL ? signet_pendings_find (signet_enroller_get_store (self), signet_pending_get_id (pending),
                                                   cancellable, &error) : NULL;
  }
  if (error != NULL)
    g_debug ("A renewal waits for the user: %s", error->message);
  return next != NULL ? next : g_object_ref (pending);
}

/* The password that KEEPER has, or else gets: a remembered one opens, but cannot seal. */
static gboolean
get_password (SignetEnroller *self, SignetKeyset *keyset, const char *program, SignetPasswordKeeper *keeper,
              GCancellable *cancellable, GError **error)
{
  if (signet_keyset_get_level (keyset) != SIGNET_LEVEL_HIGH || signet_password_keeper_get (keeper) != NULL)
    return TRUE;
  signet_keyset_memory_forget (signet_keyset_memory_get (), signet_keyset_get_id (keyset));
  g_autoptr (GPtrArray) keys = signet_keyset_use (signet_enroller_get_store (self), keyset, program,
                                                  SIGNET_PURPOSE_RENEW, SIGNET_PROMPTER (keeper), cancellable, error);
  return keys != NULL;
}

static SignetKeyset *
finish (SignetEnroller *self, SignetPending *pending, const char *program, SignetPasswordKeeper *keeper,
        GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetKeyset) keyset = find_keyset (self, signet_pending_get_renewed (pending), cancellable, error);

  if (keyset == NULL || !get_password (self, keyset, program, keeper, cancellable, error))
    return NULL;
  return install (self, pending, keyset, signet_password_keeper_get (keeper), cancellable, error);
}

SignetKeyset *
signet_enroller_finish_renewal (SignetEnroller *self, const char *pending_id, const char *program,
                                SignetPrompter *prompter, GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetPasswordKeeper) keeper = signet_password_keeper_new (prompter);
  g_autoptr (SignetPending) pending = signet_pendings_find (signet_enroller_get_store (self), pending_id, cancellable,
                                                            error);

  if (pending == NULL)
    return NULL;
  if (signet_pending_get_renewed (pending) == NULL) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, _("This request does not renew a keyset."));
    return NULL;
  }
  return finish (self, pending, program, keeper, cancellable, error);
}

/* --- asking --- */

static gboolean
check_is_not_renewed (SignetEnroller *self, SignetKeyset *keyset, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) list = signet_enroller_list (self, cancellable, error);

  for (guint i = 0; list != NULL && i < list->len; i++) {
    if (g_strcmp0 (signet_pending_get_renewed (list->pdata[i]), signet_keyset_get_id (keyset)) == 0) {
      g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_BUSY,
                   _("“%s” is being renewed already. Look at the requests that wait."),
                   signet_keyset_get_name (keyset));
      return FALSE;
    }
  }
  return list != NULL;
}

static gboolean
check_is_good (SignetDigitalId *id, GError **error)
{
  if (signet_certificate_get_not_after (id->certificate) > signet_clock_now ())
    return TRUE;
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_EXPIRED,
                       _("This digital ID has expired, and can only be renewed before that. Ask your administrator for "
                         "a new invitation."));
  return FALSE;
}

/* Stored and sent, or nothing. */
static SignetPending *
ask (SignetEnroller *self, SignetKeyset *keyset, const char *program, SignetPasswordKeeper *keeper,
     GCancellable *cancellable, GError **error)
{
  SignetStore *store = signet_enroller_get_store (self);
  SignetDigitalId *id = get_renewable (keyset, error);

  if (id == NULL || !check_is_good (id, error) || !check_is_not_renewed (self, keyset, cancellable, error))
    return NULL;
  g_autoptr (GPtrArray) keys = signet_keyset_use (store, keyset, program, SIGNET_PURPOSE_RENEW,
                                                  SIGNET_PROMPTER (keeper), cancellable, error);
  SignetPrivateKey *key = keys != NULL ? find_key (keyset, keys, id) : NULL;
  g_autoptr (SignetPending) pending = NULL;
  if (key != NULL)
    pending = signet_pending_new_renewal (keyset, key, signet_clock_now (), error);
  if (pending == NULL)
    return NULL;
  signet_fault_point ("client:renewal-made");
  return signet_enroller_begin (self, pending, cancellable, error);
}

/* FALSE when there is no use in waiting any longer. */
static gboolean
wait_for (SignetPending *pending, gint64 end, GCancellable *cancellable)
{
  while (signet_clock_now () < signet_pending_get_retry_at (pending)) {
    if (g_cancellable_is_cancelled (cancellable) || g_get_monotonic_time () >= end)
      return FALSE;
    g_usleep (LOOK_PERIOD);
  }
  return g_get_monotonic_time () < end;
}

/* As far as it goes within the user's patience.  What fails from here on is made good by the next check. */
static SignetPending *
go_on (SignetEnroller *self, SignetPending *pending, GCancellable *cancellable, GError **error)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;
  g_autoptr (SignetPending) now = g_object_ref (pending);

  while (now != NULL && signet_pending_get_state (now) == SIGNET_PENDING_WAITING && wait_for (now, end, cancellable)) {
    g_autoptr (SignetPending) next = signet_enroller_check (self, signet_pending_get_id (now), cancellable, error);
    g_set_object (&now, next);
  }
  return g_steal_pointer (&now);
}

/* Whether KEYSET, as it was before, has another signing ID now: a Signet that looks after the waiting requests may have
 * been faster at any step. */
static gboolean
is_renewed (SignetEnroller *self, SignetKeyset *keyset, GCancellable *cancellable)
{
  g_autoptr (SignetKeyset) now = find_keyset (self, signet_keyset_get_id (keyset), cancellable, NULL);
  SignetDigitalId *former = signet_keyset_get_renewable (keyset);
  SignetDigitalId *present = now != NULL ? signet_keyset_get_renewable (now) : NULL;

  return present != NULL && !g_bytes_equal (signet_certificate_get_der (present->certificate),
                                            signet_certificate_get_der (former->certificate));
}

static SignetPending *
ask_and_install (SignetEnroller *self, SignetKeyset *keyset, const char *program, SignetPasswordKeeper *keeper,
                 GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetPending) asked = ask (self, keyset, program, keeper, cancellable, error);
  g_autoptr (SignetPending) now = asked != NULL ? go_on (self, asked, cancellable, error) : NULL;
  g_autoptr (SignetKeyset) renewed = NULL;

  if (now == NULL || signet_pending_get_state (now) != SIGNET_PENDING_READY)
    return g_steal_pointer (&now);
  renewed = finish (self, now, program, keeper, cancellable, error);
  return renewed != NULL ? signet_enroller_check (self, signet_pending_get_id (now), cancellable, error) : NULL;
}

SignetPending *
signet_enroller_renew (SignetEnroller *self, SignetKeyset *keyset, const char *program, SignetPrompter *prompter,
                       GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetPasswordKeeper) keeper = signet_password_keeper_new (prompter);
  g_autoptr (GError) problem = NULL;
  SignetPending *left = ask_and_install (self, keyset, program, keeper, cancellable, &problem);

  if ((g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND) ||
       g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_ALREADY_INSTALLED)) &&
      is_renewed (self, keyset, cancellable))
    return NULL;
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return left;
}

/* --- revoking --- */

/* Nobody can renew it any more. */
static void
stop_renewing (SignetEnroller *self, SignetKeyset *keyset)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyset) changed = NULL;

  if (signet_keyset_renews_itself (keyset))
    changed = signet_keysets_let_renew_itself (signet_enroller_get_store (self), keyset, FALSE, NULL, &error);
  if (error != NULL)
    g_debug ("A revoked keyset still wants to renew itself: %s", error->message);
}

gboolean
signet_enroller_revoke (SignetEnroller *self, SignetKeyset *keyset, SignetRevocationReason reason, const char *program,
                        SignetPrompter *prompter, GCancellable *cancellable, GError **error)
{
  SignetDigitalId *id = get_renewable (keyset, error);
  g_autoptr (GPtrArray) keys = id != NULL ? signet_keyset_use (signet_enroller_get_store (self), keyset, program,
                                                               SIGNET_PURPOSE_REVOKE, prompter, cancellable, error)
                                          : NULL;
  if (keys == NULL)
    return FALSE;
  g_autoptr (GBytes) pin = signet_certificate_get_pin (id->chain->pdata[id->chain->len - 1]);
  g_autoptr (GBytes) request =
    signet_revocation_request_build (id->certificate, find_key (keyset, keys, id),
                                     signet_certificate_get_addresses (id->certificate)[0], reason,
                                     signet_clock_now (), error);
  if (request == NULL)
    return FALSE;
  signet_fault_point ("client:revocation-made");
  if (!signet_exchange_revoke (id->server, pin, request, cancellable, error))
    return FALSE;
  signet_fault_point ("client:revocation-sent");
  stop_renewing (self, keyset);
  return TRUE;
}

/* --- the same off the main loop --- */

typedef struct {
  SignetKeyset *keyset;           /* or NULL */
  SignetPrompter *prompter;       /* or NULL */
  char *pending_id;
  char *program;
  SignetRevocationReason reason;
} Arguments;

static void
arguments_free (gpointer data)
{
  Arguments *arguments = data;

  g_clear_object (&arguments->keyset);
  g_clear_object (&arguments->prompter);
  g_free (arguments->pending_id);
  g_free (arguments->program);
  g_free (arguments);
}

static Arguments *
arguments_new (SignetKeyset *keyset, const char *program, SignetPrompter *prompter)
{
  Arguments *arguments = g_new0 (Arguments, 1);

  arguments->keyset = keyset != NULL ? g_object_ref (keyset) : NULL;
  arguments->prompter = prompter != NULL ? g_object_ref (prompter) : NULL;
  arguments->program = g_strdup (program);
  return arguments;
}

static gpointer
renew (gpointer self, gpointer data, GCancellable *cancellable, GError **error)
{
  Arguments *arguments = data;

  return signet_enroller_renew (self, arguments->keyset, arguments->program, arguments->prompter, cancellable, error);
}

void
signet_enroller_renew_async (SignetEnroller *self, SignetKeyset *keyset, const char *program, SignetPrompter *prompter,
                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  signet_job_run (self, signet_enroller_renew_async, renew, arguments_new (keyset, program, prompter), arguments_free,
                  g_object_unref, cancellable, callback, user_data);
}

SignetPending *
signet_enroller_renew_finish (SignetEnroller *self, GAsyncResult *result, GError **error)
{
  return signet_job_finish (self, result, signet_enroller_renew_async, error);
}

static gpointer
finish_renewal (gpointer self, gpointer data, GCancellable *cancellable, GError **error)
{
  Arguments *arguments = data;

  return signet_enroller_finish_renewal (self, arguments->pending_id, arguments->program, arguments->prompter,
                                         cancellable, error);
}

void
signet_enroller_finish_renewal_async (SignetEnroller *self, const char *pending_id, const char *program,
                                      SignetPrompter *prompter, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data)
{
  Arguments *arguments = arguments_new (NULL, program, prompter);

  arguments->pending_id = g_strdup (pending_id);
  signet_job_run (self, signet_enroller_finish_renewal_async, finish_renewal, arguments, arguments_free,
                  g_object_unref, cancellable, callback, user_data);
}

SignetKeyset *
signet_enroller_finish_renewal_finish (SignetEnroller *self, GAsyncResult *result, GError **error)
{
  return signet_job_finish (self, result, signet_enroller_finish_renewal_async, error);
}

static gpointer
revoke_keyset (gpointer self, gpointer data, GCancellable *cancellable, GError **error)
{
  Arguments *arguments = data;

  return GINT_TO_POINTER (signet_enroller_revoke (self, arguments->keyset, arguments->reason, arguments->program,
                                                  arguments->prompter, cancellable, error));
}

void
signet_enroller_revoke_async (SignetEnroller *self, SignetKeyset *keyset, SignetRevocationReason reason,
                              const char *program, SignetPrompter *prompter, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  Arguments *arguments = arguments_new (keyset, program, prompter);

  arguments->reason = reason;
  signet_job_run (self, signet_enroller_revoke_async, revoke_keyset, arguments, arguments_free, NULL, cancellable,
                  callback, user_data);
}

gboolean
signet_enroller_revoke_finish (SignetEnroller *self, GAsyncResult *result, GError **error)
{
  return GPOINTER_TO_INT (signet_job_finish (self, result, signet_enroller_revoke_async, error));
}
