/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"

#include <handy.h>

G_BEGIN_DECLS

/* A keyset in the list: level, name, addresses, and how long it lasts once that matters. */
#define SIGNET_TYPE_KEYSET_ROW (signet_keyset_row_get_type ())
G_DECLARE_FINAL_TYPE (SignetKeysetRow, signet_keyset_row, SIGNET, KEYSET_ROW, HdyActionRow)

GtkWidget *signet_keyset_row_new (void);

/* SUCCESSOR, or NULL: the keyset that has taken its place. */
void signet_keyset_row_set_keyset (SignetKeysetRow *self, SignetKeyset *keyset, SignetKeyset *successor);
SignetKeyset *signet_keyset_row_get_keyset (SignetKeysetRow *self);

G_END_DECLS
