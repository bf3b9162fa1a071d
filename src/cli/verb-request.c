/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verbs.h"

#include "base/i18n.h"
#include "base/private-file.h"
#include "cli/describe.h"
#include "enroll/file-request.h"

/* LEVEL 0 in REQUEST: that of the keyset that is there, or High. */
static SignetPending *
make (SignetEnroller *enroller, SignetFileRequest *request, int password_fd, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (SignetKeyset) existing = signet_enroller_find_keyset (enroller, request->keyset_name, NULL, &problem);
  g_autoptr (SignetSecret) password = NULL;

  if (problem != NULL) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return NULL;
  }
  if (!signet_verb_choose_protection (request->keyset_name, existing, password_fd, &request->level, &password, error))
    return NULL;
  request->password = password;
  return signet_enroller_make_file (enroller, request, NULL, error);
}

gboolean
signet_verb_request (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  g_autofree char *keyset_name = NULL, *level_name = NULL, *name = NULL, *path = NULL;
  int password_fd = -1;
  gboolean force = FALSE, json = FALSE;
  SignetFileRequest request = { 0 };
  GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &path, N_("Write this file, for the authority"), N_("FILE") },
    { "keyset", 0, 0, G_OPTION_ARG_STRING, &keyset_name,
      N_("Put the digital ID into this keyset (default: one named after the address)"), N_("NAME") },
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, N_("Your name, for the certificate"), N_("NAME") },
    { "level", 0, 0, G_OPTION_ARG_STRING, &level_name,
      N_("Security level: high (default), medium or low"), N_("LEVEL") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &force, N_("Replace the file if there is one"), NULL },
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &password_fd,
      N_("Read the keyset's password from this file descriptor"), N_("N") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print JSON"), NULL },
    { NULL },
  };

  if (!signet_verb_parse (entries, _("ADDRESS"), 1, &count, &arguments, error) ||
      (level_name != NULL && !signet_verb_parse_level (level_name, &request.level, error)))
    return FALSE;
  if (path == NULL) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("Name a file with --output."));
    return FALSE;
  }
  request.address = arguments[1];
  request.name = name;
  request.keyset_name = keyset_name != NULL ? keyset_name : arguments[1];

  g_autoptr (SignetPending) pending = signet_private_file_check (path, force, error)
                                        ? make (enroller, &request, password_fd, error) : NULL;
  g_autoptr (SignetSecret) file = pending != NULL ? signet_pending_to_file (pending) : NULL;
  if (file == NULL || !signet_private_file_write (path, file, force, error))
    return FALSE;
  if (json)
    signet_print_json (signet_describe_pending (pending));
  else
    signet_print_pending (pending);
  return TRUE;
}
