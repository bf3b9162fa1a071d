/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/revocation.h"

G_BEGIN_DECLS

/* What CRL, DER of at most SIGNET_MAX_CRL bytes, says of CERTIFICATE, which ISSUER has issued, at the time AT (RFC 5280
 * section 6.3.3; a list of the issuer's own, signed with the key of ISSUER).  Errors: SIGNET_ERROR_UNTRUSTED (another
 * issuer or signer), _EXPIRED (its time is over, and it does not say revoked), _INVALID, _TOO_LARGE, _UNSUPPORTED (an
 * indirect or delta list, one for some reasons or for other certificates only, a weak signature, a critical extension
 * that is not known).  Linear in the list's length; in a thread.  Pure: no files, no network. */
gboolean signet_crl_read (GBytes *crl, SignetCertificate *certificate, SignetCertificate *issuer, gint64 at,
                          SignetRevocationStatus *status, GError **error);

G_END_DECLS
