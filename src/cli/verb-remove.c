/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verbs.h"

#include "base/i18n.h"
#include "cli/describe.h"
#include "keyset/keyset-change.h"

#include <stdio.h>

/* In numbers: mail is encrypted to the current encryption ID and to each in the key history. */
static void
say_what_goes (SignetKeyset *keyset)
{
  GPtrArray *ids = signet_keyset_get_ids (keyset);
  guint encryption = 0;

  for (guint i = 0; i < ids->len; i++)
    encryption += ((SignetDigitalId *) ids->pdata[i])->use == SIGNET_ID_ENCRYPTION;
  fprintf (stderr, ngettext ("“%s” holds %u digital ID.\n", "“%s” holds %u digital IDs.\n", ids->len),
           signet_keyset_get_name (keyset), ids->len);
  if (encryption > 0)
    fprintf (stderr, ngettext ("Mail encrypted to %u of them can no longer be read once it is removed.\n",
                               "Mail encrypted to %u of them can no longer be read once they are removed.\n",
                               encryption), encryption);
}

static gboolean
ask (SignetKeyset *keyset, GError **error)
{
  fprintf (stderr, "%s\n", _("“signetctl backup --help” says how to keep a copy first."));
  return signet_verb_confirm_name (keyset, _("Type the keyset's name to remove it: "),
                                   _("There is no terminal to ask on. Say --yes to remove it."), error);
}

gboolean
signet_verb_remove (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  gboolean yes = FALSE, json = FALSE;
  GOptionEntry entries[] = {
    { "yes", 0, 0, G_OPTION_ARG_NONE, &yes, N_("Do not ask for the keyset's name again"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print what was removed as JSON"), NULL },
    { NULL },
  };

  if (!signet_verb_parse (entries, _("KEYSET"), 1, &count, &arguments, error))
    return FALSE;

  g_autoptr (SignetKeyset) keyset = signet_verb_find_keyset (enroller, arguments[1], error);
  if (keyset == NULL)
    return FALSE;
  say_what_goes (keyset);
  if ((!yes && !ask (keyset, error)) ||
      !signet_keysets_remove (signet_enroller_get_store (enroller), keyset, NULL, error))
    return FALSE;
  if (json)
    signet_print_json (signet_describe_keyset (keyset));
  else
    printf (_("Removed “%s”.\n"), signet_keyset_get_name (keyset));
  return TRUE;
}
