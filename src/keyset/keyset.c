/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "base/mail-address.h"
#include "crypto/password-lock.h"
#include "keyset/item-format.h"
#include "keyset/keyset-format.h"

#include <string.h>

/* A keyset keeps the very bytes of its stored form beside what they say: a seal authenticates the prefix as it was
 * written. */
struct _SignetKeyset {
  GObject parent;
  SignetKeysetFacts *facts;
  GBytes *prefix;
  SignetSecret *body;
};

G_DEFINE_FINAL_TYPE (SignetKeyset, signet_keyset, G_TYPE_OBJECT)

#define PACKAGE_START 0x30      /* SEQUENCE: a plain AsymmetricKeyPackage */
#define BOX_START 0x01          /* version of the box of crypto/password-lock.h */

static void
signet_keyset_finalize (GObject *object)
{
  SignetKeyset *self = SIGNET_KEYSET (object);

  g_clear_pointer (&self->facts, signet_keyset_facts_free);
  g_clear_pointer (&self->prefix, g_bytes_unref);
  g_clear_pointer (&self->body, signet_secret_unref);
  G_OBJECT_CLASS (signet_keyset_parent_class)->finalize (object);
}

static void
signet_keyset_class_init (SignetKeysetClass *class)
{
  G_OBJECT_CLASS (class)->finalize = signet_keyset_finalize;
}

static void
signet_keyset_init (SignetKeyset *self)
{
}

/* What a name must not hold: line breaks and other controls, and the invisible marks that turn or hide text around
 * them.  The two joiners stay: several scripts are spelt with them. */
static gboolean
is_allowed (gunichar c)
{
  switch (g_unichar_type (c)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SURROGATE:
      return FALSE;
    case G_UNICODE_FORMAT:
      return c == 0x200c || c == 0x200d;
    default:
      return TRUE;
  }
}

static char *
strip (const char *name)
{
  const char *start = name, *end = name + strlen (name);

  while (start < end && g_unichar_isspace (g_utf8_get_char (start)))
    start = g_utf8_next_char (start);
  while (end > start && g_unichar_isspace (g_utf8_get_char (g_utf8_prev_char (end))))
    end = g_utf8_prev_char (end);
  return g_strndup (start, end - start);
}

char *
signet_keyset_normalize_name (const char *name, GError **error)
{
  g_autofree char *composed = g_utf8_normalize (name, -1, G_NORMALIZE_NFC);      /* NULL: not UTF-8 */
  g_autofree char *stripped = composed != NULL ? strip (composed) : NULL;
  gboolean allowed = stripped != NULL && *stripped != '\0' && g_utf8_strlen (stripped, -1) <= SIGNET_MAX_NAME;

  for (const char *p = stripped; allowed && *p != '\0'; p = g_utf8_next_char (p))
    allowed = is_allowed (g_utf8_get_char (p));
  if (!allowed) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                         _("This name cannot be used. Enter a keyset name in one line, not too long."));
    return NULL;
  }
  return g_steal_pointer (&stripped);
}

/* What is not UTF-8 is nobody's name, and only like itself: g_utf8_casefold() reads past the end of it. */
static char *
fold (const char *name)
{
  g_autofree char *composed = g_utf8_normalize (name, -1, G_NORMALIZE_ALL);
  g_autofree char *folded = composed != NULL ? g_utf8_casefold (composed, -1) : NULL;

  return folded != NULL ? g_utf8_normalize (folded, -1, G_NORMALIZE_ALL) : g_strdup (name);
}

gboolean
signet_keyset_name_equal (const char *a, const char *b)
{
  g_autofree char *folded_a = fold (a), *folded_b = fold (b);

  return g_strcmp0 (folded_a, folded_b) == 0;
}

/* The public side of a key is that of its certificate. */
static gboolean
is_pair (SignetDigitalId *id, SignetPrivateKey *key)
{
  return g_bytes_equal (signet_certificate_get_spki (id->certificate), signet_private_key_get_spki (key));
}

