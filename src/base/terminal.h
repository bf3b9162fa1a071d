/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

G_BEGIN_DECLS

/* A line of the file descriptor FD, without its end, into pages that are wiped; cut after MAX + 1 bytes, so that the
 * caller sees one that is too long.  What follows the line is left for the next reader. */
SignetSecret *signet_terminal_read_line (int fd, gsize max);

/* Shows PROMPT on the terminal and reads a line of at most MAX bytes, which is not shown: a password.  While it waits,
 * the program may be stopped and continued.  Without a terminal: G_OPTION_ERROR with HINT, which tells what else can be
 * done.  When a signal would end the program, what is typed is shown again, and the result is G_IO_ERROR_CANCELLED. */
SignetSecret *signet_terminal_ask_hidden (const char *prompt, const char *hint, gsize max, GError **error);

/* The same with a line that is shown. */
SignetSecret *signet_terminal_ask_shown (const char *prompt, const char *hint, gsize max, GError **error);

/* Ends the program by the signal that cancelled a question, if one did: to be called when all else is tidied up, so
 * that whoever started the program sees what ended it. */
void signet_terminal_end_by_signal (void);

G_END_DECLS
