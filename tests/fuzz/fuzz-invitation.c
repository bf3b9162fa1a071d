/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "protocol/invitation.h"

/* What was read and written again reads the same. */
static void
check_again (SignetInvitation *invitation, SignetSecret *text)
{
  g_autoptr (SignetInvitation) again = signet_invitation_parse (text, NULL);

  g_assert_nonnull (again);
  g_assert_cmpstr (signet_invitation_get_authority (again), ==, signet_invitation_get_authority (invitation));
  g_assert_cmpstr (signet_invitation_get_name (again), ==, signet_invitation_get_name (invitation));
  g_assert_cmpstr (signet_invitation_get_address (again), ==, signet_invitation_get_address (invitation));
  g_assert_true (g_bytes_equal (signet_invitation_get_pin (again), signet_invitation_get_pin (invitation)));
  g_assert_true (signet_secret_equal (signet_invitation_get_temporary_key (again),
                                      signet_invitation_get_temporary_key (invitation)));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (SignetSecret) text = signet_secret_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetInvitation) invitation = signet_invitation_parse (text, &error);

  fuzz_check (invitation != NULL, error);
  if (invitation == NULL)
    return 0;

  g_autoptr (SignetSecret) file = signet_invitation_to_file (invitation);
  g_autoptr (SignetSecret) link = signet_invitation_to_link (invitation);
  check_again (invitation, file);
  check_again (invitation, link);
  return 0;
}
