/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One keyset: addresses, validity, level, and its digital IDs. */
#define SIGNET_TYPE_KEYSET_PAGE (signet_keyset_page_get_type ())
G_DECLARE_FINAL_TYPE (SignetKeysetPage, signet_keyset_page, SIGNET, KEYSET_PAGE, GtkBin)

SignetKeysetPage *signet_keyset_page_new (void);

/* SUCCESSOR, or NULL: the keyset that has taken its place. */
void signet_keyset_page_set_keyset (SignetKeysetPage *self, SignetKeyset *keyset, SignetKeyset *successor);

G_END_DECLS
