/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/certificate.h"
#include "crypto/private-key.h"

G_BEGIN_DECLS

/* What a certificate is for.  Each profile fixes the extensions (RFC 5280, and RFC 8550 for mail). */
typedef enum {
  SIGNET_PROFILE_ROOT,             /* signs itself, and the four below it */
  SIGNET_PROFILE_ISSUING,          /* signs users' certificates and the list of revoked ones */
  SIGNET_PROFILE_REPLY,            /* signs replies */
  SIGNET_PROFILE_SERVER,           /* answers by HTTPS */
  SIGNET_PROFILE_MAIL_SIGNING,
  SIGNET_PROFILE_MAIL_ENCRYPTION,
} SignetProfile;

typedef struct {
  SignetProfile profile;
  GBytes *spki;                    /* DER SubjectPublicKeyInfo of the subject */
  const char *name;                /* the subject: a mail address, a host name or IP address, or words */
  gint64 not_before, not_after;    /* seconds since 1970; NOT_AFTER is cut to the issuer's own */
} SignetCertificateOrder;

/* A CA key with its certificate.  Immutable and counted; several threads may issue with it at once. */
typedef struct _SignetIssuer SignetIssuer;

/* CRL_URL and CERTIFICATE_URL: where the issuer's list of revoked certificates and its own certificate are found, for
 * the certificates of users; or NULL. */
SignetIssuer *signet_issuer_new (SignetCertificate *certificate, SignetPrivateKey *key, const char *crl_url,
                                 const char *certificate_url, GError **error);
SignetIssuer *signet_issuer_ref (SignetIssuer *self);
void signet_issuer_unref (SignetIssuer *self);

/* Owned by SELF. */
SignetCertificate *signet_issuer_get_certificate (SignetIssuer *self);

/* A new certificate with a random 128-bit serial number. */
SignetCertificate *signet_issuer_issue (SignetIssuer *self, const SignetCertificateOrder *order, GError **error);

/* A root: ORDER's key is KEY's own. */
SignetCertificate *signet_issuer_self_sign (SignetPrivateKey *key, const SignetCertificateOrder *order, GError **error);

typedef struct {
  char *serial;                    /* hexadecimal */
  gint64 time;
} SignetRevocation;

void signet_revocation_free (SignetRevocation *self);

/* The list of revoked certificates (RFC 5280 section 5), DER.  REVOCATIONS: (element-type SignetRevocation). */
GBytes *signet_issuer_sign_crl (SignetIssuer *self, GPtrArray *revocations, gint64 number, gint64 now,
                                gint64 next_update, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetIssuer, signet_issuer_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetRevocation, signet_revocation_free)

G_END_DECLS
