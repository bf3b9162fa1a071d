/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/prompter.h"

G_BEGIN_DECLS

#define SIGNET_TERMINAL_PROGRAM "signetctl"      /* what the user is told who asks */

/* Asks on the terminal.  With PASSWORD_FD not negative, the password is read from there, once.  Whether a keyset may be
 * used is asked on the terminal alone, and where there is none the answer is no: G_OPTION_ERROR. */
#define SIGNET_TYPE_TERMINAL_PROMPTER (signet_terminal_prompter_get_type ())
G_DECLARE_FINAL_TYPE (SignetTerminalPrompter, signet_terminal_prompter, SIGNET, TERMINAL_PROMPTER, GObject)

SignetPrompter *signet_terminal_prompter_new (int password_fd);

G_END_DECLS
