/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ui/application.h"

#include <handy.h>

G_BEGIN_DECLS

/* The list of keysets and pending requests, and the page of the selected keyset. */
#define SIGNET_TYPE_MAIN_WINDOW (signet_main_window_get_type ())
G_DECLARE_FINAL_TYPE (SignetMainWindow, signet_main_window, SIGNET, MAIN_WINDOW, HdyApplicationWindow)

SignetMainWindow *signet_main_window_new (SignetApplication *application);

G_END_DECLS
