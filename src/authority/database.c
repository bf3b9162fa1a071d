/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/database.h"

#include "authority/database-private.h"
#include "authority/database-schema.h"
#include "authority/issuer.h"
#include "base/error.h"
#include "base/i18n.h"

/* Addresses with wrong keys that are remembered: whoever tries more only makes the oldest forgotten. */
#define MAX_WRONG_KEYS "100000"

/* --- opening --- */

static gboolean
read_number (SignetSql *sql, const char *statement, gint64 *value, GError **error)
{
  sqlite3_stmt *rows = signet_sql_query (sql, error, statement, "");

  if (rows == NULL || signet_sql_next (sql, rows, error) != SIGNET_SQL_ROW)
    return FALSE;
  *value = sqlite3_column_int64 (rows, 0);
  signet_sql_release (rows);
  return TRUE;
}

static gboolean
update_schema (SignetSql *sql, gint64 version, GError **error)
{
  for (; version < (gint64) G_N_ELEMENTS (signet_database_schema); version++) {
    g_autofree char *script = g_strdup_printf ("BEGIN IMMEDIATE; %s PRAGMA user_version = %d; COMMIT;",
                                               signet_database_schema[version], (int) version + 1);
    if (!signet_sql_execute (sql, script, error))
      return FALSE;
  }
  return TRUE;
}

SignetDatabase *
signet_database_open (const char *path, gboolean create, GError **error)
{
  g_autoptr (SignetSql) sql = signet_sql_open (path, create, error);
  gint64 version;

  if (sql == NULL || !read_number (sql, "PRAGMA user_version", &version, error))
    return NULL;
  if (version < (create ? 0 : 1) || version > (gint64) G_N_ELEMENTS (signet_database_schema)) {
    g_set_error (error, SIGNET_ERROR, version < 1 ? SIGNET_ERROR_DAMAGED : SIGNET_ERROR_UNSUPPORTED,
                 version < 1 ? _("%s is not an authority's database.")
                             : _("%s was written by a later version of Signet. Use that version."), path);
    return NULL;
  }
  if (!update_schema (sql, version, error))
    return NULL;

  SignetDatabase *self = g_new0 (SignetDatabase, 1);
  self->sql = g_steal_pointer (&sql);
  return self;
}

void
signet_database_free (SignetDatabase *self)
{
  signet_sql_free (self->sql);
  g_free (self);
}

/* --- transactions --- */

gboolean
signet_database_begin (SignetDatabase *self, GError **error)
{
  return signet_sql_run (self->sql, NULL, error, "BEGIN IMMEDIATE", "");
}

gboolean
signet_database_commit (SignetDatabase *self, GError **error)
{
  if (signet_sql_run (self->sql, NULL, error, "COMMIT", ""))
    return TRUE;
  signet_database_rollback (self);
  return FALSE;
}

void
signet_database_rollback (SignetDatabase *self)
{
  signet_sql_run (self->sql, NULL, NULL, "ROLLBACK", "");
}

gboolean
signet_database_begin_part (SignetDatabase *self, GError **error)
{
  return signet_sql_run (self->sql, NULL, error, "SAVEPOINT part", "");
}

gboolean
signet_database_end_part (SignetDatabase *self, gboolean keep, GError **error)
{
  return (keep || signet_sql_run (self->sql, NULL, error, "ROLLBACK TO part", "")) &&
         signet_sql_run (self->sql, NULL, error, "RELEASE part", "");
}

/* --- shared --- */

gboolean
signet_database_not_found (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND, _("The authority has no such entry."));
  return FALSE;
}

gboolean
signet_database_first (SignetDatabase *self, sqlite3_stmt *rows, GError **error)
{
  SignetSqlStep step = rows != NULL ? signet_sql_next (self->sql, rows, error) : SIGNET_SQL_ERROR;

  return step == SIGNET_SQL_ROW || (step == SIGNET_SQL_END && signet_database_not_found (error));
}

/* --- invitations --- */

void
signet_invitation_record_free (SignetInvitationRecord *self)
{
  g_free (self->address);
  g_free (self->request);
  g_free (self);
}

