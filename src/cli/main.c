/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/terminal.h"
#include "cli/verbs.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/process.h"
#include "base/terminal.h"
#include "config.h"
#include "keyset/secret-service-store.h"

#include <stdio.h>
#include <string.h>

static const struct {
  const char *name;
  const char *operands;
  const char *summary;
  SignetVerb run;
} verbs[] = {
  { "enroll", N_("INVITATION"), N_("Ask for a digital ID with an invitation (a file or “-”)"), signet_verb_enroll },
  { "request", N_("ADDRESS"), N_("Make a request for any authority, as a file"), signet_verb_request },
  { "pending", "", N_("List the requests that are on their way"), signet_verb_pending },
  { "fetch", "", N_("Send what is unsent and ask for replies"), signet_verb_fetch },
  { "open", N_("FILE"),
    N_("Install the digital ID of a reply (a file, or a request's id), or of a certificate"), signet_verb_open },
  { "list", "", N_("List the keysets"), signet_verb_list },
  { "show", N_("KEYSET"), N_("Show a keyset's digital IDs"), signet_verb_show },
  { "import", N_("FILE"), N_("Take digital IDs over from another program's file"), signet_verb_import },
  { "export", N_("KEYSET"), N_("Write digital IDs to a file for another program"), signet_verb_export },
  { "backup", "", N_("Back up all keysets to one file"), signet_verb_backup },
  { "restore", N_("FILE"), N_("Bring back the keysets of a backup"), signet_verb_restore },
  { "password", N_("KEYSET"), N_("Change a keyset's password"), signet_verb_password },
  { "level", N_("KEYSET LEVEL"), N_("Change a keyset's security level: high, medium or low"), signet_verb_level },
  { "remember", N_("KEYSET MINUTES"), N_("Let a keyset's password be remembered for some minutes, or never"),
    signet_verb_remember },
  { "rename", N_("KEYSET NAME"), N_("Give a keyset another name"), signet_verb_rename },
  { "test", N_("KEYSET"), N_("Try a keyset's digital IDs as a mail program would"), signet_verb_test },
  { "renew", N_("KEYSET"), N_("Renew a keyset's digital ID with its current key"), signet_verb_renew },
  { "revoke", N_("KEYSET"), N_("Have a keyset's digital ID revoked: other people stop trusting it"),
    signet_verb_revoke },
  { "remove", N_("KEYSET"), N_("Remove a keyset for good"), signet_verb_remove },
  { "which", N_("ADDRESS"), N_("Say which digital ID is used for a mail address, and why"), signet_verb_which },
  { "settings", N_("ADDRESS"), N_("Show or change how mail of an address is signed and encrypted"),
    signet_verb_settings },
};

/* The exit status tells a script what went wrong; --help prints this list, so the numbers stay what they are. */
static const struct {
  int status;
  const char *meaning;
  SignetError codes[4];
  guint n_codes;
} statuses[] = {
  { 3, N_("wrong password"), { SIGNET_ERROR_WRONG_PASSWORD }, 1 },
  { 4, N_("not trusted: wrong server, authority or signature"), { SIGNET_ERROR_UNTRUSTED }, 1 },
  { 5, N_("not for us: no request here fits, or it was removed"),
    { SIGNET_ERROR_NOT_FOR_US, SIGNET_ERROR_REMOVED }, 2 },
  { 6, N_("the server, or the key store, does not answer"), { SIGNET_ERROR_UNREACHABLE }, 1 },
  { 7, N_("the authority refused"), { SIGNET_ERROR_REFUSED }, 1 },
  { 8, N_("damaged, not well formed, too large or of an unknown version"),
    { SIGNET_ERROR_DAMAGED, SIGNET_ERROR_INVALID, SIGNET_ERROR_TOO_LARGE, SIGNET_ERROR_UNSUPPORTED }, 4 },
  { 9, N_("installed already"), { SIGNET_ERROR_ALREADY_INSTALLED }, 1 },
  { 10, N_("what was named exists already, or does not exist"), { SIGNET_ERROR_EXISTS, SIGNET_ERROR_NOT_FOUND }, 2 },
  { 11, N_("no key store, or it stays locked"), { SIGNET_ERROR_NO_STORE, SIGNET_ERROR_LOCKED }, 2 },
  { 12, N_("busy: try again later"), { SIGNET_ERROR_BUSY }, 1 },
  { 13, N_("expired, revoked or not valid yet"), { SIGNET_ERROR_EXPIRED }, 1 },
  { 14, N_("another Signet changed it meanwhile"), { SIGNET_ERROR_CHANGED }, 1 },
};

