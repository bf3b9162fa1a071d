/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enroll/enroller-private.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "crypto/cms.h"
#include "enroll/exchange.h"
#include "enroll/pending-store.h"
#include "keyset/keyset-list.h"

/* The order of the durable steps, each of which survives a kill right after it:
 *
 *   1. the pending request, with its keys and the temporary key, is stored    (CREATED)
 *   2. it is sent, any number of times with the same bytes                    (WAITING)
 *   3. the reply is stored beside it                                          (READY)
 *   4. the keyset is stored; from here on it says itself which reply it came from
 *   5. the pending request gives up its keys and keeps a signed confirmation  (CONFIRMING)
 *   6. the authority has been told; the pending request goes
 *
 * A pending request whose reply is found in a keyset (killed between 4 and 5) is taken as CONFIRMING wherever it is
 * read. */

struct _SignetEnroller {
  GObject parent_instance;

  SignetStore *store;
};

G_DEFINE_TYPE (SignetEnroller, signet_enroller, G_TYPE_OBJECT)

static void
signet_enroller_finalize (GObject *object)
{
  g_object_unref (SIGNET_ENROLLER (object)->store);
  G_OBJECT_CLASS (signet_enroller_parent_class)->finalize (object);
}

static void
signet_enroller_class_init (SignetEnrollerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = signet_enroller_finalize;
}

static void
signet_enroller_init (SignetEnroller *self)
{
}

SignetEnroller *
signet_enroller_new (SignetStore *store)
{
  SignetEnroller *self = g_object_new (SIGNET_TYPE_ENROLLER, NULL);

  self->store = g_object_ref (store);
  return self;
}

SignetStore *
signet_enroller_get_store (SignetEnroller *self)
{
  return self->store;
}

/* --- the stored requests --- */

GPtrArray *
signet_enroller_list (SignetEnroller *self, GCancellable *cancellable, GError **error)
{
  return signet_pendings_list (self->store, cancellable, error);
}

SignetPending *
signet_enroller_remove (SignetEnroller *self, const char *pending_id, GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetStoreLock) lock = signet_store_lock (self->store, cancellable, error);
  g_autoptr (SignetPending) pending = lock != NULL ? signet_pendings_find (self->store, pending_id, cancellable, error)
                                                   : NULL;

  if (pending == NULL)
    return NULL;
  g_autoptr (SignetPending) removed = signet_pending_removed (pending);
  return signet_pendings_save (self->store, removed, cancellable, error) ? g_steal_pointer (&pending) : NULL;
}

SignetPending *
signet_enroller_put_back (SignetEnroller *self, SignetPending *removed, GCancellable *cancellable, GError **error)
{
  const char *id = signet_pending_get_id (removed);
  g_autoptr (SignetStoreLock) lock = signet_store_lock (self->store, cancellable, error);
  g_autoptr (SignetPending) marker = lock != NULL ? signet_pendings_find (self->store, id, cancellable, error) : NULL;

  if (marker == NULL)
    return NULL;
  if (signet_pending_get_state (marker) != SIGNET_PENDING_REMOVED) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_CHANGED,
                         _("Another Signet window or command has brought the request back meanwhile."));
    return NULL;
  }
  return signet_pendings_save (self->store, removed, cancellable, error) ? g_object_ref (removed) : NULL;
}

/* --- asking --- */

SignetAuthorityInfo *
signet_enroller_discover (SignetEnroller *self, SignetInvitation *invitation, GCancellable *cancellable, GError **error)
{
  return signet_exchange_discover (invitation, cancellable, error);
}

SignetKeyset *
signet_enroller_find_keyset (SignetEnroller *self, const char *name, GCancellable *cancellable, GError **error)
{
  return signet_keysets_find (self->store, name, cancellable, error);
}

char *
signet_enroller_suggest_name (SignetEnroller *self, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) keysets = signet_keysets_load (self->store, NULL, cancellable, error);

  return keysets != NULL ? signet_keysets_suggest_name (keysets, name) : NULL;
}

/* The password of an existing High keyset is asked before anything is sent: who cannot open it could not install
 * the reply into it either. */
