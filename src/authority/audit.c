/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/audit.h"

#include "authority/database-audit.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/i18n.h"

#include <string.h>

#define HASH_LENGTH 32
#define PAGE 500                   /* entries read at once */
#define DAY (24 * 3600)
#define MAX_STRANGERS 1000         /* refused requests that are kept of a day */

SignetAuditEntry *
signet_audit_entry_new (void)
{
  return g_new0 (SignetAuditEntry, 1);
}

void
signet_audit_entry_free (SignetAuditEntry *self)
{
  g_free (self->actor);
  g_free (self->act);
  g_free (self->subject);
  g_free (self->detail);
  g_clear_pointer (&self->hash, g_bytes_unref);
  g_free (self);
}

static GBytes *
get_beginning (void)
{
  static const guint8 zeros[HASH_LENGTH];

  return g_bytes_new_static (zeros, HASH_LENGTH);
}

static void
append_field (GByteArray *text, const char *field)
{
  guint32 length = strlen (field), big = GUINT32_TO_BE (length);

  g_byte_array_append (text, (const guint8 *) &big, sizeof big);
  g_byte_array_append (text, (const guint8 *) field, length);
}

GBytes *
signet_audit_entry_get_hash (const SignetAuditEntry *entry, GBytes *previous)
{
  GByteArray *text = g_byte_array_new ();
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, entry->number);
  g_autofree char *time = g_strdup_printf ("%" G_GINT64_FORMAT, entry->time);
  const char *fields[] = { number, time, entry->actor, entry->act, entry->subject, entry->refused ? "refused" : "done",
                           entry->detail };

  g_byte_array_append (text, g_bytes_get_data (previous, NULL), g_bytes_get_size (previous));
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    append_field (text, fields[i]);
  g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (text);
  return signet_sha256 (bytes);
}

gboolean
signet_audit_add (SignetDatabase *database, const char *actor, const char *act, const char *subject, gboolean refused,
                  const char *detail, GError **error)
{
  g_autoptr (SignetAuditEntry) entry = signet_audit_entry_new ();
  g_autoptr (GBytes) previous = NULL;
  gint64 last;

  if (!signet_database_get_audit_head (database, &last, &previous, error))
    return FALSE;
  if (previous == NULL)
    previous = get_beginning ();
  entry->number = last + 1;
  entry->time = signet_clock_now ();
  entry->actor = g_strdup (actor);
  entry->act = g_strdup (act);
  entry->subject = g_strdup (subject);
  entry->refused = refused;
  entry->detail = g_strdup (detail != NULL ? detail : "");
  entry->hash = signet_audit_entry_get_hash (entry, previous);
  return signet_database_add_audit (database, entry, error);
}

gboolean
signet_audit_add_stranger (SignetDatabase *database, const char *address, const char *detail, GError **error)
{
  gint64 count;

  if (!signet_database_count_refused (database, signet_clock_now () - DAY, MAX_STRANGERS + 1, &count, error))
    return FALSE;
  if (count > MAX_STRANGERS)
    return TRUE;
  if (count == MAX_STRANGERS)
    return signet_audit_add (database, "daemon", "request", "", TRUE, "more were refused, and are not kept", error);
  return signet_audit_add (database, address, "request", address, TRUE, detail, error);
}

/* Looks at the entries after *COUNT, and sets it and HEAD to the last of them: how many there were, or -1. */
static int
verify_page (SignetDatabase *database, gint64 *count, GBytes **head, GError **error)
{
  g_autoptr (GPtrArray) entries = signet_database_list_audit (database, *count, PAGE, error);

  if (entries == NULL)
    return -1;
  for (guint i = 0; i < entries->len; i++) {
    SignetAuditEntry *entry = entries->pdata[i];
    g_autoptr (GBytes) expected = signet_audit_entry_get_hash (entry, *head);

    if (entry->number != *count + 1 || !g_bytes_equal (expected, entry->hash)) {
      g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED,
                   _("The audit log was changed: entry %d does not fit those before it."), (int) *count + 1);
      return -1;
    }
    *count = entry->number;
    g_bytes_unref (*head);
    *head = g_bytes_ref (entry->hash);
  }
  return entries->len;
}

gboolean
signet_audit_verify (SignetDatabase *database, gint64 *count, GBytes **head, GError **error)
{
  g_autoptr (GBytes) last = get_beginning ();
  gint64 number = 0;
  int read;

  while ((read = verify_page (database, &number, &last, error)) > 0)
    continue;
  if (read < 0)
    return FALSE;
  *count = number;
  *head = g_steal_pointer (&last);
  return TRUE;
}
