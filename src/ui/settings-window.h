/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset-list.h"
#include "keyset/mail-settings.h"

#include <handy.h>

G_BEGIN_DECLS

/* How mail of each of the user's addresses is signed and encrypted, and why so where that is automatic.  A change
 * holds at once, and can be undone. */
#define SIGNET_TYPE_SETTINGS_WINDOW (signet_settings_window_get_type ())
G_DECLARE_FINAL_TYPE (SignetSettingsWindow, signet_settings_window, SIGNET, SETTINGS_WINDOW, HdyWindow)

/* ADDRESS is the one to begin with, or NULL. */
GtkWindow *signet_settings_window_new (GtkWindow *parent, SignetKeysetList *keysets, SignetMailSettings *settings,
                                       const char *address);

G_END_DECLS