static gboolean
may_use_name (SignetEnroller *self, const char *name, SignetSecret *password, GCancellable *cancellable,
              GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SignetKeyset) keyset = signet_keysets_find (self->store, name, cancellable, &local_error);

  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (keyset == NULL || signet_keyset_get_level (keyset) != SIGNET_LEVEL_HIGH)
    return TRUE;
  if (password == NULL) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD,
                 _("The keyset “%s” exists. Enter its password, or choose a new keyset name."), name);
    return FALSE;
  }
  g_autoptr (GPtrArray) keys = signet_keyset_unlock (keyset, password, error);
  return keys != NULL;
}

/* Longer after each failure, and not before the server wants to be asked again. */
static SignetPending *
after_failure (SignetPending *pending, const GError *problem, const SignetExchangeNote *note)
{
  guint doublings = MIN (signet_pending_get_facts (pending)->failures, 7);
  gint64 pause = MAX (MIN (30 << doublings, 3600), note->retry_after);

  return signet_pending_failed (pending, problem, signet_clock_now () + pause);
}

static gboolean
is_error (const GError *error, SignetError code)
{
  return g_error_matches (error, SIGNET_ERROR, code);
}

static gboolean
is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Whether it is certain that the authority did not take the request in, so that its keys need not be kept. */
static gboolean
is_hopeless (const GError *problem, const SignetExchangeNote *note)
{
  if (note->sent)
    return is_error (problem, SIGNET_ERROR_REFUSED) || is_error (problem, SIGNET_ERROR_BUSY) ||
           is_error (problem, SIGNET_ERROR_NOT_FOUND);
  return !is_error (problem, SIGNET_ERROR_UNREACHABLE);
}

/* Sends a request that is CREATED and stores what came of it.  When it is the FIRST time, a failure that is certain
 * ends the request without a trace and is the error; else it stays, refused, for the user to see. */
static SignetPending *
submit (SignetEnroller *self, SignetPending *pending, gboolean first, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autofree char *location = NULL;
  SignetExchangeNote note = { 0 };
  g_autoptr (SignetPending) next = NULL;

  if (signet_exchange_submit (pending, &location, &note, cancellable, &problem)) {
    signet_fault_point ("client:request-sent");
    next = signet_pending_accepted (pending, location, signet_clock_now () + note.retry_after);
  } else if (first && is_hopeless (problem, &note)) {
    if (signet_pendings_forget (self->store, pending, NULL, error))
      g_propagate_error (error, g_steal_pointer (&problem));
    return NULL;
  } else if (is_cancelled (problem)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return NULL;
  } else if (is_error (problem, SIGNET_ERROR_REFUSED)) {
    next = signet_pending_refused (pending, problem);
  } else {
    next = after_failure (pending, problem, &note);
  }

  g_autoptr (SignetPending) stored = signet_pendings_replace (self->store, pending, next, cancellable, error);
  if (stored != NULL)
    signet_fault_point ("client:request-accepted");
  return g_steal_pointer (&stored);
}

