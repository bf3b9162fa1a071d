/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset-memory.h"

G_BEGIN_DECLS

/* Forgets every remembered password when the screen is locked, when the user logs out, and before the machine sleeps or
 * is turned off.  It listens to logind, to the screen savers and session managers of the desktops, and asks none of
 * them for anything but a moment before a suspend, and that only while there is something to forget.  A desktop
 * without these services is no error; when the connection to them is lost, everything is forgotten. */
#define SIGNET_TYPE_SESSION_WATCH (signet_session_watch_get_type ())
G_DECLARE_FINAL_TYPE (SignetSessionWatch, signet_session_watch, SIGNET, SESSION_WATCH, GObject)

/* Begins to listen, in the background. */
SignetSessionWatch *signet_session_watch_new (SignetKeysetMemory *memory);

G_END_DECLS
