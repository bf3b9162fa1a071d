/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/database-recovery.h"

#include "authority/database-private.h"

typedef gpointer (*ReadRow) (sqlite3_stmt *rows);

/* All ROWS (NULL after an error) as a list. */
static GPtrArray *
read_all (SignetDatabase *self, sqlite3_stmt *rows, ReadRow read_row, GDestroyNotify free_row, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (free_row);
  SignetSqlStep step;

  if (rows == NULL)
    return NULL;
  while ((step = signet_sql_next (self->sql, rows, error)) == SIGNET_SQL_ROW)
    g_ptr_array_add (list, read_row (rows));
  return step == SIGNET_SQL_END ? g_steal_pointer (&list) : NULL;
}

/* --- the archive --- */

void
signet_escrowed_key_free (SignetEscrowedKey *self)
{
  g_free (self->serial);
  g_clear_pointer (&self->der, g_bytes_unref);
  g_clear_pointer (&self->sealed, g_bytes_unref);
  g_free (self);
}

static gpointer
read_key (sqlite3_stmt *rows)
{
  SignetEscrowedKey *key = g_new0 (SignetEscrowedKey, 1);

  key->certificate = sqlite3_column_int64 (rows, 0);
  key->serial = signet_sql_get_text (rows, 1);
  key->der = signet_sql_get_bytes (rows, 2);
  key->sealed = signet_sql_get_bytes (rows, 3);
  return key;
}

GPtrArray *
signet_database_list_escrowed (SignetDatabase *self, const char *address, guint limit, GError **error)
{
  sqlite3_stmt *rows = signet_sql_query (self->sql, error,
                                         "SELECT certificate.id, serial, der, sealed FROM archive"
                                         " JOIN certificate ON certificate.id = archive.certificate"
                                         " JOIN request ON request.number = certificate.request"
                                         " JOIN invitation ON invitation.id = request.invitation"
                                         " JOIN user ON user.id = invitation.user"
                                         " WHERE address = ?1 ORDER BY certificate.id DESC LIMIT ?2", "ti", address,
                                         (gint64) limit);

  return read_all (self, rows, read_key, (GDestroyNotify) signet_escrowed_key_free, error);
}

SignetEscrowedKey *
signet_database_find_escrowed (SignetDatabase *self, const char *serial, GError **error)
{
  sqlite3_stmt *rows = signet_sql_query (self->sql, error,
                                         "SELECT certificate.id, serial, der, sealed FROM archive"
                                         " JOIN certificate ON certificate.id = archive.certificate"
                                         " WHERE serial = ?1", "t", serial);

  if (!signet_database_first (self, rows, error))
    return NULL;
  SignetEscrowedKey *key = read_key (rows);
  signet_sql_release (rows);
  return key;
}

/* --- recoveries --- */

SignetRecovery *
signet_recovery_new (void)
{
  return g_new0 (SignetRecovery, 1);
}

void
signet_recovery_free (SignetRecovery *self)
{
  g_free (self->address);
  g_free (self->reason);
  g_free (self->requester);
  g_free (self->serials);
  g_clear_pointer (&self->digest, g_bytes_unref);
  g_free (self);
}

#define RECOVERIES \
  "SELECT number, address, reason, requester, recovery.created, expires, serials, digest, state" \
  " FROM recovery JOIN user ON user.id = recovery.user"

static gpointer
read_recovery (sqlite3_stmt *rows)
{
  SignetRecovery *recovery = signet_recovery_new ();

  recovery->number = sqlite3_column_int64 (rows, 0);
  recovery->address = signet_sql_get_text (rows, 1);
  recovery->reason = signet_sql_get_text (rows, 2);
  recovery->requester = signet_sql_get_text (rows, 3);
  recovery->created = sqlite3_column_int64 (rows, 4);
  recovery->expires = sqlite3_column_int64 (rows, 5);
  recovery->serials = signet_sql_get_text (rows, 6);
  recovery->digest = signet_sql_get_bytes (rows, 7);
  recovery->state = sqlite3_column_int64 (rows, 8);
  return recovery;
}

static SignetRecovery *
read_one (SignetDatabase *self, sqlite3_stmt *rows, GError **error)
{
  if (!signet_database_first (self, rows, error))
    return NULL;
  SignetRecovery *recovery = read_recovery (rows);
  signet_sql_release (rows);
  return recovery;
}

gboolean
signet_database_add_recovery (SignetDatabase *self, SignetRecovery *recovery, GError **error)
{
  guint changes;

  if (!signet_sql_run (self->sql, &changes, error,
                       "INSERT INTO recovery (user, reason, requester, created, expires, serials, digest, state)"
                       " SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, 0 FROM user WHERE address = ?1", "tttiitb",
                       recovery->address, recovery->reason, recovery->requester, recovery->created, recovery->expires,
                       recovery->serials, recovery->digest))
    return FALSE;
  if (changes != 1)
    return signet_database_not_found (error);
  recovery->number = signet_sql_get_last_id (self->sql);
  return TRUE;
}

