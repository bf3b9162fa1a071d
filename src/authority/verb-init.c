/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/verbs.h"

#include "authority/audit.h"
#include "authority/authority.h"
#include "authority/database-officers.h"
#include "authority/files.h"
#include "authority/officers.h"
#include "authority/terminal.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/hex.h"
#include "base/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_OFFICERS 3
#define DEFAULT_THRESHOLD 2

/* Who will be the officers. */
typedef struct {
  GPtrArray *seeds;                /* (element-type SignetOfficerSeed) */
  guint threshold;
} Council;

/* Everything is made in DIR.tmp, which then takes its name: a killed `init` leaves no half of an authority. */

static gboolean
check_target (const char *directory, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);

  if (dir == NULL && g_file_test (directory, G_FILE_TEST_EXISTS)) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_EXISTS, _("%s is not a folder."), directory);
    return FALSE;
  }
  if (dir != NULL && g_dir_read_name (dir) != NULL) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_EXISTS,
                 _("%s is not empty. An authority is made in a new folder."), directory);
    return FALSE;
  }
  return TRUE;
}

/* A draft folder that nobody holds is what a killed `init` left.  The descriptor that holds the new one; -1: error. */
static int
open_draft (const char *draft, GError **error)
{
  int fd;

  if (mkdir (draft, 0700) < 0 && errno != EEXIST) {
    signet_file_fail (draft, error);
    return -1;
  }
  fd = open (draft, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) {
    signet_file_fail (draft, error);
    return -1;
  }
  if (flock (fd, LOCK_EX | LOCK_NB) < 0) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_BUSY, _("Another “signet-authority init” is at work in %s."), draft);
    close (fd);
    return -1;
  }
  return fd;
}

/* Removes what is in the draft folder, not the folder, which is held. */
static gboolean
empty_draft (const char *draft, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (draft, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (draft, name, NULL);
    if (!signet_folder_remove (path, error))
      return FALSE;
  }
  return TRUE;
}

/* The officers and the first entry of the audit log, at once. */
static gboolean
fill_database (const char *draft, SignetRoster *roster, GError **error)
{
  g_autofree char *path = signet_authority_database_path (draft);
  g_autoptr (SignetDatabase) database = signet_database_open (path, TRUE, error);
  g_autofree char *detail = g_strdup_printf ("%u of %u officers", roster->threshold, roster->officers->len);

  if (database == NULL || !signet_database_begin (database, error))
    return FALSE;
  if (signet_database_add_roster (database, roster, error) &&
      signet_audit_add (database, g_get_user_name (), "init", "", FALSE, detail, error))
    return signet_database_commit (database, error);
  signet_database_rollback (database);
  return FALSE;
}

static gboolean
fill_draft (const char *draft, const char *text, SignetSettings *settings, const Council *council, GError **error)
{
  g_autofree char *conf = g_build_filename (draft, "authority.conf", NULL);
  g_autofree char *keys = g_build_filename (draft, "keys", NULL);
  g_autoptr (SignetPrivateKey) recovery = NULL;
  g_autoptr (GBytes) sealed = NULL;

  if (!empty_draft (draft, error) || !signet_file_write (conf, text, strlen (text), 0600, error) ||
      !signet_authority_keys_create (draft, settings, signet_clock_now (), &recovery, error))
    return FALSE;
  g_autoptr (SignetRoster) roster =
    signet_roster_create (council->seeds, council->threshold, recovery, &sealed, error);
  return roster != NULL && signet_authority_keys_write_sealed (draft, sealed, error) &&
         fill_database (draft, roster, error) && signet_folder_sync (keys, error) && signet_folder_sync (draft, error);
}

static gboolean
print_made (const char *directory, SignetSettings *settings, const char *draft, const Council *council,
            GError **error)
{
  g_autoptr (SignetCertificate) root = signet_authority_keys_read_root (draft, error);

  if (root == NULL)
    return FALSE;
  g_autoptr (GBytes) pin = signet_certificate_get_pin (root);
  g_autofree char *groups = signet_hex_format_groups (pin);
  printf (_("%s, in %s\n\nFingerprint: %s\n\nOfficers:\n"), settings->name, directory, groups);
  for (guint i = 0; i < council->seeds->len; i++)
    printf ("  %s\n", ((SignetOfficerSeed *) council->seeds->pdata[i])->name);
  /* Translators: both numbers count officers, as in "2 of 3" */
  printf (_("\n%u of these %u must approve before a user's encryption keys can be recovered.\n"), council->threshold,
          council->seeds->len);
  printf ("%s\n\n", _("Their passwords are stored nowhere. If too many of them are forgotten, nobody can open the "
                      "archive any more."));
  return TRUE;
}

static gboolean
finish (const char *draft, const char *directory, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (directory);

  signet_fault_point ("init:before-rename");
  if (rename (draft, directory) < 0)
    return signet_file_fail (directory, error);
  signet_fault_point ("init:after-rename");
  printf (_("Next: signet-authority serve %s\n      signet-authority invite %s NAME@DOMAIN\n"), directory, directory);
  return signet_folder_sync (parent, error);
}

