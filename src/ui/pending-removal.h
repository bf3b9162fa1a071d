/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enroll/enroller.h"
#include "ui/toast.h"

G_BEGIN_DECLS

/* Asks the user of WINDOW whether PENDING is to be removed; if so, removes it, and TOAST, which is in WINDOW, offers to
 * take that back. */
void signet_pending_removal_ask (GtkWindow *window, SignetToast *toast, SignetEnroller *enroller,
                                 SignetPending *pending);

G_END_DECLS
