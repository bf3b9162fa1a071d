/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* The facts of one X.509 certificate (RFC 5280).  Immutable and counted.  What it says is not believed before
 * cert/path.h has. */
typedef struct _SignetCertificate SignetCertificate;

#define SIGNET_TYPE_CERTIFICATE (signet_certificate_get_type ())
GType signet_certificate_get_type (void);

/* DER of at most SIGNET_MAX_CERTIFICATE bytes: SIGNET_ERROR_INVALID, _TOO_LARGE. */
SignetCertificate *signet_certificate_new (GBytes *der, GError **error);
SignetCertificate *signet_certificate_ref (SignetCertificate *self);
void signet_certificate_unref (SignetCertificate *self);

/* Owned by SELF. */
GBytes *signet_certificate_get_der (SignetCertificate *self);
GBytes *signet_certificate_get_spki (SignetCertificate *self);           /* DER SubjectPublicKeyInfo */
const char *signet_certificate_get_subject (SignetCertificate *self);    /* the CN, else the whole name (RFC 4514) */
const char *signet_certificate_get_organization (SignetCertificate *self);   /* the subject's first O, or "" */
const char *signet_certificate_get_issuer (SignetCertificate *self);     /* likewise */
const char *signet_certificate_get_serial (SignetCertificate *self);     /* hexadecimal */
const char *const *signet_certificate_get_addresses (SignetCertificate *self);   /* rfc822Names, normalized */

gint64 signet_certificate_get_not_before (SignetCertificate *self);      /* seconds since 1970 */
gint64 signet_certificate_get_not_after (SignetCertificate *self);

gboolean signet_certificate_is_ca (SignetCertificate *self);
/* What its keyUsage and extKeyUsage say about mail (RFC 8550 section 4.4): digitalSignature or nonRepudiation, and
 * keyEncipherment or keyAgreement. */
gboolean signet_certificate_can_sign (SignetCertificate *self);
gboolean signet_certificate_can_encrypt (SignetCertificate *self);
gboolean signet_certificate_has_address (SignetCertificate *self, const char *address);

/* Whether the name of ISSUER, and its key identifier where both are given, are those that SELF says it was issued by.
 * No signature is checked: this is for finding the chain that cert/path.h then judges. */
gboolean signet_certificate_names_issuer (SignetCertificate *self, SignetCertificate *issuer);

/* The issuers of LEAF among CERTIFICATES (element-type SignetCertificate), as far as they are there, the next one
 * first: (element-type SignetCertificate), at most SIGNET_MAX_CHAIN. */
GPtrArray *signet_certificate_find_chain (SignetCertificate *leaf, GPtrArray *certificates);

/* SHA-256 of the DER, and of the SubjectPublicKeyInfo (RFC 7469's pin): (transfer full). */
GBytes *signet_certificate_get_fingerprint (SignetCertificate *self);
GBytes *signet_certificate_get_pin (SignetCertificate *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetCertificate, signet_certificate_unref)

G_END_DECLS
