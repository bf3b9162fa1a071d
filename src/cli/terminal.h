/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

G_BEGIN_DECLS

/* The first line of a file descriptor that the caller passed (--password-fd), or all of it: SIGNET_ERROR_FAILED when
 * it is empty or longer than SIGNET_MAX_PASSWORD, G_OPTION_ERROR when the descriptor is not open.  Can be called again
 * for the next line. */
SignetSecret *signet_terminal_read_password_fd (int fd, GError **error);

/* Asks on the terminal, without echo.  G_OPTION_ERROR when there is no terminal: the text names --password-fd. */
SignetSecret *signet_terminal_ask_password (const char *prompt, GError **error);

/* The same twice, with a word on how easily it is guessed; SIGNET_ERROR_FAILED when they differ. */
SignetSecret *signet_terminal_ask_new_password (const char *keyset_name, GError **error);

/* The password of the keyset, its present one or a new one: from FD when that is not negative, else asked. */
SignetSecret *signet_terminal_get_password (const char *keyset_name, gboolean is_new, int fd, GError **error);

/* Asks for a line that may be seen; NULL and G_OPTION_ERROR with HINT when there is no terminal. */
char *signet_terminal_ask_line (const char *prompt, const char *hint, GError **error);

/* Yes or no; yes when there is no terminal to ask on. */
gboolean signet_terminal_confirm (const char *question);

/* A file, or standard input for "-", of at most MAX bytes. */
SignetSecret *signet_terminal_read_file (const char *path, gsize max, GError **error);

G_END_DECLS