static gboolean
are_pairs (GPtrArray *ids, GPtrArray *keys)
{
  if (ids->len != keys->len)
    return FALSE;
  for (guint i = 0; i < ids->len; i++) {
    if (!is_pair (ids->pdata[i], keys->pdata[i]))
      return FALSE;
  }
  return TRUE;
}

gboolean
signet_keyset_check_password (SignetSecret *password, GError **error)
{
  gsize length = signet_secret_length (password);

  if (length == 0 || length > SIGNET_MAX_PASSWORD) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                         length == 0 ? _("The password is empty. Enter a password.")
                                     : _("The password is too long. Enter a shorter one."));
    return FALSE;
  }
  return TRUE;
}

/* The package of keys in the form that the level asks for. */
static SignetSecret *
make_body (const SignetKeysetFacts *facts, GBytes *prefix, SignetSecret *package, SignetSecret *password,
           GError **error)
{
  if (facts->level != SIGNET_LEVEL_HIGH)
    return signet_secret_ref (package);

  g_autoptr (GBytes) box = signet_password_lock_seal (package, password, prefix, error);
  if (box == NULL)
    return NULL;
  return signet_secret_new (g_bytes_get_data (box, NULL), g_bytes_get_size (box));
}

/* Goes through the stored form at once, so that nothing is ever made that could not be read again: no ID at all, too
 * many, one twice, or two current ones of a use. */
static SignetKeyset *
make_from_package (const SignetKeysetFacts *facts, SignetSecret *package, SignetSecret *password, GError **error)
{
  g_autoptr (JsonObject) header = signet_keyset_facts_to_header (facts);
  g_autoptr (GBytes) prefix = signet_item_format_prefix (SIGNET_KEYSET_MAGIC, SIGNET_KEYSET_VERSION, header);
  g_autoptr (SignetSecret) body = make_body (facts, prefix, package, password, error);
  g_autoptr (SignetSecret) blob = body != NULL ? signet_item_format_build (prefix, body, error) : NULL;

  if (blob == NULL)
    return NULL;
  SignetKeyset *self = signet_keyset_from_blob (blob, NULL);
  if (self == NULL)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                         _("These digital IDs do not fit into one keyset. Use a new keyset name."));
  return self;
}

static SignetKeyset *
make (const SignetKeysetFacts *facts, GPtrArray *keys, SignetSecret *password, GError **error)
{
  g_autoptr (SignetSecret) package = NULL;

  if (!are_pairs (facts->ids, keys)) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                         _("A private key does not belong to its certificate. Ask for a new digital ID."));
    return NULL;
  }
  package = signet_private_keys_to_package (keys, error);
  return package != NULL ? make_from_package (facts, package, password, error) : NULL;
}

SignetKeyset *
signet_keyset_new (const char *name, SignetLevel level, GPtrArray *ids, GPtrArray *keys, SignetSecret *password,
                   GError **error)
{
  g_autofree char *proper_name = signet_keyset_normalize_name (name, error);
  g_autofree char *id = g_uuid_string_random ();

  g_return_val_if_fail ((password != NULL) == (level == SIGNET_LEVEL_HIGH), NULL);
  if (proper_name == NULL || (password != NULL && !signet_keyset_check_password (password, error)))
    return NULL;
  return make (&(SignetKeysetFacts) { .id = id, .name = proper_name, .level = level, .ids = ids }, keys, password,
               error);
}

static SignetDigitalId *
with_current (SignetDigitalId *id, gboolean current)
{
  SignetDigitalId *other = signet_digital_id_new (id->use, current, id->certificate, id->chain, id->authority,
                                                  id->installed, id->reply_id);

  return signet_digital_id_take_server (other, id->server);
}

static SignetDigitalId *
find_current (GPtrArray *ids, SignetIdUse use)
{
  for (guint i = 0; i < ids->len; i++) {
    SignetDigitalId *id = ids->pdata[i];
    if (id->use == use && id->current)
      return id;
  }
  return NULL;
}

