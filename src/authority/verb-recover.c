/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/verbs.h"

#include "authority/command.h"
#include "authority/recovery.h"
#include "authority/database-officers.h"
#include "authority/settings.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/mail-address.h"

#include <stdio.h>
#include <string.h>

typedef struct {
  SignetSettings *settings;
  const char *address;
  const char *reason;
  const char *requester;
  SignetRecovery *recovery;
  guint threshold;
} Recover;

static gboolean
queue (SignetDatabase *database, gpointer data, GString *detail, GError **error)
{
  Recover *self = data;
  gint64 now = signet_clock_now ();
  g_autofree char *address = signet_mail_address_normalize (self->address, error);
  g_autoptr (SignetRoster) roster = address != NULL ? signet_database_get_roster (database, error) : NULL;

  if (roster == NULL)
    return FALSE;
  self->threshold = roster->threshold;
  self->recovery = signet_recovery_queue (database, roster, address, self->reason, self->requester, now,
                                          now + (gint64) self->settings->recovery_hours * 3600, error);
  if (self->recovery == NULL)
    return FALSE;
  g_string_printf (detail, "recovery %d: %s", (int) self->recovery->number, self->reason);
  return TRUE;
}

static void
print (const Recover *self, const char *directory)
{
  g_autofree char *until = signet_command_format_time (self->recovery->expires);
  int number = self->recovery->number;

  printf (_("Recovery %d for %s waits for approvals, until %s.\n"), number, self->recovery->address, until);
  printf (_("\nNext, by %u officers other than %s:\n  signet-authority approve %s %d --officer NAME\n"),
          self->threshold, self->requester, directory, number);
}

gboolean
signet_verb_recover (int count, char **arguments, GError **error)
{
  g_autofree char *reason = NULL, *by = NULL;
  const GOptionEntry entries[] = {
    { "reason", 0, 0, G_OPTION_ARG_STRING, &reason, N_("Why, for the officers and the audit log"), N_("TEXT") },
    { "by", 0, 0, G_OPTION_ARG_STRING, &by, N_("Who asks; the name of the account, unless given"), N_("NAME") },
    { NULL },
  };

  if (!signet_verb_parse (entries, "DIR ADDRESS", 2, &count, &arguments, error))
    return FALSE;
  if (reason == NULL) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("--reason must be given."));
    return FALSE;
  }
  g_autoptr (SignetSettings) settings = signet_settings_load (arguments[1], error);
  g_autoptr (SignetDatabase) database = settings != NULL ? signet_command_open (arguments[1], error) : NULL;
  if (database == NULL)
    return FALSE;

  Recover recover = { settings, arguments[2], reason, by != NULL ? by : g_get_user_name (), NULL, 0 };
  gboolean queued = signet_command_do (database, recover.requester, "recover", arguments[2], queue, &recover, error);
  g_autoptr (SignetRecovery) recovery = recover.recovery;
  if (queued)
    print (&recover, arguments[1]);
  return queued;
}
