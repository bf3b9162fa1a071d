/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/known-authority.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "cert/path.h"
#include "keyset/keyset.h"

static void
add_all (GPtrArray *to, GPtrArray *from)
{
  for (guint i = 0; from && i < from->len && to->len < SIGNET_MAX_CHAIN - 1; i++)
    g_ptr_array_add (to, signet_certificate_ref (from->pdata[i]));
}

static GPtrArray *
try_chain (GPtrArray *known, SignetCertificate *certificate, GPtrArray *chain)
{
  g_autoptr (GPtrArray) issuers = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_certificate_unref);
  g_autoptr (GError) error = NULL;
  SignetCertificate *root = known->pdata[known->len - 1];

  add_all (issuers, known);
  add_all (issuers, chain);
  if (!signet_path_validate (certificate, issuers, root, SIGNET_PATH_MAIL, signet_clock_now (), &error) &&
      !g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_EXPIRED))
    return NULL;

  return g_steal_pointer (&issuers);
}

/* Most of a user's IDs come from a handful of authorities: each one of these is tried once. */
static GPtrArray *
try_keyset (SignetKeyset *keyset, GHashTable *tried, SignetCertificate *certificate, GPtrArray *chain)
{
  GPtrArray *ids = signet_keyset_get_ids (keyset);

  for (guint i = 0; i < ids->len; i++) {
    SignetDigitalId *id = ids->pdata[i];
    GPtrArray *issuers;

    if (!id->chain || id->chain->len == 0 ||
        !g_hash_table_add (tried, g_bytes_ref (signet_certificate_get_der (id->chain->pdata[0]))))
      continue;
    issuers = try_chain (id->chain, certificate, chain);
    if (issuers)
      return issuers;
  }

  return NULL;
}

GPtrArray *
signet_known_authority_find (GListModel *keysets, SignetCertificate *certificate, GPtrArray *chain)
{
  g_autoptr (GHashTable) tried = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref,
                                                        NULL);

  for (guint i = 0; i < g_list_model_get_n_items (keysets); i++) {
    g_autoptr (SignetKeyset) keyset = g_list_model_get_item (keysets, i);
    GPtrArray *issuers = try_keyset (keyset, tried, certificate, chain);

    if (issuers)
      return issuers;
  }

  return NULL;
}
