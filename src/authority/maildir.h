/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Puts MESSAGE into the Maildir FOLDER, which is made when it is not there: as the file NAME of `new`, whole and
 * on the disk. AGAIN: an earlier try may have got that far, so look first, also among what has been read since. */
gboolean signet_maildir_deliver (const char *folder, const char *name, GBytes *message, gboolean again, GError **error);

G_END_DECLS
