/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/revocation.h"
#include "keyset/keyset.h"

G_BEGIN_DECLS

/* What is known of whether ID still counts; its authority is asked in the background.  NULL: nothing yet.  See
 * revocation/checker.h, whose default one this is, and its "changed". */
const SignetRevocationState *signet_keyset_revocation_look_up (SignetDigitalId *id);

/* A SignetIsRevokedFunc (keyset/mail-choice.h). */
gboolean signet_keyset_revocation_is_id_revoked (SignetDigitalId *id, gpointer unused);

/* Whether one of the current IDs is known to be revoked. */
gboolean signet_keyset_revocation_is_revoked (SignetKeyset *keyset);

G_END_DECLS
