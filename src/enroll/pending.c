/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enroll/pending.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "crypto/public-key.h"
#include "crypto/random.h"
#include "keyset/item-format.h"
#include "protocol/confirmation.h"
#include "protocol/request.h"

#include <string.h>

/* The stored form is a frame of keyset/item-format.h:
 *   header  id, state, authority, authority-name, pin, address, keyset, nonce, created, retry-at, failures, request,
 *           reply-id; and where there is one: location, problem (a text) and problem-code (SignetError), reply,
 *           confirmation
 *   body    u8 length, temporary key | AsymmetricKeyPackage of the signing key and the reply key, or nothing
 */
#define MAGIC "SignetRq"
#define FORMAT_VERSION 1

/* Seconds that whoever made a request has for sending it (the time-out of net/http.h): others that find it in the store
 * do not send it, too, for a wrong temporary key would then count twice. */
#define SENDING 60

struct _SignetPending {
  GObject parent_instance;

  SignetPendingState state;
  char *id;
  char *authority_url;
  char *authority_name;
  char *address;
  char *keyset_name;
  GError *problem;
  gint64 created;
  gint64 retry_at;
  SignetPendingFacts facts;
};

G_DEFINE_TYPE (SignetPending, signet_pending, G_TYPE_OBJECT)

static const char *const state_names[] = { "created", "waiting", "ready", "confirming", "refused", "removed" };

