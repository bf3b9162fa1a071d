/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "base/limits.h"
#include "base/mail-address.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = size > 0 ? g_strndup ((const char *) data, size) : g_strdup ("");
  g_autoptr (GError) error = NULL;
  g_autofree char *address = signet_mail_address_normalize (text, &error);

  fuzz_check (address != NULL, error);
  if (address == NULL)
    return 0;

  g_autofree char *again = signet_mail_address_normalize (address, NULL);
  g_assert_cmpstr (address, ==, again);
  g_assert_true (signet_mail_address_equal (address, again));
  g_assert_cmpuint (strlen (address), <=, SIGNET_MAX_ADDRESS);
  for (const char *c = address; *c != '\0'; c++)
    g_assert_true (g_ascii_isgraph (*c) && strchr ("\"<>(),:;\\/ ", *c) == NULL);
  return 0;
}
