/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset-format.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"

/* The stored form of a keyset, version 1, in the frame of keyset/item-format.h with the magic "SIGNETKS".
 *
 * Header, JSON:
 *
 *   { "id": a UUID, also the item's id in the store,
 *     "name": as the user wrote it (signet_keyset_normalize_name),
 *     "level": "low", "medium" or "high",
 *     "remember": minutes, 1 to SIGNET_MAX_REMEMBER, that the password may be remembered; at High, else never,
 *     "renews-itself": true; below High, where the user wants it, else never,
 *     "issuers": [ base64 DER of each issuing certificate, once ],
 *     "ids": [ { "use": "signing" or "encryption",
 *                "current": whether it is the one for new mail; at most one of each use,
 *                "installed": seconds since 1970,
 *                "authority": the name of who issued it,
 *                "server": the URL of the Signet authority that renews it, when there is one; only with a chain,
 *                "reply-id": base64, only when it came with a reply,
 *                "certificate": base64 DER,
 *                "chain": [ indexes of "issuers", the root last ] } ] }
 *
 * Body: AsymmetricKeyPackage (RFC 5958), one key for each of "ids" and in their order.  At High it lies in the box
 * of crypto/password-lock.h, with everything before it (magic to header) authenticated: a seal fits one header only,
 * so that nobody can put certificates, a name or a level of his own before somebody's keys.  At Medium and Low the
 * package is plain within the item: there the keyring's own encryption, under the login password, is what protects
 * it on disk. */

#define MAX_KNOWN_ISSUERS 32
#define MAX_REPLY_ID 64                 /* a subject key identifier is 20 or 32 bytes */
#define MAX_TIME G_GINT64_CONSTANT (253402214399)     /* 30 December 9999: within the calendar in every time zone */

static const char *const use_names[] = { [SIGNET_ID_SIGNING] = "signing", [SIGNET_ID_ENCRYPTION] = "encryption" };

static gboolean
certificate_equal (gconstpointer a, gconstpointer b)
{
  return g_bytes_equal (signet_certificate_get_der ((SignetCertificate *) a),
                        signet_certificate_get_der ((SignetCertificate *) b));
}

/* The indexes of CHAIN in ISSUERS, to which it adds what is new. */
static JsonArray *
chain_to_indexes (GPtrArray *chain, GPtrArray *issuers)
{
  JsonArray *indexes = json_array_new ();

  for (guint i = 0; i < chain->len; i++) {
    guint index;
    if (!g_ptr_array_find_with_equal_func (issuers, chain->pdata[i], certificate_equal, &index)) {
      index = issuers->len;
      g_ptr_array_add (issuers, chain->pdata[i]);
    }
    json_array_add_int_element (indexes, index);
  }
  return indexes;
}

static JsonObject *
id_to_json (const SignetDigitalId *id, GPtrArray *issuers)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "use", use_names[id->use]);
  json_object_set_boolean_member (object, "current", id->current);
  json_object_set_int_member (object, "installed", id->installed);
  json_object_set_string_member (object, "authority", id->authority);
  if (id->server != NULL)
    json_object_set_string_member (object, "server", id->server);
  if (id->reply_id != NULL)
    signet_json_set_bytes (object, "reply-id", id->reply_id);
  signet_json_set_bytes (object, "certificate", signet_certificate_get_der (id->certificate));
  json_object_set_array_member (object, "chain", chain_to_indexes (id->chain, issuers));
  return object;
}

JsonObject *
signet_keyset_facts_to_header (const SignetKeysetFacts *self)
{
  JsonObject *header = json_object_new ();
  JsonArray *ids = json_array_new ();
  g_autoptr (GPtrArray) issuers = g_ptr_array_new (), encoded = g_ptr_array_new ();

  for (guint i = 0; i < self->ids->len; i++)
    json_array_add_object_element (ids, id_to_json (self->ids->pdata[i], issuers));
  for (guint i = 0; i < issuers->len; i++)
    g_ptr_array_add (encoded, signet_certificate_get_der (issuers->pdata[i]));
  json_object_set_string_member (header, "id", self->id);
  json_object_set_string_member (header, "name", self->name);
  json_object_set_string_member (header, "level", signet_level_to_name (self->level));
  if (self->remember > 0)
    json_object_set_int_member (header, "remember", self->remember);
  if (self->renews_itself)
    json_object_set_boolean_member (header, "renews-itself", TRUE);
  signet_json_set_bytes_array (header, "issuers", encoded);
  json_object_set_array_member (header, "ids", ids);
  return header;
}

