/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "crypto/private-key.h"

G_BEGIN_DECLS

/* The same key as another library's object, for crypto/cms.c alone: made by MAKE at the first call, kept with SELF, and
 * given to FREE with it.  NULL when MAKE returned NULL. */
typedef gpointer (*SignetForeignKeyFunc) (SignetSecret *pkcs8);

gpointer signet_private_key_get_foreign (SignetPrivateKey *self, SignetForeignKeyFunc make, GDestroyNotify free);

G_END_DECLS
