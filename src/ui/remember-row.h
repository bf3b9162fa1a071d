/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"

#include <handy.h>

G_BEGIN_DECLS

/* How long the password of a keyset may be remembered, which the action "keyset.change-remember" changes; and while it
 * is, how long still, with a button that ends it. */
#define SIGNET_TYPE_REMEMBER_ROW (signet_remember_row_get_type ())
G_DECLARE_FINAL_TYPE (SignetRememberRow, signet_remember_row, SIGNET, REMEMBER_ROW, HdyActionRow)

void signet_remember_row_set_keyset (SignetRememberRow *self, SignetKeyset *keyset);

G_END_DECLS
