/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* NAME as it fits into a sentence: its beginning and "…" when it is longer than a line. (transfer full) */
char *signet_short_name (const char *name);

G_END_DECLS
