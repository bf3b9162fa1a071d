/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verbs.h"

#include "base/error.h"
#include "base/i18n.h"
#include "cli/describe.h"
#include "keyset/keyset-list.h"

#include <stdio.h>

gboolean
signet_verb_list (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  gboolean json = FALSE;
  guint damaged = 0;
  GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print JSON"), NULL },
    { NULL },
  };

  if (!signet_verb_parse (entries, NULL, 0, &count, &arguments, error))
    return FALSE;

  g_autoptr (GPtrArray) keysets = signet_keysets_load (signet_enroller_get_store (enroller), &damaged, NULL, error);
  if (keysets == NULL)
    return FALSE;
  if (json)
    signet_print_json_list ("keysets", keysets, (JsonObject *(*) (gpointer)) signet_describe_keyset);
  else if (keysets->len == 0)
    printf ("%s\n", _("No digital IDs yet."));
  for (guint i = 0; i < keysets->len && !json; i++)
    signet_print_keyset_line (keysets->pdata[i]);
  if (damaged == 0)
    return TRUE;
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED,
               ngettext ("%u keyset in the store cannot be read.", "%u keysets in the store cannot be read.", damaged),
               damaged);
  return FALSE;
}

gboolean
signet_verb_show (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  gboolean json = FALSE;
  GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print JSON"), NULL },
    { NULL },
  };

  if (!signet_verb_parse (entries, _("KEYSET"), 1, &count, &arguments, error))
    return FALSE;

  g_autoptr (SignetKeyset) keyset = signet_verb_find_keyset (enroller, arguments[1], error);
  if (keyset == NULL)
    return FALSE;
  if (json)
    signet_print_json (signet_describe_keyset (keyset));
  else
    signet_print_keyset (keyset);
  return TRUE;
}
