/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ui/keyset-window.h"

G_BEGIN_DECLS

/* Changes for how long a keyset's password may be remembered. */
#define SIGNET_TYPE_REMEMBER_WINDOW (signet_remember_window_get_type ())
G_DECLARE_FINAL_TYPE (SignetRememberWindow, signet_remember_window, SIGNET, REMEMBER_WINDOW, SignetKeysetWindow)

G_END_DECLS
