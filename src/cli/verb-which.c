/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verbs.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "base/mail-address.h"
#include "cli/describe.h"
#include "keyset/keyset-list.h"
#include "keyset/mail-choice.h"
#include "keyset/mail-defaults-file.h"
#include "revocation/check.h"

#include <stdio.h>

typedef struct {
  GPtrArray *keysets;
  SignetMailDefaults *defaults;
  SignetRevocationCache *revocation;
} Question;

/* As far as is known: nobody is asked, since this must be quick. */
static gboolean
is_revoked (SignetDigitalId *id, gpointer cache)
{
  g_autoptr (SignetRevocationState) state = signet_revocation_check (cache, id->certificate, id->chain,
                                                                     SIGNET_CHECK_CACHED, NULL, NULL);

  return state->status.verdict == SIGNET_REVOCATION_REVOKED;
}

static SignetIdChoice *
choose (const Question *question, SignetIdUse use)
{
  return signet_id_choice_new (question->keysets, question->defaults, use, signet_clock_now (), is_revoked,
                               question->revocation);
}

static char *
dup_sha1 (SignetCertificate *certificate)
{
  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA1, signet_certificate_get_der (certificate));
}

static JsonObject *
describe (const SignetIdChoice *choice, const SignetMailDefaults *defaults)
{
  g_autofree char *why = signet_id_choice_explain (choice), *algorithm_why = NULL;
  g_autofree char *sha1 = choice->id != NULL ? dup_sha1 (choice->id->certificate) : NULL;
  JsonObject *object = choice->id != NULL ? signet_describe_id (choice->id) : json_object_new ();

  json_object_set_string_member (object, "reason", signet_id_choice_get_reason_name (choice));
  json_object_set_string_member (object, "explanation", why);
  if (signet_id_choice_get_lapse_name (choice) != NULL)
    json_object_set_string_member (object, "lapse", signet_id_choice_get_lapse_name (choice));
  if (choice->id == NULL)
    return object;
  json_object_set_string_member (object, "keyset", signet_keyset_get_name (choice->keyset));
  json_object_set_string_member (object, "keyset-id", signet_keyset_get_id (choice->keyset));
  json_object_set_string_member (object, "sha1", sha1);
  if (choice->use == SIGNET_ID_SIGNING)
    json_object_set_string_member (object, "digest", signet_digest_to_name (signet_choose_digest (
                                     defaults, choice->id->certificate, &algorithm_why)));
  else
    json_object_set_string_member (object, "cipher", signet_cipher_to_name (signet_choose_cipher (
                                     defaults, SIGNET_CIPHER_AUTOMATIC, &algorithm_why)));
  json_object_set_string_member (object, "algorithm-explanation", algorithm_why);
  return object;
}

static void
print (const SignetIdChoice *choice, const SignetMailDefaults *defaults)
{
  g_autofree char *why = signet_id_choice_explain (choice), *algorithm_why = NULL;

  printf ("%s\n  %s\n", choice->use == SIGNET_ID_SIGNING ? _("Signing ID") : _("Encryption ID"), why);
  if (choice->id == NULL)
    return;

  SignetCertificate *certificate = choice->id->certificate;
  g_autoptr (GBytes) digest = signet_certificate_get_fingerprint (certificate);
  g_autofree char *fingerprint = signet_hex_format_groups (digest);
  if (choice->use == SIGNET_ID_SIGNING)
    signet_choose_digest (defaults, certificate, &algorithm_why);
  else
    signet_choose_cipher (defaults, SIGNET_CIPHER_AUTOMATIC, &algorithm_why);
  printf (_("  Algorithm    %s\n"), algorithm_why);
  printf (_("  Serial       %s\n"), signet_certificate_get_serial (certificate));
  printf (_("  Fingerprint  %s\n"), fingerprint);
}

