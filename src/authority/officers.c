/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/officers.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "crypto/key-lock.h"
#include "crypto/password-lock.h"
#include "crypto/random.h"
#include "crypto/secret-sharing.h"
#include "protocol/name.h"

#include <string.h>

#define KEY_LENGTH 32
#define SHARE_LENGTH (1 + KEY_LENGTH)
#define DIGEST_LENGTH 32
#define CLEAR_LENGTH (SHARE_LENGTH + DIGEST_LENGTH)
#define MAX_NAME 64                /* characters */
#define MIN_PASSWORD 12            /* characters: whoever copies the folder can guess as long as he likes */

/* --- life cycle --- */

SignetOfficer *
signet_officer_new (void)
{
  return g_new0 (SignetOfficer, 1);
}

void
signet_officer_free (SignetOfficer *self)
{
  g_free (self->name);
  g_clear_pointer (&self->signing_spki, g_bytes_unref);
  g_clear_pointer (&self->exchange_spki, g_bytes_unref);
  g_clear_pointer (&self->sealed, g_bytes_unref);
  g_free (self);
}

SignetOfficerSeed *
signet_officer_seed_new (const char *name, SignetSecret *password)
{
  SignetOfficerSeed *self = g_new0 (SignetOfficerSeed, 1);

  self->name = g_strdup (name);
  self->password = signet_secret_ref (password);
  return self;
}

void
signet_officer_seed_free (SignetOfficerSeed *self)
{
  g_free (self->name);
  signet_secret_unref (self->password);
  g_free (self);
}

void
signet_officer_keys_free (SignetOfficerKeys *self)
{
  g_clear_pointer (&self->share, signet_secret_unref);
  g_clear_pointer (&self->signing_key, signet_private_key_unref);
  g_clear_pointer (&self->exchange_key, signet_private_key_unref);
  g_free (self);
}

SignetRoster *
signet_roster_new (guint threshold)
{
  SignetRoster *self = g_new0 (SignetRoster, 1);

  self->threshold = threshold;
  self->officers = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_officer_free);
  return self;
}

void
signet_roster_free (SignetRoster *self)
{
  g_ptr_array_unref (self->officers);
  g_free (self);
}

/* --- who can be one --- */

static gboolean
refuse (GError **error, const char *text)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, text);
  return FALSE;
}

gboolean
signet_roster_check_threshold (guint m, guint n, GError **error)
{
  if (n < 1 || n > SIGNET_MAX_SHARES)
    return refuse (error, _("An authority has 1 to 16 officers."));
  if (m < 1 || m > n)
    return refuse (error, _("At least one officer must approve, and at most all of them."));
  if (m < 2 && n > 1)
    return refuse (error, _("At least two officers must approve, or each of them could read everybody's mail alone."));
  return TRUE;
}

gboolean
signet_officer_name_equal (const char *a, const char *b)
{
  g_autofree char *first = g_utf8_casefold (a, -1), *second = g_utf8_casefold (b, -1);

  return g_str_equal (first, second);
}

gboolean
signet_officer_seed_check (const SignetOfficerSeed *seed, GPtrArray *seeds, guint count, GError **error)
{
  const char *password = signet_secret_get_text (seed->password);

  if (!signet_name_is_valid (seed->name) || g_utf8_strlen (seed->name, -1) > MAX_NAME)
    return refuse (error, _("The name of an officer is one line of at most 64 characters."));
  if (password == NULL || g_utf8_strlen (password, -1) < MIN_PASSWORD)
    return refuse (error, _("The password of an officer has 12 characters or more."));
  for (guint i = 0; i < count; i++) {
    SignetOfficerSeed *other = seeds->pdata[i];

    if (signet_officer_name_equal (seed->name, other->name))
      return refuse (error, _("Two officers cannot have the same name."));
    if (signet_secret_equal (seed->password, other->password))
      return refuse (error, _("Each officer needs a password that no other officer knows."));
  }
  return TRUE;
}

