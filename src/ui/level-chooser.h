/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The three security levels as radio buttons, each with what it means.  Signal "changed". */
#define SIGNET_TYPE_LEVEL_CHOOSER (signet_level_chooser_get_type ())
G_DECLARE_FINAL_TYPE (SignetLevelChooser, signet_level_chooser, SIGNET, LEVEL_CHOOSER, GtkBox)

SignetLevel signet_level_chooser_get_level (SignetLevelChooser *self);
void signet_level_chooser_set_level (SignetLevelChooser *self, SignetLevel level);

G_END_DECLS
