/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The first call of every main(), before any thread or library looks at the environment: no core dumps and no
 * attaching debugger of the same user, the TLS setting that Signet's trust decisions need, and gettext. */
void signet_process_init (void);

G_END_DECLS
