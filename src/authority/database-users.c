/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/database-users.h"

#include "authority/database-private.h"
#include "base/error.h"
#include "base/i18n.h"

const char *
signet_user_state_to_name (SignetUserState state)
{
  static const char *const names[] = { "new", "active", "recovering", "revoked" };

  return names[state];
}

void
signet_user_free (SignetUser *self)
{
  g_free (self->address);
  g_free (self);
}

/* ?1 is the time. */
#define USERS \
  "WITH held AS (SELECT user, certificate.* FROM certificate JOIN request ON request.number = certificate.request" \
  "              JOIN invitation ON invitation.id = request.invitation)" \
  "SELECT address," \
  "  CASE WHEN revoked IS NOT NULL THEN 3" \
  "  WHEN EXISTS (SELECT 1 FROM recovery LEFT JOIN invitation ON invitation.id = recovery.invitation" \
  "    WHERE recovery.user = user.id AND (state = 0 AND recovery.expires > ?1 OR" \
  "      state = 1 AND withdrawn IS NULL AND invitation.expires > ?1" \
  "      AND NOT EXISTS (SELECT 1 FROM request WHERE request.invitation = recovery.invitation))) THEN 2" \
  "  WHEN EXISTS (SELECT 1 FROM held WHERE held.user = user.id AND purpose = 0 AND held.revoked IS NULL" \
  "    AND held.expires > ?1) THEN 1 ELSE 0 END," \
  "  (SELECT coalesce (max (held.expires), 0) FROM held WHERE held.user = user.id AND purpose = 0" \
  "    AND held.revoked IS NULL AND held.expires > ?1)," \
  "  EXISTS (SELECT 1 FROM held WHERE held.user = user.id) FROM user"

static SignetUser *
read_user (sqlite3_stmt *rows)
{
  SignetUser *user = g_new0 (SignetUser, 1);

  user->address = signet_sql_get_text (rows, 0);
  user->state = sqlite3_column_int64 (rows, 1);
  user->expires = sqlite3_column_int64 (rows, 2);
  user->had_id = sqlite3_column_int64 (rows, 3) != 0;
  return user;
}

static gboolean
no_such_user (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND,
                       _("The authority knows no user of this address. Users come to it by an invitation."));
  return FALSE;
}

SignetUser *
signet_database_find_user (SignetDatabase *self, const char *address, gint64 now, GError **error)
{
  g_autoptr (GError) problem = NULL;
  sqlite3_stmt *rows = signet_sql_query (self->sql, &problem, USERS " WHERE address = ?2", "it", now, address);

  if (signet_database_first (self, rows, &problem)) {
    SignetUser *user = read_user (rows);
    signet_sql_release (rows);
    return user;
  }
  if (g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND))
    no_such_user (error);
  else
    g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

GPtrArray *
signet_database_list_users (SignetDatabase *self, gint64 now, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_user_free);
  SignetSqlStep step;
  sqlite3_stmt *rows = signet_sql_query (self->sql, error, USERS " ORDER BY address", "i", now);

  if (rows == NULL)
    return NULL;
  while ((step = signet_sql_next (self->sql, rows, error)) == SIGNET_SQL_ROW)
    g_ptr_array_add (list, read_user (rows));
  return step == SIGNET_SQL_END ? g_steal_pointer (&list) : NULL;
}

/* --- revoking --- */

#define OF_USER "(SELECT id FROM user WHERE address = ?1)"
#define INVITED "(SELECT id FROM invitation WHERE user = " OF_USER ")"

/* Of requests that follow: their certificates (?2: when, ?3: why), and their replies that are not installed. */
#define TAKE_CERTIFICATES \
  "UPDATE certificate SET revoked = ?2, reason = ?3 WHERE revoked IS NULL AND request IN "
#define TAKE_REPLIES \
  "UPDATE request SET state = 3, body = NULL, reply = NULL, due = NULL, failure = 'revoked'," \
  " delivery = iif (delivery = 1, 3, delivery) WHERE state IN (0, 1) AND "

