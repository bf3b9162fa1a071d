/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "crypto/pbe.h"

G_BEGIN_DECLS

/* Whether MAC_DATA (strict DER of MacData, RFC 7292 section 4) fits CONTENT under PASSWORD: by the key derivation of
 * PKCS#12, or by PBMAC1 (RFC 9579, which GnuTLS 3.7 and OpenSSL 3.0 do not know).
 * SIGNET_ERROR_WRONG_PASSWORD, _INVALID, _UNSUPPORTED, _TOO_LARGE, G_IO_ERROR_CANCELLED. */
gboolean signet_pkcs12_mac_check (const SignetDer *mac_data, const SignetDer *content, SignetSecret *password,
                                  SignetPbeUse *use, GCancellable *cancellable, GError **error);

G_END_DECLS
