/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether NAME can be shown as an authority's name: UTF-8, 1 to SIGNET_MAX_NAME characters, no white space around
 * it, and nothing that would break a line or turn the text around it (control characters, bidirectional overrides). */
gboolean signet_name_is_valid (const char *name);

G_END_DECLS
