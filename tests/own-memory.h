/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define OWN_MEMORY_MASK 0x5a

/* How often the LENGTH bytes of MASKED, each exclusive-or OWN_MEMORY_MASK, are found in the memory of this process.
 * Masked, so that what is looked for is not found in the question. */
guint own_memory_count (const guint8 *masked, gsize length);

G_END_DECLS