/* A store that was cancelled may have stored all the same. */
static gboolean
save_first (SignetEnroller *self, SignetPending *pending, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (signet_pendings_save (self->store, pending, cancellable, &problem))
    return TRUE;
  if (is_cancelled (problem))
    signet_pendings_forget (self->store, pending, NULL, NULL);
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

SignetPending *
signet_enroller_begin (SignetEnroller *self, SignetPending *pending, GCancellable *cancellable, GError **error)
{
  if (!save_first (self, pending, cancellable, error))
    return NULL;
  signet_fault_point ("client:request-stored");
  return submit (self, pending, TRUE, cancellable, error);
}

SignetPending *
signet_enroller_request (SignetEnroller *self, SignetInvitation *invitation, SignetAuthorityInfo *info,
                         const char *keyset_name, SignetSecret *password, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = signet_keyset_normalize_name (keyset_name, error);

  if (name == NULL || !may_use_name (self, name, password, cancellable, error))
    return NULL;

  g_autoptr (SignetPending) pending = signet_pending_new (invitation, info, name, signet_clock_now (), error);
  if (pending == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  signet_fault_point ("client:keys-made");
  return signet_enroller_begin (self, pending, cancellable, error);
}

/* --- waiting --- */

static SignetReply *
open_reply (SignetPending *pending, GBytes *attachment, GError **error)
{
  const SignetPendingFacts *facts = signet_pending_get_facts (pending);
  g_autoptr (GBytes) digest = signet_sha256 (facts->request);
  SignetReplyExpectation expected = {
    .request_id = signet_pending_get_id (pending),
    .request_digest = digest,
    .nonce = facts->nonce,
    .address = signet_pending_get_address (pending),
    .signing_spki = signet_private_key_get_spki (facts->signing_key),
    .pin = facts->pin,
  };

  return signet_reply_open (attachment, facts->reply_key, &expected, signet_clock_now (), error);
}

/* Asks for the reply of a request that is WAITING. */
static SignetPending *
poll_reply (SignetEnroller *self, SignetPending *pending, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (GBytes) attachment = NULL;
  g_autoptr (SignetReply) reply = NULL;
  g_autoptr (SignetPending) next = NULL;
  SignetExchangeNote note = { 0 };

  if (signet_exchange_poll (pending, &attachment, &note, cancellable, &problem) && attachment == NULL) {
    next = signet_pending_accepted (pending, signet_pending_get_facts (pending)->location,
                                    signet_clock_now () + note.retry_after);
  } else if (attachment != NULL && (reply = open_reply (pending, attachment, &problem)) != NULL) {
    next = signet_pending_replied (pending, attachment);
  } else if (is_cancelled (problem)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return NULL;
  } else {
    next = after_failure (pending, problem, &note);
  }

  g_autoptr (SignetPending) stored = signet_pendings_replace (self->store, pending, next, cancellable, error);
  if (stored != NULL && reply != NULL)
    signet_fault_point ("client:reply-stored");
  return g_steal_pointer (&stored);
}

/* Tells the authority of the install; a request that is done goes.  An authority that does not know it (any more) need
 * not be told. */
static SignetPending *
confirm (SignetEnroller *self, SignetPending *pending, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) problem = NULL;
  SignetExchangeNote note = { 0 };

  if (signet_exchange_confirm (pending, &note, cancellable, &problem) || is_error (problem, SIGNET_ERROR_NOT_FOUND) ||
      is_error (problem, SIGNET_ERROR_REFUSED)) {
    signet_fault_point ("client:confirmed");
    signet_pendings_forget (self->store, pending, cancellable, error);
    return NULL;
  }
  if (is_cancelled (problem)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return NULL;
  }
  g_autoptr (SignetPending) next = after_failure (pending, problem, &note);
  return signet_pendings_replace (self->store, pending, next, cancellable, error);
}

/* One step on from where PENDING stands. */
static SignetPending *
take_on (SignetEnroller *self, SignetPending *pending, GCancellable *cancellable, GError **error)
{
  switch (signet_pending_get_state (pending)) {
    case SIGNET_PENDING_CREATED:
    case SIGNET_PENDING_REFUSED:
      return submit (self, pending, FALSE, cancellable, error);
    case SIGNET_PENDING_WAITING:
      return poll_reply (self, pending, cancellable, error);
    case SIGNET_PENDING_CONFIRMING:
      return confirm (self, pending, cancellable, error);
    case SIGNET_PENDING_READY:
    case SIGNET_PENDING_REMOVED:
    case SIGNET_PENDING_CERTIFICATE:
      break;
  }
  return g_object_ref (pending);
}

SignetPending *
signet_enroller_check (SignetEnroller *self, const char *pending_id, GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetPending) pending = signet_pendings_find (self->store, pending_id, cancellable, error);
  g_autoptr (SignetPending) next = pending != NULL ? take_on (self, pending, cancellable, error) : NULL;

  if (next == NULL || signet_pending_get_state (next) != SIGNET_PENDING_READY ||
      signet_pending_get_renewed (next) == NULL)
    return g_steal_pointer (&next);

  g_autoptr (SignetPending) installed = signet_enroller_install_by_itself (self, next, cancellable);
  return signet_pending_get_state (installed) == SIGNET_PENDING_CONFIRMING
           ? confirm (self, installed, cancellable, error) : g_steal_pointer (&installed);
}

