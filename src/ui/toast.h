/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A short message over the top of a window, which goes by itself after some seconds.  The child of a GtkOverlay. */
#define SIGNET_TYPE_TOAST (signet_toast_get_type ())
G_DECLARE_FINAL_TYPE (SignetToast, signet_toast, SIGNET, TOAST, GtkRevealer)

void signet_toast_show (SignetToast *self, const char *text);

G_END_DECLS
