/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/database.h"

G_BEGIN_DECLS

/* What the administrator's verbs share. */

/* The database of the authority in DIRECTORY: SIGNET_ERROR_NOT_FOUND when there is none. */
SignetDatabase *signet_command_open (const char *directory, GError **error);

/* An act: changes the database within a transaction, and says into DETAIL what the audit log is to keep of it. */
typedef gboolean (*SignetCommandAct) (SignetDatabase *database, gpointer data, GString *detail, GError **error);

/* Does ACT and enters it into the audit log, in one transaction.  When it fails nothing is changed, but for an entry
 * that it was refused, and why.  NAME: the verb. */
gboolean signet_command_do (SignetDatabase *database, const char *actor, const char *name, const char *subject,
                            SignetCommandAct act, gpointer data, GError **error);

/* Only the entry of a refusal. */
void signet_command_refuse (SignetDatabase *database, const char *actor, const char *name, const char *subject,
                            const char *why);

/* "2026-11-22 18:30" here; (transfer full). */
char *signet_command_format_time (gint64 time);

G_END_DECLS
