/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/authority-keys.h"
#include "authority/database.h"
#include "authority/key-pool.h"
#include "authority/settings.h"
#include "authority/writer.h"

G_BEGIN_DECLS

/* An authority that is open for service: what its parts share.  The parts read it; none of them changes it. */
typedef struct {
  char *directory;
  SignetSettings *settings;
  SignetAuthorityKeys *keys;
  SignetWriter *writer;
  SignetKeyPool *pool;
  GAsyncQueue *readers;            /* SignetDatabase connections that are not in use */
  GBytes *info;                    /* what GET /signet/v1/authority answers */
} SignetAuthority;

/* READERS: how many threads may read the database at once. */
SignetAuthority *signet_authority_open (const char *directory, guint readers, GError **error);
void signet_authority_close (SignetAuthority *self);

/* A connection for reading; waits when all are lent. */
SignetDatabase *signet_authority_borrow_reader (SignetAuthority *self);
void signet_authority_return_reader (SignetAuthority *self, SignetDatabase *reader);

/* The database file of the authority in DIRECTORY. */
char *signet_authority_database_path (const char *directory);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetAuthority, signet_authority_close)

G_END_DECLS
