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

  /* Who may open the archive together.  The rows belong together: each officer's box knows all of them. */
  "CREATE TABLE officer ("
  "  id INTEGER PRIMARY KEY,"
  "  name TEXT NOT NULL UNIQUE COLLATE NOCASE,"
  "  threshold INTEGER NOT NULL,"           /* how many of them open the archive */
  "  signing_spki BLOB NOT NULL,"
  "  exchange_spki BLOB NOT NULL,"
  "  sealed BLOB NOT NULL"                  /* share and private keys, under the officer's password */
  ") STRICT;"

  "CREATE TABLE recovery ("
  "  number INTEGER PRIMARY KEY,"
  "  user INTEGER NOT NULL REFERENCES user,"
  "  reason TEXT NOT NULL,"
  "  requester TEXT NOT NULL,"
  "  created INTEGER NOT NULL,"
  "  expires INTEGER NOT NULL,"
  "  serials TEXT NOT NULL,"                /* of the encryption certificates whose keys are asked for */
  "  digest BLOB NOT NULL,"                 /* of all that: what officers sign */
  "  state INTEGER NOT NULL,"               /* SignetRecoveryState */
  "  invitation INTEGER REFERENCES invitation"
  ") STRICT;"
  "CREATE INDEX recovery_user ON recovery (user);"
  "CREATE INDEX recovery_invitation ON recovery (invitation);"

  "CREATE TABLE approval ("
  "  recovery INTEGER NOT NULL REFERENCES recovery,"
  "  officer INTEGER NOT NULL REFERENCES officer,"
  "  signed BLOB NOT NULL,"
  "  PRIMARY KEY (recovery, officer)"
  ") STRICT;"

  /* The share of an officer who has approved, locked to the key of one who may still; gone when the recovery ends. */
  "CREATE TABLE handed_share ("
  "  recovery INTEGER NOT NULL REFERENCES recovery,"
  "  giver INTEGER NOT NULL REFERENCES officer,"
  "  taker INTEGER NOT NULL REFERENCES officer,"
  "  sealed BLOB NOT NULL,"
  "  PRIMARY KEY (recovery, giver, taker)"
  ") STRICT;"

  /* Archived keys that officers have released, each sealed under the temporary key of the invitation; gone when that
   * is used. */
  "CREATE TABLE recovered_key ("
  "  invitation INTEGER NOT NULL REFERENCES invitation,"
  "  certificate INTEGER NOT NULL REFERENCES certificate,"
  "  sealed BLOB NOT NULL,"
  "  PRIMARY KEY (invitation, certificate)"
  ") STRICT;"

  "ALTER TABLE user ADD COLUMN revoked INTEGER;"
  "ALTER TABLE certificate ADD COLUMN reason TEXT;"      /* why it was revoked */
  "ALTER TABLE certificate ADD COLUMN listed INTEGER;"   /* the number of the first list that says so */

  /* Only ever added to: authority/audit.h says how a row's hash holds on to the rows before it. */
  "CREATE TABLE audit ("
  "  number INTEGER PRIMARY KEY,"
  "  time INTEGER NOT NULL,"
  "  actor TEXT NOT NULL,"
  "  act TEXT NOT NULL,"
  "  subject TEXT NOT NULL,"
  "  refused INTEGER NOT NULL,"
  "  detail TEXT NOT NULL,"
  "  hash BLOB NOT NULL"
  ") STRICT;"
  "CREATE INDEX audit_refused ON audit (time) WHERE refused;",

  /* A renewal is a request like any other: it has an invitation of its own, the user's by his signature, with the
   * request's digest where others have that of a temporary key.  All renewals that followed from one enrollment share
   * its number: what they brought lies in one keyset. */
  "ALTER TABLE request ADD COLUMN lineage INTEGER REFERENCES request;"    /* NULL: an enrollment */
  "CREATE INDEX request_lineage ON request (lineage);",
};
