/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/verbs.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/process.h"
#include "base/terminal.h"
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>

static const struct {
  const char *name;
  const char *operands;
  const char *summary;
  SignetAuthorityVerb run;
} verbs[] = {
  { "init", "DIR --name NAME --domain DOMAIN", N_("Make an authority in a new folder"), signet_verb_init },
  { "serve", "DIR", N_("Answer users until the program is stopped"), signet_verb_serve },
  { "invite", "DIR ADDRESS", N_("Invite a user, with a new temporary key"), signet_verb_invite },
  { "renew", "DIR ADDRESS", N_("The same, for a user whose digital ID runs out"), signet_verb_renew },
  { "recover", "DIR ADDRESS --reason TEXT", N_("Ask the officers for a user's encryption keys"), signet_verb_recover },
  { "approve", "DIR RECOVERY --officer NAME", N_("Approve that, as an officer"), signet_verb_approve },
  { "officers", "DIR", N_("List the officers, or change a password"), signet_verb_officers },
  { "revoke", "DIR ADDRESS|SERIAL --reason TEXT", N_("Revoke a user, or one certificate"), signet_verb_revoke },
  { "reenable", "DIR ADDRESS", N_("Let a revoked user be invited again"), signet_verb_reenable },
  { "audit", "DIR", N_("Print the audit log, or check it"), signet_verb_audit },
  { "status", "DIR", N_("Say how the authority is doing"), signet_verb_status },
};

/* The exit status tells a script what went wrong; --help prints this list, so the numbers stay what they are. */
static const struct {
  int status;
  const char *meaning;
  SignetError codes[3];
  guint n_codes;
} statuses[] = {
  { 3, N_("an address or a setting is not right"), { SIGNET_ERROR_INVALID, SIGNET_ERROR_TOO_LARGE }, 2 },
  { 4, N_("there is no authority in this folder, or no such file, user or recovery"), { SIGNET_ERROR_NOT_FOUND }, 1 },
  { 5, N_("it is there already: the folder, the file, the recovery, the approval"), { SIGNET_ERROR_EXISTS }, 1 },
  { 6, N_("busy: another program serves the folder, has the port or keeps the database"), { SIGNET_ERROR_BUSY }, 1 },
  { 7, N_("a file is damaged, changed by somebody, of a later version, or open to others"),
    { SIGNET_ERROR_DAMAGED, SIGNET_ERROR_UNSUPPORTED, SIGNET_ERROR_UNTRUSTED }, 3 },
  { 8, N_("the rules of the authority do not allow it"), { SIGNET_ERROR_REFUSED }, 1 },
  { 9, N_("that is not the password"), { SIGNET_ERROR_WRONG_PASSWORD }, 1 },
  { 10, N_("the recovery has expired"), { SIGNET_ERROR_EXPIRED }, 1 },
};

static void
print_help (FILE *stream)
{
  fprintf (stream, "%s\n\n%s\n", _("Usage: signet-authority VERB DIR [OPTION…]"), _("Verbs:"));
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    fprintf (stream, "  %-8s %-34s %s\n", verbs[i].name, verbs[i].operands, _(verbs[i].summary));
  fprintf (stream, "\n%s\n\n%s\n", _("“signet-authority VERB --help” lists the options of a verb."), _("Exit status:"));
  fprintf (stream, "  0  %s\n  1  %s\n  2  %s\n", _("done"), _("another failure"), _("wrong use of signet-authority"));
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    fprintf (stream, " %2d  %s\n", statuses[i].status, _(statuses[i].meaning));
}

gboolean
signet_verb_parse (const GOptionEntry *entries, const char *usage, int operands, int *count, char ***arguments,
                   GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (usage);
  g_autofree char *program = g_strconcat ("signet-authority ", (*arguments)[0], NULL);

  g_set_prgname (program);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, count, arguments, error))
    return FALSE;
  if (*count == operands + 1)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("“%s” takes %s. See “%s --help”."), program, usage,
               program);
  return FALSE;
}

static int
to_status (const GError *error)
{
  if (error->domain == G_OPTION_ERROR)
    return 2;
  for (guint i = 0; i < G_N_ELEMENTS (statuses) && error->domain == SIGNET_ERROR; i++) {
    for (guint k = 0; k < statuses[i].n_codes; k++) {
      if (error->code == (int) statuses[i].codes[k])
        return statuses[i].status;
    }
  }
  return 1;
}

static int
run (SignetAuthorityVerb verb, int count, char **arguments)
{
  g_autoptr (GError) error = NULL;

  if (verb (count, arguments, &error) && fflush (stdout) == 0)
    return 0;
  signet_terminal_end_by_signal ();
  fprintf (stderr, "signet-authority: %s\n", error != NULL ? error->message : _("The output could not be written."));
  return error != NULL ? to_status (error) : 1;
}

int
main (int argc, char **argv)
{
  signet_process_init ();
  g_log_writer_default_set_use_stderr (TRUE);
  umask (077);                       /* every file here is the authority's own business */
  signal (SIGPIPE, SIG_IGN);         /* a sendmail that dies early is an error, not the end */

  if (argc < 2) {
    print_help (stderr);
    return 2;
  }
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h") || g_str_equal (argv[1], "help")) {
    print_help (stdout);
    return 0;
  }
  if (g_str_equal (argv[1], "--version")) {
    printf ("signet-authority %s\n", VERSION);
    return 0;
  }
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++) {
    if (g_str_equal (argv[1], verbs[i].name))
      return run (verbs[i].run, argc - 1, argv + 1);
  }
  fprintf (stderr, _("signet-authority: there is no verb “%s”.\n\n"), argv[1]);
  print_help (stderr);
  return 2;
}
