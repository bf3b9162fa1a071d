/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "enroll/pending.h"

/* A pending request as it lies in the store, without its digest. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (SignetSecret) blob = fuzz_frame_item (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetPending) pending = signet_pending_from_blob (blob, &error);

  fuzz_check (pending != NULL, error);
  if (pending == NULL)
    return 0;

  /* What was read can be stored again, and says the same. */
  g_autoptr (SignetSecret) stored = signet_pending_to_blob (pending, &error);
  fuzz_check (stored != NULL, error);
  g_autoptr (SignetPending) again = signet_pending_from_blob (stored, &error);
  fuzz_check (again != NULL, error);
  g_assert_cmpint (signet_pending_get_state (again), ==, signet_pending_get_state (pending));
  g_assert_cmpstr (signet_pending_get_id (again), ==, signet_pending_get_id (pending));
  return 0;
}
