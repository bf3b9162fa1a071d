/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What KEYSET holds: "2 digital IDs and 3 older keys".  (transfer full) */
char *signet_removal_numbers (SignetKeyset *keyset);

/* What is lost when KEYSET, one of KEYSETS (element-type SignetKeyset), is removed, in numbers: (transfer full). */
char *signet_removal_text (SignetKeyset *keyset, GListModel *keysets);

G_END_DECLS
