/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ui/keyset-window.h"

G_BEGIN_DECLS

/* A new password for a keyset at High. */
#define SIGNET_TYPE_PASSWORD_WINDOW (signet_password_window_get_type ())
G_DECLARE_FINAL_TYPE (SignetPasswordWindow, signet_password_window, SIGNET, PASSWORD_WINDOW, SignetKeysetWindow)

G_END_DECLS
