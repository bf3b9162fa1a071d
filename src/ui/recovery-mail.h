/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"

G_BEGIN_DECLS

/* A mailto: URI (RFC 6068) for a message that asks an administrator to recover the keys of KEYSET, which may be NULL:
 * then the user has to say whose.  It names addresses and the authority, and holds no secret and no keyset name.  The
 * recipient is left to the user: no authority says who its administrator is.  (transfer full) */
char *signet_recovery_mail_dup_uri (SignetKeyset *keyset);

G_END_DECLS
