/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/verbs.h"

#include "authority/command.h"
#include "authority/database-audit.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "base/json.h"

#include <stdio.h>

#define PAGE 500                   /* entries read at once */

/* In UTC: a log that is compared must read the same everywhere. */
static char *
format_time (gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (time);

  return date != NULL ? g_date_time_format_iso8601 (date) : g_strdup ("?");
}

/* Whatever is in it, an entry is one line, and cannot steer a terminal. */
static char *
escape (const char *text)
{
  GString *line = g_string_new (NULL);

  for (; *text != '\0'; text++)
    g_string_append_c (line, g_ascii_iscntrl (*text) ? ' ' : *text);
  return g_string_free (line, FALSE);
}

static void
print_entry (const SignetAuditEntry *entry)
{
  g_autofree char *time = format_time (entry->time);
  g_autofree char *line = g_strdup_printf ("%s  %s %s", entry->actor, entry->act, entry->subject);
  g_autofree char *what = escape (line), *detail = escape (entry->detail);

  printf ("%5d  %s  %s%s%s%s\n", (int) entry->number, time, what, entry->refused ? _("  REFUSED") : "",
          *detail != '\0' ? "  " : "", detail);
}

/* One object a line, so that a log of any length can be read as it comes. */
static void
print_json (const SignetAuditEntry *entry)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *hash = signet_hex_encode (entry->hash);

  json_object_set_int_member (object, "number", entry->number);
  json_object_set_int_member (object, "time", entry->time);
  json_object_set_string_member (object, "actor", entry->actor);
  json_object_set_string_member (object, "act", entry->act);
  json_object_set_string_member (object, "subject", entry->subject);
  json_object_set_boolean_member (object, "refused", entry->refused);
  json_object_set_string_member (object, "detail", entry->detail);
  json_object_set_string_member (object, "hash", hash);
  json_node_set_object (node, object);
  g_autofree char *text = json_to_string (node, FALSE);
  printf ("%s\n", text);
}

static gboolean
print_log (SignetDatabase *database, gboolean json, GError **error)
{
  gint64 number = 0;

  while (TRUE) {
    g_autoptr (GPtrArray) entries = signet_database_list_audit (database, number, PAGE, error);

    if (entries == NULL)
      return FALSE;
    if (entries->len == 0)
      return TRUE;
    for (guint i = 0; i < entries->len; i++)
      (json ? print_json : print_entry) (entries->pdata[i]);
    number = ((SignetAuditEntry *) entries->pdata[entries->len - 1])->number;
  }
}

static gboolean
verify (SignetDatabase *database, GError **error)
{
  g_autoptr (GBytes) head = NULL;
  gint64 count;

  if (!signet_audit_verify (database, &count, &head, error))
    return FALSE;
  g_autofree char *text = signet_hex_encode (head);
  printf (_("The audit log is whole: %d entries, the last with the hash\n%s\n"), (int) count, text);
  printf ("%s\n", _("Note number and hash elsewhere: only so can it be seen later that none was cut off at the end."));
  return TRUE;
}

gboolean
signet_verb_audit (int count, char **arguments, GError **error)
{
  gboolean check = FALSE, json = FALSE;
  const GOptionEntry entries[] = {
    { "verify", 0, 0, G_OPTION_ARG_NONE, &check, N_("Check that no entry was changed, and say where one was"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("For a program to read, an object a line"), NULL },
    { NULL },
  };

  if (!signet_verb_parse (entries, "DIR", 1, &count, &arguments, error))
    return FALSE;
  g_autoptr (SignetDatabase) database = signet_command_open (arguments[1], error);
  return database != NULL && (check ? verify (database, error) : print_log (database, json, error));
}
