/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/certificate.h"

G_BEGIN_DECLS

#define SIGNET_PATH_AUTHORITY "/signet/v1/authority"
#define SIGNET_PATH_REQUESTS "/signet/v1/requests"
#define SIGNET_PATH_REVOCATIONS "/signet/v1/revocations"

/* What an authority says of itself (GET /signet/v1/authority), JSON:
 *
 *   { "signet-authority": 1, "name": "Example Authority", "notice": "…",
 *     "certificates": ["<base64 DER root>", "…issuing"], "operations": ["enroll"] }
 */
typedef struct _SignetAuthorityInfo SignetAuthorityInfo;

#define SIGNET_TYPE_AUTHORITY_INFO (signet_authority_info_get_type ())
GType signet_authority_info_get_type (void);

/* CERTIFICATES: (element-type SignetCertificate), the root first.  NOTICE: the escrow notice, or NULL for the usual
 * one. */
SignetAuthorityInfo *signet_authority_info_new (const char *name, const char *notice, GPtrArray *certificates);

/* Accepted only when the first certificate's SubjectPublicKeyInfo has the digest PIN: SIGNET_ERROR_UNTRUSTED; else
 * _INVALID, _UNSUPPORTED, _TOO_LARGE. */
SignetAuthorityInfo *signet_authority_info_parse (GBytes *json, GBytes *pin, GError **error);
GBytes *signet_authority_info_to_json (SignetAuthorityInfo *self);

SignetAuthorityInfo *signet_authority_info_ref (SignetAuthorityInfo *self);
void signet_authority_info_unref (SignetAuthorityInfo *self);

/* Owned by SELF. */
const char *signet_authority_info_get_name (SignetAuthorityInfo *self);
const char *signet_authority_info_get_notice (SignetAuthorityInfo *self);   /* or NULL */
SignetCertificate *signet_authority_info_get_root (SignetAuthorityInfo *self);
GPtrArray *signet_authority_info_get_certificates (SignetAuthorityInfo *self);   /* the root first */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetAuthorityInfo, signet_authority_info_unref)

G_END_DECLS
