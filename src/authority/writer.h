/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/database.h"

G_BEGIN_DECLS

/* The one thread of the daemon that writes to the database.  Whatever has come while it was at the last commit goes
 * into the next one, so that many requests share the wait for the disk. */
typedef struct _SignetWriter SignetWriter;

/* A change, within a transaction that other changes share.  FALSE with ERROR undoes what it did, and only that. */
typedef gboolean (*SignetWriteFunc) (SignetDatabase *database, gpointer data, GError **error);

/* In the writer's thread: ERROR is NULL when the change is on the disk. */
typedef void (*SignetWriteDone) (gpointer data, const GError *error);

/* Takes DATABASE over. */
SignetWriter *signet_writer_new (SignetDatabase *database);

/* Finishes what it was given, then stops. */
void signet_writer_free (SignetWriter *self);

/* DATA is WRITE's and DONE's until DONE is called, which is once. */
void signet_writer_push (SignetWriter *self, SignetWriteFunc write, SignetWriteDone done, gpointer data);

/* The same, waiting for it. */
gboolean signet_writer_run (SignetWriter *self, SignetWriteFunc write, gpointer data, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetWriter, signet_writer_free)

G_END_DECLS
