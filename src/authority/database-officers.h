/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/database.h"
#include "authority/officers.h"

G_BEGIN_DECLS

/* The officers as rows. */

gboolean signet_database_add_roster (SignetDatabase *self, SignetRoster *roster, GError **error);

/* SIGNET_ERROR_NOT_FOUND: the authority has no officers. */
SignetRoster *signet_database_get_roster (SignetDatabase *self, GError **error);

/* Another password. */
gboolean signet_database_set_officer_box (SignetDatabase *self, const char *name, GBytes *sealed, GError **error);

G_END_DECLS