static void
print_help (FILE *stream)
{
  fprintf (stream, "%s\n\n%s\n", _("Usage: signetctl VERB [OPTION…]"), _("Verbs:"));
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    fprintf (stream, "  %-8s %-12s %s\n", verbs[i].name, *verbs[i].operands != '\0' ? _(verbs[i].operands) : "",
             _(verbs[i].summary));
  fprintf (stream, "\n%s\n\n%s\n", _("“signetctl VERB --help” lists the options of a verb."), _("Exit status:"));
  fprintf (stream, "  0   %s\n  1   %s\n  2   %s\n", _("done"), _("another failure, or cancelled"),
           _("wrong use of signetctl"));
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    fprintf (stream, "  %-3d %s\n", statuses[i].status, _(statuses[i].meaning));
}

/* GLib leaves the "--" that ends the options where an operand begins with "-". */
static void
drop_separator (int *count, char **arguments)
{
  for (int i = 1; i < *count; i++) {
    if (!g_str_equal (arguments[i], "--"))
      continue;
    memmove (arguments + i, arguments + i + 1, (*count - i) * sizeof *arguments);
    (*count)--;
    return;
  }
}

gboolean
signet_verb_parse (const GOptionEntry *entries, const char *usage, int operands, int *count, char ***arguments,
                   GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (usage);
  g_autofree char *program = g_strconcat ("signetctl ", (*arguments)[0], NULL);

  g_set_prgname (program);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, count, arguments, error))
    return FALSE;
  if (*count == operands + 2)
    drop_separator (count, *arguments);
  if (*count == operands + 1)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("“%s” takes %s. See “%s --help”."), program,
               operands == 0 ? _("nothing but options") : usage, program);
  return FALSE;
}

gboolean
signet_verb_parse_level (const char *name, SignetLevel *level, GError **error)
{
  if (signet_level_from_name (name, level))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("The level is high, medium or low; not “%s”."), name);
  return FALSE;
}

gboolean
signet_verb_choose_protection (const char *name, SignetKeyset *existing, int password_fd, SignetLevel *level,
                               SignetSecret **password, GError **error)
{
  if (*level == 0)
    *level = existing != NULL ? signet_keyset_get_level (existing) : SIGNET_LEVEL_HIGH;
  if (*level != SIGNET_LEVEL_HIGH)
    return TRUE;
  *password = signet_terminal_get_password (name, existing == NULL, password_fd, error);
  return *password != NULL;
}

SignetKeyset *
signet_verb_find_keyset (SignetEnroller *enroller, const char *name, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  SignetKeyset *keyset = signet_enroller_find_keyset (enroller, name, NULL, &local_error);

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (keyset == NULL)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND,
                 _("There is no keyset “%s”. “signetctl list” shows those that there are."), name);
  return keyset;
}

gboolean
signet_verb_confirm_name (SignetKeyset *keyset, const char *prompt, const char *hint, GError **error)
{
  g_autofree char *typed = signet_terminal_ask_line (prompt, hint, error);

  if (typed == NULL)
    return FALSE;
  if (signet_keyset_name_equal (typed, signet_keyset_get_name (keyset)))
    return TRUE;
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_FAILED,
                       _("That is not the keyset's name. Nothing was changed."));
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
run (SignetVerb verb, int argc, char **argv)
{
  g_autoptr (SignetStore) store = signet_secret_service_store_new ();
  g_autoptr (SignetEnroller) enroller = signet_enroller_new (store);
  g_autoptr (GError) error = NULL;

  if (verb (enroller, argc, argv, &error) && fflush (stdout) == 0)
    return 0;
  signet_terminal_end_by_signal ();
  fprintf (stderr, "signetctl: %s\n", error != NULL ? error->message : _("The output could not be written."));
  return error != NULL ? to_status (error) : 1;
}

int
main (int argc, char **argv)
{
  signet_process_init ();

  if (argc < 2) {
    print_help (stderr);
    return 2;
  }
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h") || g_str_equal (argv[1], "help")) {
    print_help (stdout);
    return 0;
  }
  if (g_str_equal (argv[1], "--version")) {
    printf ("signetctl %s\n", VERSION);
    return 0;
  }
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++) {
    if (g_str_equal (argv[1], verbs[i].name))
      return run (verbs[i].run, argc - 1, argv + 1);
  }
  fprintf (stderr, _("signetctl: there is no verb “%s”.\n\n"), argv[1]);
  print_help (stderr);
  return 2;
}
