/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The user of a test's desktop, who answers gnome-keyring's prompts (tests/prompter.c) as the test says. */
typedef struct _ScriptedUser ScriptedUser;

/* ANSWER to the first prompt, or to several in lines; NULL: thinks until scripted_user_answer(). */
ScriptedUser *scripted_user_new (const char *answer);
void scripted_user_free (ScriptedUser *self);

void scripted_user_answer (ScriptedUser *self, const char *answer);

/* Waits until the user is asked the next time: for a "password", or to "confirm". */
void scripted_user_assert_asked (ScriptedUser *self, const char *kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScriptedUser, scripted_user_free)

G_END_DECLS
