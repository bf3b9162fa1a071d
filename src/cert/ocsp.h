/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/revocation.h"

G_BEGIN_DECLS

/* The Online Certificate Status Protocol (RFC 6960). */

/* An OCSPRequest about CERTIFICATE of ISSUER, with NONCE in it unless that is NULL.  The CertID's hash is SHA-1, which
 * every responder knows: it only finds a certificate (RFC 5019 section 2.1.1). */
GBytes *signet_ocsp_make_request (SignetCertificate *certificate, SignetCertificate *issuer, GBytes *nonce,
                                  GError **error);

/* What ANSWER, DER of at most SIGNET_MAX_OCSP bytes, says of CERTIFICATE, which ISSUER has issued, at the time AT.
 * Signed by ISSUER, or by a responder that ISSUER itself has certified for that (id-kp-OCSPSigning), whose own
 * revocation is not looked into.  An answer with another nonce than NONCE is not one to our question; one without is
 * made beforehand, as many are, and must say until when it counts.  NONCE may be NULL.
 * Errors: SIGNET_ERROR_UNTRUSTED (the signer), _EXPIRED, _INVALID, _TOO_LARGE, _UNSUPPORTED, _NOT_FOUND (it speaks of
 * other certificates), _REFUSED (the responder has no answer), _BUSY (it has none now).  Pure. */
gboolean signet_ocsp_read (GBytes *answer, SignetCertificate *certificate, SignetCertificate *issuer, GBytes *nonce,
                           gint64 at, SignetRevocationStatus *status, GError **error);

G_END_DECLS