static gboolean
find_same (GPtrArray *ids, SignetDigitalId *wanted, guint *index)
{
  for (guint i = 0; i < ids->len; i++) {
    SignetDigitalId *id = ids->pdata[i];
    if (id->use == wanted->use && g_bytes_equal (signet_certificate_get_der (id->certificate),
                                                 signet_certificate_get_der (wanted->certificate))) {
      *index = i;
      return TRUE;
    }
  }
  return FALSE;
}

/* OLD joins MERGED, to which the new IDs went before it.  One that came again keeps the facts of its first coming. */
static void
merge_old (GPtrArray *merged, GPtrArray *merged_keys, GPtrArray *new_ids, SignetDigitalId *old, SignetPrivateKey *key)
{
  gboolean succeeded = find_current (new_ids, old->use) != NULL;
  guint index;

  if (find_same (merged, old, &index)) {
    SignetDigitalId *again = merged->pdata[index];
    merged->pdata[index] = with_current (old, again->current || (old->current && !succeeded));
    signet_digital_id_unref (again);
  } else if (old->use == SIGNET_ID_ENCRYPTION || !succeeded) {
    g_ptr_array_add (merged, with_current (old, old->current && !succeeded));
    g_ptr_array_add (merged_keys, signet_private_key_ref (key));
  }
}

SignetKeyset *
signet_keyset_add (SignetKeyset *self, GPtrArray *ids, GPtrArray *keys, SignetSecret *password, GError **error)
{
  g_autoptr (GPtrArray) old_keys = signet_keyset_unlock (self, password, error);
  g_autoptr (GPtrArray) merged = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_digital_id_unref);
  g_autoptr (GPtrArray) merged_keys = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_private_key_unref);

  g_return_val_if_fail (ids->len == keys->len, NULL);
  if (old_keys == NULL)
    return NULL;
  for (guint i = 0; i < ids->len; i++) {
    g_ptr_array_add (merged, signet_digital_id_ref (ids->pdata[i]));
    g_ptr_array_add (merged_keys, signet_private_key_ref (keys->pdata[i]));
  }
  for (guint i = 0; i < self->facts->ids->len; i++)
    merge_old (merged, merged_keys, ids, self->facts->ids->pdata[i], old_keys->pdata[i]);

  SignetKeysetFacts facts = *self->facts;
  facts.ids = merged;
  return make (&facts, merged_keys, password, error);
}

/* The sealed body; SELF outlives it. */
static GBytes *
get_box (SignetKeyset *self)
{
  gsize length;
  const guint8 *data = signet_secret_get (self->body, &length);

  return g_bytes_new_static (data, length);
}

static SignetSecret *
open_box (SignetKeyset *self, SignetSecret *key, GError **error)
{
  g_autoptr (GBytes) box = get_box (self);
  g_autoptr (GError) local_error = NULL;
  SignetSecret *package = signet_password_lock_open_with_key (box, key, self->prefix, &local_error);

  if (g_error_matches (local_error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD))
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD, _("That is not the password of “%s”."),
                 self->facts->name);
  else if (package == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return package;
}

SignetSecret *
signet_keyset_derive_key (SignetKeyset *self, SignetSecret *password, GError **error)
{
  g_return_val_if_fail (self->facts->level == SIGNET_LEVEL_HIGH, NULL);
  g_autoptr (GBytes) box = get_box (self);

  return signet_password_lock_derive_key (box, password, error);
}

/* The package of keys as it was before it was sealed. */
static SignetSecret *
open_body (SignetKeyset *self, SignetSecret *password, GError **error)
{
  if (self->facts->level != SIGNET_LEVEL_HIGH)
    return signet_secret_ref (self->body);
  if (password == NULL) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD, _("The password of “%s” is needed."),
                 self->facts->name);
    return NULL;
  }

  g_autoptr (SignetSecret) key = signet_keyset_derive_key (self, password, error);
  return key != NULL ? open_box (self, key, error) : NULL;
}

static GPtrArray *
read_package (SignetKeyset *self, SignetSecret *package, GError **error)
{
  g_autoptr (GPtrArray) keys = NULL;

  if (package == NULL)
    return NULL;
  keys = signet_private_keys_from_package (package, NULL);
  if (keys == NULL || !are_pairs (self->facts->ids, keys)) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED,
                 _("The keyset “%s” is damaged. Restore the keyring from a backup."), self->facts->name);
    return NULL;
  }
  return g_steal_pointer (&keys);
}

