/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/authority-keys.h"
#include "authority/database.h"
#include "authority/settings.h"
#include "protocol/request.h"

G_BEGIN_DECLS

/* What one request is answered with: everything that goes into the database, made before anything does. */
typedef struct {
  SignetCertificate *signing;
  SignetCertificate *encryption;
  GBytes *sealed_key;              /* the encryption key, locked to the recovery key */
  GBytes *message;                 /* the whole mail */
  GBytes *attachment_digest;       /* SHA-256 of the reply attachment in it: what the client confirms */
} SignetIssuance;

/* The keys for encryption that a reply brings. */
typedef struct {
  SignetPrivateKey *current;       /* the new one, without a certificate yet */
  GPtrArray *old_certificates;     /* (element-type SignetCertificate): the key history of a recovery; or NULL */
  GPtrArray *old_keys;             /* (element-type SignetPrivateKey), one for each */
} SignetIssuanceKeys;

/* Issues the certificates for REQUEST, which has been verified and allowed, and for the current one of ENCRYPTION, and
 * writes the reply. EXPIRES: when the reply is no longer good.  Pure: the same arguments give an equal answer but for
 * random numbers. */
SignetIssuance *signet_issuance_new (const SignetAuthorityKeys *keys, const SignetSettings *settings,
                                     const SignetRequest *request, GBytes *request_digest,
                                     const SignetIssuanceKeys *encryption, gint64 now, gint64 expires, GError **error);
void signet_issuance_free (SignetIssuance *self);

/* Writes it as the answer to the request of that number, which is queued; to be mailed when SETTINGS say so. */
gboolean signet_issuance_store (SignetIssuance *self, const SignetSettings *settings, SignetDatabase *database,
                                gint64 request, gint64 now, GError **error);

/* Whether the authority accepts a signing key of this kind: SIGNET_ERROR_REFUSED says which it accepts. */
gboolean signet_issuance_allows (const SignetSettings *settings, GBytes *signing_spki, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetIssuance, signet_issuance_free)

G_END_DECLS
