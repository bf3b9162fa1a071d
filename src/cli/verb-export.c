/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verbs.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/private-file.h"
#include "cli/prompter.h"
#include "cli/terminal.h"
#include "keyset/keyset-export.h"
#include "keyset/keyset-use.h"

#include <string.h>

static gboolean
parse_use (const char *name, int *use, GError **error)
{
  static const char *const names[] = { [SIGNET_ID_SIGNING] = "signing", [SIGNET_ID_ENCRYPTION] = "encryption" };

  *use = -1;
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (names); i++)
    if (strcmp (name, names[i]) == 0)
      *use = i;
  if (name == NULL || *use >= 0)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("The use is signing or encryption; not “%s”."), name);
  return FALSE;
}

static gboolean
parse_target (const char *name, SignetExportTarget *target, GError **error)
{
  if (signet_export_target_from_name (name, target))
    return TRUE;
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       _("Say with --for which program the file is for: thunderbird, windows, macos, gnupg or "
                         "openssl."));
  return FALSE;
}

/* The keys, under a password of the file's own. */
static SignetSecret *
export_keys (SignetStore *store, SignetKeyset *keyset, const SignetExportChoice *choice, const char *path,
             int password_fd, SignetSecret **file_password, GError **error)
{
  g_autoptr (SignetPrompter) prompter = signet_terminal_prompter_new (password_fd);
  g_autoptr (GPtrArray) keys = signet_keyset_use (store, keyset, SIGNET_TERMINAL_PROGRAM, SIGNET_PURPOSE_EXPORT,
                                                  prompter, NULL, error);

  if (keys != NULL)
    *file_password = signet_terminal_get_password (path, TRUE, password_fd, error);
  if (*file_password == NULL)
    return NULL;
  return signet_keyset_export (keyset, keys, choice, *file_password, NULL, error);
}

/* What is not in the file would be lost. */
static gboolean
check_removal (const SignetExportChoice *choice, gboolean certificates, GError **error)
{
  if (!certificates && signet_export_choice_is_all (choice))
    return TRUE;
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       _("The file would not hold the whole keyset, so it cannot be removed here: leave --remove out, "
                         "or export all of it, for another program than gnupg."));
  return FALSE;
}

gboolean
signet_verb_export (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  g_autofree char *path = NULL, *target_name = NULL, *use_name = NULL;
  gboolean certificates = FALSE, force = FALSE, remove = FALSE;
  SignetExportChoice choice = { SIGNET_EXPORT_OPENSSL, -1, FALSE };
  int password_fd = -1;
  GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &path, N_("Write this file"), N_("FILE") },
    { "for", 0, 0, G_OPTION_ARG_STRING, &target_name,
      N_("The program that is to read it: thunderbird, windows, macos, gnupg or openssl"), N_("PROGRAM") },
    { "use", 0, 0, G_OPTION_ARG_STRING, &use_name,
      N_("Only the digital IDs for this: signing or encryption (gnupg: just one, encryption if not said)"), N_("USE") },
    { "certificates", 0, 0, G_OPTION_ARG_NONE, &certificates,
      N_("Only the certificates, which everybody may have, without a password"), NULL },
    { "current", 0, 0, G_OPTION_ARG_NONE, &choice.current_only, N_("Leave the older keys out"), NULL },
    { "remove", 0, 0, G_OPTION_ARG_NONE, &remove,
      N_("Remove the keyset here, once the file has been read back and opened"), NULL },
    { "force", 0, 0, G_OPTION_ARG_NONE, &force, N_("Replace the file if there is one"), NULL },
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &password_fd,
      N_("Read passwords from this file descriptor, one a line: the keyset's, at High, then one for the file"),
      N_("N") },
    { NULL },
  };

  if (!signet_verb_parse (entries, _("KEYSET"), 1, &count, &arguments, error) ||
      !parse_use (use_name, &choice.use, error))
    return FALSE;
  if (path == NULL) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("Name a file with --output."));
    return FALSE;
  }
  if ((!certificates && !parse_target (target_name, &choice.target, error)) ||
      (remove && !check_removal (&choice, certificates, error)))
    return FALSE;

  g_autoptr (SignetKeyset) keyset = signet_verb_find_keyset (enroller, arguments[1], error);
  if (keyset == NULL || !signet_private_file_check (path, force, error))
    return FALSE;
  SignetStore *store = signet_enroller_get_store (enroller);
  g_autoptr (SignetSecret) file_password = NULL;
  g_autoptr (SignetSecret) contents = certificates ? signet_keyset_export_certificates (keyset)
                                                   : export_keys (store, keyset, &choice, path, password_fd,
                                                                  &file_password, error);
  if (contents == NULL || !signet_private_file_write (path, contents, force, error))
    return FALSE;
  return !remove || signet_keysets_remove_exported (store, keyset, path, file_password, NULL, error);
}
