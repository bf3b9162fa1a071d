/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/find-keyset.h"

SignetKeyset *
signet_find_keyset (GListModel *keysets, const char *name)
{
  for (guint i = 0; keysets && i < g_list_model_get_n_items (keysets); i++) {
    g_autoptr (SignetKeyset) keyset = g_list_model_get_item (keysets, i);

    if (signet_keyset_name_equal (signet_keyset_get_name (keyset), name))
      return g_steal_pointer (&keyset);
  }

  return NULL;
}
