/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/database-audit.h"

#include "authority/database-private.h"
#include "base/error.h"

gboolean
signet_database_get_audit_head (SignetDatabase *self, gint64 *number, GBytes **hash, GError **error)
{
  sqlite3_stmt *rows =
    signet_sql_query (self->sql, error, "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1", "");
  SignetSqlStep step = rows != NULL ? signet_sql_next (self->sql, rows, error) : SIGNET_SQL_ERROR;

  if (step == SIGNET_SQL_ERROR)
    return FALSE;
  *number = step == SIGNET_SQL_ROW ? sqlite3_column_int64 (rows, 0) : 0;
  *hash = step == SIGNET_SQL_ROW ? signet_sql_get_bytes (rows, 1) : NULL;
  if (step == SIGNET_SQL_ROW)
    signet_sql_release (rows);
  return TRUE;
}

gboolean
signet_database_add_audit (SignetDatabase *self, const SignetAuditEntry *entry, GError **error)
{
  return signet_sql_run (self->sql, NULL, error,
                         "INSERT INTO audit (number, time, actor, act, subject, refused, detail, hash)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", "iitttitb", entry->number, entry->time,
                         entry->actor, entry->act, entry->subject, (gint64) entry->refused, entry->detail, entry->hash);
}

static SignetAuditEntry *
read_entry (sqlite3_stmt *rows)
{
  SignetAuditEntry *entry = signet_audit_entry_new ();

  entry->number = sqlite3_column_int64 (rows, 0);
  entry->time = sqlite3_column_int64 (rows, 1);
  entry->actor = signet_sql_get_text (rows, 2);
  entry->act = signet_sql_get_text (rows, 3);
  entry->subject = signet_sql_get_text (rows, 4);
  entry->refused = sqlite3_column_int64 (rows, 5) != 0;
  entry->detail = signet_sql_get_text (rows, 6);
  entry->hash = signet_sql_get_bytes (rows, 7);
  return entry;
}

GPtrArray *
signet_database_list_audit (SignetDatabase *self, gint64 number, guint limit, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_audit_entry_free);
  SignetSqlStep step;
  sqlite3_stmt *rows = signet_sql_query (self->sql, error,
                                         "SELECT number, time, actor, act, subject, refused, detail, hash FROM audit"
                                         " WHERE number > ?1 ORDER BY number LIMIT ?2", "ii", number, (gint64) limit);

  if (rows == NULL)
    return NULL;
  while ((step = signet_sql_next (self->sql, rows, error)) == SIGNET_SQL_ROW)
    g_ptr_array_add (list, read_entry (rows));
  return step == SIGNET_SQL_END ? g_steal_pointer (&list) : NULL;
}

gboolean
signet_database_count_refused (SignetDatabase *self, gint64 since, guint limit, gint64 *count, GError **error)
{
  sqlite3_stmt *rows = signet_sql_query (self->sql, error,
                                         "SELECT count (*) FROM (SELECT 1 FROM audit WHERE refused AND time > ?1"
                                         " AND act = 'request' LIMIT ?2)", "ii", since, (gint64) limit);

  if (!signet_database_first (self, rows, error))
    return FALSE;
  *count = sqlite3_column_int64 (rows, 0);
  signet_sql_release (rows);
  return TRUE;
}
