/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ui/keyset-window.h"

G_BEGIN_DECLS

/* Tests a keyset as a mail program would, and says of each of its digital IDs what holds, what does not, and what to do
 * about it. */
#define SIGNET_TYPE_HEALTH_WINDOW (signet_health_window_get_type ())
G_DECLARE_FINAL_TYPE (SignetHealthWindow, signet_health_window, SIGNET, HEALTH_WINDOW, SignetKeysetWindow)

G_END_DECLS