static void
drop_keys (SignetPending *self)
{
  g_clear_pointer (&self->facts.temporary_key, signet_secret_unref);
  g_clear_pointer (&self->facts.signing_key, signet_private_key_unref);
  g_clear_pointer (&self->facts.reply_key, signet_private_key_unref);
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
  other->problem = self->problem != NULL ? g_error_copy (self->problem) : NULL;
  other->created = self->created;
  other->retry_at = self->retry_at;
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

SignetPending *
signet_pending_new (SignetInvitation *invitation, SignetAuthorityInfo *info, const char *keyset_name, gint64 now,
                    GError **error)
{
  g_autoptr (SignetPending) self = g_object_new (SIGNET_TYPE_PENDING, NULL);
  SignetPendingFacts *facts = &self->facts;

  self->state = SIGNET_PENDING_CREATED;
  self->id = random_id ();
  self->authority_url = g_strdup (signet_invitation_get_authority (invitation));
  self->authority_name = g_strdup (signet_authority_info_get_name (info));
  self->address = g_strdup (signet_invitation_get_address (invitation));
  self->keyset_name = g_strdup (keyset_name);
  self->created = now;
  self->retry_at = now + SENDING;
  facts->pin = g_bytes_ref (signet_invitation_get_pin (invitation));
  facts->nonce = random_id ();
  facts->temporary_key = signet_secret_ref (signet_invitation_get_temporary_key (invitation));

  facts->signing_key = signet_private_key_generate (SIGNET_KEY_P256, error);
  if (facts->signing_key == NULL)
    return NULL;
  facts->reply_key = signet_private_key_generate (SIGNET_KEY_P256, error);
  if (facts->reply_key == NULL)
    return NULL;
  facts->reply_id = signet_public_key_get_id (signet_private_key_get_spki (facts->reply_key), error);
  if (facts->reply_id == NULL)
    return NULL;
  facts->request = signet_request_build (self->id, facts->nonce, self->address, now, facts->signing_key,
                                         facts->reply_key, error);
  return facts->request != NULL ? g_steal_pointer (&self) : NULL;
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

static JsonObject *
build_header (SignetPending *self)
{
  const SignetPendingFacts *facts = &self->facts;
  JsonObject *header = json_object_new ();

  json_object_set_string_member (header, "id", self->id);
  json_object_set_string_member (header, "state", state_names[self->state]);
  json_object_set_string_member (header, "authority", self->authority_url);
  json_object_set_string_member (header, "authority-name", self->authority_name);
  signet_json_set_bytes (header, "pin", facts->pin);
  json_object_set_string_member (header, "address", self->address);
  json_object_set_string_member (header, "keyset", self->keyset_name);
  json_object_set_string_member (header, "nonce", facts->nonce);
  json_object_set_int_member (header, "created", self->created);
  json_object_set_int_member (header, "retry-at", self->retry_at);
  json_object_set_int_member (header, "failures", facts->failures);
  signet_json_set_bytes (header, "request", facts->request);
  signet_json_set_bytes (header, "reply-id", facts->reply_id);
  if (facts->location != NULL)
    json_object_set_string_member (header, "location", facts->location);
  if (self->problem != NULL) {
    json_object_set_string_member (header, "problem", self->problem->message);
    json_object_set_int_member (header, "problem-code",
                                self->problem->domain == SIGNET_ERROR ? self->problem->code : SIGNET_ERROR_FAILED);
  }
  if (facts->reply != NULL)
    signet_json_set_bytes (header, "reply", facts->reply);
  if (facts->confirmation != NULL)
    signet_json_set_bytes (header, "confirmation", facts->confirmation);
  return header;
}

static SignetSecret *
build_body (SignetPending *self, GError **error)
{
  const SignetPendingFacts *facts = &self->facts;
  g_autoptr (SignetSecret) package = NULL;
  gsize key_length = facts->temporary_key != NULL ? signet_secret_length (facts->temporary_key) : 0;

  if (facts->signing_key != NULL) {
    g_autoptr (GPtrArray) keys = g_ptr_array_new ();

    g_ptr_array_add (keys, facts->signing_key);
    g_ptr_array_add (keys, facts->reply_key);
    package = signet_private_keys_to_package (keys, error);
    if (package == NULL)
      return NULL;
  }

  gsize package_length = package != NULL ? signet_secret_length (package) : 0;
  SignetSecret *body = signet_secret_alloc (1 + key_length + package_length);
  guint8 *data = signet_secret_edit (body);

  data[0] = key_length;
  if (key_length > 0)
    memcpy (data + 1, signet_secret_get (facts->temporary_key, NULL), key_length);
  if (package_length > 0)
    memcpy (data + 1 + key_length, signet_secret_get (package, NULL), package_length);
  return body;
}

SignetSecret *
signet_pending_to_blob (SignetPending *self, GError **error)
{
  g_autoptr (JsonObject) header = build_header (self);
  g_autoptr (GBytes) prefix = signet_item_format_prefix (MAGIC, FORMAT_VERSION, header);
  g_autoptr (SignetSecret) body = build_body (self, error);

  return body != NULL ? signet_item_format_build (prefix, body, error) : NULL;
}

static gboolean
parse_state (SignetPending *self, JsonObject *header, GError **error)
{
  const char *name = signet_json_get_text (header, "state", 32, error);

  if (name == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (state_names); i++) {
    if (g_str_equal (name, state_names[i])) {
      self->state = i;
      return TRUE;
    }
  }
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                       _("This request was stored by a later version of Signet. Update Signet to go on with it."));
  return FALSE;
}

static gboolean
dup_text (JsonObject *header, const char *member, gsize max, char **text, GError **error)
{
  *text = g_strdup (signet_json_get_text (header, member, max, error));
  return *text != NULL;
}

static gboolean
dup_optional_text (JsonObject *header, const char *member, gsize max, char **text, GError **error)
{
  return !json_object_has_member (header, member) || dup_text (header, member, max, text, error);
}

static gboolean
dup_bytes (JsonObject *header, const char *member, gsize max, GBytes **bytes, GError **error)
{
  *bytes = signet_json_get_bytes (header, member, max, error);
  return *bytes != NULL;
}

static gboolean
dup_optional_bytes (JsonObject *header, const char *member, gsize max, GBytes **bytes, GError **error)
{
  return !json_object_has_member (header, member) || dup_bytes (header, member, max, bytes, error);
}

static gboolean
parse_problem (SignetPending *self, JsonObject *header, GError **error)
{
  const char *text;
  gint64 code;

  if (!json_object_has_member (header, "problem"))
    return TRUE;
  if ((text = signet_json_get_text (header, "problem", SIGNET_MAX_NOTICE, error)) == NULL ||
      !signet_json_get_integer (header, "problem-code", 0, G_MAXINT, &code, error))
    return FALSE;
  self->problem = g_error_new_literal (SIGNET_ERROR, code, text);
  return TRUE;
}

static gboolean
parse_header (SignetPending *self, JsonObject *header, GError **error)
{
  SignetPendingFacts *facts = &self->facts;
  gint64 failures;

  if (!parse_state (self, header, error) ||
      !dup_text (header, "id", SIGNET_REQUEST_ID_LENGTH, &self->id, error) ||
      !dup_text (header, "authority", SIGNET_MAX_URL, &self->authority_url, error) ||
      !dup_text (header, "authority-name", SIGNET_MAX_NAME * 4, &self->authority_name, error) ||
      !dup_bytes (header, "pin", 32, &facts->pin, error) ||
      !dup_text (header, "address", SIGNET_MAX_ADDRESS, &self->address, error) ||
      !dup_text (header, "keyset", SIGNET_MAX_NAME * 4, &self->keyset_name, error) ||
      !dup_text (header, "nonce", SIGNET_REQUEST_ID_LENGTH, &facts->nonce, error) ||
      !signet_json_get_integer (header, "created", 0, G_MAXINT64, &self->created, error) ||
      !signet_json_get_integer (header, "retry-at", 0, G_MAXINT64, &self->retry_at, error) ||
      !signet_json_get_integer (header, "failures", 0, 100, &failures, error) ||
      !dup_bytes (header, "request", SIGNET_MAX_REQUEST, &facts->request, error) ||
      !dup_bytes (header, "reply-id", 20, &facts->reply_id, error) ||
      !dup_optional_text (header, "location", SIGNET_MAX_URL, &facts->location, error) ||
      !parse_problem (self, header, error) ||
      !dup_optional_bytes (header, "reply", SIGNET_MAX_REPLY, &facts->reply, error) ||
      !dup_optional_bytes (header, "confirmation", SIGNET_MAX_REQUEST, &facts->confirmation, error))
    return FALSE;
  facts->failures = failures;
  return TRUE;
}

static gboolean
parse_body (SignetPending *self, SignetSecret *body, GError **error)
{
  SignetPendingFacts *facts = &self->facts;
  gsize length;
  const guint8 *data = signet_secret_get (body, &length);

  if (length < 1 || length - 1 < data[0]) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED, _("The stored request is damaged."));
    return FALSE;
  }
  if (data[0] > 0)
    facts->temporary_key = signet_secret_new (data + 1, data[0]);
  if (length == 1u + data[0])
    return TRUE;

  g_autoptr (SignetSecret) package = signet_secret_new (data + 1 + data[0], length - 1 - data[0]);
  g_autoptr (GPtrArray) keys = signet_private_keys_from_package (package, error);
  if (keys == NULL)
    return FALSE;
  if (keys->len == 2) {
    facts->signing_key = signet_private_key_ref (keys->pdata[0]);
    facts->reply_key = signet_private_key_ref (keys->pdata[1]);
  }
  return TRUE;
}

