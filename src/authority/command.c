/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/command.h"

#include "authority/audit.h"
#include "authority/authority.h"
#include "base/error.h"
#include "base/i18n.h"

SignetDatabase *
signet_command_open (const char *directory, GError **error)
{
  g_autoptr (SignetSettings) settings = signet_settings_load (directory, error);
  g_autofree char *path = signet_authority_database_path (directory);

  return settings != NULL ? signet_database_open (path, FALSE, error) : NULL;
}

/* What was typed may be anything: the log is text. */
static gboolean
add_entry (SignetDatabase *database, const char *actor, const char *name, const char *subject, gboolean refused,
           const char *detail, GError **error)
{
  g_autofree char *valid_actor = g_utf8_make_valid (actor, -1), *valid_subject = g_utf8_make_valid (subject, -1);

  return signet_audit_add (database, valid_actor, name, valid_subject, refused, detail, error);
}

/* The refusal is what the caller reports, whether or not it can be recorded. */
void
signet_command_refuse (SignetDatabase *database, const char *actor, const char *name, const char *subject,
                       const char *why)
{
  if (!signet_database_begin (database, NULL))
    return;
  if (add_entry (database, actor, name, subject, TRUE, why, NULL))
    signet_database_commit (database, NULL);
  else
    signet_database_rollback (database);
}

gboolean
signet_command_do (SignetDatabase *database, const char *actor, const char *name, const char *subject,
                   SignetCommandAct act, gpointer data, GError **error)
{
  g_autoptr (GString) detail = g_string_new (NULL);
  g_autoptr (GError) problem = NULL;

  if (!signet_database_begin (database, error))
    return FALSE;
  if (act (database, data, detail, &problem) &&
      add_entry (database, actor, name, subject, FALSE, detail->str, &problem))
    return signet_database_commit (database, error);
  signet_database_rollback (database);
  signet_command_refuse (database, actor, name, subject, problem->message);
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

char *
signet_command_format_time (gint64 time)
{
  g_autoptr (GDateTime) date = time != 0 ? g_date_time_new_from_unix_local (time) : NULL;

  return date != NULL ? g_date_time_format (date, "%F %H:%M") : g_strdup (_("never"));
}