gboolean
signet_database_add_invitation (SignetDatabase *self, const char *address, GBytes *digest, gint64 now, gint64 expires,
                                guint *withdrawn, GError **error)
{
  return signet_sql_run (self->sql, NULL, error,
                         "INSERT INTO user (address, created) VALUES (?1, ?2) ON CONFLICT DO NOTHING", "ti", address,
                         now) &&
         signet_sql_run (self->sql, withdrawn, error,
                         "UPDATE invitation SET withdrawn = ?2 WHERE user = (SELECT id FROM user WHERE address = ?1)"
                         " AND withdrawn IS NULL AND expires > ?2"
                         " AND NOT EXISTS (SELECT 1 FROM request WHERE request.invitation = invitation.id)",
                         "ti", address, now) &&
         signet_sql_run (self->sql, NULL, error,
                         "INSERT INTO invitation (user, digest, created, expires)"
                         " SELECT id, ?2, ?3, ?4 FROM user WHERE address = ?1", "tbii", address, digest, now, expires);
}

SignetInvitationRecord *
signet_database_find_invitation (SignetDatabase *self, GBytes *digest, GError **error)
{
  sqlite3_stmt *rows = signet_sql_query (self->sql, error,
                                         "SELECT invitation.id, address, invitation.expires, withdrawn, request.id"
                                         " FROM invitation JOIN user ON user.id = invitation.user"
                                         " LEFT JOIN request ON request.invitation = invitation.id"
                                         " WHERE invitation.digest = ?1", "b", digest);

  if (!signet_database_first (self, rows, error))
    return NULL;

  SignetInvitationRecord *record = g_new0 (SignetInvitationRecord, 1);
  record->id = sqlite3_column_int64 (rows, 0);
  record->address = signet_sql_get_text (rows, 1);
  record->expires = sqlite3_column_int64 (rows, 2);
  record->withdrawn = sqlite3_column_type (rows, 3) != SQLITE_NULL;
  record->request = signet_sql_get_text (rows, 4);
  signet_sql_release (rows);
  return record;
}

/* --- wrong keys --- */

gboolean
signet_database_get_lock (SignetDatabase *self, const char *address, gint64 *until, GError **error)
{
  sqlite3_stmt *rows = signet_sql_query (self->sql, error,
                                         "SELECT coalesce (max (locked_until), 0) FROM wrong_key WHERE address = ?1",
                                         "t", address);

  if (!signet_database_first (self, rows, error))
    return FALSE;
  *until = sqlite3_column_int64 (rows, 0);
  signet_sql_release (rows);
  return TRUE;
}

gboolean
signet_database_add_wrong_key (SignetDatabase *self, const char *address, gint64 now, guint limit, gint64 period,
                               GError **error)
{
  return signet_sql_run (self->sql, NULL, error,
                         "INSERT INTO wrong_key (address, count, since, locked_until) VALUES (?1, 1, ?2, 0)"
                         " ON CONFLICT (address) DO UPDATE SET count = iif (since <= ?2 - ?3, 1, count + 1),"
                         " since = iif (since <= ?2 - ?3, ?2, since)", "tii", address, now, period) &&
         signet_sql_run (self->sql, NULL, error,
                         "UPDATE wrong_key SET count = 0, since = ?2, locked_until = ?2 + ?3"
                         " WHERE address = ?1 AND count >= ?4", "tiii", address, now, period, (gint64) limit) &&
         signet_sql_run (self->sql, NULL, error,
                         "DELETE FROM wrong_key WHERE id <= (SELECT max (id) FROM wrong_key) - " MAX_WRONG_KEYS, "");
}

/* --- requests --- */

SignetRequestRecord *
signet_request_record_new (void)
{
  return g_new0 (SignetRequestRecord, 1);
}

void
signet_request_record_free (SignetRequestRecord *self)
{
  g_free (self->id);
  g_clear_pointer (&self->digest, g_bytes_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->reply, g_bytes_unref);
  g_clear_pointer (&self->attachment_digest, g_bytes_unref);
  g_clear_pointer (&self->signing_spki, g_bytes_unref);
  g_free (self);
}

#define REQUEST_COLUMNS "number, id, invitation, digest, state, created, expires, attachment_digest, signing_spki"