/* --- opening and installing --- */

static gboolean
contains_id (GPtrArray *ids, GBytes *id)
{
  for (guint i = 0; i < ids->len; i++) {
    if (g_bytes_equal (ids->pdata[i], id))
      return TRUE;
  }
  return FALSE;
}

/* Sets the error that says where and when the reply was installed, when it was. */
static gboolean
is_installed (SignetEnroller *self, GBytes *reply_id, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (SignetKeyset) keyset = signet_pendings_find_installed (self->store, reply_id, cancellable, &local_error);

  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return TRUE;
  }
  if (keyset == NULL)
    return FALSE;

  g_autoptr (GDateTime) when = g_date_time_new_from_unix_local (signet_keyset_find_reply (keyset, reply_id)->installed);
  g_autofree char *date = g_date_time_format (when, _("%-e %B %Y"));
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_ALREADY_INSTALLED,
               _("This digital ID was installed on %s, in the keyset “%s”. Nothing more needs to be done."), date,
               signet_keyset_get_name (keyset));
  return TRUE;
}

static SignetReplyOffer *
offer_reply (SignetPending *pending, GBytes *attachment, GError **error)
{
  if (signet_pending_get_state (pending) == SIGNET_PENDING_REMOVED) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_REMOVED,
                         _("You removed the request that this reply answers. Ask your administrator for a new "
                           "temporary key to get a digital ID."));
    return NULL;
  }
  if (signet_pending_get_facts (pending)->reply_key == NULL) {     /* CONFIRMING, and the keyset has gone since */
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_ALREADY_INSTALLED,
                         _("This digital ID was installed before, in a keyset that is gone. Ask your administrator for "
                           "a new temporary key."));
    return NULL;
  }
  SignetReply *reply = open_reply (pending, attachment, error);
  return reply != NULL ? signet_reply_offer_new (pending, reply, attachment) : NULL;
}

SignetReplyOffer *
signet_enroller_open (SignetEnroller *self, GBytes *message, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) attachment = signet_reply_message_extract (message, error);
  g_autoptr (GPtrArray) recipients =
    attachment != NULL ? signet_cms_get_recipient_ids (attachment, SIGNET_MAX_REPLY, error) : NULL;

  if (recipients == NULL)
    return NULL;
  for (guint i = 0; i < recipients->len; i++) {
    if (is_installed (self, recipients->pdata[i], cancellable, error))
      return NULL;
  }

  g_autoptr (GPtrArray) list = signet_pendings_load (self->store, cancellable, error);
  if (list == NULL)
    return NULL;
  for (guint i = 0; i < list->len; i++) {
    if (contains_id (recipients, signet_pending_get_facts (list->pdata[i])->reply_id))
      return offer_reply (list->pdata[i], attachment, error);
  }
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOR_US,
                       _("No request made here fits this reply. Open it where the request was made, by the same "
                         "user."));
  return NULL;
}

SignetReplyOffer *
signet_enroller_open_pending (SignetEnroller *self, const char *pending_id, GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetPending) pending = signet_pendings_find (self->store, pending_id, cancellable, error);

  if (pending == NULL || is_installed (self, signet_pending_get_facts (pending)->reply_id, cancellable, error))
    return NULL;
  if (signet_pending_get_facts (pending)->reply == NULL) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND,
                         _("The reply has not arrived yet. Check for it later."));
    return NULL;
  }
  return offer_reply (pending, signet_pending_get_facts (pending)->reply, error);
}

/* It remembers whom to ask for the next one. */
static SignetDigitalId *
make_id (SignetReplyOffer *offer, SignetIdUse use, gboolean current, SignetCertificate *certificate)
{
  const SignetReply *reply = signet_reply_offer_get_reply (offer);
  SignetPending *pending = signet_reply_offer_get_pending (offer);
  SignetDigitalId *id = signet_digital_id_new (use, current, certificate, reply->chain, reply->authority,
                                               signet_clock_now (), signet_pending_get_facts (pending)->reply_id);

  return signet_digital_id_take_server (id, signet_pending_get_authority_url (pending));
}

