/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The keyset of that name in KEYSETS (element-type SignetKeyset; may be NULL): (transfer full), or NULL.  What a window
 * tells of a name while it is typed; what counts is the store, when the step is done. */
SignetKeyset *signet_find_keyset (GListModel *keysets, const char *name);

G_END_DECLS
