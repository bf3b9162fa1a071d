/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ui/application.h"

#include <handy.h>

G_BEGIN_DECLS

/* The list of pending requests and keysets, and the page of the selected keyset.  Asks the store only when it is on
 * the screen. */
#define SIGNET_TYPE_MAIN_WINDOW (signet_main_window_get_type ())
G_DECLARE_FINAL_TYPE (SignetMainWindow, signet_main_window, SIGNET, MAIN_WINDOW, HdyApplicationWindow)

SignetMainWindow *signet_main_window_new (SignetApplication *application);

/* The keyset whose page shows, owned by SELF; or NULL. */
SignetKeyset *signet_main_window_get_keyset (SignetMainWindow *self);

/* Selects that keyset, now or as soon as the list has it, and says that it is ready to use. */
void signet_main_window_show_installed (SignetMainWindow *self, const char *keyset_id);

G_END_DECLS
