/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "crypto/private-key.h"

G_BEGIN_DECLS

/* An encryption key as it lies in the archive: locked to the recovery key (crypto/cms.h), and with it the address that
 * it belongs to, a newline between.  So officers who approve a recovery of one user cannot be given another's key to
 * open by somebody who exchanges rows of the database. */
GBytes *signet_escrow_seal (SignetPrivateKey *key, const char *address, GBytes *recovery_spki, GError **error);

/* SIGNET_ERROR_NOT_FOR_US: RECOVERY_KEY is not what it is locked to.  _UNTRUSTED: it belongs to another address, or is
 * not the key of SPKI.  _DAMAGED. */
SignetPrivateKey *signet_escrow_open (GBytes *sealed, SignetPrivateKey *recovery_key, const char *address, GBytes *spki,
                                      GError **error);

G_END_DECLS
