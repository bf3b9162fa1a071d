/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"

G_BEGIN_DECLS

/* A security level as people see it.  Texts are translated and static. */
const char *signet_level_get_title (SignetLevel level);          /* "High" */
const char *signet_level_get_description (SignetLevel level);    /* "Ask for a password each time the ID is used." */
const char *signet_level_get_icon (SignetLevel level);           /* the name of an icon in Signet's resources */

G_END_DECLS
