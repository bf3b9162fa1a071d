/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/removal-text.h"

#include "base/i18n.h"

static gboolean
has_key (SignetKeyset *keyset, GBytes *spki, guint before)
{
  GPtrArray *ids = signet_keyset_get_ids (keyset);

  for (guint i = 0; i < MIN (ids->len, before); i++) {
    SignetDigitalId *id = g_ptr_array_index (ids, i);

    if (id->use == SIGNET_ID_ENCRYPTION && g_bytes_equal (signet_certificate_get_spki (id->certificate), spki))
      return TRUE;
  }

  return FALSE;
}

static gboolean
is_elsewhere (SignetKeyset *keyset, GListModel *keysets, GBytes *spki)
{
  for (guint i = 0; i < g_list_model_get_n_items (keysets); i++) {
    g_autoptr (SignetKeyset) other = g_list_model_get_item (keysets, i);

    if (g_strcmp0 (signet_keyset_get_id (other), signet_keyset_get_id (keyset)) != 0 &&
        has_key (other, spki, G_MAXUINT))
      return TRUE;
  }

  return FALSE;
}

/* How many encryption keys of KEYSET no other keyset has.  A key with two certificates is one key. */
static guint
count_lost (SignetKeyset *keyset, GListModel *keysets)
{
  GPtrArray *ids = signet_keyset_get_ids (keyset);
  guint count = 0;

  for (guint i = 0; i < ids->len; i++) {
    SignetDigitalId *id = g_ptr_array_index (ids, i);
    GBytes *spki = signet_certificate_get_spki (id->certificate);

    if (id->use == SIGNET_ID_ENCRYPTION && !has_key (keyset, spki, i) && !is_elsewhere (keyset, keysets, spki))
      count++;
  }

  return count;
}

char *
signet_removal_numbers (SignetKeyset *keyset)
{
  guint n_older = signet_keyset_count_history (keyset);
  guint n_ids = signet_keyset_get_ids (keyset)->len - n_older;
  g_autofree char *ids = g_strdup_printf (ngettext ("%u digital ID", "%u digital IDs", n_ids), n_ids);
  g_autofree char *older = g_strdup_printf (ngettext ("%u older key", "%u older keys", n_older), n_older);

  if (n_older == 0)
    return g_steal_pointer (&ids);
  if (n_ids == 0)
    return g_steal_pointer (&older);

  /* Translators: such as "2 digital IDs" and "3 older keys". */
  return g_strdup_printf (_("%s and %s"), ids, older);
}

char *
signet_removal_text (SignetKeyset *keyset, GListModel *keysets)
{
  guint lost = count_lost (keyset, keysets);
  g_autofree char *numbers = signet_removal_numbers (keyset);
  /* Translators: such as "2 digital IDs and 3 older keys". */
  g_autofree char *act = g_strdup_printf (_("This removes %s for good."), numbers);
  g_autofree char *consequence = NULL;

  if (lost > 0)
    consequence = g_strdup_printf (ngettext (
      "%u encryption key is in no other keyset. Mail that was encrypted to it can no longer be read, unless your "
      "organization gives the key back.",
      "%u encryption keys are in no other keyset. Mail that was encrypted to them can no longer be read, unless your "
      "organization gives the keys back.", lost), lost);
  else
    consequence = g_strdup (_("Old mail still opens: the encryption keys are in another keyset, too."));

  return g_strdup_printf ("%s\n\n%s", act, consequence);
}