/* One field alone, for the command line of another program. */
static gboolean
print_field (const SignetIdChoice *choice, const char *field, GError **error)
{
  SignetCertificate *certificate = choice->id->certificate;
  g_autoptr (GBytes) digest = signet_certificate_get_fingerprint (certificate);
  g_autofree char *fingerprint = signet_hex_encode (digest), *sha1 = dup_sha1 (certificate);
  const struct {
    const char *name, *value;
  } fields[] = {
    { "keyset", signet_keyset_get_name (choice->keyset) },
    { "serial", signet_certificate_get_serial (certificate) },
    { "fingerprint", fingerprint },
    { "sha1", sha1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    if (g_str_equal (fields[i].name, field)) {
      printf ("%s\n", fields[i].value);
      return TRUE;
    }
  }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("--print takes keyset, serial, fingerprint or sha1; not “%s”."), field);
  return FALSE;
}

static gboolean
fail (const SignetIdChoice *choice, GError **error)
{
  g_autofree char *why = signet_id_choice_explain (choice);

  g_set_error_literal (error, SIGNET_ERROR, choice->reason == SIGNET_CHOICE_NOT_VALID ? SIGNET_ERROR_EXPIRED
                                                                                   : SIGNET_ERROR_NOT_FOUND, why);
  return FALSE;
}

static gboolean
answer_one (const Question *question, SignetIdUse use, const char *field, gboolean json, GError **error)
{
  g_autoptr (SignetIdChoice) choice = choose (question, use);

  if (choice->id == NULL)
    return fail (choice, error);
  if (field != NULL)
    return print_field (choice, field, error);
  if (json)
    signet_print_json (describe (choice, question->defaults));
  else
    print (choice, question->defaults);
  return TRUE;
}

static gboolean
answer_both (const Question *question, gboolean json, GError **error)
{
  g_autoptr (SignetIdChoice) signing = choose (question, SIGNET_ID_SIGNING);
  g_autoptr (SignetIdChoice) encryption = choose (question, SIGNET_ID_ENCRYPTION);

  if (signing->id == NULL && encryption->id == NULL)
    return fail (signing, error);
  if (json) {
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "address", question->defaults->address);
    json_object_set_object_member (object, "signing", describe (signing, question->defaults));
    json_object_set_object_member (object, "encryption", describe (encryption, question->defaults));
    signet_print_json (object);
  } else {
    print (signing, question->defaults);
    print (encryption, question->defaults);
  }
  return TRUE;
}

static gboolean
parse_use (const char *word, SignetIdUse *use, GError **error)
{
  *use = g_strcmp0 (word, "encryption") == 0 ? SIGNET_ID_ENCRYPTION : SIGNET_ID_SIGNING;
  if (word == NULL || *use == SIGNET_ID_ENCRYPTION || g_str_equal (word, "signing"))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("--for takes signing or encryption; not “%s”."),
               word);
  return FALSE;
}

gboolean
signet_verb_which (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  g_autofree char *word = NULL, *field = NULL, *path = signet_mail_defaults_file_get_path ();
  gboolean json = FALSE;
  SignetIdUse use;
  GOptionEntry entries[] = {
    { "for", 0, 0, G_OPTION_ARG_STRING, &word, N_("Only the ID for signing, or for encryption"), N_("USE") },
    { "print", 0, 0, G_OPTION_ARG_STRING, &field,
      N_("Print one field alone: keyset, serial, fingerprint (SHA-256), or sha1 (what gpgsm and git call a key)"),
      N_("FIELD") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print JSON"), NULL },
    { NULL },
  };

  if (!signet_verb_parse (entries, _("ADDRESS"), 1, &count, &arguments, error) || !parse_use (word, &use, error))
    return FALSE;

  g_autoptr (SignetMailDefaults) defaults = signet_verb_load_mail_defaults (path, arguments[1], error);
  g_autoptr (GPtrArray) keysets =
    defaults != NULL ? signet_keysets_load (signet_enroller_get_store (enroller), NULL, NULL, error) : NULL;
  g_autoptr (SignetRevocationCache) revocation = signet_revocation_cache_new (NULL);
  const Question question = { keysets, defaults, revocation };
  if (keysets == NULL)
    return FALSE;
  return word == NULL && field == NULL ? answer_both (&question, json, error)
                                       : answer_one (&question, use, field, json, error);
}