static gboolean
mark_user (SignetDatabase *self, const char *address, gint64 now, GError **error)
{
  guint changes;

  if (!signet_sql_run (self->sql, &changes, error,
                       "UPDATE user SET revoked = ?2 WHERE address = ?1 AND revoked IS NULL", "ti", address, now))
    return FALSE;
  if (changes == 1)
    return TRUE;
  g_autoptr (SignetUser) user = signet_database_find_user (self, address, now, error);
  if (user != NULL)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_EXISTS, _("This user is revoked already."));
  return FALSE;
}

gboolean
signet_database_revoke_user (SignetDatabase *self, const char *address, gint64 now, const char *reason, guint *count,
                             GError **error)
{
  return mark_user (self, address, now, error) &&
         signet_sql_run (self->sql, count, error,
                         TAKE_CERTIFICATES "(SELECT number FROM request WHERE invitation IN " INVITED ")", "tit",
                         address, now, reason) &&
         signet_sql_run (self->sql, NULL, error, TAKE_REPLIES "invitation IN " INVITED, "t", address) &&
         signet_sql_run (self->sql, NULL, error,
                         "UPDATE invitation SET withdrawn = ?2 WHERE withdrawn IS NULL AND user = " OF_USER, "ti",
                         address, now) &&
         signet_sql_run (self->sql, NULL, error,
                         "DELETE FROM recovered_key WHERE invitation IN " INVITED, "t", address) &&
         signet_sql_run (self->sql, NULL, error,
                         "DELETE FROM handed_share WHERE recovery IN (SELECT number FROM recovery WHERE user = " OF_USER
                         ")", "t", address) &&
         signet_sql_run (self->sql, NULL, error,
                         "UPDATE recovery SET state = 2 WHERE state = 0 AND user = " OF_USER, "t", address);
}

gboolean
signet_database_revoke_certificate (SignetDatabase *self, const char *serial, gint64 now, const char *reason,
                                    GError **error)
{
  guint changes;

  if (!signet_sql_run (self->sql, &changes, error,
                       "UPDATE certificate SET revoked = ?2, reason = ?3 WHERE serial = ?1 AND revoked IS NULL", "tit",
                       serial, now, reason))
    return FALSE;
  if (changes == 0)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND,
                         _("There is no good certificate with this serial number."));
  return changes == 1;
}

gboolean
signet_database_revoke_keyset (SignetDatabase *self, gint64 lineage, gint64 now, const char *reason, guint *count,
                               GError **error)
{
  return signet_sql_run (self->sql, count, error,
                         TAKE_CERTIFICATES "(SELECT number FROM request WHERE number = ?1 OR lineage = ?1)", "iit",
                         lineage, now, reason) &&
         signet_sql_run (self->sql, NULL, error, TAKE_REPLIES "(number = ?1 OR lineage = ?1)", "i", lineage);
}

gboolean
signet_database_reenable_user (SignetDatabase *self, const char *address, GError **error)
{
  guint changes;

  if (!signet_sql_run (self->sql, &changes, error,
                       "UPDATE user SET revoked = NULL WHERE address = ?1 AND revoked IS NOT NULL", "t", address))
    return FALSE;
  if (changes == 0)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_REFUSED, _("There is no revoked user of this address."));
  return changes == 1;
}

gboolean
signet_database_has_unlisted (SignetDatabase *self, gboolean *unlisted, GError **error)
{
  sqlite3_stmt *rows =
    signet_sql_query (self->sql, error,
                      "SELECT EXISTS (SELECT 1 FROM certificate WHERE revoked IS NOT NULL AND listed IS NULL)", "");

  if (!signet_database_first (self, rows, error))
    return FALSE;
  *unlisted = sqlite3_column_int64 (rows, 0) != 0;
  signet_sql_release (rows);
  return TRUE;
}