static gboolean
make_authority (const char *directory, const char *text, SignetSettings *settings, const Council *council,
                GError **error)
{
  g_autofree char *draft = g_strconcat (directory, ".tmp", NULL);
  int fd = open_draft (draft, error);

  if (fd < 0)
    return FALSE;

  gboolean made = fill_draft (draft, text, settings, council, error) &&
                  print_made (directory, settings, draft, council, error) && finish (draft, directory, error);
  if (!made)
    signet_folder_remove (draft, NULL);
  close (fd);
  return made;
}

/* How many there are, and how many must approve. */
static gboolean
count_officers (char **names, int *n, int *m, GError **error)
{
  int named = names != NULL ? (int) g_strv_length (names) : 0;

  if (*n == 0)
    *n = named > 0 ? named : DEFAULT_OFFICERS;
  if (*m == 0)
    *m = *n == 1 ? 1 : DEFAULT_THRESHOLD;
  if (named > 0 && named != *n) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                         _("Give --officer once for each of the --officers, or not at all."));
    return FALSE;
  }
  return *m > 0 && *n > 0 ? signet_roster_check_threshold (*m, *n, error)
                          : signet_roster_check_threshold (0, 1, error);
}

/* All of them before anything is made: an archive that some share is missing of must not come to be. */
static gboolean
ask_officers (Council *council, char **names, int n, int password_fd, GError **error)
{
  for (int i = 0; i < n; i++) {
    g_autofree char *question = g_strdup_printf (_("Name of officer %d of %d: "), i + 1, n);
    g_autofree char *name = names != NULL ? g_strdup (names[i]) : signet_terminal_ask (question, error);
    g_autofree char *prompt = g_strdup_printf (_("Password of officer %s: "), name);
    g_autoptr (SignetSecret) password =
      name != NULL ? signet_terminal_get_password (password_fd, prompt, TRUE, error) : NULL;

    if (password == NULL)
      return FALSE;
    SignetOfficerSeed *seed = signet_officer_seed_new (name, password);
    g_ptr_array_add (council->seeds, seed);
    if (!signet_officer_seed_check (seed, council->seeds, i, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
signet_verb_init (int count, char **arguments, GError **error)
{
  g_autofree char *name = NULL, *domain = NULL, *url = NULL, *listen = NULL, *crl_url = NULL, *crl_listen = NULL;
  g_autofree char *encryption = NULL, *delivery = NULL, *maildir = NULL;
  g_auto (GStrv) names = NULL;
  int officers = 0, threshold = 0, password_fd = -1;
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, N_("What users read: “Example Authority”"), N_("NAME") },
    { "domain", 0, 0, G_OPTION_ARG_STRING, &domain, N_("The mail domain of the users: example.org"), N_("DOMAIN") },
    { "url", 0, 0, G_OPTION_ARG_STRING, &url, N_("Where users reach it (https://DOMAIN:8443)"), N_("URL") },
    { "listen", 0, 0, G_OPTION_ARG_STRING, &listen, N_("Where it listens (127.0.0.1, at the URL's port)"),
      N_("ADDRESS:PORT") },
    { "crl-url", 0, 0, G_OPTION_ARG_STRING, &crl_url,
      N_("Where the list of revoked certificates is found (http://HOST:8080/authority.crl)"), N_("URL") },
    { "crl-listen", 0, 0, G_OPTION_ARG_STRING, &crl_listen,
      N_("Where it listens for that; none: another web server does"), N_("ADDRESS:PORT") },
    { "encryption", 0, 0, G_OPTION_ARG_STRING, &encryption, N_("Encryption keys: RSA-3072, RSA-4096, P-256 or P-384"),
      N_("KIND") },
    { "delivery", 0, 0, G_OPTION_ARG_STRING, &delivery, N_("How replies are mailed: maildir, sendmail, smtp or none"),
      N_("METHOD") },
    { "maildir", 0, 0, G_OPTION_ARG_STRING, &maildir,
      N_("The Maildir of a user: /var/mail/{address} (DIR/mail/{address})"), N_("PATH") },
    { "officers", 0, 0, G_OPTION_ARG_INT, &officers, N_("How many people guard the archive together (3)"), N_("N") },
    { "threshold", 0, 0, G_OPTION_ARG_INT, &threshold, N_("How many of them must approve a recovery (2)"), N_("M") },
    { "officer", 0, 0, G_OPTION_ARG_STRING_ARRAY, &names,
      N_("The name of an officer, once for each; otherwise names are asked for"), N_("NAME") },
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &password_fd,
      N_("Read the officers' passwords from this file descriptor, a line each, in their order; otherwise they are "
         "asked for"), N_("FD") },
    { NULL },
  };

  if (!signet_verb_parse (entries, "DIR", 1, &count, &arguments, error))
    return FALSE;
  if (name == NULL || domain == NULL) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("Both --name and --domain must be given."));
    return FALSE;
  }

  if (!count_officers (names, &officers, &threshold, error))
    return FALSE;

  g_autoptr (GPtrArray) seeds = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_officer_seed_free);
  Council council = { seeds, threshold };
  const SignetSettingsSeed seed = { name, domain, url, listen, crl_url, crl_listen, encryption, delivery, maildir };
  g_autofree char *directory = g_canonicalize_filename (arguments[1], NULL);
  g_autofree char *text = signet_settings_write (&seed);
  g_autoptr (SignetSettings) settings = signet_settings_parse (text, strlen (text), directory, error);
  return settings != NULL && check_target (directory, error) &&
         ask_officers (&council, names, officers, password_fd, error) &&
         make_authority (directory, text, settings, &council, error);
}
