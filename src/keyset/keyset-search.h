/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"

G_BEGIN_DECLS

/* What a user has typed to find a keyset by.  Each of its words must be in the keyset's name, or in an address, a
 * subject's or an organization's name, the authority's name or the serial number of one of its IDs, older ones
 * included; case and accents do not matter.  A serial number may be written as any program shows it: in groups with
 * colons, with 0x, with zeros before it. */
typedef struct _SignetSearch SignetSearch;

/* NULL when there is nothing in TEXT to search for. */
SignetSearch *signet_search_new (const char *text);
void signet_search_free (SignetSearch *self);

/* Reads a keyset's certificates once in its life; for one thread. */
gboolean signet_search_matches_keyset (SignetSearch *self, SignetKeyset *keyset);

/* The same for something that has just these TEXTS, NULL at their end. */
gboolean signet_search_matches (SignetSearch *self, const char *const *texts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetSearch, signet_search_free)

G_END_DECLS
