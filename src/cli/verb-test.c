/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/verbs.h"

#include "base/error.h"
#include "base/i18n.h"
#include "cli/describe.h"
#include "cli/prompter.h"
#include "revocation/keyset-test.h"

#include <stdio.h>

/* "Signing", "Encryption", or which of the older ones; NULL for the keyset itself. */
static char *
describe_id (const SignetFinding *finding)
{
  if (finding->id == NULL)
    return NULL;
  if (finding->id->use == SIGNET_ID_SIGNING)
    return g_strdup (_("Signing"));
  if (finding->id->current)
    return g_strdup (_("Encryption"));
  return g_strdup_printf (_("Older key %s"), signet_certificate_get_serial (finding->id->certificate));
}

static const char *
describe_health (SignetHealth health)
{
  switch (health) {
  case SIGNET_HEALTH_GOOD:
    return _("OK");
  case SIGNET_HEALTH_WARNING:
    return _("Warning");
  default:
    return _("Failed");
  }
}

static void
print_finding (const SignetFinding *finding)
{
  g_autofree char *about = describe_id (finding);

  printf ("%-8s  %s%s%s\n", describe_health (finding->health), about != NULL ? about : "", about != NULL ? ": " : "",
          finding->text);
  if (finding->advice != NULL)
    printf ("%-8s  %s\n", "", finding->advice);
}

static JsonObject *
describe_finding (gpointer data)
{
  const SignetFinding *finding = data;
  JsonObject *object = json_object_new ();

  if (finding->id != NULL)
    json_object_set_object_member (object, "id", signet_describe_id (finding->id));
  json_object_set_string_member (object, "check", signet_health_check_to_name (finding->check));
  json_object_set_string_member (object, "health", signet_health_to_name (finding->health));
  json_object_set_string_member (object, "text", finding->text);
  if (finding->advice != NULL)
    json_object_set_string_member (object, "advice", finding->advice);
  return object;
}

static guint
count_failed (GPtrArray *findings)
{
  guint count = 0;

  for (guint i = 0; i < findings->len; i++)
    count += ((SignetFinding *) findings->pdata[i])->health == SIGNET_HEALTH_FAILED;
  return count;
}

gboolean
signet_verb_test (SignetEnroller *enroller, int count, char **arguments, GError **error)
{
  int password_fd = -1;
  gboolean json = FALSE;
  GOptionEntry entries[] = {
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &password_fd,
      N_("Read the keyset's password, at High, from this file descriptor"), N_("N") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print JSON"), NULL },
    { NULL },
  };

  if (!signet_verb_parse (entries, _("KEYSET"), 1, &count, &arguments, error))
    return FALSE;

  g_autoptr (SignetKeyset) keyset = signet_verb_find_keyset (enroller, arguments[1], error);
  if (keyset == NULL)
    return FALSE;
  g_autoptr (SignetPrompter) prompter = signet_terminal_prompter_new (password_fd);
  g_autoptr (SignetRevocationCache) cache = signet_revocation_cache_new (NULL);
  g_autoptr (GPtrArray) findings = signet_keyset_test (signet_enroller_get_store (enroller), keyset,
                                                       SIGNET_TERMINAL_PROGRAM, prompter, cache, NULL, error);
  if (findings == NULL)
    return FALSE;
  if (json)
    signet_print_json_list ("findings", findings, describe_finding);
  for (guint i = 0; i < findings->len && !json; i++)
    print_finding (findings->pdata[i]);

  guint failed = count_failed (findings);
  if (failed == 0)
    return TRUE;
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_FAILED,
               ngettext ("%u test of “%s” failed.", "%u tests of “%s” failed.", failed), failed,
               signet_keyset_get_name (keyset));
  return FALSE;
}
