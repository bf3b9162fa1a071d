/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/certificate.h"
#include "crypto/cms.h"

G_BEGIN_DECLS

/* What a user who has a digital ID signs for his authority: SignedData by its key, with its certificate in it and no
 * other. */
GBytes *signet_certified_sign (GBytes *content, SignetCertificate *certificate, SignetPrivateKey *key, GError **error);

/* The certificate that SIGNED_DATA brings and is signed by: SIGNET_ERROR_UNTRUSTED, _INVALID.  Whether that counts is
 * for who has issued it. */
SignetCertificate *signet_certified_verify (SignetSignedData *signed_data, GError **error);

G_END_DECLS
