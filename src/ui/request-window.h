/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ui/install-window.h"

G_BEGIN_DECLS

/* A request for any authority is made and saved as a file: for whom, the level, the password, the file. */
#define SIGNET_TYPE_REQUEST_WINDOW (signet_request_window_get_type ())
G_DECLARE_FINAL_TYPE (SignetRequestWindow, signet_request_window, SIGNET, REQUEST_WINDOW, SignetInstallWindow)

/* To save one again that was made before; else signet_install_window_open(). */
void signet_request_window_show (SignetRequestWindow *self, SignetPending *pending);

G_END_DECLS
