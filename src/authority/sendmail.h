/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Hands MESSAGE to PROGRAM, a sendmail or what stands in for one, and waits at most a minute for it.  Its timer
 * runs in the default main context.  SIGNET_ERROR_UNREACHABLE when the program fails; or G_IO_ERROR_CANCELLED. */
gboolean signet_sendmail_deliver (const char *program, const char *from, const char *address, GBytes *message,
                                  GCancellable *cancellable, GError **error);

G_END_DECLS