SignetRecovery *
signet_database_find_recovery (SignetDatabase *self, gint64 number, GError **error)
{
  return read_one (self, signet_sql_query (self->sql, error, RECOVERIES " WHERE number = ?1", "i", number), error);
}

SignetRecovery *
signet_database_find_open_recovery (SignetDatabase *self, const char *address, gint64 now, GError **error)
{
  return read_one (self, signet_sql_query (self->sql, error,
                                           RECOVERIES " WHERE address = ?1 AND state = 0 AND expires > ?2", "ti",
                                           address, now), error);
}

GPtrArray *
signet_database_list_open_recoveries (SignetDatabase *self, gint64 now, GError **error)
{
  sqlite3_stmt *rows =
    signet_sql_query (self->sql, error, RECOVERIES " WHERE state = 0 AND expires > ?1 ORDER BY number", "i", now);

  return read_all (self, rows, read_recovery, (GDestroyNotify) signet_recovery_free, error);
}

gboolean
signet_database_set_recovery_granted (SignetDatabase *self, gint64 number, gint64 invitation, GError **error)
{
  return signet_sql_run (self->sql, NULL, error, "UPDATE recovery SET state = 1, invitation = ?2 WHERE number = ?1",
                         "ii", number, invitation) &&
         signet_sql_run (self->sql, NULL, error, "DELETE FROM handed_share WHERE recovery = ?1", "i", number);
}

/* --- approvals --- */

void
signet_approval_free (SignetApproval *self)
{
  g_free (self->officer);
  g_clear_pointer (&self->signed_data, g_bytes_unref);
  g_free (self);
}

static gpointer
read_approval (sqlite3_stmt *rows)
{
  SignetApproval *approval = g_new0 (SignetApproval, 1);

  approval->officer = signet_sql_get_text (rows, 0);
  approval->signed_data = signet_sql_get_bytes (rows, 1);
  return approval;
}

static gpointer
read_share (sqlite3_stmt *rows)
{
  return signet_sql_get_bytes (rows, 0);
}

gboolean
signet_database_add_approval (SignetDatabase *self, gint64 recovery, const char *officer, GBytes *signed_data,
                              GError **error)
{
  guint changes;

  return signet_sql_run (self->sql, &changes, error,
                         "INSERT INTO approval (recovery, officer, signed) SELECT ?1, id, ?3 FROM officer"
                         " WHERE name = ?2", "itb", recovery, officer, signed_data) &&
         (changes == 1 || signet_database_not_found (error));
}

GPtrArray *
signet_database_list_approvals (SignetDatabase *self, gint64 recovery, GError **error)
{
  sqlite3_stmt *rows = signet_sql_query (self->sql, error,
                                         "SELECT name, signed FROM approval JOIN officer ON id = officer"
                                         " WHERE recovery = ?1 ORDER BY id", "i", recovery);

  return read_all (self, rows, read_approval, (GDestroyNotify) signet_approval_free, error);
}

gboolean
signet_database_add_handed_share (SignetDatabase *self, gint64 recovery, const char *giver, const char *taker,
                                  GBytes *sealed, GError **error)
{
  return signet_sql_run (self->sql, NULL, error,
                         "INSERT INTO handed_share (recovery, giver, taker, sealed) VALUES (?1,"
                         " (SELECT id FROM officer WHERE name = ?2), (SELECT id FROM officer WHERE name = ?3), ?4)",
                         "ittb", recovery, giver, taker, sealed);
}

GPtrArray *
signet_database_list_handed_shares (SignetDatabase *self, gint64 recovery, const char *taker, GError **error)
{
  sqlite3_stmt *rows = signet_sql_query (self->sql, error,
                                         "SELECT handed_share.sealed FROM handed_share JOIN officer ON id = taker"
                                         " WHERE recovery = ?1 AND name = ?2 ORDER BY giver", "it", recovery, taker);

  return read_all (self, rows, read_share, (GDestroyNotify) g_bytes_unref, error);
}

/* --- recovered keys --- */

gboolean
signet_database_add_recovered_key (SignetDatabase *self, gint64 invitation, gint64 certificate, GBytes *sealed,
                                   GError **error)
{
  return signet_sql_run (self->sql, NULL, error,
                         "INSERT INTO recovered_key (invitation, certificate, sealed) VALUES (?1, ?2, ?3)", "iib",
                         invitation, certificate, sealed);
}

GPtrArray *
signet_database_list_recovered_keys (SignetDatabase *self, gint64 invitation, GError **error)
{
  sqlite3_stmt *rows = signet_sql_query (self->sql, error,
                                         "SELECT id, serial, der, sealed FROM recovered_key"
                                         " JOIN certificate ON id = recovered_key.certificate WHERE invitation = ?1"
                                         " ORDER BY id DESC", "i", invitation);

  return read_all (self, rows, read_key, (GDestroyNotify) signet_escrowed_key_free, error);
}

gboolean
signet_database_drop_recovered_keys (SignetDatabase *self, gint64 invitation, GError **error)
{
  return signet_sql_run (self->sql, NULL, error, "DELETE FROM recovered_key WHERE invitation = ?1", "i", invitation);
}
