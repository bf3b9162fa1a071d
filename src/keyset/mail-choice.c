/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/mail-choice.h"

#include "base/i18n.h"
#include "base/mail-address.h"
#include "crypto/public-key.h"

#include <string.h>

SignetDigitalId *
signet_keyset_find_for_address (SignetKeyset *keyset, SignetIdUse use, const char *address)
{
  SignetDigitalId *id = signet_keyset_get_current (keyset, use);
  const char *const *own = id != NULL ? signet_certificate_get_addresses (id->certificate) : NULL;

  for (; own != NULL && *own != NULL; own++) {
    if (signet_mail_address_equal (*own, address))
      return id;
  }
  return NULL;
}

/* What is known of IDs. */
typedef struct {
  gint64 now;
  SignetIsRevokedFunc is_revoked;
  gpointer data;
} Knowledge;

static gboolean
is_valid (SignetDigitalId *id, const Knowledge *known)
{
  return signet_certificate_get_not_before (id->certificate) <= known->now &&
         known->now < signet_certificate_get_not_after (id->certificate) && !known->is_revoked (id, known->data);
}

/* Issued later; of those issued at once, installed later; else by id, so that the answer is always the same one. */
static gboolean
is_newer (SignetKeyset *keyset, SignetDigitalId *id, const SignetIdChoice *than)
{
  gint64 issued = signet_certificate_get_not_before (id->certificate);
  gint64 other_issued = signet_certificate_get_not_before (than->id->certificate);

  if (issued != other_issued)
    return issued > other_issued;
  if (id->installed != than->id->installed)
    return id->installed > than->id->installed;
  return strcmp (signet_keyset_get_id (keyset), signet_keyset_get_id (than->keyset)) > 0;
}

static void
take (SignetIdChoice *self, SignetKeyset *keyset, SignetDigitalId *id, SignetChoiceReason reason)
{
  g_set_object (&self->keyset, keyset);
  g_clear_pointer (&self->id, signet_digital_id_unref);
  self->id = signet_digital_id_ref (id);
  self->reason = reason;
}

/* The keyset that the user chose, or why it cannot be. */
static void
try_chosen (SignetIdChoice *self, GPtrArray *keysets, const char *chosen, const Knowledge *known)
{
  self->lapse = chosen != NULL ? SIGNET_LAPSE_GONE : SIGNET_LAPSE_NO;
  for (guint i = 0; chosen != NULL && i < keysets->len; i++) {
    SignetKeyset *keyset = keysets->pdata[i];
    SignetDigitalId *id = signet_keyset_find_for_address (keyset, self->use, self->address);

    if (!g_str_equal (signet_keyset_get_id (keyset), chosen))
      continue;
    self->lapse = id == NULL ? SIGNET_LAPSE_OTHER_ADDRESS
                             : is_valid (id, known) ? SIGNET_LAPSE_NO : SIGNET_LAPSE_NOT_VALID;
    if (self->lapse == SIGNET_LAPSE_NO)
      take (self, keyset, id, SIGNET_CHOICE_CHOSEN);
    return;
  }
}

static void
try_all (SignetIdChoice *self, GPtrArray *keysets, const Knowledge *known)
{
  for (guint i = 0; i < keysets->len; i++) {
    SignetKeyset *keyset = keysets->pdata[i];
    SignetDigitalId *id = signet_keyset_find_for_address (keyset, self->use, self->address);

    if (id == NULL)
      continue;
    if (!is_valid (id, known))
      self->reason = self->id != NULL ? self->reason : SIGNET_CHOICE_NOT_VALID;
    else if (self->id == NULL)
      take (self, keyset, id, SIGNET_CHOICE_ONLY);
    else if (is_newer (keyset, id, self))
      take (self, keyset, id, SIGNET_CHOICE_NEWEST);
    else
      self->reason = SIGNET_CHOICE_NEWEST;
  }
}

SignetIdChoice *
signet_id_choice_new (GPtrArray *keysets, const SignetMailDefaults *defaults, SignetIdUse use, gint64 now,
                      SignetIsRevokedFunc is_revoked, gpointer data)
{
  const Knowledge known = { now, is_revoked, data };
  SignetIdChoice *self = g_new0 (SignetIdChoice, 1);

  self->use = use;
  self->address = g_strdup (defaults->address);
  self->reason = SIGNET_CHOICE_NONE;
  try_chosen (self, keysets, use == SIGNET_ID_SIGNING ? defaults->signing_keyset : defaults->encryption_keyset, &known);
  if (self->id == NULL)
    try_all (self, keysets, &known);
  return self;
}

void
signet_id_choice_free (SignetIdChoice *self)
{
  g_free (self->address);
  g_clear_object (&self->keyset);
  g_clear_pointer (&self->id, signet_digital_id_unref);
  g_free (self);
}

/* --- in words --- */

