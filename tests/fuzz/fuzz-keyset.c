/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "base/limits.h"
#include "keyset/item-format.h"
#include "keyset/keyset-format.h"

/* A keyset as it lies in the store.  The first byte says what the others are: 1, the JSON of its header; else the item
 * without its digest, which would keep every change out. */

static SignetSecret *
frame_header (const uint8_t *data, size_t size)
{
  g_autoptr (JsonObject) header = signet_json_parse ((const char *) data, size, SIGNET_MAX_BLOB, NULL);
  g_autoptr (SignetSecret) body = signet_secret_new_text ("0 is how a package begins");
  g_autoptr (GBytes) prefix = NULL;

  if (header == NULL)
    return NULL;
  prefix = signet_item_format_prefix (SIGNET_KEYSET_MAGIC, SIGNET_KEYSET_VERSION, header);
  return signet_item_format_build (prefix, body, NULL);
}

static void
check_ids (SignetKeyset *keyset)
{
  GPtrArray *ids = signet_keyset_get_ids (keyset);
  guint current[] = { [SIGNET_ID_SIGNING] = 0, [SIGNET_ID_ENCRYPTION] = 0 };

  g_assert (ids->len >= 1 && ids->len <= SIGNET_MAX_IDS);
  for (guint i = 0; i < ids->len; i++) {
    SignetDigitalId *id = ids->pdata[i];
    g_assert (id->chain->len <= SIGNET_MAX_CHAIN);
    g_assert (id->certificate != NULL && id->authority != NULL);
    current[id->use] += id->current;
  }
  g_assert (current[SIGNET_ID_SIGNING] <= 1 && current[SIGNET_ID_ENCRYPTION] <= 1);
}

static void
check_keyset (SignetKeyset *keyset, SignetSecret *blob)
{
  g_autoptr (SignetSecret) again = signet_keyset_to_blob (keyset, NULL);
  g_auto (GStrv) addresses = signet_keyset_dup_addresses (keyset);
  g_autofree char *name = signet_keyset_normalize_name (signet_keyset_get_name (keyset), NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (signet_secret_equal (again, blob));
  g_assert_cmpstr (name, ==, signet_keyset_get_name (keyset));
  check_ids (keyset);
  signet_keyset_get_expiry (keyset);
  if (signet_keyset_get_level (keyset) == SIGNET_LEVEL_HIGH)
    return;     /* slow by intent, and a target of its own */
  g_autoptr (GPtrArray) keys = signet_keyset_unlock (keyset, NULL, &error);
  fuzz_check (keys != NULL, error);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (SignetSecret) blob = NULL;
  g_autoptr (GError) error = NULL;

  if (size == 0)
    return 0;
  blob = data[0] == '1' ? frame_header (data + 1, size - 1) : fuzz_frame_item (data + 1, size - 1);
  if (blob == NULL)
    return 0;
  g_autoptr (SignetKeyset) keyset = signet_keyset_from_blob (blob, &error);
  fuzz_check (keyset != NULL, error);
  if (keyset != NULL)
    check_keyset (keyset, blob);
  return 0;
}
