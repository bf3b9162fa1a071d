/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/verbs.h"

#include "authority/command.h"
#include "authority/database-users.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/mail-address.h"
#include "protocol/name.h"

#include <stdio.h>
#include <string.h>

typedef struct {
  const char *subject;             /* an address, or a serial number */
  const char *reason;
  guint count;                     /* certificates that were revoked */
} Revoke;

static gboolean
is_address (const char *text)
{
  return strchr (text, '@') != NULL;
}

/* As certificates show it, with colons or blanks between and in any case. */
static char *
normalize_serial (const char *text)
{
  GString *serial = g_string_new (NULL);

  for (; *text != '\0'; text++) {
    if (*text != ':' && *text != ' ')
      g_string_append_c (serial, g_ascii_tolower (*text));
  }
  return g_string_free (serial, FALSE);
}

static gboolean
take_back (SignetDatabase *database, gpointer data, GString *detail, GError **error)
{
  Revoke *self = data;
  gint64 now = signet_clock_now ();
  gboolean revoked;

  if (!signet_name_is_valid (self->reason)) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, _("The reason is one line of text."));
    return FALSE;
  }
  if (is_address (self->subject)) {
    g_autofree char *address = signet_mail_address_normalize (self->subject, error);
    revoked = address != NULL &&
              signet_database_revoke_user (database, address, now, self->reason, &self->count, error);
  } else {
    g_autofree char *serial = normalize_serial (self->subject);
    revoked = signet_database_revoke_certificate (database, serial, now, self->reason, error);
    self->count = 1;
  }
  g_string_printf (detail, "%u certificates: %s", self->count, self->reason);
  return revoked;
}

gboolean
signet_verb_revoke (int count, char **arguments, GError **error)
{
  g_autofree char *reason = NULL;
  const GOptionEntry entries[] = {
    { "reason", 0, 0, G_OPTION_ARG_STRING, &reason, N_("Why, for the audit log"), N_("TEXT") },
    { NULL },
  };

  if (!signet_verb_parse (entries, "DIR ADDRESS|SERIAL", 2, &count, &arguments, error))
    return FALSE;
  if (reason == NULL) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _("--reason must be given."));
    return FALSE;
  }
  g_autoptr (SignetDatabase) database = signet_command_open (arguments[1], error);
  Revoke act = { arguments[2], reason, 0 };
  if (database == NULL ||
      !signet_command_do (database, g_get_user_name (), "revoke", act.subject, take_back, &act, error))
    return FALSE;
  printf (_("%s is revoked: %u certificates.\n"), act.subject, act.count);
  printf ("%s\n", _("The daemon publishes the new list within seconds; one that does not run, when it starts."));
  return TRUE;
}

static gboolean
reenable (SignetDatabase *database, gpointer data, GString *detail, GError **error)
{
  g_autofree char *address = signet_mail_address_normalize (data, error);

  return address != NULL && signet_database_reenable_user (database, address, error);
}

gboolean
signet_verb_reenable (int count, char **arguments, GError **error)
{
  const GOptionEntry entries[] = { { NULL } };

  if (!signet_verb_parse (entries, "DIR ADDRESS", 2, &count, &arguments, error))
    return FALSE;
  g_autoptr (SignetDatabase) database = signet_command_open (arguments[1], error);
  if (database == NULL ||
      !signet_command_do (database, g_get_user_name (), "reenable", arguments[2], reenable, arguments[2], error))
    return FALSE;
  printf (_("%s can be invited again, or recovered. What was revoked stays revoked.\n"), arguments[2]);
  return TRUE;
}
