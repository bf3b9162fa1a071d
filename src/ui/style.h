/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Once, before the first window: Signet's own style, and dark windows if the desktop may want them. */
void signet_style_set_up (void);

/* Has the windows be light or dark, and of high contrast or not, as the desktop prefers; from now on. */
void signet_style_follow_desktop (void);

G_END_DECLS
