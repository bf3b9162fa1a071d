/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/database-officers.h"

#include "authority/database-private.h"
#include "base/error.h"
#include "base/i18n.h"

gboolean
signet_database_add_roster (SignetDatabase *self, SignetRoster *roster, GError **error)
{
  for (guint i = 0; i < roster->officers->len; i++) {
    SignetOfficer *officer = roster->officers->pdata[i];

    if (!signet_sql_run (self->sql, NULL, error,
                         "INSERT INTO officer (id, name, threshold, signing_spki, exchange_spki, sealed)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6)", "itibbb", (gint64) i + 1, officer->name,
                         (gint64) roster->threshold, officer->signing_spki, officer->exchange_spki, officer->sealed))
      return FALSE;
  }
  return TRUE;
}

static SignetOfficer *
read_officer (sqlite3_stmt *rows)
{
  SignetOfficer *officer = signet_officer_new ();

  officer->name = signet_sql_get_text (rows, 0);
  officer->signing_spki = signet_sql_get_bytes (rows, 2);
  officer->exchange_spki = signet_sql_get_bytes (rows, 3);
  officer->sealed = signet_sql_get_bytes (rows, 4);
  return officer;
}

SignetRoster *
signet_database_get_roster (SignetDatabase *self, GError **error)
{
  g_autoptr (SignetRoster) roster = signet_roster_new (0);
  SignetSqlStep step;
  sqlite3_stmt *rows =
    signet_sql_query (self->sql, error, "SELECT name, threshold, signing_spki, exchange_spki, sealed FROM officer"
                                        " ORDER BY id", "");

  if (rows == NULL)
    return NULL;
  while ((step = signet_sql_next (self->sql, rows, error)) == SIGNET_SQL_ROW) {
    roster->threshold = sqlite3_column_int64 (rows, 1);
    g_ptr_array_add (roster->officers, read_officer (rows));
  }
  if (step == SIGNET_SQL_END && roster->officers->len > 0)
    return g_steal_pointer (&roster);
  if (step == SIGNET_SQL_END)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND,
                         _("This authority has no officers, so nobody can open its archive."));
  return NULL;
}

gboolean
signet_database_set_officer_box (SignetDatabase *self, const char *name, GBytes *sealed, GError **error)
{
  guint changes;

  return signet_sql_run (self->sql, &changes, error, "UPDATE officer SET sealed = ?2 WHERE name = ?1", "tb", name,
                         sealed) && (changes == 1 || signet_database_not_found (error));
}
