/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"

#include <handy.h>

G_BEGIN_DECLS

/* Shows only while the password of a keyset is remembered: says how long it still is, and ends that when it is
 * pressed. */
#define SIGNET_TYPE_FORGET_ROW (signet_forget_row_get_type ())
G_DECLARE_FINAL_TYPE (SignetForgetRow, signet_forget_row, SIGNET, FORGET_ROW, HdyActionRow)

void signet_forget_row_set_keyset (SignetForgetRow *self, SignetKeyset *keyset);

G_END_DECLS
