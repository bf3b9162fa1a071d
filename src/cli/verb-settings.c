/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verbs.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/mail-address.h"
#include "cli/describe.h"
#include "keyset/keyset-list.h"
#include "keyset/mail-choice.h"
#include "keyset/mail-defaults-file.h"

#include <stdio.h>

/* What the user wrote; NULL: nothing. */
typedef struct {
  char *sign, *encrypt, *clear_text;
  char *signing_keyset, *encryption_keyset;
  char *digest, *cipher;
  gboolean reset;
} Wanted;

static void
wanted_clear (Wanted *wanted)
{
  g_free (wanted->sign);
  g_free (wanted->encrypt);
  g_free (wanted->clear_text);
  g_free (wanted->signing_keyset);
  g_free (wanted->encryption_keyset);
  g_free (wanted->digest);
  g_free (wanted->cipher);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wanted, wanted_clear)

SignetMailDefaults *
signet_verb_load_mail_defaults (const char *path, const char *address, GError **error)
{
  g_autofree char *proper = signet_mail_address_normalize (address, error);
  g_autoptr (GError) problem = NULL;

  if (proper == NULL)
    return NULL;

  g_autoptr (GPtrArray) list = signet_mail_defaults_file_load (path, &problem);
  SignetMailDefaults *found = list != NULL ? signet_mail_defaults_find (list, proper) : NULL;
  if (problem != NULL)
    fprintf (stderr, "signetctl: %s\n", problem->message);
  return found != NULL ? signet_mail_defaults_copy (found) : signet_mail_defaults_new (proper);
}

static gboolean
refuse (GError **error, const char *option, const char *choices, const char *word)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("%s takes %s; not “%s”."), option, choices, word);
  return FALSE;
}

static gboolean
apply_switch (const char *option, const char *word, gboolean *value, GError **error)
{
  if (word == NULL)
    return TRUE;
  if (!g_str_equal (word, "on") && !g_str_equal (word, "off"))
    return refuse (error, option, "on, off", word);
  *value = g_str_equal (word, "on");
  return TRUE;
}

/* The id of the keyset that WORD names, which must have an ID for ADDRESS; NULL for "automatic". */
static gboolean
find_keyset (SignetEnroller *enroller, const char *word, SignetIdUse use, const char *address, char **id,
             GError **error)
{
  g_autoptr (GPtrArray) keysets = NULL;

  if (g_str_equal (word, "automatic"))
    return TRUE;
  keysets = signet_keysets_load (signet_enroller_get_store (enroller), NULL, NULL, error);
  for (guint i = 0; keysets != NULL && i < keysets->len; i++) {
    SignetKeyset *keyset = keysets->pdata[i];
    if (!g_str_equal (signet_keyset_get_id (keyset), word) &&
        !signet_keyset_name_equal (signet_keyset_get_name (keyset), word))
      continue;
    if (signet_keyset_find_for_address (keyset, use, address) == NULL) {
      g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND,
                   _("The keyset “%s” has no such ID for %s. “signetctl show” lists what it has."),
                   signet_keyset_get_name (keyset), address);
      return FALSE;
    }
    *id = g_strdup (signet_keyset_get_id (keyset));
    return TRUE;
  }
  if (keysets != NULL)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND,
                 _("There is no keyset “%s”. “signetctl list” shows those that there are."), word);
  return FALSE;
}

static gboolean
apply_keysets (SignetEnroller *enroller, const Wanted *wanted, SignetMailDefaults *defaults, GError **error)
{
  g_autofree char *signing = NULL, *encryption = NULL;

  if ((wanted->signing_keyset != NULL && !find_keyset (enroller, wanted->signing_keyset, SIGNET_ID_SIGNING,
                                                       defaults->address, &signing, error)) ||
      (wanted->encryption_keyset != NULL && !find_keyset (enroller, wanted->encryption_keyset, SIGNET_ID_ENCRYPTION,
                                                          defaults->address, &encryption, error)))
    return FALSE;
  if (wanted->signing_keyset != NULL)
    signet_mail_defaults_set_signing_keyset (defaults, signing);
  if (wanted->encryption_keyset != NULL)
    signet_mail_defaults_set_encryption_keyset (defaults, encryption);
  return TRUE;
}

static gboolean
apply (SignetEnroller *enroller, const Wanted *wanted, SignetMailDefaults *defaults, GError **error)
{
  if (!apply_switch ("--sign", wanted->sign, &defaults->sign, error) ||
      !apply_switch ("--encrypt", wanted->encrypt, &defaults->encrypt, error) ||
      !apply_switch ("--clear-text", wanted->clear_text, &defaults->clear_text, error))
    return FALSE;
  if (wanted->digest != NULL && !signet_digest_from_name (wanted->digest, &defaults->digest))
    return refuse (error, "--digest", "automatic, sha256, sha384, sha512", wanted->digest);
  if (wanted->cipher != NULL && !signet_cipher_from_name (wanted->cipher, &defaults->cipher))
    return refuse (error, "--cipher", "automatic, aes128-cbc, aes256-cbc", wanted->cipher);
  return apply_keysets (enroller, wanted, defaults, error);
}

