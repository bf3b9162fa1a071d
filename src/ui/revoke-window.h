/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ui/keyset-window.h"

G_BEGIN_DECLS

/* "Revoke…": what that means, why, and the request to the organization. */
#define SIGNET_TYPE_REVOKE_WINDOW (signet_revoke_window_get_type ())
G_DECLARE_FINAL_TYPE (SignetRevokeWindow, signet_revoke_window, SIGNET, REVOKE_WINDOW, SignetKeysetWindow)

G_END_DECLS
