/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/certificate.h"

G_BEGIN_DECLS

typedef enum {
  SIGNET_PATH_MAIL,      /* signing or encrypting mail: emailProtection in every extKeyUsage below the root */
  SIGNET_PATH_AUTHORITY, /* any certificate whose keyUsage has digitalSignature: who may speak, the caller says */
} SignetPathPurpose;

/* Whether LEAF chains to ROOT over INTERMEDIATES (element-type SignetCertificate; in any order, at most
 * SIGNET_MAX_CHAIN, extra ones do no harm) at the time AT by RFC 5280 section 6, with keys and hashes of at least 112
 * bits of strength.  ROOT itself is not below ROOT.  Pure: no files, no network, no system trust, and no revocation.
 * SIGNET_ERROR_EXPIRED when only the dates stand against it, else _UNTRUSTED. */
gboolean signet_path_validate (SignetCertificate *leaf, GPtrArray *intermediates, SignetCertificate *root,
                               SignetPathPurpose purpose, gint64 at, GError **error);

/* One step of a path: whether CERTIFICATE was issued by ISSUER itself, which is taken as it is, and counts at AT.
 * Errors as above; _EXPIRED when the signature is good. */
gboolean signet_path_validate_step (SignetCertificate *certificate, SignetCertificate *issuer, gint64 at,
                                    GError **error);

G_END_DECLS
