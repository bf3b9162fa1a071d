/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/issuance.h"

#include "authority/escrow.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "crypto/public-key.h"
#include "protocol/reply.h"

#define BACKDATE 300               /* seconds: the clocks of those who check it may be a little slow */
#define DAY (24 * 3600)

void
signet_issuance_free (SignetIssuance *self)
{
  g_clear_pointer (&self->signing, signet_certificate_unref);
  g_clear_pointer (&self->encryption, signet_certificate_unref);
  g_clear_pointer (&self->sealed_key, g_bytes_unref);
  g_clear_pointer (&self->message, g_bytes_unref);
  g_clear_pointer (&self->attachment_digest, g_bytes_unref);
  g_free (self);
}

gboolean
signet_issuance_allows (const SignetSettings *settings, GBytes *signing_spki, GError **error)
{
  g_autofree char *name = signet_public_key_describe (signing_spki);
  g_autoptr (GString) accepted = g_string_new (NULL);
  SignetKeyAlgorithm algorithm;

  if (signet_key_algorithm_from_name (name, &algorithm) && (settings->signing & (1u << algorithm)) != 0)
    return TRUE;

  for (algorithm = SIGNET_KEY_P256; algorithm <= SIGNET_KEY_RSA_4096; algorithm++) {
    if ((settings->signing & (1u << algorithm)) != 0)
      g_string_append_printf (accepted, "%s%s", accepted->len > 0 ? ", " : "",
                              signet_key_algorithm_to_name (algorithm));
  }
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_REFUSED,
               _("This authority does not accept a signing key of the kind %s. It accepts: %s."), name, accepted->str);
  return FALSE;
}

static SignetCertificate *
issue (const SignetAuthorityKeys *keys, const SignetSettings *settings, SignetProfile profile, const char *address,
       GBytes *spki, gint64 now, GError **error)
{
  gint64 not_before = now - BACKDATE;
  SignetCertificateOrder order = { profile, spki, address, not_before,
                                   not_before + (gint64)settings->lifetime_days * DAY };

  return signet_issuer_issue (keys->issuing, &order, error);
}

/* The new key first, then the history. */
static void
add_encryption (SignetReply *reply, SignetCertificate *certificate, const SignetIssuanceKeys *encryption)
{
  g_ptr_array_add (reply->encryption, signet_certificate_ref (certificate));
  g_ptr_array_add (reply->encryption_keys, signet_private_key_ref (encryption->current));
  for (guint i = 0; encryption->old_keys != NULL && i < encryption->old_keys->len; i++) {
    g_ptr_array_add (reply->encryption, signet_certificate_ref (encryption->old_certificates->pdata[i]));
    g_ptr_array_add (reply->encryption_keys, signet_private_key_ref (encryption->old_keys->pdata[i]));
  }
}

static SignetReply *
make_reply (SignetIssuance *self, const SignetAuthorityKeys *keys, const SignetSettings *settings,
            const SignetRequest *request, GBytes *request_digest, const SignetIssuanceKeys *encryption, gint64 now,
            gint64 expires)
{
  SignetReply *reply = signet_reply_new ();

  reply->request_id = g_strdup (request->id);
  reply->request_digest = g_bytes_ref (request_digest);
  reply->nonce = g_strdup (request->nonce);
  reply->address = g_strdup (request->address);
  reply->authority = g_strdup (settings->name);
  reply->issued = now;
  reply->expires = expires;
  reply->signing = signet_certificate_ref (self->signing);
  add_encryption (reply, self->encryption, encryption);
  g_ptr_array_add (reply->chain, signet_certificate_ref (signet_issuer_get_certificate (keys->issuing)));
  g_ptr_array_add (reply->chain, signet_certificate_ref (keys->root));
  return reply;
}

SignetIssuance *
signet_issuance_new (const SignetAuthorityKeys *keys, const SignetSettings *settings, const SignetRequest *request,
                     GBytes *request_digest, const SignetIssuanceKeys *encryption, gint64 now, gint64 expires,
                     GError **error)
{
  g_autoptr (SignetIssuance) self = g_new0 (SignetIssuance, 1);

  self->signing = issue (keys, settings, SIGNET_PROFILE_MAIL_SIGNING, request->address, request->signing_spki, now,
                         error);
  self->encryption = self->signing != NULL
                       ? issue (keys, settings, SIGNET_PROFILE_MAIL_ENCRYPTION, request->address,
                                signet_private_key_get_spki (encryption->current), now, error) : NULL;
  self->sealed_key = self->encryption != NULL
                       ? signet_escrow_seal (encryption->current, request->address, keys->recovery_spki, error) : NULL;
  if (self->sealed_key == NULL)
    return NULL;

  g_autoptr (SignetReply) reply =
    make_reply (self, keys, settings, request, request_digest, encryption, now, expires);
  g_autoptr (GBytes) attachment = signet_reply_build (reply, keys->reply_key, keys->reply_certificate,
                                                      request->reply_spki, error);
  self->message = attachment != NULL ? signet_reply_message_build (attachment, settings->name, settings->from,
                                                                   request->address, request->id, now, error)
                                     : NULL;
  if (self->message == NULL)
    return NULL;
  self->attachment_digest = signet_sha256 (attachment);
  return g_steal_pointer (&self);
}

static gboolean
store_certificate (SignetDatabase *database, gint64 request, SignetCertificatePurpose purpose,
                   SignetCertificate *certificate, GBytes *sealed_key, GError **error)
{
  SignetCertificateRecord record = { signet_certificate_get_serial (certificate), purpose,
                                     signet_certificate_get_der (certificate),
                                     signet_certificate_get_not_after (certificate), sealed_key };

  return signet_database_add_certificate (database, request, &record, error);
}

gboolean
signet_issuance_store (SignetIssuance *self, const SignetSettings *settings, SignetDatabase *database, gint64 request,
                       gint64 now, GError **error)
{
  return store_certificate (database, request, SIGNET_CERTIFICATE_SIGNING, self->signing, NULL, error) &&
         store_certificate (database, request, SIGNET_CERTIFICATE_ENCRYPTION, self->encryption, self->sealed_key,
                            error) &&
         signet_database_set_ready (database, request, self->message, self->attachment_digest,
                                    settings->delivery != SIGNET_DELIVERY_NONE ? now : 0, error);
}
