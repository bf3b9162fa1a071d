/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ui/install-window.h"

G_BEGIN_DECLS

/* A reply is opened. */
#define SIGNET_TYPE_REPLY_WINDOW (signet_reply_window_get_type ())
G_DECLARE_FINAL_TYPE (SignetReplyWindow, signet_reply_window, SIGNET, REPLY_WINDOW, SignetInstallWindow)

/* One of the two: what the user opened, or the reply that a pending request has fetched. */
void signet_reply_window_open_message (SignetReplyWindow *self, GBytes *message);
void signet_reply_window_open_pending (SignetReplyWindow *self, const char *pending_id);

G_END_DECLS
