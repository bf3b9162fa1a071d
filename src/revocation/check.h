/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/revocation.h"
#include "revocation/cache.h"

G_BEGIN_DECLS

typedef enum {
  SIGNET_CHECK_CACHED,     /* what is known; nobody is asked */
  SIGNET_CHECK_DUE,        /* the authority is asked when what is known is past half of its life, or a day old */
  SIGNET_CHECK_NOW,        /* it is asked */
} SignetCheckHow;

/* What is known of CERTIFICATE, whose issuer is among ISSUERS (element-type SignetCertificate).  Blocks its thread.
 *
 * The list of revoked certificates is asked for first, an OCSP responder only when there is none to be had: a list says
 * nothing about who wants to know what, serves for all certificates of the authority, and a question by OCSP tells the
 * authority, and everybody on the way, whose mail is being read or written.
 *
 * An answer that is older than the one that is known does not replace it, so that nobody on the way can hand out a list
 * from before a revocation.  Never NULL but when cancelled: what went wrong otherwise is in the state's problem, with a
 * code as of cert/crl.h, cert/ocsp.h and revocation/fetch.h, SIGNET_ERROR_NOT_FOUND when the certificate does not say
 * where to ask or its issuer is missing. */
SignetRevocationState *signet_revocation_check (SignetRevocationCache *cache, SignetCertificate *certificate,
                                                GPtrArray *issuers, SignetCheckHow how, GCancellable *cancellable,
                                                GError **error);

/* When STATE should be looked at again; seconds since 1970. */
gint64 signet_revocation_get_due (const SignetRevocationState *state);

G_END_DECLS
