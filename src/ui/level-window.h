/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ui/keyset-window.h"

G_BEGIN_DECLS

/* Another security level for a keyset: leaving High asks its password, going to High a new one. */
#define SIGNET_TYPE_LEVEL_WINDOW (signet_level_window_get_type ())
G_DECLARE_FINAL_TYPE (SignetLevelWindow, signet_level_window, SIGNET, LEVEL_WINDOW, SignetKeysetWindow)

G_END_DECLS
