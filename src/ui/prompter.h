/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/prompter.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Asks in a window over the one that has the keyboard.  A worker thread asks, the main loop shows. */
#define SIGNET_TYPE_WINDOW_PROMPTER (signet_window_prompter_get_type ())
G_DECLARE_FINAL_TYPE (SignetWindowPrompter, signet_window_prompter, SIGNET, WINDOW_PROMPTER, GObject)

/* For the windows of APPLICATION, which outlives it. */
SignetPrompter *signet_window_prompter_new (GtkApplication *application);

G_END_DECLS
