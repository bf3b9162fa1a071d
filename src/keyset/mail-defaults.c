/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/mail-defaults.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "base/mail-address.h"
#include "base/number.h"

#include <string.h>

/* The file is a key file, with a group for each address:
 *
 *   [Signet]
 *   version=1
 *
 *   [asa@example.org]
 *   sign=true
 *   encrypt=false
 *   clear-text=true
 *   signing-keyset=5f1c…       the keyset's id, which a rename leaves as it is; left out: automatic
 *   encryption-keyset=5f1c…
 *   digest=sha384              left out: automatic
 *   cipher=aes256-cbc
 */
#define HEADER "Signet"
#define VERSION 1
#define MAX_ID 64     /* bytes of a keyset's id: a UUID has 36 */

static const char *const digests[] = { "automatic", "sha256", "sha384", "sha512" };
static const char *const ciphers[] = { "automatic", "aes128-cbc", "aes256-cbc", "aes256-gcm" };

G_DEFINE_BOXED_TYPE (SignetMailDefaults, signet_mail_defaults, signet_mail_defaults_copy, signet_mail_defaults_free)

const char *
signet_digest_to_name (SignetDigest digest)
{
  return digests[digest];
}

const char *
signet_cipher_to_name (SignetCipher cipher)
{
  return ciphers[cipher];
}

static int
find_word (const char *const *words, guint count, const char *word)
{
  for (guint i = 0; i < count; i++) {
    if (g_str_equal (words[i], word))
      return i;
  }
  return -1;
}

gboolean
signet_digest_from_name (const char *name, SignetDigest *digest)
{
  int found = find_word (digests, G_N_ELEMENTS (digests), name);

  if (found >= 0)
    *digest = found;
  return found >= 0;
}

gboolean
signet_cipher_from_name (const char *name, SignetCipher *cipher)
{
  int found = find_word (ciphers, SIGNET_CIPHER_AES256_GCM, name);

  if (found >= 0)
    *cipher = found;
  return found >= 0;
}

SignetMailDefaults *
signet_mail_defaults_new (const char *address)
{
  SignetMailDefaults *self = g_new0 (SignetMailDefaults, 1);

  self->address = g_strdup (address);
  self->sign = TRUE;
  self->clear_text = TRUE;
  return self;
}

SignetMailDefaults *
signet_mail_defaults_copy (const SignetMailDefaults *self)
{
  SignetMailDefaults *copy = g_memdup2 (self, sizeof *self);

  copy->address = g_strdup (self->address);
  copy->signing_keyset = g_strdup (self->signing_keyset);
  copy->encryption_keyset = g_strdup (self->encryption_keyset);
  return copy;
}

void
signet_mail_defaults_free (SignetMailDefaults *self)
{
  g_free (self->address);
  g_free (self->signing_keyset);
  g_free (self->encryption_keyset);
  g_free (self);
}

gboolean
signet_mail_defaults_equal (const SignetMailDefaults *a, const SignetMailDefaults *b)
{
  return signet_mail_address_equal (a->address, b->address) && a->sign == b->sign && a->encrypt == b->encrypt &&
         a->clear_text == b->clear_text && a->digest == b->digest && a->cipher == b->cipher &&
         g_strcmp0 (a->signing_keyset, b->signing_keyset) == 0 &&
         g_strcmp0 (a->encryption_keyset, b->encryption_keyset) == 0;
}

void
signet_mail_defaults_set_signing_keyset (SignetMailDefaults *self, const char *id)
{
  char *copy = g_strdup (id);     /* ID may be the one of now */

  g_free (self->signing_keyset);
  self->signing_keyset = copy;
}

void
signet_mail_defaults_set_encryption_keyset (SignetMailDefaults *self, const char *id)
{
  char *copy = g_strdup (id);

  g_free (self->encryption_keyset);
  self->encryption_keyset = copy;
}

SignetMailDefaults *
signet_mail_defaults_find (GPtrArray *list, const char *address)
{
  for (guint i = 0; i < list->len; i++) {
    SignetMailDefaults *self = list->pdata[i];
    if (signet_mail_address_equal (self->address, address))
      return self;
  }
  return NULL;
}

/* --- writing --- */

static void
print_one (GKeyFile *file, const SignetMailDefaults *self)
{
  g_key_file_set_boolean (file, self->address, "sign", self->sign);
  g_key_file_set_boolean (file, self->address, "encrypt", self->encrypt);
  g_key_file_set_boolean (file, self->address, "clear-text", self->clear_text);
  if (self->signing_keyset != NULL)
    g_key_file_set_value (file, self->address, "signing-keyset", self->signing_keyset);
  if (self->encryption_keyset != NULL)
    g_key_file_set_value (file, self->address, "encryption-keyset", self->encryption_keyset);
  if (self->digest != SIGNET_DIGEST_AUTOMATIC)
    g_key_file_set_value (file, self->address, "digest", digests[self->digest]);
  if (self->cipher != SIGNET_CIPHER_AUTOMATIC)
    g_key_file_set_value (file, self->address, "cipher", ciphers[self->cipher]);
}