GPtrArray *
signet_keyset_unlock (SignetKeyset *self, SignetSecret *password, GError **error)
{
  g_autoptr (SignetSecret) package = open_body (self, password, error);

  return read_package (self, package, error);
}

GPtrArray *
signet_keyset_unlock_with_key (SignetKeyset *self, SignetSecret *key, GError **error)
{
  g_return_val_if_fail (self->facts->level == SIGNET_LEVEL_HIGH, NULL);
  g_autoptr (SignetSecret) package = open_box (self, key, error);

  return read_package (self, package, error);
}

/* What was in the seal goes into the new one as it is: nothing is made of the keys on the way. */
SignetKeyset *
signet_keyset_protect (SignetKeyset *self, SignetSecret *password, SignetLevel level, SignetSecret *new_password,
                       GError **error)
{
  g_autoptr (SignetSecret) package = NULL;
  SignetKeysetFacts facts = *self->facts;

  g_return_val_if_fail ((new_password != NULL) == (level == SIGNET_LEVEL_HIGH), NULL);
  if (new_password != NULL && !signet_keyset_check_password (new_password, error))
    return NULL;
  package = open_body (self, password, error);
  if (package == NULL)
    return NULL;
  if (level != SIGNET_LEVEL_HIGH)
    facts.remember = 0;
  facts.level = level;
  facts.renews_itself = facts.renews_itself && level != SIGNET_LEVEL_HIGH;
  return make_from_package (&facts, package, new_password, error);
}

SignetKeyset *
signet_keyset_rename (SignetKeyset *self, const char *name, SignetSecret *password, GError **error)
{
  g_autofree char *proper_name = signet_keyset_normalize_name (name, error);
  g_autoptr (SignetSecret) package = proper_name != NULL ? open_body (self, password, error) : NULL;
  SignetKeysetFacts facts = *self->facts;

  if (package == NULL)
    return NULL;
  facts.name = proper_name;
  return make_from_package (&facts, package, password, error);
}

SignetKeyset *
signet_keyset_allow_remembering (SignetKeyset *self, guint minutes, SignetSecret *password, GError **error)
{
  g_autoptr (SignetSecret) package = NULL;
  SignetKeysetFacts facts = *self->facts;

  if (facts.level != SIGNET_LEVEL_HIGH || minutes > SIGNET_MAX_REMEMBER) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                 facts.level != SIGNET_LEVEL_HIGH ? _("“%s” has no password to remember. Only the level High has one.")
                                                  : _("The password of “%s” cannot be remembered for so long."),
                 facts.name);
    return NULL;
  }
  package = open_body (self, password, error);
  if (package == NULL)
    return NULL;
  facts.remember = minutes;
  return make_from_package (&facts, package, password, error);
}

SignetKeyset *
signet_keyset_let_renew_itself (SignetKeyset *self, gboolean itself, GError **error)
{
  SignetKeysetFacts facts = *self->facts;

  if (facts.level == SIGNET_LEVEL_HIGH) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                 _("“%s” is at the level High: it is renewed only when you enter its password."), facts.name);
    return NULL;
  }
  facts.renews_itself = itself;
  return make_from_package (&facts, self->body, NULL, error);
}

gboolean
signet_keyset_equal (SignetKeyset *a, SignetKeyset *b)
{
  return g_bytes_equal (a->prefix, b->prefix) && signet_secret_equal (a->body, b->body);
}

SignetSecret *
signet_keyset_to_blob (SignetKeyset *self, GError **error)
{
  return signet_item_format_build (self->prefix, self->body, error);
}

/* Whether the body can be what the level says.  A full reading waits for the unlock: a list of keysets has no
 * business with private keys in memory. */
