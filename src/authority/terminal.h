/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

G_BEGIN_DECLS

/* What a person types, or a script passes.  Without a terminal to ask on: G_OPTION_ERROR, which names the option that
 * helps.  A line that is empty, too long or no text: SIGNET_ERROR_INVALID.  Control-C: G_IO_ERROR_CANCELLED. */

/* A line that is seen while it is typed. */
char *signet_terminal_ask (const char *prompt, GError **error);

/* A password: the next line of the file descriptor FD, or, when FD is negative, from the terminal, where it is not
 * shown; with TWICE typed a second time, to be sure. */
SignetSecret *signet_terminal_get_password (int fd, const char *prompt, gboolean twice, GError **error);

G_END_DECLS
