/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/prompter.h"
#include "ui/page-window.h"

G_BEGIN_DECLS

/* Asks for a keyset's password so that a program can use it once: names the program and what for, and has a way out for
 * who has forgotten it.  Signal "answer": a password is there to be tried.  Who closes the window, or presses Cancel,
 * gives none. */
#define SIGNET_TYPE_PROMPT_WINDOW (signet_prompt_window_get_type ())
G_DECLARE_FINAL_TYPE (SignetPromptWindow, signet_prompt_window, SIGNET, PROMPT_WINDOW, SignetPageWindow)

SignetPromptWindow *signet_prompt_window_new (const SignetPrompt *prompt);

/* What was typed; shows that it is being tried: (transfer full). */
SignetSecret *signet_prompt_window_take_password (SignetPromptWindow *self);

/* Whether it is to be remembered. */
gboolean signet_prompt_window_get_remember (SignetPromptWindow *self);

/* It was wrong: another try. */
void signet_prompt_window_refuse (SignetPromptWindow *self);

G_END_DECLS
