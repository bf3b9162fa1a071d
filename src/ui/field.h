/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A field of a form: its name above, an entry (the child, or an entry within the child), and below it a line with a
 * hint or with what is wrong. The entry gets its accessible name from the field's title, and its description from
 * that line. */
#define SIGNET_TYPE_FIELD (signet_field_get_type ())
G_DECLARE_FINAL_TYPE (SignetField, signet_field, SIGNET, FIELD, GtkBox)

/* TITLE may have a mnemonic. */
void signet_field_set_title (SignetField *self, const char *title);

/* What to know; NULL: nothing. */
void signet_field_set_hint (SignetField *self, const char *hint);

/* Shows what is wrong in place of the hint, and has it read out; NULL brings the hint back. */
void signet_field_set_error (SignetField *self, const char *error);

/* The same for what was entered and has been tried: shakes the entry, takes the focus and selects all, for another
 * try; the error goes with the first key. */
void signet_field_refuse (SignetField *self, const char *error);

GtkEntry *signet_field_get_entry (SignetField *self);

G_END_DECLS