static char *
explain_reason (const SignetIdChoice *self)
{
  const char *name = self->keyset != NULL ? signet_keyset_get_name (self->keyset) : NULL;
  gboolean signs = self->use == SIGNET_ID_SIGNING;

  switch (self->reason) {
    case SIGNET_CHOICE_CHOSEN:
      /* Translators: the name of a keyset. */
      return g_strdup_printf (_("“%s”, because you chose it."), name);
    case SIGNET_CHOICE_ONLY:
      /* Translators: the name of a keyset, and a mail address. */
      return g_strdup_printf (_("“%s”, because it has the only valid ID for %s."), name, self->address);
    case SIGNET_CHOICE_NEWEST:
      return g_strdup_printf (_("“%s”, because it has the newest ID for %s."), name, self->address);
    case SIGNET_CHOICE_NOT_VALID:
      return g_strdup_printf (signs ? _("None: no signing ID for %s is valid now. Get a new one.")
                                    : _("None: no encryption ID for %s is valid now. Get a new one."), self->address);
    case SIGNET_CHOICE_NONE:
      break;
  }
  return g_strdup_printf (signs ? _("None: no keyset has a signing ID for %s.")
                                : _("None: no keyset has an encryption ID for %s."), self->address);
}

char *
signet_id_choice_explain (const SignetIdChoice *self)
{
  static const char *const lapses[] = {
    NULL,
    N_("The keyset that you chose is gone."),
    N_("The keyset that you chose has no such ID for this address now."),
    N_("The ID that you chose is not valid now."),
  };
  g_autofree char *reason = explain_reason (self);

  if (self->lapse == SIGNET_LAPSE_NO)
    return g_steal_pointer (&reason);
  return g_strdup_printf ("%s %s", reason, _(lapses[self->lapse]));
}

const char *
signet_id_choice_get_reason_name (const SignetIdChoice *self)
{
  static const char *const names[] = { "chosen", "only", "newest", "not-valid", "none" };

  return names[self->reason];
}

const char *
signet_id_choice_get_lapse_name (const SignetIdChoice *self)
{
  static const char *const names[] = { NULL, "gone", "other-address", "not-valid" };

  return names[self->lapse];
}

/* --- algorithms --- */

const char *
signet_digest_get_title (SignetDigest digest)
{
  static const char *const titles[] = { N_("Automatic"), "SHA-256", "SHA-384", "SHA-512" };

  return digest == SIGNET_DIGEST_AUTOMATIC ? _(titles[digest]) : titles[digest];
}

const char *
signet_cipher_get_title (SignetCipher cipher)
{
  static const char *const titles[] = { N_("Automatic"), "AES-128-CBC", "AES-256-CBC", "AES-256-GCM" };

  return cipher == SIGNET_CIPHER_AUTOMATIC ? _(titles[cipher]) : titles[cipher];
}

static void
set_explanation (char **explanation, char *text)
{
  if (explanation != NULL)
    *explanation = g_steal_pointer (&text);
  g_free (text);
}

/* As strong as the curve; SHA-256 for RSA and for what is not known. */
static SignetDigest
fit_digest (GBytes *spki, gboolean *is_curve)
{
  SignetPublicKeyKind kind = SIGNET_PUBLIC_KEY_RSA;
  guint bits = 0;

  *is_curve = signet_public_key_read (spki, &kind, &bits, NULL) && kind == SIGNET_PUBLIC_KEY_EC;
  if (!*is_curve || bits <= 256)
    return SIGNET_DIGEST_SHA256;
  return bits <= 384 ? SIGNET_DIGEST_SHA384 : SIGNET_DIGEST_SHA512;
}

SignetDigest
signet_choose_digest (const SignetMailDefaults *defaults, SignetCertificate *signing, char **explanation)
{
  GBytes *spki = signet_certificate_get_spki (signing);
  g_autofree char *key = signet_public_key_describe (spki);
  gboolean is_curve;
  SignetDigest digest = fit_digest (spki, &is_curve);
  const char *title = signet_digest_get_title (digest);

  if (defaults->digest != SIGNET_DIGEST_AUTOMATIC) {
    title = signet_digest_get_title (defaults->digest);
    /* Translators: an algorithm such as SHA-256. */
    set_explanation (explanation, g_strdup_printf (_("%s, because you chose it."), title));
    return defaults->digest;
  }
  /* Translators: an algorithm such as SHA-256, and the kind of a key such as P-256. */
  set_explanation (explanation, is_curve ? g_strdup_printf (_("%s, as strong as the signing key (%s)."), title, key)
                                         : g_strdup_printf (_("%s, which every mail program can check."), title));
  return digest;
}

SignetCipher
signet_choose_cipher (const SignetMailDefaults *defaults, SignetCipher known, char **explanation)
{
  SignetCipher cipher = known != SIGNET_CIPHER_AUTOMATIC ? known : SIGNET_CIPHER_AES256_CBC;
  const char *title = signet_cipher_get_title (cipher);

  if (defaults->cipher != SIGNET_CIPHER_AUTOMATIC) {
    title = signet_cipher_get_title (defaults->cipher);
    set_explanation (explanation, g_strdup_printf (_("%s, because you chose it."), title));
    return defaults->cipher;
  }
  set_explanation (explanation, known != SIGNET_CIPHER_AUTOMATIC
                                ? g_strdup_printf (_("%s, which the recipient's mail program is known to read."), title)
                                : g_strdup_printf (_("%s, which every mail program can read."), title));
  return cipher;
}
