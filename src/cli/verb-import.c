/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verbs.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "cli/describe.h"
#include "cli/terminal.h"
#include "keyset/keyset-import.h"

#include <stdio.h>

/* FIRST and those of MORE (NULL or up to NULL): (element-type SignetSecret). */
static GPtrArray *
read_files (const char *first, char **more, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_secret_unref);
  SignetSecret *file = signet_terminal_read_file (first, SIGNET_MAX_KEY_FILE, error);

  for (; file != NULL && more != NULL && *more != NULL; more++) {
    g_ptr_array_add (files, file);
    file = signet_terminal_read_file (*more, SIGNET_MAX_KEY_FILE, error);
  }
  if (file == NULL)
    return NULL;
  g_ptr_array_add (files, file);
  return g_steal_pointer (&files);
}

/* Asks for the files' password only when they have one. */
static SignetImport *
open_files (GPtrArray *files, const char *name, int password_fd, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (SignetSecret) password = NULL;
  g_autofree char *prompt = g_strdup_printf (_("Password of the file “%s”: "), name);
  SignetImport *import = signet_import_read (files, NULL, NULL, &problem);

  if (!g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD)) {
    if (import == NULL)
      g_propagate_error (error, g_steal_pointer (&problem));
    return import;
  }
  password = password_fd >= 0 ? signet_terminal_read_password_fd (password_fd, error)
                              : signet_terminal_ask_password (prompt, error);
  return password != NULL ? signet_import_read (files, password, NULL, error) : NULL;
}

/* NAME NULL: a new keyset, named after what is in the file.  LEVEL 0: that of the keyset that is there, or High. */
static SignetKeyset *
install (SignetEnroller *enroller, SignetImport *import, const char *name, SignetLevel level, int password_fd,
         GError **error)
{
  g_autofree char *chosen = name != NULL ? g_strdup (name)
                                         : signet_enroller_suggest_name (enroller, import->name, NULL, error);
  g_autoptr (GError) problem = NULL;
  g_autoptr (SignetKeyset) existing = chosen != NULL ? signet_enroller_find_keyset (enroller, chosen, NULL, &problem)
                                                     : NULL;
  g_autoptr (SignetSecret) password = NULL;

  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  else if (chosen != NULL && signet_verb_choose_protection (chosen, existing, password_fd, &level, &password, error))
    return signet_keysets_import (signet_enroller_get_store (enroller), import, chosen, existing != NULL, level,
                                  password, NULL, error);
  return NULL;
}

static void
say_more (SignetImport *import)
{
  if (import->weak)
    fprintf (stderr, "%s\n", _("Warning: the file protects the keys badly, or not at all. Delete it, and its copies, "
                               "when you need it no more."));
  if (import->left_out > 0)
    fprintf (stderr, ngettext ("Warning: %u key was left out: it has no certificate for mail, or is of a kind that "
                               "Signet does not use.\n",
                               "Warning: %u keys were left out: they have no certificate for mail, or are of a kind "
                               "that Signet does not use.\n", import->left_out), import->left_out);
}

gboolean
signet_verb_import (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  g_autofree char *keyset_name = NULL, *level_name = NULL;
  g_auto (GStrv) more = NULL;
  int password_fd = -1;
  SignetLevel level = 0;
  gboolean json = FALSE;
  GOptionEntry entries[] = {
    { "with", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &more,
      N_("Read this file, too: the certificates that belong to a key"), N_("FILE") },
    { "keyset", 0, 0, G_OPTION_ARG_STRING, &keyset_name,
      N_("Put them into this keyset (default: a new one, named as in the file)"), N_("NAME") },
    { "level", 0, 0, G_OPTION_ARG_STRING, &level_name,
      N_("Security level: high (default), medium or low"), N_("LEVEL") },
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &password_fd,
      N_("Read passwords from this file descriptor, one a line: the file's, if it has one, then the keyset's, at High"),
      N_("N") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print JSON"), NULL },
    { NULL },
  };

  if (!signet_verb_parse (entries, _("FILE"), 1, &count, &arguments, error) ||
      (level_name != NULL && !signet_verb_parse_level (level_name, &level, error)))
    return FALSE;

  g_autoptr (GPtrArray) files = read_files (arguments[1], more, error);
  g_autoptr (SignetImport) import = files != NULL ? open_files (files, arguments[1], password_fd, error) : NULL;
  g_autoptr (SignetKeyset) keyset = import != NULL ? install (enroller, import, keyset_name, level, password_fd, error)
                                                   : NULL;
  if (keyset == NULL)
    return FALSE;
  say_more (import);
  signet_print_changed_keyset (keyset, json);
  return TRUE;
}
