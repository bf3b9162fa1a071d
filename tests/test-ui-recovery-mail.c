/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/recovery-mail.h"

#include "sample-keyset.h"

#include <string.h>

/* As a mail program takes the URI apart (RFC 6068). */
static char *
get_part (const char *uri, const char *name)
{
  const char *query = strchr (uri, '?');
  g_autoptr (GHashTable) parts = g_uri_parse_params (query + 1, -1, "&", G_URI_PARAMS_NONE, NULL);

  g_assert_true (g_str_has_prefix (uri, "mailto:?"));
  g_assert_nonnull (parts);
  g_assert_cmpuint (g_hash_table_size (parts), ==, 2);

  return g_strdup (g_hash_table_lookup (parts, name));
}

static void
test_known (void)
{
  g_autoptr (SignetKeyset) keyset = sample_keyset_new ("Secret & plans?", SIGNET_LEVEL_LOW);
  g_autofree char *uri = signet_recovery_mail_dup_uri (keyset);
  g_autofree char *subject = get_part (uri, "subject");
  g_autofree char *body = get_part (uri, "body");

  g_assert_cmpstr (subject, ==, "Please recover my keys");
  g_assert_nonnull (strstr (body, "asa@example.org"));
  g_assert_nonnull (strstr (body, "Example Authority"));
  g_assert_nonnull (strstr (body, "Hello,\r\n\r\nI have"));
  g_assert_null (strstr (body, "plans"));
  g_assert_null (strchr (uri, '+'));                      /* which is a plus here, and no space */
  g_assert_null (strchr (uri, '@'));
}

static void
test_unknown (void)
{
  g_autofree char *uri = signet_recovery_mail_dup_uri (NULL);
  g_autofree char *body = get_part (uri, "body");

  g_assert_nonnull (strstr (body, "recover my keys"));
  g_assert_null (strstr (body, "@"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/recovery-mail/known", test_known);
  g_test_add_func ("/ui/recovery-mail/unknown", test_unknown);

  return g_test_run ();
}
