/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verbs.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "base/private-file.h"
#include "cli/describe.h"
#include "cli/terminal.h"
#include "keyset/keyset-backup.h"

#include <stdio.h>

gboolean
signet_verb_backup (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  g_autofree char *path = NULL;
  gboolean force = FALSE;
  int password_fd = -1;
  guint damaged = 0;
  GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &path, N_("Write this file"), N_("FILE") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &force, N_("Replace the file if there is one"), NULL },
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &password_fd,
      N_("Read the backup's new password from this file descriptor"), N_("N") },
    { NULL },
  };

  if (!signet_verb_parse (entries, NULL, 0, &count, &arguments, error))
    return FALSE;
  if (path == NULL) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("Name a file with --output."));
    return FALSE;
  }
  if (!signet_private_file_check (path, force, error))
    return FALSE;

  g_autoptr (SignetSecret) password = signet_terminal_get_password (path, TRUE, password_fd, error);
  g_autoptr (SignetSecret) file = password != NULL ? signet_keysets_back_up (signet_enroller_get_store (enroller),
                                                                            password, &damaged, NULL, error) : NULL;
  if (file == NULL || !signet_private_file_write (path, file, force, error))
    return FALSE;
  if (damaged == 0)
    return TRUE;
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED,
               ngettext ("%u keyset in the store cannot be read and is not in the backup.",
                         "%u keysets in the store cannot be read and are not in the backup.", damaged), damaged);
  return FALSE;
}

static void
print_list (GPtrArray *keysets, const char *fate)
{
  for (guint i = 0; i < keysets->len; i++)
    printf ("%s: %s\n", signet_keyset_get_name (keysets->pdata[i]), fate);
}

static void
add_json (JsonObject *object, const char *member, GPtrArray *keysets)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < keysets->len; i++)
    json_array_add_object_element (array, signet_describe_keyset (keysets->pdata[i]));
  json_object_set_array_member (object, member, array);
}

static void
print_restored (SignetRestored *restored, gboolean json)
{
  if (json) {
    JsonObject *object = json_object_new ();
    add_json (object, "restored", restored->restored);
    add_json (object, "same", restored->same);
    add_json (object, "different", restored->different);
    add_json (object, "name-taken", restored->name_taken);
    signet_print_json (object);
    return;
  }
  print_list (restored->restored, _("restored"));
  print_list (restored->same, _("here already"));
  print_list (restored->different, _("not restored; the one here differs"));
  print_list (restored->name_taken, _("not restored; another keyset has this name"));
}

gboolean
signet_verb_restore (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  int password_fd = -1;
  gboolean json = FALSE;
  GOptionEntry entries[] = {
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &password_fd, N_("Read the backup's password from this file descriptor"),
      N_("N") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print JSON"), NULL },
    { NULL },
  };

  if (!signet_verb_parse (entries, _("FILE"), 1, &count, &arguments, error))
    return FALSE;

  g_autoptr (SignetSecret) file = signet_terminal_read_file (arguments[1], SIGNET_MAX_BACKUP, error);
  g_autoptr (SignetSecret) password = file != NULL ? signet_terminal_get_password (arguments[1], FALSE, password_fd,
                                                                                  error) : NULL;
  SignetStore *store = signet_enroller_get_store (enroller);
  g_autoptr (SignetRestored) found = password != NULL ? signet_keysets_open_backup (store, file, password, NULL, error)
                                                      : NULL;
  g_autoptr (SignetRestored) restored = found != NULL ? signet_keysets_restore (store, found->all, NULL, error) : NULL;
  if (restored == NULL)
    return FALSE;
  print_restored (restored, json);
  if (restored->different->len + restored->name_taken->len == 0)
    return TRUE;
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_EXISTS,
                       _("Some keysets were not restored, because nothing that is here is replaced. Remove or rename "
                         "those here first if you want the ones of the backup."));
  return FALSE;
}
