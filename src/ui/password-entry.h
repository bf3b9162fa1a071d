/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* An entry for a password with a button that shows what is typed, and a warning when Caps Lock is on.  The text lies
 * in gcr's secure memory. Put it into a SignetField, which names it.  Return activates the window's default widget.
 * Signal "changed". */
#define SIGNET_TYPE_PASSWORD_ENTRY (signet_password_entry_get_type ())
G_DECLARE_FINAL_TYPE (SignetPasswordEntry, signet_password_entry, SIGNET, PASSWORD_ENTRY, GtkBox)

/* What was typed: (transfer full). */
SignetSecret *signet_password_entry_dup_secret (SignetPasswordEntry *self);
gboolean signet_password_entry_is_empty (SignetPasswordEntry *self);

/* Wipes what was typed and hides what will be. */
void signet_password_entry_clear (SignetPasswordEntry *self);

G_END_DECLS
