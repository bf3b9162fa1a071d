/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* For how long a password may be remembered: "Never", "10 minutes": (transfer full). */
char *signet_remember_text_dup_minutes (guint minutes);

/* For how long it still is: "Remembered for 8 more minutes": (transfer full). */
char *signet_remember_text_dup_left (guint seconds);

G_END_DECLS
