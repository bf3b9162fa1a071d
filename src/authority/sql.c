/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/sql.h"

#include "base/error.h"
#include "base/i18n.h"

#include <stdarg.h>

#define BUSY_TIMEOUT 10000         /* ms that another process may keep the database */

struct _SignetSql {
  sqlite3 *connection;
  GHashTable *statements;          /* text (by address: a literal) to sqlite3_stmt */
};

static gboolean
fail (SignetSql *self, GError **error)
{
  int code = sqlite3_errcode (self->connection);

  if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_BUSY,
                         _("Another program keeps the authority's database locked. Try again in a moment."));
  else
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_FAILED, _("The authority's database cannot be used: %s"),
                 sqlite3_errmsg (self->connection));
  return FALSE;
}

SignetSql *
signet_sql_open (const char *path, gboolean create, GError **error)
{
  g_autoptr (SignetSql) self = g_new0 (SignetSql, 1);
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0);

  self->statements = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) sqlite3_finalize);
  if (sqlite3_open_v2 (path, &self->connection, flags, NULL) != SQLITE_OK) {
    fail (self, error);
    return NULL;
  }
  sqlite3_busy_timeout (self->connection, BUSY_TIMEOUT);
  sqlite3_db_config (self->connection, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  if (!signet_sql_execute (self, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                                 "PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON;", error))
    return NULL;
  return g_steal_pointer (&self);
}

void
signet_sql_free (SignetSql *self)
{
  g_hash_table_unref (self->statements);
  sqlite3_close (self->connection);
  g_free (self);
}

gboolean
signet_sql_execute (SignetSql *self, const char *script, GError **error)
{
  return sqlite3_exec (self->connection, script, NULL, NULL, NULL) == SQLITE_OK || fail (self, error);
}

static void
bind_bytes (sqlite3_stmt *prepared, int position, GBytes *bytes)
{
  if (bytes == NULL)
    sqlite3_bind_null (prepared, position);
  else
    sqlite3_bind_blob64 (prepared, position, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), SQLITE_STATIC);
}

/* The values stay the caller's: they are read before the call returns, or with the rows that it steps through. */
static void
bind (sqlite3_stmt *prepared, const char *format, va_list values)
{
  for (int i = 0; format[i] != '\0'; i++) {
    if (format[i] == 'i')
      sqlite3_bind_int64 (prepared, i + 1, va_arg (values, gint64));
    else if (format[i] == 't')
      sqlite3_bind_text (prepared, i + 1, va_arg (values, const char *), -1, SQLITE_STATIC);
    else if (format[i] == 'b')
      bind_bytes (prepared, i + 1, va_arg (values, GBytes *));
    else
      g_assert_not_reached ();
  }
}

static sqlite3_stmt *
prepare (SignetSql *self, const char *statement, const char *format, va_list values, GError **error)
{
  sqlite3_stmt *prepared = g_hash_table_lookup (self->statements, statement);

  if (prepared == NULL) {
    if (sqlite3_prepare_v3 (self->connection, statement, -1, SQLITE_PREPARE_PERSISTENT, &prepared, NULL) != SQLITE_OK) {
      fail (self, error);
      return NULL;
    }
    g_hash_table_insert (self->statements, (gpointer) statement, prepared);
  }
  bind (prepared, format, values);
  return prepared;
}

void
signet_sql_release (sqlite3_stmt *rows)
{
  sqlite3_reset (rows);
  sqlite3_clear_bindings (rows);
}

SignetSqlStep
signet_sql_next (SignetSql *self, sqlite3_stmt *rows, GError **error)
{
  int code = sqlite3_step (rows);

  if (code == SQLITE_ROW)
    return SIGNET_SQL_ROW;
  if (code != SQLITE_DONE)
    fail (self, error);
  signet_sql_release (rows);
  return code == SQLITE_DONE ? SIGNET_SQL_END : SIGNET_SQL_ERROR;
}

sqlite3_stmt *
signet_sql_query (SignetSql *self, GError **error, const char *statement, const char *format, ...)
{
  va_list values;

  va_start (values, format);
  sqlite3_stmt *rows = prepare (self, statement, format, values, error);
  va_end (values);
  return rows;
}

gboolean
signet_sql_run (SignetSql *self, guint *changes, GError **error, const char *statement, const char *format, ...)
{
  va_list values;

  va_start (values, format);
  sqlite3_stmt *prepared = prepare (self, statement, format, values, error);
  va_end (values);
  if (prepared == NULL || signet_sql_next (self, prepared, error) != SIGNET_SQL_END)
    return FALSE;
  if (changes != NULL)
    *changes = sqlite3_changes (self->connection);
  return TRUE;
}

gint64
signet_sql_get_last_id (SignetSql *self)
{
  return sqlite3_last_insert_rowid (self->connection);
}

char *
signet_sql_get_text (sqlite3_stmt *rows, int column)
{
  return g_strdup ((const char *) sqlite3_column_text (rows, column));
}

GBytes *
signet_sql_get_bytes (sqlite3_stmt *rows, int column)
{
  gconstpointer data = sqlite3_column_blob (rows, column);

  if (sqlite3_column_type (rows, column) == SQLITE_NULL)
    return NULL;
  return g_bytes_new (data, sqlite3_column_bytes (rows, column));
}
