/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "crypto/private-key.h"

G_BEGIN_DECLS

#define SIGNET_CONFIRMATION_MIME_TYPE "application/vnd.signet.confirmation"

/* What the client POSTs to <Location>/confirmation after the install: SignedData by the new signing key over JSON
 *   { "signet-confirmation": 1, "request": "<id>", "reply-digest": "<SHA-256 of the reply attachment, hex>" } */
GBytes *signet_confirmation_build (const char *request_id, GBytes *reply_digest, SignetPrivateKey *signing_key,
                                   GError **error);

/* Whether BYTES are the confirmation of exactly this reply by exactly this key: SIGNET_ERROR_INVALID, _UNTRUSTED. */
gboolean signet_confirmation_verify (GBytes *bytes, const char *request_id, GBytes *reply_digest, GBytes *signing_spki,
                                     GError **error);

G_END_DECLS
