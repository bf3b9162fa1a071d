/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/describe.h"

#include "base/hex.h"
#include "base/i18n.h"
#include "base/json.h"
#include "crypto/public-key.h"

#include <stdio.h>

static char *
format_day (gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (time);

  return date != NULL ? g_date_time_format (date, _("%-e %B %Y")) : g_strdup ("?");
}

/* RFC 3339, UTC: what programs compare. */
static void
set_time (JsonObject *object, const char *member, gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (time);
  g_autofree char *text = date != NULL ? g_date_time_format (date, "%Y-%m-%dT%H:%M:%SZ") : g_strdup ("");

  json_object_set_string_member (object, member, text);
}

JsonObject *
signet_describe_pending (SignetPending *pending)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", signet_pending_get_id (pending));
  json_object_set_string_member (object, "state", signet_pending_state_to_name (signet_pending_get_state (pending)));
  if (signet_pending_get_level (pending) == 0) {
    json_object_set_string_member (object, "authority", signet_pending_get_authority_name (pending));
    json_object_set_string_member (object, "server", signet_pending_get_authority_url (pending));
  }
  json_object_set_string_member (object, "address", signet_pending_get_address (pending));
  json_object_set_string_member (object, "keyset", signet_pending_get_keyset_name (pending));
  set_time (object, "created", signet_pending_get_created (pending));
  if (signet_pending_get_retry_at (pending) != 0)
    set_time (object, "retry-at", signet_pending_get_retry_at (pending));
  if (signet_pending_get_problem (pending) != NULL)
    json_object_set_string_member (object, "problem", signet_pending_get_problem (pending));
  return object;
}

JsonObject *
signet_describe_id (SignetDigitalId *id)
{
  JsonObject *object = json_object_new ();
  JsonArray *addresses = json_array_new ();
  SignetCertificate *certificate = id->certificate;
  g_autoptr (GBytes) digest = signet_certificate_get_fingerprint (certificate);
  g_autofree char *fingerprint = signet_hex_encode (digest);
  g_autofree char *algorithm = signet_public_key_describe (signet_certificate_get_spki (certificate));

  for (const char *const *address = signet_certificate_get_addresses (certificate); *address != NULL; address++)
    json_array_add_string_element (addresses, *address);
  json_object_set_string_member (object, "use", id->use == SIGNET_ID_SIGNING ? "signing" : "encryption");
  json_object_set_boolean_member (object, "current", id->current);
  json_object_set_string_member (object, "algorithm", algorithm);
  json_object_set_array_member (object, "addresses", addresses);
  json_object_set_string_member (object, "authority", id->authority);
  json_object_set_string_member (object, "issuer", signet_certificate_get_issuer (certificate));
  json_object_set_string_member (object, "serial", signet_certificate_get_serial (certificate));
  json_object_set_string_member (object, "fingerprint", fingerprint);
  set_time (object, "not-before", signet_certificate_get_not_before (certificate));
  set_time (object, "not-after", signet_certificate_get_not_after (certificate));
  set_time (object, "installed", id->installed);
  signet_json_set_bytes (object, "certificate", signet_certificate_get_der (certificate));
  return object;
}

JsonObject *
signet_describe_keyset (SignetKeyset *keyset)
{
  JsonObject *object = json_object_new ();
  JsonArray *ids = json_array_new ();
  GPtrArray *list = signet_keyset_get_ids (keyset);

  for (guint i = 0; i < list->len; i++)
    json_array_add_object_element (ids, signet_describe_id (list->pdata[i]));
  json_object_set_string_member (object, "id", signet_keyset_get_id (keyset));
  json_object_set_string_member (object, "name", signet_keyset_get_name (keyset));
  json_object_set_string_member (object, "level", signet_level_to_name (signet_keyset_get_level (keyset)));
  json_object_set_int_member (object, "remember", signet_keyset_get_remember (keyset));
  json_object_set_boolean_member (object, "renews-itself", signet_keyset_renews_itself (keyset));
  set_time (object, "expires", signet_keyset_get_expiry (keyset));
  json_object_set_array_member (object, "ids", ids);
  return object;
}

