/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/verbs.h"

#include "authority/authority.h"
#include "authority/command.h"
#include "authority/database-recovery.h"
#include "authority/database-users.h"
#include "authority/serve-lock.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"

#include <stdio.h>

/* Each user, and each recovery that waits. */
typedef struct {
  GPtrArray *users;
  GPtrArray *recoveries;
} People;

static void
people_clear (People *self)
{
  g_clear_pointer (&self->users, g_ptr_array_unref);
  g_clear_pointer (&self->recoveries, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (People, people_clear)

static guint
count_users (const People *people, SignetUserState state)
{
  guint count = 0;

  for (guint i = 0; i < people->users->len; i++)
    count += ((SignetUser *) people->users->pdata[i])->state == state;
  return count;
}

static void
print_people (const People *people)
{
  static const char *const states[] = { N_("new"), N_("active"), N_("recovering"), N_("revoked") };

  printf ("\n");
  for (guint i = 0; i < people->users->len; i++) {
    SignetUser *user = people->users->pdata[i];
    g_autofree char *until = signet_command_format_time (user->expires);

    printf (user->expires != 0 ? _("%-40s %-10s  digital ID good until %s\n") : "%-40s %s\n", user->address,
            _(states[user->state]), until);
  }
  for (guint i = 0; i < people->recoveries->len; i++) {
    SignetRecovery *recovery = people->recoveries->pdata[i];
    g_autofree char *until = signet_command_format_time (recovery->expires);

    printf (_("\nRecovery %d for %s waits for approvals, until %s.\n"), (int) recovery->number,
            recovery->address, until);
  }
}

/* Numbers are printed as int: gettext cannot read the macros for wider ones, and no authority has so many users. */
static void
print_text (SignetSettings *settings, SignetDatabaseCounts *counts, SignetServeState *state, const People *people)
{
  g_autofree char *crl = signet_command_format_time (counts->crl_created);

  printf ("%s, %s\n\n", settings->name, settings->url);
  if (state != NULL)
    printf (_("Daemon         runs (process %d), listens at %s\n"), (int) state->pid,
            state->url != NULL ? state->url : _("nothing yet"));
  else
    printf ("%s\n", _("Daemon         does not run"));
  printf (_("Users          %d: %u new, %u active, %u recovering, %u revoked\n"), (int) counts->users,
          count_users (people, SIGNET_USER_NEW), count_users (people, SIGNET_USER_ACTIVE),
          count_users (people, SIGNET_USER_RECOVERING), count_users (people, SIGNET_USER_REVOKED));
  printf (_("Recoveries     %u wait for officers\n"), people->recoveries->len);
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
add_people (JsonObject *object, const People *people)
{
  JsonArray *users = json_array_new (), *recoveries = json_array_new ();

  for (guint i = 0; i < people->users->len; i++) {
    SignetUser *user = people->users->pdata[i];
    JsonObject *member = json_object_new ();
    json_object_set_string_member (member, "address", user->address);
    json_object_set_string_member (member, "state", signet_user_state_to_name (user->state));
    json_object_set_int_member (member, "expires", user->expires);
    json_array_add_object_element (users, member);
  }
  for (guint i = 0; i < people->recoveries->len; i++) {
    SignetRecovery *recovery = people->recoveries->pdata[i];
    JsonObject *member = json_object_new ();
    json_object_set_int_member (member, "number", recovery->number);
    json_object_set_string_member (member, "address", recovery->address);
    json_object_set_string_member (member, "requester", recovery->requester);
    json_object_set_int_member (member, "expires", recovery->expires);
    json_array_add_object_element (recoveries, member);
  }
  json_object_set_array_member (object, "people", users);
  json_object_set_array_member (object, "recoveries", recoveries);
}

static void
print_json (SignetSettings *settings, SignetDatabaseCounts *counts, SignetServeState *state, const People *people,
            gboolean with_people)
{
  const struct {
    const char *group;
    const char *names[4];
    gint64 values[4];
  } groups[] = {
    { "users", { "invited", "active", "recovering", "revoked" },
      { counts->users, count_users (people, SIGNET_USER_ACTIVE), count_users (people, SIGNET_USER_RECOVERING),
        count_users (people, SIGNET_USER_REVOKED) } },
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

  if (with_people)
    add_people (object, people);
  g_autofree char *text = signet_json_print (object);
  fputs (text, stdout);
}

static gboolean
find_people (People *people, SignetDatabase *database, gint64 now, GError **error)
{
  people->users = signet_database_list_users (database, now, error);
  people->recoveries =
    people->users != NULL ? signet_database_list_open_recoveries (database, now, error) : NULL;
  return people->recoveries != NULL;
}

gboolean
signet_verb_status (int count, char **arguments, GError **error)
{
  gboolean json = FALSE, with_people = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("For a program to read"), NULL },
    { "users", 0, 0, G_OPTION_ARG_NONE, &with_people, N_("List users and recoveries as well"), NULL },
    { NULL },
  };
  SignetDatabaseCounts counts = { 0 };
  g_auto (People) people = { NULL, NULL };
  gint64 now = signet_clock_now ();

  if (!signet_verb_parse (entries, "DIR", 1, &count, &arguments, error))
    return FALSE;

  const char *directory = arguments[1];
  g_autofree char *path = signet_authority_database_path (directory);
  g_autoptr (SignetSettings) settings = signet_settings_load (directory, error);
  g_autoptr (SignetDatabase) database = settings != NULL ? signet_database_open (path, FALSE, error) : NULL;
  g_autoptr (SignetServeState) state = signet_serve_state_read (directory);
  if (database == NULL || !signet_database_count (database, now, &counts, error) ||
      !find_people (&people, database, now, error))
    return FALSE;
  if (json)
    print_json (settings, &counts, state, &people, with_people);
  else
    print_text (settings, &counts, state, &people);
  if (with_people && !json)
    print_people (&people);
  g_free (counts.mail_failure);
  return TRUE;
}
