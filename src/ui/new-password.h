/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Two fields for a new password, which must agree, with its strength in a bar and in words.  A weak password is
 * pointed out and not refused: who is refused takes one that a checker likes and he forgets, or a lower level.
 * Property "title": of the first field.  Signal "changed". */
#define SIGNET_TYPE_NEW_PASSWORD (signet_new_password_get_type ())
G_DECLARE_FINAL_TYPE (SignetNewPassword, signet_new_password, SIGNET, NEW_PASSWORD, GtkBox)

/* The password, (transfer full), when both fields agree on one; else NULL. */
SignetSecret *signet_new_password_dup_secret (SignetNewPassword *self);

/* Why there is none yet, in a sentence; NULL when there is. */
const char *signet_new_password_get_missing (SignetNewPassword *self);
gboolean signet_new_password_is_complete (SignetNewPassword *self);

/* Wipes both fields. */
void signet_new_password_clear (SignetNewPassword *self);

G_END_DECLS