static SignetRequestRecord *
read_request (sqlite3_stmt *rows)
{
  SignetRequestRecord *record = signet_request_record_new ();

  record->number = sqlite3_column_int64 (rows, 0);
  record->id = signet_sql_get_text (rows, 1);
  record->invitation = sqlite3_column_int64 (rows, 2);
  record->digest = signet_sql_get_bytes (rows, 3);
  record->state = sqlite3_column_int64 (rows, 4);
  record->created = sqlite3_column_int64 (rows, 5);
  record->expires = sqlite3_column_int64 (rows, 6);
  record->attachment_digest = signet_sql_get_bytes (rows, 7);
  record->signing_spki = signet_sql_get_bytes (rows, 8);
  return record;
}

SignetRequestRecord *
signet_database_find_request (SignetDatabase *self, const char *id, gboolean with_reply, GError **error)
{
  sqlite3_stmt *rows = with_reply
    ? signet_sql_query (self->sql, error, "SELECT " REQUEST_COLUMNS ", reply FROM request WHERE id = ?1", "t", id)
    : signet_sql_query (self->sql, error, "SELECT " REQUEST_COLUMNS " FROM request WHERE id = ?1", "t", id);

  if (!signet_database_first (self, rows, error))
    return NULL;

  SignetRequestRecord *record = read_request (rows);
  record->reply = with_reply ? signet_sql_get_bytes (rows, 9) : NULL;
  signet_sql_release (rows);
  return record;
}

SignetRequestRecord *
signet_database_find_queued (SignetDatabase *self, GError **error)
{
  sqlite3_stmt *rows = signet_sql_query (self->sql, error,
                                         "SELECT " REQUEST_COLUMNS ", body FROM request WHERE state = 0"
                                         " ORDER BY number LIMIT 1", "");

  if (!signet_database_first (self, rows, error))
    return NULL;

  SignetRequestRecord *record = read_request (rows);
  record->body = signet_sql_get_bytes (rows, 9);
  signet_sql_release (rows);
  return record;
}

gboolean
signet_database_add_request (SignetDatabase *self, SignetRequestRecord *request, GError **error)
{
  if (!signet_sql_run (self->sql, NULL, error,
                       "INSERT INTO request (id, invitation, digest, state, created, expires, body, signing_spki,"
                       " delivery) VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, ?7, 0)", "tibiibb", request->id,
                       request->invitation, request->digest, request->created, request->expires, request->body,
                       request->signing_spki))
    return FALSE;
  request->number = signet_sql_get_last_id (self->sql);
  return TRUE;
}

gboolean
signet_database_add_certificate (SignetDatabase *self, gint64 request, const SignetCertificateRecord *certificate,
                                 GError **error)
{
  if (!signet_sql_run (self->sql, NULL, error,
                       "INSERT INTO certificate (serial, request, purpose, der, expires) VALUES (?1, ?2, ?3, ?4, ?5)",
                       "tiibi", certificate->serial, request, (gint64) certificate->purpose, certificate->der,
                       certificate->expires))
    return FALSE;
  return certificate->sealed_key == NULL ||
         signet_sql_run (self->sql, NULL, error, "INSERT INTO archive (certificate, sealed) VALUES (?1, ?2)", "ib",
                         signet_sql_get_last_id (self->sql), certificate->sealed_key);
}

gboolean
signet_database_set_ready (SignetDatabase *self, gint64 request, GBytes *reply, GBytes *attachment_digest, gint64 when,
                           GError **error)
{
  guint changes;

  return signet_sql_run (self->sql, &changes, error,
                         "UPDATE request SET state = 1, body = NULL, reply = ?2, attachment_digest = ?3,"
                         " delivery = ?4 <> 0, due = nullif (?4, 0) WHERE number = ?1 AND state = 0", "ibbi", request,
                         reply, attachment_digest, when) && (changes == 1 || signet_database_not_found (error));
}

gboolean
signet_database_set_failed (SignetDatabase *self, gint64 request, const char *failure, GError **error)
{
  return signet_sql_run (self->sql, NULL, error,
                         "UPDATE request SET state = 3, body = NULL, failure = ?2 WHERE number = ?1 AND state = 0",
                         "it", request, failure);
}

