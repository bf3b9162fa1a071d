/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ui/keyset-window.h"

G_BEGIN_DECLS

/* Another name for a keyset: at High it asks the password, because the name is sealed with the keys.
 * Signal "renamed" with the keyset as it was, and as it is now; before "done". */
#define SIGNET_TYPE_RENAME_WINDOW (signet_rename_window_get_type ())
G_DECLARE_FINAL_TYPE (SignetRenameWindow, signet_rename_window, SIGNET, RENAME_WINDOW, SignetKeysetWindow)

G_END_DECLS
