/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/authority.h"

G_BEGIN_DECLS

/* The list of revoked certificates: signed anew every day, good for a week.  *DER is the newest.  It is also a file
 * in the folder `public`, with the CA certificates, for whoever lets another web server offer them. */
gboolean signet_crl_refresh (SignetAuthority *authority, gint64 now, GBytes **der, GError **error);

G_END_DECLS
