/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/settings.h"

#include "base/error.h"

#include <string.h>

#define MINIMAL "[authority]\nname=Example Authority\ndomain=example.org\n"

static SignetSettings *
parse (const char *text, GError **error)
{
  return signet_settings_parse (text, strlen (text), "/srv/authority", error);
}

static void
test_defaults (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetSettings) settings = parse (MINIMAL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (settings->url, ==, "https://example.org:8443");
  g_assert_cmpstr (settings->host, ==, "example.org");
  g_assert_cmpstr (settings->listen, ==, "127.0.0.1:8443");
  g_assert_cmpstr (settings->crl_url, ==, "http://example.org:8080/authority.crl");
  g_assert_cmpstr (settings->crl_path, ==, "/authority.crl");
  g_assert_cmpstr (settings->crl_listen, ==, "127.0.0.1:8080");
  g_assert_null (settings->notice);
  g_assert_cmpuint (settings->signing, ==, 1 << SIGNET_KEY_P256 | 1 << SIGNET_KEY_P384 | 1 << SIGNET_KEY_RSA_3072 |
                                             1 << SIGNET_KEY_RSA_4096);
  g_assert_cmpint (settings->encryption, ==, SIGNET_KEY_RSA_3072);
  g_assert_cmpuint (settings->lifetime_days, ==, 730);
  g_assert_cmpuint (settings->temporary_key_hours, ==, 72);
  g_assert_cmpuint (settings->reply_days, ==, 30);
  g_assert_cmpuint (settings->recovery_hours, ==, 72);
  g_assert_cmpint (settings->delivery, ==, SIGNET_DELIVERY_MAILDIR);
  g_assert_cmpstr (settings->maildir, ==, "/srv/authority/mail/{address}");
  g_assert_cmpstr (settings->from, ==, "authority@example.org");
  g_assert_cmpuint (settings->wrong_keys, ==, 5);
  g_assert_cmpuint (settings->lock_minutes, ==, 15);
}

/* What `init` writes can be read, says what it was told, and otherwise nothing but the defaults; and with every # taken
 * away it still can be read. */
