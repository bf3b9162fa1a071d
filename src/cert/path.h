/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/certificate.h"

G_BEGIN_DECLS

typedef enum {
  SIGNET_PURPOSE_MAIL,      /* emailProtection: signing or encrypting mail */
  SIGNET_PURPOSE_AUTHORITY, /* signs an authority's replies; the leaf may be any certificate below the root with digitalSignature */
} SignetPurpose;

/* Whether LEAF chains to ROOT over INTERMEDIATES (element-type SignetCertificate; in any order, at most
 * SIGNET_MAX_CHAIN, extra ones do no harm) at the time AT by RFC 5280 section 6.  Pure: no files, no network, no
 * system trust.  SIGNET_ERROR_EXPIRED when only the dates stand against it, else _UNTRUSTED. */
gboolean signet_path_validate (SignetCertificate *leaf, GPtrArray *intermediates, SignetCertificate *root,
                               SignetPurpose purpose, gint64 at, GError **error);

G_END_DECLS
