/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Slows down who guesses at a keyset's password in the windows: from the third wrong one on there is a pause, longer
 * each time, up to a minute and never for good.  For this process only: whoever can read the keyring guesses without
 * Signet, and what slows that down is the password lock.
 *
 * ID: any text that stands for the keyset.  Not for threads. */

/* Seconds until the next try; 0: at once. */
guint signet_password_pause_left (const char *id);

/* The password was wrong; was right. */
void signet_password_pause_refused (const char *id);
void signet_password_pause_accepted (const char *id);

G_END_DECLS
