/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/mail-defaults.h"

#include "base/error.h"
#include "base/limits.h"

#include <string.h>

static GPtrArray *
parse (const char *text, GError **error)
{
  return signet_mail_defaults_parse (text, strlen (text), error);
}

static SignetMailDefaults *
make_unusual (const char *address)
{
  SignetMailDefaults *self = signet_mail_defaults_new (address);

  self->sign = FALSE;
  self->encrypt = TRUE;
  self->clear_text = FALSE;
  self->digest = SIGNET_DIGEST_SHA512;
  self->cipher = SIGNET_CIPHER_AES128_CBC;
  signet_mail_defaults_set_signing_keyset (self, "c0ffee00-0000-4000-8000-000000000001");
  signet_mail_defaults_set_encryption_keyset (self, "c0ffee00-0000-4000-8000-000000000002");
  return self;
}

static void
test_new (void)
{
  g_autoptr (SignetMailDefaults) self = signet_mail_defaults_new ("asa@example.org");

  g_assert_true (self->sign);
  g_assert_false (self->encrypt);
  g_assert_true (self->clear_text);
  g_assert_null (self->signing_keyset);
  g_assert_null (self->encryption_keyset);
  g_assert_cmpint (self->digest, ==, SIGNET_DIGEST_AUTOMATIC);
  g_assert_cmpint (self->cipher, ==, SIGNET_CIPHER_AUTOMATIC);
}

/* Each member counts, and comes back from the file. */
static void
test_round_trip (void)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_mail_defaults_free);
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (list, signet_mail_defaults_new ("{it's}`odd`=#x&y@example.org"));
  g_ptr_array_add (list, make_unusual ("Asa@example.org"));
  for (int i = 0; i < 7; i++) {
    SignetMailDefaults *one = signet_mail_defaults_copy (list->pdata[1]);
    gboolean *switches[] = { &one->sign, &one->encrypt, &one->clear_text };

    g_assert_true (signet_mail_defaults_equal (one, list->pdata[1]));
    if (i < 3)
      *switches[i] = !*switches[i];
    else if (i == 3)
      signet_mail_defaults_set_signing_keyset (one, NULL);
    else if (i == 4)
      signet_mail_defaults_set_encryption_keyset (one, "another");
    else if (i == 5)
      one->digest = SIGNET_DIGEST_SHA384;
    else
      one->cipher = SIGNET_CIPHER_AUTOMATIC;
    g_assert_false (signet_mail_defaults_equal (one, list->pdata[1]));
    g_free (one->address);
    one->address = g_strdup_printf ("asa%d@example.org", i);
    g_ptr_array_add (list, one);
  }

  g_autofree char *text = signet_mail_defaults_print (list);
  g_autoptr (GPtrArray) again = parse (text, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->len, ==, list->len);
  for (guint i = 0; i < list->len; i++)
    g_assert_true (signet_mail_defaults_equal (again->pdata[i], list->pdata[i]));
}

static void
test_find (void)
{
  g_autoptr (GPtrArray) list = parse ("[Signet]\nversion=1\n[Asa@EXAMPLE.org]\nsign=false\n", NULL);

  g_assert_cmpstr (signet_mail_defaults_find (list, "asa@example.org")->address, ==, "Asa@example.org");
  g_assert_null (signet_mail_defaults_find (list, "asa@example.com"));
}

static void
test_hostile (void)
{
  static const struct {
    const char *text;
    SignetError code;
  } cases[] = {
    { "", SIGNET_ERROR_INVALID },
    { "\xff", SIGNET_ERROR_INVALID },
    { "hello", SIGNET_ERROR_INVALID },
    { "[asa@example.org]\nsign=true\n", SIGNET_ERROR_INVALID },
    { "[Signet]\nversion=0\n", SIGNET_ERROR_INVALID },
    { "[Signet]\nversion=1x\n", SIGNET_ERROR_INVALID },
    { "[Signet]\nversion=2\n", SIGNET_ERROR_UNSUPPORTED },
    { "[Signet]\nversion=1\n[asa]\nsign=true\n", SIGNET_ERROR_INVALID },
    { "[Signet]\nversion=1\n[asa@example.org]\nsign=yes\n", SIGNET_ERROR_INVALID },
    { "[Signet]\nversion=1\n[asa@example.org]\nsign=\n", SIGNET_ERROR_INVALID },
    { "[Signet]\nversion=1\n[asa@example.org]\nSign=true\n", SIGNET_ERROR_INVALID },
    { "[Signet]\nversion=1\n[asa@example.org]\nsign=true\nsign=maybe\n", SIGNET_ERROR_INVALID },
    { "[Signet]\nversion=1\n[asa@example.org]\npassword=x\n", SIGNET_ERROR_INVALID },
    { "[Signet]\nversion=1\n[asa@example.org]\nsigning-keyset=\n", SIGNET_ERROR_INVALID },
    { "[Signet]\nversion=1\n[asa@example.org]\nsigning-keyset=../../x\n", SIGNET_ERROR_INVALID },
    { "[Signet]\nversion=1\n[asa@example.org]\nsigning-keyset=%65\n", SIGNET_ERROR_INVALID },
    { "[Signet]\nversion=1\n[asa@example.org]\ndigest=md5\n", SIGNET_ERROR_INVALID },
    { "[Signet]\nversion=1\n[asa@example.org]\ncipher=aes256-gcm\n", SIGNET_ERROR_INVALID },   /* not all can read it */
    { "[Signet]\nversion=1\n[asa@example.org]\n[ASA@example.org]\n", SIGNET_ERROR_INVALID },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) list = parse (cases[i].text, &error);

    g_assert_null (list);
    if (!g_error_matches (error, SIGNET_ERROR, cases[i].code))
      g_error ("%s: %s", cases[i].text, error->message);
  }
}

static void
test_caps (void)
{
  g_autoptr (GString) text = g_string_new ("[Signet]\nversion=1\n");
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < SIGNET_MAX_MAIL_ADDRESSES; i++)
    g_string_append_printf (text, "[a%d@example.org]\nsign=false\n", i);
  g_autoptr (GPtrArray) most = parse (text->str, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (most->len, ==, SIGNET_MAX_MAIL_ADDRESSES);

  g_string_append (text, "[one@too.many]\n");
  g_assert_null (parse (text->str, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE);
  g_clear_error (&error);

  g_autofree char *comment = g_strnfill (SIGNET_MAX_MAIL_DEFAULTS, '#');
  g_autofree char *large = g_strconcat ("[Signet]\nversion=1\n", comment, "\n", NULL);
  g_assert_null (parse (large, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keyset/mail-defaults/new", test_new);
  g_test_add_func ("/keyset/mail-defaults/round-trip", test_round_trip);
  g_test_add_func ("/keyset/mail-defaults/find", test_find);
  g_test_add_func ("/keyset/mail-defaults/hostile", test_hostile);
  g_test_add_func ("/keyset/mail-defaults/caps", test_caps);
  return g_test_run ();
}
