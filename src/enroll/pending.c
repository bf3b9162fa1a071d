/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enroll/pending-private.h"

#include "base/hex.h"
#include "crypto/public-key.h"
#include "crypto/random.h"
#include "protocol/confirmation.h"
#include "protocol/request.h"

/* Seconds that whoever made a request has for sending it (the time-out of net/http.h): others that find it in the store
 * do not send it, too, for a wrong temporary key would then count twice. */
#define SENDING 60

G_DEFINE_TYPE (SignetPending, signet_pending, G_TYPE_OBJECT)

static void
drop_keys (SignetPending *self)
{
  g_clear_pointer (&self->facts.temporary_key, signet_secret_unref);
  g_clear_pointer (&self->facts.signing_key, signet_private_key_unref);
  g_clear_pointer (&self->facts.reply_key, signet_private_key_unref);
  g_clear_pointer (&self->facts.sealed, signet_secret_unref);
}

static void
signet_pending_finalize (GObject *object)
{
  SignetPending *self = SIGNET_PENDING (object);
  SignetPendingFacts *facts = &self->facts;

  drop_keys (self);
  g_free (self->id);
  g_free (self->authority_url);
  g_free (self->authority_name);
  g_free (self->address);
  g_free (self->keyset_name);
  g_free (self->renewed);
  g_clear_error (&self->problem);
  g_free (facts->nonce);
  g_free (facts->location);
  g_clear_pointer (&facts->pin, g_bytes_unref);
  g_clear_pointer (&facts->request, g_bytes_unref);
  g_clear_pointer (&facts->reply_id, g_bytes_unref);
  g_clear_pointer (&facts->reply, g_bytes_unref);
  g_clear_pointer (&facts->confirmation, g_bytes_unref);

  G_OBJECT_CLASS (signet_pending_parent_class)->finalize (object);
}

static void
signet_pending_class_init (SignetPendingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = signet_pending_finalize;
}

static void
signet_pending_init (SignetPending *self)
{
}

static GBytes *
ref_bytes (GBytes *bytes)
{
  return bytes != NULL ? g_bytes_ref (bytes) : NULL;
}

static SignetPending *
copy (SignetPending *self)
{
  SignetPending *other = g_object_new (SIGNET_TYPE_PENDING, NULL);
  const SignetPendingFacts *from = &self->facts;

  other->state = self->state;
  other->id = g_strdup (self->id);
  other->authority_url = g_strdup (self->authority_url);
  other->authority_name = g_strdup (self->authority_name);
  other->address = g_strdup (self->address);
  other->keyset_name = g_strdup (self->keyset_name);
  other->renewed = g_strdup (self->renewed);
  other->problem = self->problem != NULL ? g_error_copy (self->problem) : NULL;
  other->created = self->created;
  other->retry_at = self->retry_at;
  other->level = self->level;
  other->facts = (SignetPendingFacts) {
    .pin = ref_bytes (from->pin),
    .nonce = g_strdup (from->nonce),
    .request = ref_bytes (from->request),
    .reply_id = ref_bytes (from->reply_id),
    .location = g_strdup (from->location),
    .reply = ref_bytes (from->reply),
    .confirmation = ref_bytes (from->confirmation),
    .failures = from->failures,
    .temporary_key = from->temporary_key != NULL ? signet_secret_ref (from->temporary_key) : NULL,
    .signing_key = from->signing_key != NULL ? signet_private_key_ref (from->signing_key) : NULL,
    .reply_key = from->reply_key != NULL ? signet_private_key_ref (from->reply_key) : NULL,
    .sealed = from->sealed != NULL ? signet_secret_ref (from->sealed) : NULL,
  };
  return other;
}

/* The copy that a step begins with: in its new state, and without the trouble that came before. */
static SignetPending *
step (SignetPending *self, SignetPendingState state)
{
  SignetPending *next = copy (self);

  next->state = state;
  next->retry_at = 0;
  next->facts.failures = 0;
  g_clear_error (&next->problem);
  return next;
}

static char *
random_id (void)
{
  g_autoptr (GBytes) bytes = signet_random_bytes (SIGNET_REQUEST_ID_LENGTH / 2);

  return signet_hex_encode (bytes);
}

static SignetPending *
begin (const char *authority_url, const char *authority_name, GBytes *pin, const char *address,
       const char *keyset_name, gint64 now)
{
  SignetPending *self = g_object_new (SIGNET_TYPE_PENDING, NULL);

  self->state = SIGNET_PENDING_CREATED;
  self->id = random_id ();
  self->authority_url = g_strdup (authority_url);
  self->authority_name = g_strdup (authority_name);
  self->address = g_strdup (address);
  self->keyset_name = g_strdup (keyset_name);
  self->created = now;
  self->retry_at = now + SENDING;
  self->facts.pin = g_bytes_ref (pin);
  self->facts.nonce = random_id ();
  return self;
}

static gboolean
make_keys (SignetPendingFacts *facts, GError **error)
{
  facts->signing_key = signet_private_key_generate (SIGNET_KEY_P256, error);
  facts->reply_key = facts->signing_key != NULL ? signet_private_key_generate (SIGNET_KEY_P256, error) : NULL;
  if (facts->reply_key == NULL)
    return FALSE;
  facts->reply_id = signet_public_key_get_id (signet_private_key_get_spki (facts->reply_key), error);
  return facts->reply_id != NULL;
}