/* An issuer's certificate.  The first few of a process are kept: in a list of keysets they are the same again and
 * again, and cost as much as everything else in it. */
static SignetCertificate *
read_issuer (GBytes *der)
{
  static GMutex mutex;
  static GHashTable *known;     /* DER: SignetCertificate */
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);

  if (known == NULL)
    known = g_hash_table_new (g_bytes_hash, g_bytes_equal);
  SignetCertificate *certificate = g_hash_table_lookup (known, der);
  if (certificate != NULL)
    return signet_certificate_ref (certificate);
  certificate = signet_certificate_new (der, NULL);
  if (certificate != NULL && g_hash_table_size (known) < MAX_KNOWN_ISSUERS)
    g_hash_table_insert (known, signet_certificate_get_der (certificate), signet_certificate_ref (certificate));
  return certificate;
}

static GPtrArray *
read_issuers (JsonObject *header)
{
  g_autoptr (GPtrArray) encoded = signet_json_get_bytes_array (header, "issuers", SIGNET_MAX_IDS * SIGNET_MAX_CHAIN,
                                                               SIGNET_MAX_CERTIFICATE, NULL);
  g_autoptr (GPtrArray) issuers = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_certificate_unref);

  for (guint i = 0; encoded != NULL && i < encoded->len; i++) {
    SignetCertificate *certificate = read_issuer (encoded->pdata[i]);
    if (certificate == NULL)
      return NULL;
    g_ptr_array_add (issuers, certificate);
  }
  return encoded != NULL ? g_steal_pointer (&issuers) : NULL;
}

static GPtrArray *
read_chain (JsonObject *object, GPtrArray *issuers)
{
  JsonArray *indexes = signet_json_get_array (object, "chain", SIGNET_MAX_CHAIN, NULL);
  g_autoptr (GPtrArray) chain = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_certificate_unref);

  for (guint i = 0; indexes != NULL && i < json_array_get_length (indexes); i++) {
    JsonNode *node = json_array_get_element (indexes, i);
    gboolean number = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64;
    if (!number || json_node_get_int (node) < 0 || json_node_get_int (node) >= issuers->len)
      return NULL;
    g_ptr_array_add (chain, signet_certificate_ref (issuers->pdata[json_node_get_int (node)]));
  }
  return indexes != NULL ? g_steal_pointer (&chain) : NULL;
}

static gboolean
read_use (JsonObject *object, SignetIdUse *use)
{
  const char *text = signet_json_get_text (object, "use", SIGNET_MAX_NAME, NULL);

  *use = g_strcmp0 (text, use_names[SIGNET_ID_SIGNING]) == 0 ? SIGNET_ID_SIGNING : SIGNET_ID_ENCRYPTION;
  return g_strcmp0 (text, use_names[*use]) == 0;
}

static gboolean
read_reply_id (JsonObject *object, GBytes **reply_id)
{
  if (!json_object_has_member (object, "reply-id"))
    return TRUE;
  *reply_id = signet_json_get_bytes (object, "reply-id", MAX_REPLY_ID, NULL);
  return *reply_id != NULL && g_bytes_get_size (*reply_id) > 0;
}

/* What is sent there is signed by a key of the user: over https, to who has the chain's root. */
static gboolean
read_server (JsonObject *object, GPtrArray *chain, const char **server)
{
  *server = NULL;
  if (!json_object_has_member (object, "server"))
    return TRUE;
  *server = signet_json_get_text (object, "server", SIGNET_MAX_URL, NULL);
  return *server != NULL && g_str_has_prefix (*server, "https://") && chain->len > 0;
}

