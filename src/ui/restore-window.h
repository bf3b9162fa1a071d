/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enroll/enroller.h"
#include "ui/page-window.h"

G_BEGIN_DECLS

/* A backup is opened: its password, which keysets it would bring back and which are here, and what has become of
 * them.  Nothing that is here is changed. */
#define SIGNET_TYPE_RESTORE_WINDOW (signet_restore_window_get_type ())
G_DECLARE_FINAL_TYPE (SignetRestoreWindow, signet_restore_window, SIGNET, RESTORE_WINDOW, SignetPageWindow)

/* PARENT may be NULL. */
SignetRestoreWindow *signet_restore_window_new (GtkWindow *parent, SignetEnroller *enroller, SignetSecret *backup);

G_END_DECLS