SignetPending *
signet_pending_new (SignetInvitation *invitation, SignetAuthorityInfo *info, const char *keyset_name, gint64 now,
                    GError **error)
{
  g_autoptr (SignetPending) self = begin (signet_invitation_get_authority (invitation),
                                          signet_authority_info_get_name (info), signet_invitation_get_pin (invitation),
                                          signet_invitation_get_address (invitation), keyset_name, now);
  SignetPendingFacts *facts = &self->facts;

  facts->temporary_key = signet_secret_ref (signet_invitation_get_temporary_key (invitation));
  if (!make_keys (facts, error))
    return NULL;
  facts->request = signet_request_build (self->id, facts->nonce, self->address, now, facts->signing_key,
                                         facts->reply_key, error);
  return facts->request != NULL ? g_steal_pointer (&self) : NULL;
}

SignetPending *
signet_pending_new_renewal (SignetKeyset *keyset, SignetPrivateKey *current_key, gint64 now, GError **error)
{
  SignetDigitalId *id = signet_keyset_get_renewable (keyset);
  g_autoptr (GBytes) pin = signet_certificate_get_pin (id->chain->pdata[id->chain->len - 1]);
  g_autoptr (SignetPending) self = begin (id->server, id->authority, pin,
                                          signet_certificate_get_addresses (id->certificate)[0],
                                          signet_keyset_get_name (keyset), now);
  SignetPendingFacts *facts = &self->facts;

  self->renewed = g_strdup (signet_keyset_get_id (keyset));
  if (!make_keys (facts, error))
    return NULL;
  facts->request = signet_request_build_renewal (self->id, facts->nonce, self->address, now, facts->signing_key,
                                                 facts->reply_key, id->certificate, current_key, error);
  return facts->request != NULL ? g_steal_pointer (&self) : NULL;
}

SignetPending *
signet_pending_new_for_file (const char *address, const char *keyset_name, SignetLevel level, GBytes *request,
                             GBytes *reply_id, SignetSecret *sealed, gint64 now)
{
  SignetPending *self = g_object_new (SIGNET_TYPE_PENDING, NULL);

  self->state = SIGNET_PENDING_CERTIFICATE;
  self->id = random_id ();
  self->address = g_strdup (address);
  self->keyset_name = g_strdup (keyset_name);
  self->level = level;
  self->created = now;
  self->facts.request = g_bytes_ref (request);
  self->facts.reply_id = g_bytes_ref (reply_id);
  self->facts.sealed = signet_secret_ref (sealed);
  return self;
}

SignetPending *
signet_pending_accepted (SignetPending *self, const char *location, gint64 retry_at)
{
  SignetPending *next = step (self, SIGNET_PENDING_WAITING);

  next->retry_at = retry_at;
  g_free (next->facts.location);
  next->facts.location = g_strdup (location);
  g_clear_pointer (&next->facts.temporary_key, signet_secret_unref);
  return next;
}

SignetPending *
signet_pending_failed (SignetPending *self, const GError *problem, gint64 retry_at)
{
  SignetPending *next = step (self, self->state == SIGNET_PENDING_REFUSED ? SIGNET_PENDING_CREATED : self->state);

  next->retry_at = retry_at;
  next->problem = g_error_copy (problem);
  next->facts.failures = MIN (self->facts.failures + 1, 100);
  return next;
}

SignetPending *
signet_pending_replied (SignetPending *self, GBytes *attachment)
{
  SignetPending *next = step (self, SIGNET_PENDING_READY);

  g_clear_pointer (&next->facts.temporary_key, signet_secret_unref);
  g_clear_pointer (&next->facts.reply, g_bytes_unref);
  next->facts.reply = g_bytes_ref (attachment);
  return next;
}

SignetPending *
signet_pending_installed (SignetPending *self, GError **error)
{
  g_autoptr (GBytes) digest = signet_sha256 (self->facts.reply);
  g_autoptr (GBytes) confirmation = signet_confirmation_build (self->id, digest, self->facts.signing_key, error);

  if (confirmation == NULL)
    return NULL;

  SignetPending *next = step (self, SIGNET_PENDING_CONFIRMING);
  drop_keys (next);
  g_clear_pointer (&next->facts.reply, g_bytes_unref);
  next->facts.confirmation = g_steal_pointer (&confirmation);
  return next;
}

SignetPending *
signet_pending_refused (SignetPending *self, const GError *problem)
{
  SignetPending *next = step (self, SIGNET_PENDING_REFUSED);

  next->problem = g_error_copy (problem);
  return next;
}

SignetPending *
signet_pending_removed (SignetPending *self)
{
  SignetPending *next = step (self, SIGNET_PENDING_REMOVED);

  drop_keys (next);
  g_clear_pointer (&next->facts.reply, g_bytes_unref);
  return next;
}

const SignetPendingFacts *
signet_pending_get_facts (SignetPending *self)
{
  return &self->facts;
}

const char *
signet_pending_get_id (SignetPending *self)
{
  return self->id;
}

SignetPendingState
signet_pending_get_state (SignetPending *self)
{
  return self->state;
}

const char *
signet_pending_get_authority_name (SignetPending *self)
{
  return self->authority_name;
}

const char *
signet_pending_get_authority_url (SignetPending *self)
{
  return self->authority_url;
}

const char *
signet_pending_get_address (SignetPending *self)
{
  return self->address;
}

const char *
signet_pending_get_keyset_name (SignetPending *self)
{
  return self->keyset_name;
}

SignetLevel
signet_pending_get_level (SignetPending *self)
{
  return self->level;
}

const char *
signet_pending_get_renewed (SignetPending *self)
{
  return self->renewed;
}

gint64
signet_pending_get_created (SignetPending *self)
{
  return self->created;
}

gint64
signet_pending_get_retry_at (SignetPending *self)
{
  return self->retry_at;
}

const char *
signet_pending_get_problem (SignetPending *self)
{
  return self->problem != NULL ? self->problem->message : NULL;
}

const GError *
signet_pending_get_error (SignetPending *self)
{
  return self->problem;
}
