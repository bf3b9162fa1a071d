/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Slows down who guesses at a keyset's password: from the third wrong one on there is a pause, longer each time, up to
 * a minute and never for good.  For this process only, but for all its windows and threads: whoever can read the
 * keyring guesses without Signet, and what slows that down is the password lock.
 *
 * ID: any text that stands for the keyset. */

/* Seconds until the next try; 0: at once. */
guint signet_password_pause_left (const char *id);

/* Blocks its thread until then.  G_IO_ERROR_CANCELLED. */
gboolean signet_password_pause_wait (const char *id, GCancellable *cancellable, GError **error);

/* The password was wrong; was right. */
void signet_password_pause_refused (const char *id);
void signet_password_pause_accepted (const char *id);

G_END_DECLS