/* --- making them --- */

static void
append_key (GString *text, GBytes *spki)
{
  g_autofree char *hex = signet_hex_encode (spki);

  g_string_append_printf (text, "%s\n", hex);
}

static GBytes *
get_digest (SignetRoster *self, GBytes *recovery_spki)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%u of %u\n", self->threshold, self->officers->len);
  append_key (text, recovery_spki);
  for (guint i = 0; i < self->officers->len; i++) {
    SignetOfficer *officer = self->officers->pdata[i];

    g_string_append_printf (text, "%s\n", officer->name);
    append_key (text, officer->signing_spki);
    append_key (text, officer->exchange_spki);
  }
  g_autoptr (GBytes) bytes = g_string_free_to_bytes (text);
  return signet_sha256 (bytes);
}

static GBytes *
make_header (const char *name)
{
  char *text = g_strconcat ("signet officer 1\n", name, NULL);

  return g_bytes_new_take (text, strlen (text));
}

/* Two new keys for the officer: (element-type SignetPrivateKey). */
static GPtrArray *
make_keys (SignetOfficer *officer, GError **error)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_private_key_unref);

  for (guint i = 0; i < 2; i++) {
    SignetPrivateKey *key = signet_private_key_generate (SIGNET_KEY_P256, error);
    if (key == NULL)
      return NULL;
    g_ptr_array_add (keys, key);
  }
  officer->signing_spki = g_bytes_ref (signet_private_key_get_spki (keys->pdata[0]));
  officer->exchange_spki = g_bytes_ref (signet_private_key_get_spki (keys->pdata[1]));
  return g_steal_pointer (&keys);
}

static gboolean
seal_box (SignetOfficer *officer, SignetSecret *share, GBytes *digest, GPtrArray *keys, SignetSecret *password,
          GError **error)
{
  g_autoptr (SignetSecret) package = signet_private_keys_to_package (keys, error);
  g_autoptr (GBytes) header = make_header (officer->name);

  if (package == NULL)
    return FALSE;
  g_autoptr (SignetSecret) plain = signet_secret_alloc (CLEAR_LENGTH + signet_secret_length (package));
  guint8 *data = signet_secret_edit (plain);
  memcpy (data, signet_secret_get (share, NULL), SHARE_LENGTH);
  memcpy (data + SHARE_LENGTH, g_bytes_get_data (digest, NULL), DIGEST_LENGTH);
  memcpy (data + CLEAR_LENGTH, signet_secret_get (package, NULL), signet_secret_length (package));
  officer->sealed = signet_password_lock_seal (plain, password, header, error);
  return officer->sealed != NULL;
}

static GBytes *
seal_recovery_key (SignetPrivateKey *recovery_key, SignetSecret *key, GError **error)
{
  g_autoptr (SignetSecret) plain = signet_private_key_to_pkcs8 (recovery_key, error);

  return plain != NULL ? signet_key_lock_seal (plain, key, signet_private_key_get_spki (recovery_key), error) : NULL;
}

SignetRoster *
signet_roster_create (GPtrArray *seeds, guint threshold, SignetPrivateKey *recovery_key, GBytes **sealed,
                      GError **error)
{
  g_autoptr (SignetRoster) self = signet_roster_new (threshold);
  g_autoptr (SignetSecret) key = signet_random_secret (KEY_LENGTH);
  g_autoptr (GPtrArray) shares = signet_secret_split (key, threshold, seeds->len);
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  g_autoptr (GBytes) box = seal_recovery_key (recovery_key, key, error);

  for (guint i = 0; i < seeds->len && box != NULL; i++) {
    SignetOfficer *officer = signet_officer_new ();
    g_ptr_array_add (self->officers, officer);
    officer->name = g_strdup (((SignetOfficerSeed *) seeds->pdata[i])->name);
    GPtrArray *pair = make_keys (officer, error);
    if (pair == NULL)
      return NULL;
    g_ptr_array_add (keys, pair);
  }
  if (box == NULL)
    return NULL;

  g_autoptr (GBytes) digest = get_digest (self, signet_private_key_get_spki (recovery_key));
  for (guint i = 0; i < seeds->len; i++) {
    SignetOfficerSeed *seed = seeds->pdata[i];
    if (!seal_box (self->officers->pdata[i], shares->pdata[i], digest, keys->pdata[i], seed->password, error))
      return NULL;
  }
  *sealed = g_steal_pointer (&box);
  return g_steal_pointer (&self);
}

