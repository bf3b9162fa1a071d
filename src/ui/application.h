/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The one process of the windows: it opens what it is given, and holds what the windows share. */
#define SIGNET_TYPE_APPLICATION (signet_application_get_type ())
G_DECLARE_FINAL_TYPE (SignetApplication, signet_application, SIGNET, APPLICATION, GtkApplication)

SignetApplication *signet_application_new (void);

G_END_DECLS
