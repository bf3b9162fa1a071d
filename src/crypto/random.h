/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

G_BEGIN_DECLS

/* LENGTH bytes fit for keys. */
SignetSecret *signet_random_secret (gsize length);

/* LENGTH bytes fit for identifiers and nonces. */
GBytes *signet_random_bytes (gsize length);

G_END_DECLS
