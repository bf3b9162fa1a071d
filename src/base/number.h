/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* TEXT, all of it, as a decimal number from MIN to MAX: digits, after a minus sign if it is negative.  NUMBER may be
 * NULL. */
gboolean signet_number_parse (const char *text, gint64 min, gint64 max, gint64 *number);

G_END_DECLS
