/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/verbs.h"

#include "authority/authority.h"
#include "authority/files.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "protocol/temporary-key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

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

static gboolean
fill_draft (const char *draft, const char *text, SignetSettings *settings, SignetSecret **code, GError **error)
{
  g_autofree char *conf = g_build_filename (draft, "authority.conf", NULL);
  g_autofree char *path = signet_authority_database_path (draft);
  g_autofree char *keys = g_build_filename (draft, "keys", NULL);

  if (!empty_draft (draft, error) || !signet_file_write (conf, text, strlen (text), 0600, error) ||
      !signet_authority_keys_create (draft, settings, signet_clock_now (), code, error))
    return FALSE;

  g_autoptr (SignetDatabase) database = signet_database_open (path, TRUE, error);
  return database != NULL && signet_folder_sync (keys, error) && signet_folder_sync (draft, error);
}

/* Before the folder gets its name: an authority whose recovery code nobody has seen must not come to be. */
static gboolean
print_code (const char *directory, SignetSettings *settings, const char *draft, SignetSecret *code, GError **error)
{
  g_autoptr (SignetSecret) shown = signet_temporary_key_format (code);
  g_autoptr (SignetCertificate) root = signet_authority_keys_read_root (draft, error);

  if (root == NULL)
    return FALSE;
  g_autoptr (GBytes) pin = signet_certificate_get_pin (root);
  g_autofree char *groups = signet_hex_format_groups (pin);
  printf (_("%s, in %s\n\nFingerprint: %s\n\nRecovery code: %s\n\n"), settings->name, directory, groups,
          signet_secret_get_text (shown));
  printf (
      "%s\n\n",
      _("Write the recovery code on paper now: it is shown only once and stored nowhere. Without it nobody can open\n"
         "the archive of encryption keys; with it and a copy of the folder, anybody can."));
  if (fflush (stdout) == 0)
    return TRUE;
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_FAILED,
                       _("The recovery code could not be printed, so no authority was made."));
  return FALSE;
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
make_authority (const char *directory, const SignetSettingsSeed *seed, GError **error)
{
  g_autofree char *draft = g_strconcat (directory, ".tmp", NULL);
  g_autofree char *text = signet_settings_write (seed);
  g_autoptr (SignetSettings) settings = signet_settings_parse (text, strlen (text), directory, error);
  g_autoptr (SignetSecret) code = NULL;
  int fd;

  if (settings == NULL || !check_target (directory, error) || (fd = open_draft (draft, error)) < 0)
    return FALSE;

  gboolean made = fill_draft (draft, text, settings, &code, error) &&
                  print_code (directory, settings, draft, code, error) && finish (draft, directory, error);
  if (!made)
    signet_folder_remove (draft, NULL);
  close (fd);
  return made;
}

gboolean
signet_verb_init (int count, char **arguments, GError **error)
{
  g_autofree char *name = NULL, *domain = NULL, *url = NULL, *listen = NULL, *crl_url = NULL, *crl_listen = NULL;
  g_autofree char *encryption = NULL, *delivery = NULL, *maildir = NULL;
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
    { NULL },
  };

  if (!signet_verb_parse (entries, "DIR", 1, &count, &arguments, error))
    return FALSE;
  if (name == NULL || domain == NULL) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("Both --name and --domain must be given."));
    return FALSE;
  }

  const SignetSettingsSeed seed = { name, domain, url, listen, crl_url, crl_listen, encryption, delivery, maildir };
  g_autofree char *directory = g_canonicalize_filename (arguments[1], NULL);
  return make_authority (directory, &seed, error);
}