/* --- opening them --- */

SignetOfficer *
signet_roster_find (SignetRoster *self, const char *name)
{
  for (guint i = 0; i < self->officers->len; i++) {
    SignetOfficer *officer = self->officers->pdata[i];
    if (signet_officer_name_equal (officer->name, name))
      return officer;
  }
  return NULL;
}

static SignetSecret *
open_box (SignetOfficer *officer, SignetSecret *password, GError **error)
{
  g_autoptr (GBytes) header = make_header (officer->name);
  g_autoptr (SignetSecret) plain = signet_password_lock_open (officer->sealed, password, header, error);

  if (plain != NULL && signet_secret_length (plain) > CLEAR_LENGTH)
    return g_steal_pointer (&plain);
  if (plain != NULL)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED, _("What is stored of the officer %s is damaged."),
                 officer->name);
  return NULL;
}

SignetOfficerKeys *
signet_roster_open (SignetRoster *self, SignetOfficer *officer, SignetSecret *password, GBytes *recovery_spki,
                    GError **error)
{
  g_autoptr (SignetSecret) plain = open_box (officer, password, error);

  if (plain == NULL)
    return NULL;
  gsize length;
  const guint8 *data = signet_secret_get (plain, &length);
  g_autoptr (GBytes) digest = get_digest (self, recovery_spki);
  if (memcmp (data + SHARE_LENGTH, g_bytes_get_data (digest, NULL), DIGEST_LENGTH) != 0) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED,
                         _("The list of officers is not the one that was agreed on: somebody has changed it. Approve "
                           "nothing, and find out who it was."));
    return NULL;
  }

  g_autoptr (SignetSecret) package = signet_secret_new (data + CLEAR_LENGTH, length - CLEAR_LENGTH);
  g_autoptr (GPtrArray) keys = signet_private_keys_from_package (package, error);
  if (keys == NULL || keys->len != 2) {
    g_clear_error (error);
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED, _("What is stored of the officer %s is damaged."),
                 officer->name);
    return NULL;
  }
  SignetOfficerKeys *opened = g_new0 (SignetOfficerKeys, 1);
  opened->officer = officer;
  opened->share = signet_secret_new (data, SHARE_LENGTH);
  opened->signing_key = signet_private_key_ref (keys->pdata[0]);
  opened->exchange_key = signet_private_key_ref (keys->pdata[1]);
  return opened;
}

GBytes *
signet_officer_reseal (SignetOfficer *officer, SignetSecret *password, SignetSecret *replacement, GError **error)
{
  g_autoptr (SignetSecret) plain = open_box (officer, password, error);
  g_autoptr (GBytes) header = make_header (officer->name);

  return plain != NULL ? signet_password_lock_seal (plain, replacement, header, error) : NULL;
}

SignetPrivateKey *
signet_roster_open_recovery_key (GBytes *sealed, GPtrArray *shares, GBytes *recovery_spki, GError **error)
{
  g_autoptr (SignetSecret) key = signet_secret_combine (shares, error);
  g_autoptr (SignetSecret) plain = key != NULL ? signet_key_lock_open (sealed, key, recovery_spki, error) : NULL;

  return plain != NULL ? signet_private_key_new_from_pkcs8 (plain, error) : NULL;
}