gboolean
signet_database_set_confirmed (SignetDatabase *self, gint64 request, gint64 now, GError **error)
{
  return signet_sql_run (self->sql, NULL, error,
                         "UPDATE request SET state = 2, confirmed = ?2 WHERE number = ?1 AND state = 1", "ii", request,
                         now);
}

/* --- deliveries --- */

void
signet_delivery_free (SignetDelivery *self)
{
  g_free (self->id);
  g_free (self->address);
  g_clear_pointer (&self->message, g_bytes_unref);
  g_free (self);
}

static SignetDelivery *
read_delivery (sqlite3_stmt *rows)
{
  SignetDelivery *delivery = g_new0 (SignetDelivery, 1);

  delivery->request = sqlite3_column_int64 (rows, 0);
  delivery->id = signet_sql_get_text (rows, 1);
  delivery->address = signet_sql_get_text (rows, 2);
  delivery->created = sqlite3_column_int64 (rows, 3);
  delivery->expires = sqlite3_column_int64 (rows, 4);
  delivery->attempts = sqlite3_column_int64 (rows, 5);
  delivery->message = signet_sql_get_bytes (rows, 6);
  return delivery;
}

GPtrArray *
signet_database_list_due (SignetDatabase *self, gint64 now, guint limit, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_delivery_free);
  SignetSqlStep step;
  sqlite3_stmt *rows = signet_sql_query (self->sql, error,
                                         "SELECT number, request.id, address, request.created, request.expires,"
                                         " attempts, reply FROM request"
                                         " JOIN invitation ON invitation.id = request.invitation"
                                         " JOIN user ON user.id = invitation.user"
                                         " WHERE delivery = 1 AND due <= ?1 AND reply IS NOT NULL"
                                         " ORDER BY due, number LIMIT ?2", "ii", now, (gint64) limit);

  if (rows == NULL)
    return NULL;
  while ((step = signet_sql_next (self->sql, rows, error)) == SIGNET_SQL_ROW)
    g_ptr_array_add (list, read_delivery (rows));
  return step == SIGNET_SQL_END ? g_steal_pointer (&list) : NULL;
}

gint64
signet_database_get_next_due (SignetDatabase *self, GError **error)
{
  gint64 due = 0;

  read_number (self->sql, "SELECT coalesce (min (due), 0) FROM request WHERE delivery = 1", &due, error);
  return due;
}

gboolean
signet_database_set_delivered (SignetDatabase *self, gint64 request, GError **error)
{
  return signet_sql_run (self->sql, NULL, error,
                         "UPDATE request SET delivery = 2, due = NULL, failure = NULL, attempts = attempts + 1"
                         " WHERE number = ?1", "i", request);
}

gboolean
signet_database_set_undelivered (SignetDatabase *self, gint64 request, const char *failure, gint64 again,
                                 GError **error)
{
  return signet_sql_run (self->sql, NULL, error,
                         "UPDATE request SET delivery = iif (?3 = 0, 3, 1), due = nullif (?3, 0), failure = ?2,"
                         " attempts = attempts + 1 WHERE number = ?1", "iti", request, failure, again);
}

/* --- the list of revoked certificates --- */

GPtrArray *
signet_database_list_revoked (SignetDatabase *self, gint64 now, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_revocation_free);
  SignetSqlStep step;
  sqlite3_stmt *rows = signet_sql_query (self->sql, error,
                                         "SELECT serial, revoked FROM certificate"
                                         " WHERE revoked IS NOT NULL AND expires > ?1", "i", now);

  if (rows == NULL)
    return NULL;
  while ((step = signet_sql_next (self->sql, rows, error)) == SIGNET_SQL_ROW) {
    SignetRevocation *revocation = g_new0 (SignetRevocation, 1);
    revocation->serial = signet_sql_get_text (rows, 0);
    revocation->time = sqlite3_column_int64 (rows, 1);
    g_ptr_array_add (list, revocation);
  }
  return step == SIGNET_SQL_END ? g_steal_pointer (&list) : NULL;
}

