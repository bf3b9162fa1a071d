/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/verbs.h"

#include "authority/authority.h"
#include "authority/serve-lock.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"

#include <stdio.h>

static char *
format_time (gint64 time)
{
  g_autoptr (GDateTime) date = time != 0 ? g_date_time_new_from_unix_local (time) : NULL;

  return date != NULL ? g_date_time_format (date, "%F %H:%M") : g_strdup (_("never"));
}

/* Numbers are printed as int: gettext cannot read the macros for wider ones, and no authority has so many users. */
static void
print_text (SignetSettings *settings, SignetDatabaseCounts *counts, SignetServeState *state)
{
  g_autofree char *crl = format_time (counts->crl_created);

  printf ("%s, %s\n\n", settings->name, settings->url);
  if (state != NULL)
    printf (_("Daemon         runs (process %d), listens at %s\n"), (int) state->pid,
            state->url != NULL ? state->url : _("nothing yet"));
  else
    printf ("%s\n", _("Daemon         does not run"));
  printf (_("Users          %d\n"), (int) counts->users);
  printf (_("Invitations    %d open, %d used, %d expired or withdrawn\n"), (int) counts->open, (int) counts->used,
          (int) counts->expired);
  printf (_("Requests       %d waiting for a key, %d answered, %d installed, %d failed\n"), (int) counts->queued,
          (int) counts->ready, (int) counts->confirmed, (int) counts->failed);
  printf (_("Mail           %d waiting, %d of them tried in vain so far; %d given up\n"), (int) counts->mail_waiting,
          (int) counts->mail_failing, (int) counts->mail_given_up);
  if (counts->mail_failure != NULL)
    printf (_("               last failure: %s\n"), counts->mail_failure);
  printf (_("Certificates   %d\n"), (int) counts->certificates);
  if (state != NULL)
    printf (_("Keys in store  %d\n"), (int) state->keys);
  printf (_("Revoked list   signed %s\n"), crl);
}

static JsonObject *
add_group (JsonObject *object, const char *name)
{
  JsonObject *group = json_object_new ();

  json_object_set_object_member (object, name, group);
  return group;
}

static void
add_daemon (JsonObject *object, SignetServeState *state)
{
  JsonObject *group = add_group (object, "daemon");

  json_object_set_boolean_member (group, "running", state != NULL);
  if (state == NULL)
    return;
  json_object_set_int_member (group, "pid", state->pid);
  json_object_set_int_member (group, "keys", state->keys);
  if (state->url != NULL)
    json_object_set_string_member (group, "url", state->url);
}

static void
print_json (SignetSettings *settings, SignetDatabaseCounts *counts, SignetServeState *state)
{
  const struct {
    const char *group;
    const char *names[4];
    gint64 values[4];
  } groups[] = {
    { "users", { "invited" }, { counts->users } },
    { "invitations", { "open", "used", "expired" }, { counts->open, counts->used, counts->expired } },
    { "requests", { "queued", "ready", "confirmed", "failed" },
      { counts->queued, counts->ready, counts->confirmed, counts->failed } },
    { "mail", { "waiting", "failing", "given-up" },
      { counts->mail_waiting, counts->mail_failing, counts->mail_given_up } },
    { "certificates", { "issued" }, { counts->certificates } },
    { "crl", { "signed" }, { counts->crl_created } },
  };
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "name", settings->name);
  json_object_set_string_member (object, "url", settings->url);
  add_daemon (object, state);
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++) {
    JsonObject *group = add_group (object, groups[i].group);

    for (guint k = 0; k < G_N_ELEMENTS (groups[i].names) && groups[i].names[k] != NULL; k++)
      json_object_set_int_member (group, groups[i].names[k], groups[i].values[k]);
    if (g_str_equal (groups[i].group, "mail") && counts->mail_failure != NULL)
      json_object_set_string_member (group, "failure", counts->mail_failure);
  }

  g_autofree char *text = signet_json_print (object);
  fputs (text, stdout);
}

gboolean
signet_verb_status (int count, char **arguments, GError **error)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("For a program to read"), NULL },
    { NULL },
  };
  SignetDatabaseCounts counts = { 0 };

  if (!signet_verb_parse (entries, "DIR", 1, &count, &arguments, error))
    return FALSE;

  const char *directory = arguments[1];
  g_autofree char *path = signet_authority_database_path (directory);
  g_autoptr (SignetSettings) settings = signet_settings_load (directory, error);
  g_autoptr (SignetDatabase) database = settings != NULL ? signet_database_open (path, FALSE, error) : NULL;
  g_autoptr (SignetServeState) state = signet_serve_state_read (directory);
  if (database == NULL || !signet_database_count (database, signet_clock_now (), &counts, error))
    return FALSE;
  if (json)
    print_json (settings, &counts, state);
  else
    print_text (settings, &counts, state);
  g_free (counts.mail_failure);
  return TRUE;
}