static SignetDigitalId *
read_id (JsonObject *object, GPtrArray *issuers)
{
  g_autoptr (GBytes) der = signet_json_get_bytes (object, "certificate", SIGNET_MAX_CERTIFICATE, NULL);
  g_autoptr (SignetCertificate) certificate = der != NULL ? signet_certificate_new (der, NULL) : NULL;
  g_autoptr (GPtrArray) chain = read_chain (object, issuers);
  g_autoptr (GBytes) reply_id = NULL;
  const char *authority = signet_json_get_text (object, "authority", SIGNET_MAX_NAME * 4, NULL);
  const char *server;
  gboolean current;
  gint64 installed;
  SignetIdUse use;

  if (certificate == NULL || chain == NULL || authority == NULL || !read_use (object, &use) ||
      !signet_json_get_boolean (object, "current", &current, NULL) ||
      !signet_json_get_integer (object, "installed", 0, MAX_TIME, &installed, NULL) ||
      !read_reply_id (object, &reply_id) || !read_server (object, chain, &server))
    return NULL;
  return signet_digital_id_take_server (signet_digital_id_new (use, current, certificate, chain, authority, installed,
                                                               reply_id), server);
}

/* One of each use is current, and none is there twice. */
static gboolean
fits (GPtrArray *ids, SignetDigitalId *added)
{
  for (guint i = 0; i < ids->len; i++) {
    SignetDigitalId *id = ids->pdata[i];
    if (id->use == added->use &&
        ((id->current && added->current) || certificate_equal (id->certificate, added->certificate)))
      return FALSE;
  }
  return TRUE;
}

static GPtrArray *
read_ids (JsonObject *header)
{
  JsonArray *array = signet_json_get_array (header, "ids", SIGNET_MAX_IDS, NULL);
  g_autoptr (GPtrArray) issuers = read_issuers (header);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_digital_id_unref);

  if (array == NULL || issuers == NULL || json_array_get_length (array) == 0)
    return NULL;
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonObject *object = signet_json_array_get_object (array, i, NULL);
    g_autoptr (SignetDigitalId) id = object != NULL ? read_id (object, issuers) : NULL;
    if (id == NULL || !fits (ids, id))
      return NULL;
    g_ptr_array_add (ids, g_steal_pointer (&id));
  }
  return g_steal_pointer (&ids);
}

/* Below High there is no password: and what says how long one is remembered must come from under its seal. */
static gboolean
read_remember (JsonObject *header, SignetLevel level, gint64 *minutes)
{
  *minutes = 0;
  if (!json_object_has_member (header, "remember"))
    return TRUE;
  return level == SIGNET_LEVEL_HIGH &&
         signet_json_get_integer (header, "remember", 1, SIGNET_MAX_REMEMBER, minutes, NULL);
}

static gboolean
read_renews_itself (JsonObject *header, SignetLevel level, gboolean *itself)
{
  *itself = FALSE;
  return !json_object_has_member (header, "renews-itself") ||
         (level != SIGNET_LEVEL_HIGH && signet_json_get_boolean (header, "renews-itself", itself, NULL) && *itself);
}

SignetKeysetFacts *
signet_keyset_facts_from_header (JsonObject *header, GError **error)
{
  const char *id = signet_json_get_text (header, "id", SIGNET_MAX_NAME, NULL);
  const char *name = signet_json_get_text (header, "name", SIGNET_MAX_NAME * 4, NULL);
  g_autofree char *proper_name = name != NULL ? signet_keyset_normalize_name (name, NULL) : NULL;
  const char *level_name = signet_json_get_text (header, "level", SIGNET_MAX_NAME, NULL);
  g_autoptr (GPtrArray) ids = read_ids (header);
  SignetLevel level;
  gint64 remember;
  gboolean renews_itself;

  if (id == NULL || !g_uuid_string_is_valid (id) || name == NULL || g_strcmp0 (name, proper_name) != 0 ||
      !signet_level_from_name (level_name, &level) || !read_remember (header, level, &remember) ||
      !read_renews_itself (header, level, &renews_itself) || ids == NULL) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED,
                         _("The stored keyset is damaged. Restore the keyring from a backup."));
    return NULL;
  }

  SignetKeysetFacts *self = g_new0 (SignetKeysetFacts, 1);
  self->id = g_strdup (id);
  self->name = g_steal_pointer (&proper_name);
  self->level = level;
  self->remember = remember;
  self->renews_itself = renews_itself;
  self->ids = g_steal_pointer (&ids);
  return self;
}

void
signet_keyset_facts_free (SignetKeysetFacts *self)
{
  g_free (self->id);
  g_free (self->name);
  g_ptr_array_unref (self->ids);
  g_free (self);
}