gboolean
signet_database_get_crl (SignetDatabase *self, gint64 *number, gint64 *created, GBytes **der, GError **error)
{
  sqlite3_stmt *rows = signet_sql_query (self->sql, error,
                                         "SELECT number, created, der FROM crl ORDER BY number DESC LIMIT 1", "");

  if (!signet_database_first (self, rows, error))
    return FALSE;
  *number = sqlite3_column_int64 (rows, 0);
  *created = sqlite3_column_int64 (rows, 1);
  *der = signet_sql_get_bytes (rows, 2);
  signet_sql_release (rows);
  return TRUE;
}

gboolean
signet_database_set_crl (SignetDatabase *self, gint64 number, gint64 created, GBytes *der, GError **error)
{
  return signet_sql_run (self->sql, NULL, error, "INSERT INTO crl (number, created, der) VALUES (?1, ?2, ?3)", "iib",
                         number, created, der) &&
         signet_sql_run (self->sql, NULL, error, "DELETE FROM crl WHERE number < ?1", "i", number) &&
         signet_sql_run (self->sql, NULL, error,
                         "UPDATE certificate SET listed = ?1 WHERE revoked IS NOT NULL AND listed IS NULL", "i",
                         number);
}

/* --- upkeep and overview --- */

gboolean
signet_database_prune (SignetDatabase *self, gint64 now, gint64 period, GError **error)
{
  return signet_sql_run (self->sql, NULL, error, "DELETE FROM wrong_key WHERE since <= ?1 - ?2 AND locked_until <= ?1",
                         "ii", now, period) &&
         signet_sql_run (self->sql, NULL, error,
                         "UPDATE request SET reply = NULL, due = NULL, delivery = iif (delivery = 1, 3, delivery)"
                         " WHERE reply IS NOT NULL AND expires <= ?1", "i", now) &&
         signet_sql_run (self->sql, NULL, error,
                         "DELETE FROM recovered_key WHERE invitation IN"
                         " (SELECT id FROM invitation WHERE withdrawn IS NOT NULL OR expires <= ?1)", "i", now) &&
         signet_sql_run (self->sql, NULL, error,
                         "DELETE FROM handed_share WHERE recovery IN (SELECT number FROM recovery WHERE expires <= ?1)",
                         "i", now);
}

gboolean
signet_database_count (SignetDatabase *self, gint64 now, SignetDatabaseCounts *counts, GError **error)
{
  sqlite3_stmt *rows = signet_sql_query (self->sql, error,
    "WITH states AS (SELECT EXISTS (SELECT 1 FROM request WHERE request.invitation = invitation.id) AS used,"
    "                       withdrawn IS NULL AND expires > ?1 AS good FROM invitation WHERE NOT EXISTS"
    "  (SELECT 1 FROM request WHERE request.invitation = invitation.id AND lineage IS NOT NULL))"
    "SELECT (SELECT count (*) FROM user),"
    "  (SELECT count (*) FROM states WHERE good AND NOT used), (SELECT count (*) FROM states WHERE used),"
    "  (SELECT count (*) FROM states WHERE NOT good AND NOT used),"
    "  (SELECT count (*) FROM request WHERE state = 0), (SELECT count (*) FROM request WHERE state = 1),"
    "  (SELECT count (*) FROM request WHERE state = 2), (SELECT count (*) FROM request WHERE state = 3),"
    "  (SELECT count (*) FROM request WHERE delivery = 1),"
    "  (SELECT count (*) FROM request WHERE delivery = 1 AND attempts > 0),"
    "  (SELECT count (*) FROM request WHERE delivery = 3), (SELECT count (*) FROM certificate),"
    "  (SELECT coalesce (max (created), 0) FROM crl),"
    "  (SELECT failure FROM request WHERE delivery IN (1, 3) AND failure IS NOT NULL ORDER BY number DESC LIMIT 1)",
    "i", now);

  if (!signet_database_first (self, rows, error))
    return FALSE;
  gint64 *numbers[] = { &counts->users, &counts->open, &counts->used, &counts->expired, &counts->queued, &counts->ready,
                        &counts->confirmed, &counts->failed, &counts->mail_waiting, &counts->mail_failing,
                        &counts->mail_given_up, &counts->certificates, &counts->crl_created };
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    *numbers[i] = sqlite3_column_int64 (rows, i);
  counts->mail_failure = signet_sql_get_text (rows, G_N_ELEMENTS (numbers));
  signet_sql_release (rows);
  return TRUE;
}
