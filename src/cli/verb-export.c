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
export_keys (SignetStore *store, SignetKeyset *keyset, SignetExportTarget target, int use, const char *path,
             int password_fd, GError **error)
{
  g_autoptr (SignetPrompter) prompter = signet_terminal_prompter_new (password_fd);
  g_autoptr (GPtrArray) keys = signet_keyset_use (store, keyset, SIGNET_TERMINAL_PROGRAM, SIGNET_PURPOSE_EXPORT,
                                                  prompter, NULL, error);
  g_autoptr (SignetSecret) file_password = NULL;

  if (keys != NULL)
    file_password = signet_terminal_get_password (path, TRUE, password_fd, error);
  if (file_password == NULL)
    return NULL;
  return signet_keyset_export_keys (keyset, keys, target, use, file_password, NULL, error);
}

gboolean
signet_verb_export (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  g_autofree char *path = NULL, *target_name = NULL, *use_name = NULL;
  gboolean certificates = FALSE, force = FALSE;
  SignetExportTarget target = SIGNET_EXPORT_OPENSSL;
  int password_fd = -1, use;
  GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &path, N_("Write this file"), N_("FILE") },
    { "for", 0, 0, G_OPTION_ARG_STRING, &target_name,
      N_("The program that is to read it: thunderbird, windows, macos, gnupg or openssl"), N_("PROGRAM") },
    { "use", 0, 0, G_OPTION_ARG_STRING, &use_name,
      N_("Only the digital IDs for this: signing or encryption (gnupg: just one, encryption if not said)"), N_("USE") },
    { "certificates", 0, 0, G_OPTION_ARG_NONE, &certificates,
      N_("Only the certificates, which everybody may have, without a password"), NULL },
    { "force", 0, 0, G_OPTION_ARG_NONE, &force, N_("Replace the file if there is one"), NULL },
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &password_fd,
      N_("Read passwords from this file descriptor, one a line: the keyset's, at High, then one for the file"),
      N_("N") },
    { NULL },
  };

  if (!signet_verb_parse (entries, _("KEYSET"), 1, &count, &arguments, error) || !parse_use (use_name, &use, error))
    return FALSE;
  if (path == NULL) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("Name a file with --output."));
    return FALSE;
  }
  if (!certificates && !parse_target (target_name, &target, error))
    return FALSE;

  g_autoptr (SignetKeyset) keyset = signet_verb_find_keyset (enroller, arguments[1], error);
  if (keyset == NULL || !signet_private_file_check (path, force, error))
    return FALSE;
  g_autoptr (SignetSecret) contents = certificates ? signet_keyset_export_certificates (keyset)
                                                   : export_keys (signet_enroller_get_store (enroller), keyset, target,
                                                                  use, path, password_fd, error);
  return contents != NULL && signet_private_file_write (path, contents, force, error);
}
