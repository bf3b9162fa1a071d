/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/database.h"
#include "authority/sql.h"

/* What the files of the database share: database.c, and database-*.c for what would not fit there.  Nobody else. */

struct _SignetDatabase {
  SignetSql *sql;
};

/* Sets SIGNET_ERROR_NOT_FOUND; FALSE. */
gboolean signet_database_not_found (GError **error);

/* The first row of ROWS, which may be NULL after an error; no row is SIGNET_ERROR_NOT_FOUND. */
gboolean signet_database_first (SignetDatabase *self, sqlite3_stmt *rows, GError **error);
