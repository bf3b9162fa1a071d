/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/certificate.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The issuers of CERTIFICATE up to a root of one of KEYSETS, in any order: (transfer full) (element-type
 * SignetCertificate).  They come from those keysets and from CHAIN, which came with it (may be NULL).  NULL when none
 * of the user's authorities has issued it.  A certificate that has expired was issued all the same. */
GPtrArray *signet_known_authority_find (GListModel *keysets, SignetCertificate *certificate, GPtrArray *chain);

G_END_DECLS