char *
signet_mail_defaults_print (GPtrArray *list)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_set_integer (file, HEADER, "version", VERSION);
  for (guint i = 0; i < list->len; i++)
    print_one (file, list->pdata[i]);
  return g_key_file_to_data (file, NULL, NULL);
}

/* --- reading --- */

static gboolean
refuse (GError **error, const char *group, const char *key)
{
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, _("“%s” in “%s” is not a setting that Signet writes"), key,
               group);
  return FALSE;
}

static gboolean
parse_switch (const char *value, gboolean *result)
{
  *result = g_str_equal (value, "true");
  return *result || g_str_equal (value, "false");
}

static gboolean
parse_id (const char *value, char **result)
{
  gsize length = strlen (value);

  if (length == 0 || length > MAX_ID || strspn (value, "0123456789abcdefghijklmnopqrstuvwxyz-") != length)
    return FALSE;
  g_free (*result);     /* of a key that stands twice */
  *result = g_strdup (value);
  return TRUE;
}

static gboolean
parse_key (SignetMailDefaults *self, const char *key, const char *value)
{
  if (g_str_equal (key, "sign"))
    return parse_switch (value, &self->sign);
  if (g_str_equal (key, "encrypt"))
    return parse_switch (value, &self->encrypt);
  if (g_str_equal (key, "clear-text"))
    return parse_switch (value, &self->clear_text);
  if (g_str_equal (key, "signing-keyset"))
    return parse_id (value, &self->signing_keyset);
  if (g_str_equal (key, "encryption-keyset"))
    return parse_id (value, &self->encryption_keyset);
  if (g_str_equal (key, "digest"))
    return signet_digest_from_name (value, &self->digest);
  if (g_str_equal (key, "cipher"))
    return signet_cipher_from_name (value, &self->cipher);
  return FALSE;
}

static SignetMailDefaults *
parse_group (GKeyFile *file, const char *group, GError **error)
{
  g_autofree char *address = signet_mail_address_normalize (group, NULL);
  g_autoptr (SignetMailDefaults) self = address != NULL ? signet_mail_defaults_new (address) : NULL;
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, error);

  if (keys == NULL)
    return NULL;
  if (self == NULL) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, _("“%s” is not a mail address"), group);
    return NULL;
  }
  for (guint i = 0; keys[i] != NULL; i++) {
    g_autofree char *value = g_key_file_get_value (file, group, keys[i], NULL);
    if (value == NULL || !parse_key (self, keys[i], value)) {
      refuse (error, group, keys[i]);
      return NULL;
    }
  }
  return g_steal_pointer (&self);
}

static gboolean
check_version (GKeyFile *file, GError **error)
{
  g_autofree char *version = g_key_file_get_value (file, HEADER, "version", NULL);
  gint64 number = 0;

  if (version == NULL || !signet_number_parse (version, 1, G_MAXINT, &number))
    return refuse (error, HEADER, "version");
  if (number == VERSION)
    return TRUE;
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED, _("a newer Signet has written them"));
  return FALSE;
}

static GKeyFile *
load (const char *text, gsize length, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) problem = NULL;

  if (length > SIGNET_MAX_MAIL_DEFAULTS) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE, _("the file is too large"));
    return NULL;
  }
  if (length == 0 || !g_utf8_validate_len (text, length, NULL) ||
      !g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, &problem)) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, _("the file is not one that Signet writes"));
    return NULL;
  }
  return g_steal_pointer (&file);
}

GPtrArray *
signet_mail_defaults_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (GKeyFile) file = load (text, length, error);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_mail_defaults_free);
  g_auto (GStrv) groups = NULL;

  if (file == NULL || !check_version (file, error))
    return NULL;
  groups = g_key_file_get_groups (file, NULL);
  if (g_strv_length (groups) > SIGNET_MAX_MAIL_ADDRESSES + 1) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE, _("there are too many addresses in it"));
    return NULL;
  }
  for (guint i = 0; groups[i] != NULL; i++) {
    if (g_str_equal (groups[i], HEADER))
      continue;
    SignetMailDefaults *one = parse_group (file, groups[i], error);
    if (one == NULL)
      return NULL;
    gboolean again = signet_mail_defaults_find (list, one->address) != NULL;
    g_ptr_array_add (list, one);
    if (again) {
      g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, _("“%s” stands in it twice"), one->address);
      return NULL;
    }
  }
  return g_steal_pointer (&list);
}
