/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The tables of an authority, one text for each version of the schema: a database of version N is brought up to date by
 * the texts from N on.  Times are seconds since 1970; digests are SHA-256. */

static const char *const signet_database_schema[] = {
  "CREATE TABLE user ("
  "  id INTEGER PRIMARY KEY,"
  "  address TEXT NOT NULL UNIQUE COLLATE NOCASE,"
  "  created INTEGER NOT NULL"
  ") STRICT;"

  /* A temporary key.  It is used when a request names it. */
  "CREATE TABLE invitation ("
  "  id INTEGER PRIMARY KEY,"
  "  user INTEGER NOT NULL REFERENCES user,"
  "  digest BLOB NOT NULL UNIQUE,"          /* of the temporary key, which itself is nowhere */
  "  created INTEGER NOT NULL,"
  "  expires INTEGER NOT NULL,"
  "  withdrawn INTEGER"                     /* when a newer invitation took its place */
  ") STRICT;"
  "CREATE INDEX invitation_user ON invitation (user);"

  "CREATE TABLE request ("
  "  number INTEGER PRIMARY KEY,"
  "  id TEXT NOT NULL UNIQUE,"              /* chosen by the client */
  "  invitation INTEGER NOT NULL UNIQUE REFERENCES invitation,"
  "  digest BLOB NOT NULL,"                 /* of the request's bytes */
  "  state INTEGER NOT NULL,"               /* SignetRequestState */
  "  created INTEGER NOT NULL,"
  "  expires INTEGER NOT NULL,"
  "  confirmed INTEGER,"
  "  body BLOB,"                            /* the request itself, while it is queued */
  "  reply BLOB,"                           /* the mail, until it expires */
  "  attachment_digest BLOB,"               /* of the reply attachment in it */
  "  signing_spki BLOB NOT NULL,"           /* what the confirmation is signed with */
  "  delivery INTEGER NOT NULL,"            /* SignetDeliveryState */
  "  attempts INTEGER NOT NULL DEFAULT 0,"
  "  due INTEGER,"
  "  failure TEXT"
  ") STRICT;"
  "CREATE INDEX request_queue ON request (number) WHERE state = 0;"
  "CREATE INDEX request_outbox ON request (due) WHERE delivery = 1;"
  "CREATE INDEX request_expiry ON request (expires) WHERE reply IS NOT NULL;"

  "CREATE TABLE certificate ("
  "  id INTEGER PRIMARY KEY,"
  "  serial TEXT NOT NULL UNIQUE,"
  "  request INTEGER NOT NULL REFERENCES request,"
  "  purpose INTEGER NOT NULL,"             /* SignetCertificatePurpose */
  "  der BLOB NOT NULL,"
  "  expires INTEGER NOT NULL,"
  "  revoked INTEGER,"
  "  UNIQUE (request, purpose)"             /* one request, one certificate of each kind */
  ") STRICT;"
  "CREATE INDEX certificate_revoked ON certificate (revoked) WHERE revoked IS NOT NULL;"

  /* The private keys of encryption certificates, each locked to the recovery key. */
  "CREATE TABLE archive ("
  "  certificate INTEGER PRIMARY KEY REFERENCES certificate,"
  "  sealed BLOB NOT NULL"
  ") STRICT;"

  "CREATE TABLE crl ("
  "  number INTEGER PRIMARY KEY,"
  "  created INTEGER NOT NULL,"
  "  der BLOB NOT NULL"
  ") STRICT;"

  /* Wrong temporary keys, for addresses that exist and that do not. */
  "CREATE TABLE wrong_key ("
  "  id INTEGER PRIMARY KEY,"
  "  address TEXT NOT NULL UNIQUE COLLATE NOCASE,"
  "  count INTEGER NOT NULL,"               /* since the time below */
  "  since INTEGER NOT NULL,"
  "  locked_until INTEGER NOT NULL"
  ") STRICT;"
  "CREATE INDEX wrong_key_age ON wrong_key (since);",
};
