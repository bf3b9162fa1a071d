/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "keyset/mail-defaults.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = fuzz_bytes (data, size);
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autoptr (GPtrArray) list = signet_mail_defaults_parse (text, length, &error);

  fuzz_check (list != NULL, error);
  if (list == NULL)
    return 0;

  g_autofree char *printed = signet_mail_defaults_print (list);
  g_autoptr (GPtrArray) again = signet_mail_defaults_parse (printed, strlen (printed), NULL);
  g_assert_cmpuint (again->len, ==, list->len);
  for (guint i = 0; i < list->len; i++)
    g_assert_true (signet_mail_defaults_equal (again->pdata[i], list->pdata[i]));
  return 0;
}