void
signet_print_pending (SignetPending *pending)
{
  static const char *const words[] = {
    N_("not sent yet"), N_("waiting for the reply"), N_("the reply is here: open it"), N_("installed"), N_("refused"),
    N_("removed"), N_("waiting for a certificate: open it"),
  };
  const char *authority = signet_pending_get_authority_name (pending);
  g_autofree char *day = format_day (signet_pending_get_created (pending));

  printf (_("%s  %s for %s, asked on %s: %s\n"), signet_pending_get_id (pending),
          authority != NULL ? authority : _("A file"), signet_pending_get_address (pending), day,
          _(words[signet_pending_get_state (pending)]));
  if (signet_pending_get_problem (pending) != NULL)
    printf ("    %s\n", signet_pending_get_problem (pending));
}

static const char *
level_word (SignetKeyset *keyset)
{
  switch (signet_keyset_get_level (keyset)) {
    case SIGNET_LEVEL_LOW:
      return _("Low");
    case SIGNET_LEVEL_MEDIUM:
      return _("Medium");
    case SIGNET_LEVEL_HIGH:
      break;
  }
  return _("High");
}

static void
print_remember (SignetKeyset *keyset)
{
  guint minutes = signet_keyset_get_remember (keyset);

  if (minutes > 0)
    printf (ngettext ("    Its password may be remembered for %u minute.\n",
                      "    Its password may be remembered for %u minutes.\n", minutes), minutes);
}

void
signet_print_keyset_line (SignetKeyset *keyset)
{
  g_auto (GStrv) addresses = signet_keyset_dup_addresses (keyset);
  g_autofree char *joined = g_strjoinv (", ", addresses), *day = format_day (signet_keyset_get_expiry (keyset));

  printf (_("%s  %s  %s, until %s\n"), signet_keyset_get_name (keyset), level_word (keyset), joined, day);
}

static void
print_id (SignetDigitalId *id)
{
  SignetCertificate *certificate = id->certificate;
  g_autofree char *algorithm = signet_public_key_describe (signet_certificate_get_spki (certificate));
  g_autofree char *from = format_day (signet_certificate_get_not_before (certificate));
  g_autofree char *until = format_day (signet_certificate_get_not_after (certificate));
  g_autoptr (GBytes) digest = signet_certificate_get_fingerprint (certificate);
  g_autofree char *fingerprint = signet_hex_format_groups (digest);

  printf ("\n%s\n", id->use == SIGNET_ID_SIGNING ? _("Signing ID")
                                                 : id->current ? _("Encryption ID") : _("Older encryption ID"));
  printf (_("  Key          %s\n"), algorithm);
  printf (_("  For          %s\n"), signet_certificate_get_subject (certificate));
  printf (_("  Issued by    %s\n"), signet_certificate_get_issuer (certificate));
  printf (_("  Valid        %s to %s\n"), from, until);
  printf (_("  Serial       %s\n"), signet_certificate_get_serial (certificate));
  printf (_("  Fingerprint  %s\n"), fingerprint);
}

void
signet_print_keyset (SignetKeyset *keyset)
{
  GPtrArray *ids = signet_keyset_get_ids (keyset);

  signet_print_keyset_line (keyset);
  print_remember (keyset);
  for (guint i = 0; i < ids->len; i++)
    print_id (ids->pdata[i]);
}

void
signet_print_changed_keyset (SignetKeyset *keyset, gboolean json)
{
  if (json) {
    signet_print_json (signet_describe_keyset (keyset));
    return;
  }
  signet_print_keyset_line (keyset);
  print_remember (keyset);
}

void
signet_print_json (JsonObject *object)
{
  g_autofree char *text = signet_json_print (object);

  fputs (text, stdout);
  json_object_unref (object);
}

void
signet_print_json_list (const char *member, GPtrArray *list, JsonObject *(*describe) (gpointer))
{
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < list->len; i++)
    json_array_add_object_element (array, describe (list->pdata[i]));
  json_object_set_array_member (object, member, array);
  signet_print_json (object);
}
