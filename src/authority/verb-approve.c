/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/verbs.h"

#include "authority/authority-keys.h"
#include "authority/command-invitation.h"
#include "authority/command.h"
#include "authority/database-officers.h"
#include "authority/recovery.h"
#include "authority/terminal.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/i18n.h"
#include "base/number.h"

#include <stdio.h>
#include <unistd.h>

typedef struct {
  const char *directory;
  const char *officer;
  const char *output;
  gint64 number;
  SignetSecret *password;
  SignetInvitationDraft draft;
  SignetRecoveryProgress progress;
  gboolean written;
} Approve;

static void
approve_clear (Approve *self)
{
  g_clear_pointer (&self->password, signet_secret_unref);
  signet_invitation_draft_clear (&self->draft);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Approve, approve_clear)

static SignetRecovery *
find_recovery (SignetDatabase *database, gint64 number, GError **error)
{
  SignetRecovery *recovery = signet_database_find_recovery (database, number, error);

  if (recovery == NULL && g_error_matches (*error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND)) {
    g_clear_error (error);
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND, _("There is no recovery %d."), (int) number);
  }
  return recovery;
}

/* Opens the officer's box, which ends this process's need of the password. */
static SignetOfficerKeys *
open_officer (SignetRoster *roster, const char *name, SignetSecret *password, GBytes *spki, GError **error)
{
  SignetOfficer *officer = signet_roster_find (roster, name);

  if (officer != NULL)
    return signet_roster_open (roster, officer, password, spki, error);
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND, _("There is no officer named %s."), name);
  return NULL;
}

static gboolean
approve (SignetDatabase *database, gpointer data, GString *detail, GError **error)
{
  Approve *self = data;
  g_autoptr (SignetRecovery) recovery = find_recovery (database, self->number, error);
  g_autoptr (SignetRoster) roster = recovery != NULL ? signet_database_get_roster (database, error) : NULL;
  g_autoptr (GBytes) spki = signet_authority_keys_read_recovery_spki (self->directory, roster != NULL ? error : NULL);
  g_autoptr (GBytes) sealed =
    roster != NULL && spki != NULL ? signet_authority_keys_read_sealed (self->directory, error) : NULL;
  g_autoptr (SignetOfficerKeys) officer =
    sealed != NULL ? open_officer (roster, self->officer, self->password, spki, error) : NULL;

  if (officer == NULL || !signet_invitation_draft_prepare (&self->draft, self->directory, recovery->address, error))
    return FALSE;
  const SignetRecoveryKey fresh = { self->draft.key, self->draft.expires };
  if (!signet_recovery_approve (database, roster, recovery, officer, sealed, spki, &fresh, signet_clock_now (),
                                &self->progress, error))
    return FALSE;
  g_string_printf (detail, "%s, approval %u of %u", recovery->address, self->progress.approvals,
                   self->progress.needed);
  if (self->progress.approvals < self->progress.needed)
    return TRUE;
  g_string_append_printf (detail, ", %u keys recovered", self->progress.keys);
  self->written = signet_invitation_draft_write (&self->draft, self->output, error);
  signet_fault_point ("approve:before-commit");
  return self->written;
}

/* What the officer is about to sign. */
static gboolean
show (SignetDatabase *database, gint64 number, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (SignetRecovery) recovery = find_recovery (database, number, &problem);

  if (recovery == NULL || !signet_recovery_check (recovery, &problem)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  g_autofree char *created = signet_command_format_time (recovery->created);
  g_autofree char *expires = signet_command_format_time (recovery->expires);
  g_auto (GStrv) serials = g_strsplit (recovery->serials, " ", -1);
  printf (_("Recovery %d\n  User        %s\n  Reason      %s\n  Asked by    %s, %s\n  Good until  %s\n"
            "  Keys        %u\n\n"),
          (int) recovery->number, recovery->address, recovery->reason, recovery->requester, created, expires,
          g_strv_length (serials));
  fflush (stdout);                   /* before the password is asked for */
  return TRUE;
}

static void
print (Approve *self)
{
  if (self->progress.approvals < self->progress.needed) {
    printf (_("Approved: %u of %u.\n"), self->progress.approvals, self->progress.needed);
    return;
  }
  printf (_("Approved: %u of %u. %u keys will come with the reply when the user enrolls again.\n\n"),
          self->progress.approvals, self->progress.needed, self->progress.keys);
  signet_invitation_draft_print (&self->draft, self->output);
}

static gboolean
run (Approve *self, const char *number, int password_fd, GError **error)
{
  g_autoptr (SignetDatabase) database = signet_command_open (self->directory, error);
  g_autofree char *prompt = g_strdup_printf (_("Password of officer %s: "), self->officer);
  g_autoptr (GError) problem = NULL;

  if (database == NULL)
    return FALSE;
  if (!show (database, self->number, &problem)) {
    signet_command_refuse (database, self->officer, "approve", number, problem->message);
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  self->password = signet_terminal_get_password (password_fd, prompt, FALSE, error);
  if (self->password == NULL)
    return FALSE;
  if (!signet_command_do (database, self->officer, "approve", number, approve, self, error)) {
    if (self->written && self->output != NULL)
      unlink (self->output);
    return FALSE;
  }
  print (self);
  return TRUE;
}

gboolean
signet_verb_approve (int count, char **arguments, GError **error)
{
  g_autofree char *officer = NULL, *output = NULL;
  int password_fd = -1;
  const GOptionEntry entries[] = {
    { "officer", 0, 0, G_OPTION_ARG_STRING, &officer, N_("Who approves"), N_("NAME") },
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &password_fd,
      N_("Read the officer's password from this file descriptor; otherwise it is asked for"), N_("FD") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
      N_("With the last approval, write the invitation into a new file as well"), N_("FILE") },
    { NULL },
  };
  gint64 number;

  if (!signet_verb_parse (entries, "DIR RECOVERY", 2, &count, &arguments, error))
    return FALSE;
  if (officer == NULL || !signet_number_parse (arguments[2], 1, G_MAXINT, &number)) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                         _("Give --officer, and the number of the recovery."));
    return FALSE;
  }
  g_auto (Approve) self = { .directory = arguments[1], .officer = officer, .output = output, .number = number };
  return run (&self, arguments[2], password_fd, error);
}