static gboolean
check_body (SignetLevel level, SignetSecret *body, GError **error)
{
  gsize length;
  const guint8 *data = signet_secret_get (body, &length);
  guint8 expected = level == SIGNET_LEVEL_HIGH ? BOX_START : PACKAGE_START;

  if (length > 0 && data[0] == expected)
    return TRUE;
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED,
                       _("The stored keyset is damaged. Restore the keyring from a backup."));
  return FALSE;
}

SignetKeyset *
signet_keyset_from_blob (SignetSecret *blob, GError **error)
{
  g_autoptr (SignetItemParts) parts = signet_item_format_parse (blob, SIGNET_KEYSET_MAGIC, SIGNET_KEYSET_VERSION,
                                                                error);
  g_autoptr (SignetKeysetFacts) facts = parts != NULL ? signet_keyset_facts_from_header (parts->header, error) : NULL;

  if (facts == NULL || !check_body (facts->level, parts->body, error))
    return NULL;

  SignetKeyset *self = g_object_new (SIGNET_TYPE_KEYSET, NULL);
  self->facts = g_steal_pointer (&facts);
  self->prefix = g_bytes_ref (parts->prefix);
  self->body = signet_secret_ref (parts->body);
  return self;
}

const char *
signet_keyset_get_id (SignetKeyset *self)
{
  return self->facts->id;
}

const char *
signet_keyset_get_name (SignetKeyset *self)
{
  return self->facts->name;
}

SignetLevel
signet_keyset_get_level (SignetKeyset *self)
{
  return self->facts->level;
}

guint
signet_keyset_get_remember (SignetKeyset *self)
{
  return self->facts->remember;
}

GPtrArray *
signet_keyset_get_ids (SignetKeyset *self)
{
  return self->facts->ids;
}

SignetDigitalId *
signet_keyset_get_current (SignetKeyset *self, SignetIdUse use)
{
  return find_current (self->facts->ids, use);
}

gboolean
signet_keyset_renews_itself (SignetKeyset *self)
{
  return self->facts->renews_itself;
}

SignetDigitalId *
signet_keyset_get_renewable (SignetKeyset *self)
{
  SignetDigitalId *id = signet_keyset_get_current (self, SIGNET_ID_SIGNING);

  return id != NULL && id->server != NULL && id->chain->len > 0 ? id : NULL;
}

SignetDigitalId *
signet_keyset_find_reply (SignetKeyset *self, GBytes *reply_id)
{
  for (guint i = 0; i < self->facts->ids->len; i++) {
    SignetDigitalId *id = self->facts->ids->pdata[i];
    if (id->reply_id != NULL && g_bytes_equal (id->reply_id, reply_id))
      return id;
  }
  return NULL;
}

guint
signet_keyset_count_history (SignetKeyset *self)
{
  guint count = 0;

  for (guint i = 0; i < self->facts->ids->len; i++) {
    SignetDigitalId *id = self->facts->ids->pdata[i];
    count += id->use == SIGNET_ID_ENCRYPTION && !id->current;
  }
  return count;
}

gint64
signet_keyset_get_expiry (SignetKeyset *self)
{
  gint64 first = 0;

  for (guint i = 0; i < self->facts->ids->len; i++) {
    SignetDigitalId *id = self->facts->ids->pdata[i];
    gint64 end = signet_certificate_get_not_after (id->certificate);
    if (id->current && (first == 0 || end < first))
      first = end;
  }
  return first;
}

static gboolean
address_equal (gconstpointer a, gconstpointer b)
{
  return signet_mail_address_equal (a, b);
}

char **
signet_keyset_dup_addresses (SignetKeyset *self)
{
  g_autoptr (GPtrArray) addresses = g_ptr_array_new ();

  for (guint i = 0; i < self->facts->ids->len; i++) {
    SignetDigitalId *id = self->facts->ids->pdata[i];
    const char *const *own = signet_certificate_get_addresses (id->certificate);
    for (; id->current && *own != NULL; own++) {
      if (!g_ptr_array_find_with_equal_func (addresses, *own, address_equal, NULL))
        g_ptr_array_add (addresses, g_strdup (*own));
    }
  }
  g_ptr_array_add (addresses, NULL);
  return (char **) g_ptr_array_steal (addresses, NULL);
}