/* Whether the item holds what its state works with, so that the steps need not ask. */
static gboolean
is_complete (SignetPending *self)
{
  const SignetPendingFacts *facts = &self->facts;
  gboolean has_keys = facts->signing_key != NULL;

  if (!signet_request_id_is_valid (self->id) || g_bytes_get_size (facts->pin) != 32)
    return FALSE;
  switch (self->state) {
    case SIGNET_PENDING_CREATED:
    case SIGNET_PENDING_REFUSED:
      return has_keys && facts->temporary_key != NULL;
    case SIGNET_PENDING_WAITING:
      return has_keys && facts->location != NULL;
    case SIGNET_PENDING_READY:
      return has_keys && facts->reply != NULL;
    case SIGNET_PENDING_CONFIRMING:
      return facts->confirmation != NULL;
    case SIGNET_PENDING_REMOVED:
      return TRUE;
  }
  return FALSE;
}

SignetPending *
signet_pending_from_blob (SignetSecret *blob, GError **error)
{
  g_autoptr (SignetPending) self = g_object_new (SIGNET_TYPE_PENDING, NULL);
  g_autoptr (SignetItemParts) parts = signet_item_format_parse (blob, MAGIC, FORMAT_VERSION, error);

  if (parts == NULL || !parse_header (self, parts->header, error) || !parse_body (self, parts->body, error))
    return NULL;
  if (!is_complete (self)) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED, _("The stored request is damaged."));
    return NULL;
  }
  return g_steal_pointer (&self);
}

const char *
signet_pending_state_to_name (SignetPendingState state)
{
  return state_names[state];
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
