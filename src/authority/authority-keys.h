/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/issuer.h"
#include "authority/settings.h"
#include "authority/tls-credentials.h"

G_BEGIN_DECLS

/* The keys of an authority, in the folder `keys` of its own:
 *
 *   root.pem, root.key            signs the three certificates below; its key is read only for that
 *   issuing.pem, issuing.key      signs users' certificates
 *   reply.pem, reply.key          signs replies
 *   tls.pem, tls.key              answers by HTTPS; tls.pem holds the root too, since clients pin that
 *   recovery.pub                  what encryption keys are archived to
 *   recovery.sealed               its private half, which the officers open together (authority/officers.h)
 */
typedef struct {
  SignetCertificate *root;
  SignetIssuer *issuing;
  SignetCertificate *reply_certificate;
  SignetPrivateKey *reply_key;
  GBytes *recovery_spki;
} SignetAuthorityKeys;

/* Makes them in DIRECTORY/keys, which must not exist, all but recovery.sealed: RECOVERY_KEY becomes the one copy of its
 * private half, for the officers. */
gboolean signet_authority_keys_create (const char *directory, SignetSettings *settings, gint64 now,
                                       SignetPrivateKey **recovery_key, GError **error);
gboolean signet_authority_keys_write_sealed (const char *directory, GBytes *sealed, GError **error);

/* SIGNET_ERROR_NOT_FOUND, _DAMAGED, _INVALID, or _UNTRUSTED when others than the owner could read a private key. */
SignetAuthorityKeys *signet_authority_keys_load (const char *directory, SignetSettings *settings, GError **error);
void signet_authority_keys_free (SignetAuthorityKeys *self);

/* The root alone, whose key users pin. */
SignetCertificate *signet_authority_keys_read_root (const char *directory, GError **error);

/* recovery.pub and recovery.sealed alone, for the officers. */
GBytes *signet_authority_keys_read_recovery_spki (const char *directory, GError **error);
GBytes *signet_authority_keys_read_sealed (const char *directory, GError **error);

/* The certificate and key for HTTPS; made anew when it is for another host than SETTINGS names, or has less than
 * 30 days to live. */
SignetTlsCredentials *signet_authority_keys_load_tls (const char *directory, SignetSettings *settings, gint64 now,
                                                      GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetAuthorityKeys, signet_authority_keys_free)

G_END_DECLS
