/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The configuration file that `init` writes: what the administrator said, and every other setting with its default,
 * switched off by a #. */
#include "authority/settings.h"

/* VALUE as a key file spells it (backslashes, white space at its ends). */
static char *
escape (const char *value)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_set_string (file, "a", "a", value);
  return g_key_file_get_value (file, "a", "a", NULL);
}

/* "key=value", or the default behind a #. */
static void
add (GString *text, const char *key, const char *value, const char *otherwise)
{
  g_autofree char *escaped = escape (value != NULL ? value : otherwise);

  g_string_append_printf (text, "%s%s=%s\n", value != NULL ? "" : "#", key, escaped);
}

static void
add_note (GString *text, const char *note)
{
  g_string_append (text, note);
}

static void
add_authority (GString *text, const SignetSettingsSeed *seed)
{
  g_autofree char *url = g_strdup_printf ("https://%s:8443", seed->domain);

  add_note (text, "# The settings of a Signet authority. `signet-authority serve` reads them when it starts.\n"
                  "# A setting behind a # has the value shown.\n\n[authority]\n# What users read.\n");
  add (text, "name", seed->name, NULL);
  add_note (text, "\n# The mail domains whose users may be invited, with ; between them.\n");
  add (text, "domain", seed->domain, NULL);
  add_note (text, "\n# Where users' computers reach this authority; invitations carry it.\n");
  add (text, "url", seed->url, url);
  add_note (text,
            "\n# The address and port to listen on. By default this machine alone is served, at the URL's port.\n");
  add (text, "listen", seed->listen, "127.0.0.1:8443");
  add_note (text, "\n# What users read about their encryption key before anything is sent; empty: the usual text.\n");
  add (text, "notice", NULL, "");
}

static void
add_crl (GString *text, const SignetSettingsSeed *seed)
{
  g_autofree char *url = g_strdup_printf ("http://%s:8080/authority.crl", seed->domain);

  add_note (text, "\n[crl]\n# Where mail programs find the list of revoked certificates. Every certificate names it, "
                  "so decide before\n"
                  "# the first invitation. Plain http: the list is signed.\n");
  add (text, "url", seed->crl_url, url);
  add_note (
      text,
      "\n# The address and port of that server, or none when another web server offers the file authority.crl.\n");
  add (text, "listen", seed->crl_listen, "127.0.0.1:8080");
}

static void
add_policy (GString *text, const SignetSettingsSeed *seed)
{
  add_note (text, "\n[policy]\n# The signing keys that are accepted.\n");
  add (text, "signing", NULL, "P-256;P-384;RSA-3072;RSA-4096");
  add_note (text, "\n# The encryption keys that are made: RSA-3072 is what every mail program can read today.\n");
  add (text, "encryption", seed->encryption, "RSA-3072");
  add_note (text, "\n# RSA keys kept ready in memory, so that a burst of requests need not wait.\n");
  add (text, "key-pool", NULL, "32");
  add_note (text, "\n# How long a certificate is good, at most 825 days.\n");
  add (text, "lifetime-days", NULL, "730");
  add_note (text, "\n# How long an invitation is good, and how long a reply can be fetched and installed.\n");
  add (text, "temporary-key-hours", NULL, "72");
  add (text, "reply-days", NULL, "30");
  add_note (text, "\n# A digital ID can be renewed by its own key from this many days before its end on; 0: at any "
                  "time.\n");
  add (text, "renewal-days", NULL, "0");
  add_note (text, "\n# How long a recovery waits for its officers.\n");
  add (text, "recovery-hours", NULL, "72");
}

static void
add_delivery (GString *text, const SignetSettingsSeed *seed)
{
  g_autofree char *from = g_strconcat ("authority@", seed->domain, NULL);

  add_note (text, "\n[delivery]\n# How replies are mailed: maildir, sendmail, smtp or none. Signet can always fetch "
                  "its reply as well.\n");
  add (text, "method", seed->delivery, "maildir");
  add_note (text, "\n# {address} stands for the user's address. By default the folder mail beside this file.\n");
  add (text, "maildir", seed->maildir, "/var/mail/{address}");
  add_note (text, "\n");
  add (text, "sendmail", NULL, "/usr/sbin/sendmail");
  add_note (text, "\n# smtp:// (encrypted when the server can; always with a user) or smtps://. The file holds the "
                  "password alone.\n");
  add (text, "smtp", NULL, "smtp://localhost");
  add (text, "smtp-user", NULL, "");
  add (text, "smtp-password-file", NULL, "");
  add_note (text, "\n# Certificates that the mail server's must lead to; empty: the system's.\n");
  add (text, "smtp-ca-file", NULL, "");
  add_note (text, "\n");
  add (text, "from", NULL, from);
}

char *
signet_settings_write (const SignetSettingsSeed *seed)
{
  GString *text = g_string_new (NULL);

  add_authority (text, seed);
  add_crl (text, seed);
  add_policy (text, seed);
  add_delivery (text, seed);
  add_note (text,
            "\n[limits]\n# After this many wrong temporary keys for an address it is locked for this many minutes.\n");
  add (text, "wrong-keys", NULL, "5");
  add (text, "lock-minutes", NULL, "15");
  add_note (text, "\n# One keyset may be renewed this often within a day.\n");
  add (text, "renewals-per-day", NULL, "5");
  return g_string_free (text, FALSE);
}