static JsonObject *
describe (const SignetMailDefaults *defaults)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "address", defaults->address);
  json_object_set_boolean_member (object, "sign", defaults->sign);
  json_object_set_boolean_member (object, "encrypt", defaults->encrypt);
  json_object_set_boolean_member (object, "clear-text", defaults->clear_text);
  if (defaults->signing_keyset != NULL)
    json_object_set_string_member (object, "signing-keyset-id", defaults->signing_keyset);
  if (defaults->encryption_keyset != NULL)
    json_object_set_string_member (object, "encryption-keyset-id", defaults->encryption_keyset);
  json_object_set_string_member (object, "digest", signet_digest_to_name (defaults->digest));
  json_object_set_string_member (object, "cipher", signet_cipher_to_name (defaults->cipher));
  return object;
}

static const char *
switch_word (gboolean on)
{
  return on ? _("on") : _("off");
}

static void
print (const SignetMailDefaults *defaults)
{
  const char *automatic = signet_digest_get_title (SIGNET_DIGEST_AUTOMATIC);

  printf ("%s\n", defaults->address);
  printf (_("  Sign messages                   %s\n"), switch_word (defaults->sign));
  printf (_("  Encrypt messages when possible  %s\n"), switch_word (defaults->encrypt));
  printf (_("  Clear-text signatures           %s\n"), switch_word (defaults->clear_text));
  printf (_("  Signing keyset                  %s\n"),
          defaults->signing_keyset != NULL ? defaults->signing_keyset : automatic);
  printf (_("  Encryption keyset               %s\n"),
          defaults->encryption_keyset != NULL ? defaults->encryption_keyset : automatic);
  printf (_("  Digest                          %s\n"), signet_digest_get_title (defaults->digest));
  printf (_("  Cipher                          %s\n"), signet_cipher_get_title (defaults->cipher));
}

/* Stores what has changed. */
static gboolean
change (SignetEnroller *enroller, const char *path, const Wanted *wanted, SignetMailDefaults *defaults,
        GError **error)
{
  g_autoptr (SignetMailDefaults) former = signet_mail_defaults_copy (defaults);
  g_autoptr (GPtrArray) stored = NULL;

  if (!apply (enroller, wanted, defaults, error))
    return FALSE;
  if (!wanted->reset && signet_mail_defaults_equal (former, defaults))
    return TRUE;
  stored = signet_mail_defaults_file_save (path, defaults, NULL, error);
  return stored != NULL;
}

gboolean
signet_verb_settings (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  g_auto (Wanted) wanted = { 0 };
  g_autofree char *path = signet_mail_defaults_file_get_path ();
  gboolean json = FALSE;
  GOptionEntry entries[] = {
    { "sign", 0, 0, G_OPTION_ARG_STRING, &wanted.sign, N_("Sign messages: on or off"), N_("SWITCH") },
    { "encrypt", 0, 0, G_OPTION_ARG_STRING, &wanted.encrypt, N_("Encrypt messages when possible: on or off"),
      N_("SWITCH") },
    { "clear-text", 0, 0, G_OPTION_ARG_STRING, &wanted.clear_text,
      N_("Sign so that every mail program shows the message: on or off"), N_("SWITCH") },
    { "signing-keyset", 0, 0, G_OPTION_ARG_STRING, &wanted.signing_keyset,
      N_("Sign with the ID of this keyset, or automatic"), N_("KEYSET") },
    { "encryption-keyset", 0, 0, G_OPTION_ARG_STRING, &wanted.encryption_keyset,
      N_("Have mail encrypted to the ID of this keyset, or automatic"), N_("KEYSET") },
    { "digest", 0, 0, G_OPTION_ARG_STRING, &wanted.digest, N_("automatic, sha256, sha384 or sha512"), N_("NAME") },
    { "cipher", 0, 0, G_OPTION_ARG_STRING, &wanted.cipher, N_("automatic, aes128-cbc or aes256-cbc"), N_("NAME") },
    { "reset", 0, 0, G_OPTION_ARG_NONE, &wanted.reset, N_("Begin with what holds for a new address"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print JSON"), NULL },
    { NULL },
  };

  if (!signet_verb_parse (entries, _("ADDRESS"), 1, &count, &arguments, error))
    return FALSE;

  g_autoptr (SignetMailDefaults) stored = signet_verb_load_mail_defaults (path, arguments[1], error);
  if (stored == NULL)
    return FALSE;
  g_autoptr (SignetMailDefaults) defaults = wanted.reset ? signet_mail_defaults_new (stored->address)
                                                         : g_steal_pointer (&stored);
  if (!change (enroller, path, &wanted, defaults, error))
    return FALSE;
  if (json)
    signet_print_json (describe (defaults));
  else
    print (defaults);
  return TRUE;
}