/* The reply's digital IDs, and the key of each in KEYS: the signing ID, the current encryption ID, the key history. */
static GPtrArray *
collect_ids (SignetReplyOffer *offer, GPtrArray *keys)
{
  const SignetReply *reply = signet_reply_offer_get_reply (offer);
  const SignetPendingFacts *facts = signet_pending_get_facts (signet_reply_offer_get_pending (offer));
  GPtrArray *ids = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_digital_id_unref);

  g_ptr_array_add (ids, make_id (offer, SIGNET_ID_SIGNING, TRUE, reply->signing));
  g_ptr_array_add (keys, facts->signing_key);
  for (guint i = 0; i < reply->encryption->len; i++) {
    g_ptr_array_add (ids, make_id (offer, SIGNET_ID_ENCRYPTION, i == 0, reply->encryption->pdata[i]));
    g_ptr_array_add (keys, reply->encryption_keys->pdata[i]);
  }
  return ids;
}

static SignetKeyset *
build_keyset (SignetReplyOffer *offer, SignetKeyset *existing, const char *name, gboolean add, SignetLevel level,
              SignetSecret *password, GError **error)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  g_autoptr (GPtrArray) ids = collect_ids (offer, keys);

  if (existing != NULL && !add)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_EXISTS,
                 _("There is a keyset “%s” already. Choose another name."), signet_keyset_get_name (existing));
  else if (existing == NULL && add)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND,
                 _("There is no keyset “%s” any more. Choose another name."), name);
  else if (existing != NULL && signet_keyset_get_level (existing) != level)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_EXISTS,
                 _("The keyset “%s” has another security level. Choose that level, or another name."), name);
  else if (existing != NULL)
    return signet_keyset_add (existing, ids, keys, password, error);
  else
    return signet_keyset_new (name, level, ids, keys, password, error);
  return NULL;
}

/* Steps 3 to 5, under the store's lock. */
static SignetKeyset *
install_locked (SignetEnroller *self, SignetReplyOffer *offer, const char *name, gboolean add, SignetLevel level,
                SignetSecret *password, GCancellable *cancellable, GError **error)
{
  const char *id = signet_pending_get_id (signet_reply_offer_get_pending (offer));
  g_autoptr (SignetPending) pending = signet_pendings_find (self->store, id, cancellable, error);

  if (pending == NULL || is_installed (self, signet_pending_get_facts (pending)->reply_id, cancellable, error))
    return NULL;
  if (signet_pending_get_facts (pending)->signing_key == NULL) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_REMOVED,
                         _("This request has been removed meanwhile, and nothing was installed."));
    return NULL;
  }

  g_autoptr (GError) local_error = NULL;
  g_autoptr (SignetKeyset) existing = signet_keysets_find (self->store, name, cancellable, &local_error);
  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return NULL;
  }
  g_autoptr (SignetKeyset) keyset = build_keyset (offer, existing, name, add, level, password, error);
  if (keyset == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  g_autoptr (SignetPending) ready = signet_pending_replied (pending, signet_reply_offer_get_attachment (offer));
  g_autoptr (SignetPending) confirming = signet_pending_installed (ready, error);
  if (confirming == NULL || !signet_pendings_save (self->store, ready, cancellable, error))
    return NULL;
  signet_fault_point ("client:before-install");
  if (!signet_keysets_save (self->store, keyset, cancellable, error))
    return NULL;
  signet_fault_point ("client:keyset-stored");

  /* The keyset is in: what goes wrong from here on is made good by the next check. */
  if (!signet_pendings_save (self->store, confirming, NULL, &local_error))
    g_debug ("The request keeps its keys until the next check: %s", local_error->message);
  else
    signet_fault_point ("client:keys-dropped");
  return g_steal_pointer (&keyset);
}

SignetKeyset *
signet_enroller_install (SignetEnroller *self, SignetReplyOffer *offer, const char *keyset_name, gboolean add,
                         SignetLevel level, SignetSecret *password, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = signet_keyset_normalize_name (keyset_name, error);
  g_autoptr (SignetStoreLock) lock = name != NULL ? signet_store_lock (self->store, cancellable, error) : NULL;

  if (lock == NULL)
    return NULL;
  return install_locked (self, offer, name, add, level, password, cancellable, error);
}
