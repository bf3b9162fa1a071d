/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* One connection to an SQLite file, and its prepared statements: what authority/database.c speaks through.
 * Statements are string literals; each is prepared once.  Their parameters are given by a format of one letter each:
 *
 *   i  gint64      t  const char *, or NULL      b  GBytes *, or NULL
 *
 * Errors: SIGNET_ERROR_BUSY when another process keeps the file locked, else _FAILED. */
typedef struct _SignetSql SignetSql;

/* WAL, and on the disk with every commit. */
SignetSql *signet_sql_open (const char *path, gboolean create, GError **error);
void signet_sql_free (SignetSql *self);

/* Texts of several statements without parameters. */
gboolean signet_sql_execute (SignetSql *self, const char *script, GError **error);

/* A statement that gives no rows.  *CHANGES, unless NULL, is the number of rows that it changed. */
gboolean signet_sql_run (SignetSql *self, guint *changes, GError **error, const char *statement, const char *format,
                         ...);
gint64 signet_sql_get_last_id (SignetSql *self);

/* A statement that gives rows, before the first; it is SELF's, and good until it is asked again.  NULL: error. */
sqlite3_stmt *signet_sql_query (SignetSql *self, GError **error, const char *statement, const char *format, ...);

typedef enum { SIGNET_SQL_ERROR = -1, SIGNET_SQL_END, SIGNET_SQL_ROW } SignetSqlStep;

/* To the next row.  At the end, and on an error, the statement is released. */
SignetSqlStep signet_sql_next (SignetSql *self, sqlite3_stmt *rows, GError **error);

/* For a query of which only the first row was wanted. */
void signet_sql_release (sqlite3_stmt *rows);

/* The columns of the present row: copies, or NULL for NULL. */
char *signet_sql_get_text (sqlite3_stmt *rows, int column);
GBytes *signet_sql_get_bytes (sqlite3_stmt *rows, int column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetSql, signet_sql_free)

G_END_DECLS
