/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "crypto/private-key.h"

G_BEGIN_DECLS

/* Uses KEY and its CERTIFICATE (DER) once, on a random text and in memory only, as a mail program would: signs and
 * checks the signature; or encrypts to the certificate (EnvelopedData, AES-256-CBC, what all of them send and read)
 * and opens it again.  SIGNET_ERROR_UNTRUSTED when the key is not the certificate's, _FAILED when what came out is not
 * what went in, or nothing came out. */
gboolean signet_cms_try_signing (SignetPrivateKey *key, GBytes *certificate, GError **error);
gboolean signet_cms_try_encryption (SignetPrivateKey *key, GBytes *certificate, GError **error);

G_END_DECLS