static void
test_template (void)
{
  const SignetSettingsSeed seed = { .name = " Über=Amt\\ ", .domain = "example.org", .url = "https://127.0.0.1:9443",
                                    .encryption = "P-384", .delivery = "none" };
  g_autofree char *text = signet_settings_write (&seed);
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetSettings) settings = parse (text, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (settings->name, ==, "Über=Amt\\");
  g_assert_cmpstr (settings->url, ==, "https://127.0.0.1:9443");
  g_assert_cmpstr (settings->listen, ==, "127.0.0.1:9443");
  g_assert_cmpint (settings->encryption, ==, SIGNET_KEY_P384);
  g_assert_cmpint (settings->delivery, ==, SIGNET_DELIVERY_NONE);
  g_assert_cmpstr (settings->maildir, ==, "/srv/authority/mail/{address}");

  GString *all = g_string_new (text);
  g_string_replace (all, "\n#", "\n", 0);
  g_string_replace (all, "\n ", "\n# ", 0);
  g_autofree char *everything = g_string_free (all, FALSE);
  g_autoptr (SignetSettings) plain = parse (everything, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (plain->signing, ==, settings->signing);
  g_assert_cmpuint (plain->lifetime_days, ==, settings->lifetime_days);
  g_assert_cmpuint (plain->reply_days, ==, settings->reply_days);
  g_assert_cmpuint (plain->key_pool, ==, settings->key_pool);
  g_assert_cmpuint (plain->wrong_keys, ==, settings->wrong_keys);
  g_assert_cmpuint (plain->lock_minutes, ==, settings->lock_minutes);
  g_assert_cmpstr (plain->smtp, ==, settings->smtp);
  g_assert_cmpstr (plain->from, ==, settings->from);
  g_assert_null (plain->smtp_user);
  g_assert_null (plain->notice);
}

static void
test_values (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetSettings) settings =
    parse ("[authority]\nname=A\ndomain=Example.ORG; other.example\nurl=https://[::1]/\nnotice=We keep your key.\n"
           "[crl]\nurl=http://crl.example.org/list\nlisten=none\n"
           "[policy]\nsigning=RSA-3072;\nencryption=P-256\nlifetime-days=825\n"
           "[delivery]\nmethod=smtp\nsmtp=smtps://mail.example.org\nsmtp-user=me\n"
           "smtp-password-file=/etc/key\n", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (settings->url, ==, "https://[::1]");
  g_assert_cmpstr (settings->host, ==, "::1");
  g_assert_cmpstr (settings->listen, ==, "[::1]:443");
  g_assert_cmpstr (settings->notice, ==, "We keep your key.");
  g_assert_null (settings->crl_listen);
  g_assert_cmpstr (settings->crl_path, ==, "/list");
  g_assert_cmpuint (settings->signing, ==, 1 << SIGNET_KEY_RSA_3072);
  g_assert_cmpint (settings->delivery, ==, SIGNET_DELIVERY_SMTP);
  g_assert_cmpstr (settings->smtp_user, ==, "me");
  g_assert_true (signet_settings_serves (settings, "asa@example.org"));
  g_assert_true (signet_settings_serves (settings, "asa@other.example"));
  g_assert_false (signet_settings_serves (settings, "asa@sub.example.org"));
  g_assert_false (signet_settings_serves (settings, "asa@ample.org"));
}

static void
test_refused (void)
{
  static const struct {
    const char *text;
    const char *complaint;         /* what the sentence names */
  } cases[] = {
    { "no key file", "" },
    { "[authority]\ndomain=example.org\n", "name" },
    { "[authority]\nname= \ndomain=example.org\n", "name" },
    { "[authority]\nname=A\\nB\ndomain=example.org\n", "name" },
    { "[authority]\nname=123456789012345678901234567890123456789012345678901\ndomain=example.org\n", "name" },
    { "[authority]\nname=A\n", "domain" },
    { "[authority]\nname=A\ndomain=exam ple.org\n", "domain" },
    { "[authority]\nname=A\ndomain=example.org;\n", "domain" },
    { MINIMAL "url=http://example.org\n", "url" },
    { MINIMAL "url=https://example.org/path\n", "url" },
    { MINIMAL "url=https://me@example.org\n", "url" },
    { MINIMAL "url=example.org\n", "url" },
    { MINIMAL "listen=8443\n", "listen" },
    { MINIMAL "listen=localhost:8443\n", "listen" },
    { MINIMAL "listen=127.0.0.1\n", "listen" },
    { MINIMAL "listen=none\n", "listen" },
    { MINIMAL "colour=blue\n", "colour" },
    { MINIMAL "[colours]\n", "colours" },
    { MINIMAL "[crl]\nurl=https://example.org/list\n", "crl" },
    { MINIMAL "[crl]\nurl=http://example.org/\n", "crl" },
    { MINIMAL "[policy]\nsigning=Ed25519\n", "signing" },
    { MINIMAL "[policy]\nsigning=P-256;;P-384\n", "signing" },
    { MINIMAL "[policy]\nencryption=RSA-1024\n", "encryption" },
    { MINIMAL "[policy]\nlifetime-days=826\n", "lifetime-days" },
    { MINIMAL "[policy]\nlifetime-days=0\n", "lifetime-days" },
    { MINIMAL "[policy]\nlifetime-days=two\n", "lifetime-days" },
    { MINIMAL "[policy]\ntemporary-key-hours=-1\n", "temporary-key-hours" },
    { MINIMAL "[delivery]\nmethod=pigeon\n", "method" },
    { MINIMAL "[delivery]\nmaildir=mail\n", "maildir" },
    { MINIMAL "[delivery]\nsendmail=sendmail\n", "sendmail" },
    { MINIMAL "[delivery]\nsmtp=mail.example.org\n", "smtp" },
    { MINIMAL "[delivery]\nsmtp=smtp://me:secret@mail.example.org\n", "smtp" },
    { MINIMAL "[delivery]\nsmtp-user=me\n", "smtp-user" },
    { MINIMAL "[delivery]\nfrom=authority\n", "from" },
    { MINIMAL "[limits]\nwrong-keys=0\n", "wrong-keys" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_test_message ("case %u", i);
    g_assert_null (parse (cases[i].text, &error));
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
    g_assert_nonnull (strstr (error->message, cases[i].complaint));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/authority/settings/defaults", test_defaults);
  g_test_add_func ("/authority/settings/template", test_template);
  g_test_add_func ("/authority/settings/values", test_values);
  g_test_add_func ("/authority/settings/refused", test_refused);
  return g_test_run ();
}
