/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/verbs.h"

#include "authority/command.h"
#include "authority/database-officers.h"
#include "authority/terminal.h"
#include "base/error.h"
#include "base/i18n.h"

#include <stdio.h>

typedef struct {
  const char *name;
  SignetSecret *password, *replacement;
} Change;

static gboolean
change_password (SignetDatabase *database, gpointer data, GString *detail, GError **error)
{
  Change *self = data;
  g_autoptr (SignetRoster) roster = signet_database_get_roster (database, error);
  SignetOfficer *officer = roster != NULL ? signet_roster_find (roster, self->name) : NULL;

  if (roster == NULL)
    return FALSE;
  if (officer == NULL) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND, _("There is no officer named %s."), self->name);
    return FALSE;
  }
  const SignetOfficerSeed seed = { officer->name, self->replacement };
  if (!signet_officer_seed_check (&seed, NULL, 0, error))
    return FALSE;
  g_autoptr (GBytes) sealed = signet_officer_reseal (officer, self->password, self->replacement, error);
  g_string_assign (detail, "new password");
  return sealed != NULL && signet_database_set_officer_box (database, officer->name, sealed, error);
}

static gboolean
ask_and_change (SignetDatabase *database, const char *name, int fd, GError **error)
{
  g_autofree char *prompt = g_strdup_printf (_("Password of officer %s: "), name);
  g_autofree char *prompt_new = g_strdup_printf (_("New password of officer %s: "), name);
  g_autoptr (SignetSecret) password = signet_terminal_get_password (fd, prompt, FALSE, error);
  g_autoptr (SignetSecret) replacement =
    password != NULL ? signet_terminal_get_password (fd, prompt_new, TRUE, error) : NULL;
  Change change = { name, password, replacement };

  if (replacement == NULL || !signet_command_do (database, name, "officers", name, change_password, &change, error))
    return FALSE;
  printf (_("The password of %s is changed. Backups of this folder still open with the old one.\n"), name);
  return TRUE;
}

static gboolean
print_officers (SignetDatabase *database, GError **error)
{
  g_autoptr (SignetRoster) roster = signet_database_get_roster (database, error);

  for (guint i = 0; roster != NULL && i < roster->officers->len; i++)
    printf ("%s\n", ((SignetOfficer *) roster->officers->pdata[i])->name);
  if (roster != NULL)
    printf (_("\n%u of these %u must approve before a user's encryption keys can be recovered.\n"), roster->threshold,
            roster->officers->len);
  return roster != NULL;
}

gboolean
signet_verb_officers (int count, char **arguments, GError **error)
{
  g_autofree char *name = NULL;
  int password_fd = -1;
  const GOptionEntry entries[] = {
    { "change-password", 0, 0, G_OPTION_ARG_STRING, &name, N_("Give an officer a new password"), N_("NAME") },
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &password_fd,
      N_("Read the old and the new password from this file descriptor, a line each; otherwise they are asked for"),
      N_("FD") },
    { NULL },
  };

  if (!signet_verb_parse (entries, "DIR", 1, &count, &arguments, error))
    return FALSE;
  g_autoptr (SignetDatabase) database = signet_command_open (arguments[1], error);
  if (database == NULL)
    return FALSE;
  return name != NULL ? ask_and_change (database, name, password_fd, error) : print_officers (database, error);
}
