/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/database-renewal.h"

#include "authority/database-private.h"

void
signet_holding_free (SignetHolding *self)
{
  g_free (self->address);
  g_free (self);
}

/* A newer certificate counts when its reply was confirmed (state 2): one that never arrived must not keep the user from
 * asking again with the one that he has. */
#define HOLDING \
  "SELECT user.address, own.purpose, own.expires, own.revoked IS NOT NULL OR user.revoked IS NOT NULL," \
  "  EXISTS (SELECT 1 FROM certificate AS newer JOIN request AS later ON later.number = newer.request" \
  "    JOIN invitation AS right ON right.id = later.invitation" \
  "    WHERE right.user = user.id AND newer.purpose = 0 AND newer.revoked IS NULL AND later.state = 2" \
  "    AND newer.id > own.id)," \
  "  coalesce (asked.lineage, asked.number)," \
  "  (SELECT count (*) FROM request WHERE lineage = coalesce (asked.lineage, asked.number) AND created > ?3)" \
  " FROM certificate AS own JOIN request AS asked ON asked.number = own.request" \
  " JOIN invitation ON invitation.id = asked.invitation JOIN user ON user.id = invitation.user" \
  " WHERE own.serial = ?1 AND own.der = ?2"

SignetHolding *
signet_database_find_holding (SignetDatabase *self, const char *serial, GBytes *der, gint64 since, GError **error)
{
  sqlite3_stmt *rows = signet_sql_query (self->sql, error, HOLDING, "tbi", serial, der, since);

  if (!signet_database_first (self, rows, error))
    return NULL;

  SignetHolding *holding = g_new0 (SignetHolding, 1);
  holding->address = signet_sql_get_text (rows, 0);
  holding->purpose = sqlite3_column_int64 (rows, 1);
  holding->expires = sqlite3_column_int64 (rows, 2);
  holding->revoked = sqlite3_column_int64 (rows, 3) != 0;
  holding->succeeded = sqlite3_column_int64 (rows, 4) != 0;
  holding->lineage = sqlite3_column_int64 (rows, 5);
  holding->renewals = sqlite3_column_int64 (rows, 6);
  signet_sql_release (rows);
  return holding;
}

gboolean
signet_database_add_renewal (SignetDatabase *self, SignetRequestRecord *request, const SignetHolding *holding,
                             GError **error)
{
  if (!signet_sql_run (self->sql, NULL, error,
                       "INSERT INTO invitation (user, digest, created, expires)"
                       " SELECT id, ?2, ?3, ?3 FROM user WHERE address = ?1", "tbi", holding->address, request->digest,
                       request->created))
    return FALSE;
  request->invitation = signet_sql_get_last_id (self->sql);
  return signet_database_add_request (self, request, error) &&
         signet_sql_run (self->sql, NULL, error, "UPDATE request SET lineage = ?2 WHERE number = ?1", "ii",
                         request->number, holding->lineage);
}
