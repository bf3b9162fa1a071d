/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* An entry for a temporary key, in secure memory.  Whatever is typed or pasted is shown as the key is written on
 * paper: upper case, in groups of five, O as 0, I and L as 1. */
#define SIGNET_TYPE_TEMPORARY_KEY_ENTRY (signet_temporary_key_entry_get_type ())
G_DECLARE_FINAL_TYPE (SignetTemporaryKeyEntry, signet_temporary_key_entry, SIGNET, TEMPORARY_KEY_ENTRY, GtkEntry)

/* The canonical key: SIGNET_ERROR_INVALID while it is not one. */
SignetSecret *signet_temporary_key_entry_parse (SignetTemporaryKeyEntry *self, GError **error);
void signet_temporary_key_entry_set (SignetTemporaryKeyEntry *self, SignetSecret *key);

G_END_DECLS
