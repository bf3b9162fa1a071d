/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

G_BEGIN_DECLS

/* A temporary key: 25 Crockford base-32 characters, 125 bits.  In memory and on the wire always in its canonical
 * form: upper case, no separators. */
SignetSecret *signet_temporary_key_generate (void);

/* What a person typed: any case, spaces and dashes anywhere, O for 0, I and L for 1.  SIGNET_ERROR_INVALID. */
SignetSecret *signet_temporary_key_parse (SignetSecret *typed, GError **error);

/* "ABCDE-FGHJK-…", for reading out. */
SignetSecret *signet_temporary_key_format (SignetSecret *key);

/* SHA-256 of the canonical form: what the authority stores.  125 random bits need no slow hash. */
GBytes *signet_temporary_key_digest (SignetSecret *key);

G_END_DECLS
