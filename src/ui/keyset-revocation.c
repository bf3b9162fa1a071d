/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/keyset-revocation.h"

#include "revocation/checker.h"

const SignetRevocationState *
signet_keyset_revocation_look_up (SignetDigitalId *id)
{
  return signet_revocation_checker_look_up (signet_revocation_checker_get_default (), id->certificate, id->chain,
                                            TRUE);
}

gboolean
signet_keyset_revocation_is_id_revoked (SignetDigitalId *id, gpointer unused)
{
  const SignetRevocationState *state = signet_keyset_revocation_look_up (id);

  return state && state->status.verdict == SIGNET_REVOCATION_REVOKED;
}

gboolean
signet_keyset_revocation_is_revoked (SignetKeyset *keyset)
{
  gboolean revoked = FALSE;

  for (int use = SIGNET_ID_SIGNING; use <= SIGNET_ID_ENCRYPTION; use++) {
    SignetDigitalId *id = signet_keyset_get_current (keyset, use);

    revoked = revoked || (id && signet_keyset_revocation_is_id_revoked (id, NULL));
  }

  return revoked;
}
