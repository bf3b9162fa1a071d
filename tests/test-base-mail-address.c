/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/mail-address.h"

#include "base/error.h"
#include "base/limits.h"

#include <string.h>

static void
test_normalize (void)
{
  static const struct { const char *in, *out; } cases[] = {
    { "asa@example.org", "asa@example.org" },
    { "  Asa.Lind@Example.ORG\n", "Asa.Lind@example.org" },
    { "a+b_c@mail.example-mail.org", "a+b_c@mail.example-mail.org" },
    { "root@localhost", "root@localhost" },
    { "", NULL },
    { "asa", NULL },
    { "@example.org", NULL },
    { "asa@", NULL },
    { ".asa@example.org", NULL },
    { "a..b@example.org", NULL },
    { "asa@example..org", NULL },
    { "../../etc@example.org", NULL },
    { "a/b@example.org", NULL },
    { "a b@example.org", NULL },
    { "asa@example.org\nBcc: eve@example.org", NULL },
    { "åsa@example.org", NULL },
    { "<asa@example.org>", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *out = signet_mail_address_normalize (cases[i].in, &error);

    g_test_message ("%s", cases[i].in);
    g_assert_cmpstr (out, ==, cases[i].out);
    if (out == NULL)
      g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
  }
}

static void
test_length (void)
{
  g_autofree char *local = g_strnfill (64, 'a'), *domain = g_strnfill (SIGNET_MAX_ADDRESS - 65, 'b');
  g_autofree char *longest = g_strconcat (local, "@", domain, NULL), *longer = g_strconcat (longest, "b", NULL);
  g_autofree char *out = signet_mail_address_normalize (longest, NULL);

  g_assert_cmpstr (out, ==, longest);
  g_assert_null (signet_mail_address_normalize (longer, NULL));
}

static void
test_equal (void)
{
  g_assert_true (signet_mail_address_equal ("Asa@example.org", "asa@example.org"));
  g_assert_false (signet_mail_address_equal ("asa@example.org", "asa@example.com"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/mail-address/normalize", test_normalize);
  g_test_add_func ("/base/mail-address/length", test_length);
  g_test_add_func ("/base/mail-address/equal", test_equal);
  return g_test_run ();
}
