/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/settings.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "base/mail-address.h"
#include "base/number.h"
#include "protocol/name.h"

#include <gio/gio.h>
#include <string.h>

/* The common name of a CA certificate (64 characters, RFC 5280 appendix A) holds the name and a word behind it. */
#define MAX_NAME 50

/* A certificate for mail may live 825 days under the strict profile of the CA/Browser Forum's S/MIME requirements
 * (6.3.2). */
#define MAX_LIFETIME_DAYS 825

static const struct {
  const char *group;
  const char *key;
} known[] = {
  { "authority", "name" }, { "authority", "domain" }, { "authority", "url" }, { "authority", "listen" },
  { "authority", "notice" }, { "crl", "url" }, { "crl", "listen" }, { "policy", "signing" }, { "policy", "encryption" },
  { "policy", "lifetime-days" }, { "policy", "temporary-key-hours" }, { "policy", "reply-days" },
  { "policy", "recovery-hours" }, { "policy", "renewal-days" },
  { "policy", "key-pool" }, { "delivery", "method" }, { "delivery", "maildir" }, { "delivery", "sendmail" },
  { "delivery", "smtp" }, { "delivery", "smtp-user" }, { "delivery", "smtp-password-file" },
  { "delivery", "smtp-ca-file" }, { "delivery", "from" }, { "limits", "wrong-keys" }, { "limits", "lock-minutes" },
  { "limits", "renewals-per-day" },
};

void
signet_settings_free (SignetSettings *self)
{
  g_free (self->name);
  g_strfreev (self->domains);
  g_free (self->url);
  g_free (self->host);
  g_free (self->listen);
  g_free (self->notice);
  g_free (self->crl_url);
  g_free (self->crl_path);
  g_free (self->crl_listen);
  g_free (self->maildir);
  g_free (self->sendmail);
  g_free (self->smtp);
  g_free (self->smtp_user);
  g_free (self->smtp_password_file);
  g_free (self->smtp_ca_file);
  g_free (self->from);
  g_free (self);
}

static gboolean
refuse (GError **error, const char *group, const char *key, const char *expected)
{
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, _("The setting “%s” in [%s] is not right: %s."), key, group,
               expected);
  return FALSE;
}

static gboolean
is_known (const char *group, const char *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
    if (g_str_equal (known[i].group, group) && (key == NULL || g_str_equal (known[i].key, key)))
      return TRUE;
  }
  return FALSE;
}

/* A setting that nobody reads is a mistake that nobody sees. */
static gboolean
check_known (GKeyFile *file, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; groups[i] != NULL; i++) {
    g_auto (GStrv) keys = g_key_file_get_keys (file, groups[i], NULL, NULL);

    if (!is_known (groups[i], NULL)) {
      g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, _("There is no group [%s] of settings."), groups[i]);
      return FALSE;
    }
    for (guint j = 0; keys != NULL && keys[j] != NULL; j++) {
      if (!is_known (groups[i], keys[j])) {
        g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, _("There is no setting “%s” in [%s]."), keys[j],
                     groups[i]);
        return FALSE;
      }
    }
  }
  return TRUE;
}

/* The text of a setting, without white space around it; NULL when it is absent or empty. */
static char *
get_text (GKeyFile *file, const char *group, const char *key)
{
  g_autofree char *text = g_key_file_get_string (file, group, key, NULL);

  return text != NULL && *g_strstrip (text) != '\0' ? g_steal_pointer (&text) : NULL;
}

static char *
get_text_or (GKeyFile *file, const char *group, const char *key, const char *otherwise)
{
  char *text = get_text (file, group, key);

  return text != NULL ? text : g_strdup (otherwise);
}

static gboolean
get_number (GKeyFile *file, const char *group, const char *key, guint otherwise, guint min, guint max, guint *value,
            GError **error)
{
  g_autofree char *text = get_text (file, group, key);
  g_autofree char *expected = g_strdup_printf (_("it is a number from %u to %u"), min, max);
  gint64 number = otherwise;

  if (text != NULL && !signet_number_parse (text, min, max, &number))
    return refuse (error, group, key, expected);
  *value = number;
  return TRUE;
}

/* "ADDRESS:PORT" with an address in figures: what a socket can be bound to without asking anybody. */
static gboolean
is_listen_address (const char *text)
{
  g_autoptr (GSocketConnectable) address = g_network_address_parse (text, 0, NULL);
  const char *host = address != NULL ? g_network_address_get_hostname (G_NETWORK_ADDRESS (address)) : NULL;

  return host != NULL && g_hostname_is_ip_address (host) && strrchr (text, ':') != NULL &&
         !g_str_has_suffix (text, "]");
}

/* Without a word from the administrator only this machine is served, or the one address that the URL itself names. */
static char *
default_listen (GUri *url, guint default_port)
{
  const char *host = g_hostname_is_ip_address (g_uri_get_host (url)) ? g_uri_get_host (url) : "127.0.0.1";
  guint port = g_uri_get_port (url) > 0 ? (guint) g_uri_get_port (url) : default_port;

  return g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%u" : "%s:%u", host, port);
}

static gboolean
get_listen (GKeyFile *file, const char *group, GUri *url, guint default_port, char **listen, GError **error)
{
  g_autofree char *otherwise = default_listen (url, default_port);
  g_autofree char *text = get_text_or (file, group, "listen", otherwise);

  if (!is_listen_address (text))
    return refuse (error, group, "listen", _("it looks like 127.0.0.1:8443, or like [::1]:8443"));
  *listen = g_steal_pointer (&text);
  return TRUE;
}

static gboolean
is_plain_url (GUri *url, const char *scheme)
{
  return url != NULL && g_str_equal (g_uri_get_scheme (url), scheme) && g_uri_get_host (url) != NULL &&
         *g_uri_get_host (url) != '\0' && g_uri_get_userinfo (url) == NULL && g_uri_get_query (url) == NULL &&
         g_uri_get_fragment (url) == NULL && g_uri_get_port (url) != 0;
}

static gboolean
read_names (SignetSettings *self, GKeyFile *file, GError **error)
{
  g_autofree char *domains = get_text (file, "authority", "domain");

  self->name = get_text (file, "authority", "name");
  self->notice = get_text (file, "authority", "notice");
  if (self->name == NULL || !signet_name_is_valid (self->name) || g_utf8_strlen (self->name, -1) > MAX_NAME)
    return refuse (error, "authority", "name", _("it is the name of the authority, one line of at most 50 characters"));
  if (self->notice != NULL && strlen (self->notice) > SIGNET_MAX_NOTICE)
    return refuse (error, "authority", "notice", _("it is too long for anybody to read"));

  self->domains = g_strsplit (domains != NULL ? domains : "", ";", -1);
  for (guint i = 0; i == 0 || self->domains[i] != NULL; i++) {
    g_autofree char *mailbox = g_strconcat ("a@", self->domains[i] != NULL ? g_strstrip (self->domains[i]) : "", NULL);
    g_autofree char *normalized = signet_mail_address_normalize (mailbox, NULL);
    if (normalized == NULL)
      return refuse (error, "authority", "domain",
                     _("it is a mail domain like example.org, or several with “;” between"));
    g_free (self->domains[i]);
    self->domains[i] = g_strdup (normalized + 2);
  }
  return TRUE;
}

static gboolean
read_urls (SignetSettings *self, GKeyFile *file, GError **error)
{
  g_autofree char *default_url = g_strdup_printf ("https://%s:8443", self->domains[0]);
  g_autofree char *url_text = get_text_or (file, "authority", "url", default_url);
  g_autoptr (GUri) url = g_uri_parse (url_text, G_URI_FLAGS_NONE, NULL);

  if (!is_plain_url (url, "https") || strlen (url_text) > SIGNET_MAX_URL ||
      (*g_uri_get_path (url) != '\0' && !g_str_equal (g_uri_get_path (url), "/")))
    return refuse (error, "authority", "url", _("it looks like https://ca.example.org:8443, without a path"));
  self->url = g_str_has_suffix (url_text, "/") ? g_strndup (url_text, strlen (url_text) - 1) : g_strdup (url_text);
  self->host = g_strdup (g_uri_get_host (url));
  if (!get_listen (file, "authority", url, 443, &self->listen, error))
    return FALSE;

  g_autofree char *default_crl = g_strdup_printf (
      strchr (self->host, ':') != NULL ? "http://[%s]:8080/authority.crl" : "http://%s:8080/authority.crl", self->host);
  self->crl_url = get_text_or (file, "crl", "url", default_crl);
  g_autoptr (GUri) crl_url = g_uri_parse (self->crl_url, G_URI_FLAGS_NONE, NULL);
  if (!is_plain_url (crl_url, "http") || strlen (self->crl_url) > SIGNET_MAX_URL ||
      strlen (g_uri_get_path (crl_url)) < 2)
    return refuse (error, "crl", "url",
                   _("it looks like http://ca.example.org/authority.crl, and never begins with https"));
  self->crl_path = g_strdup (g_uri_get_path (crl_url));

  g_autofree char *crl_listen = get_text (file, "crl", "listen");
  return g_strcmp0 (crl_listen, "none") == 0 || get_listen (file, "crl", crl_url, 80, &self->crl_listen, error);
}

static gboolean
read_policy (SignetSettings *self, GKeyFile *file, GError **error)
{
  g_autofree char *signing = get_text_or (file, "policy", "signing", "P-256;P-384;RSA-3072;RSA-4096");
  g_autofree char *encryption = get_text_or (file, "policy", "encryption", "RSA-3072");
  g_auto (GStrv) names = g_strsplit (signing, ";", -1);
  SignetKeyAlgorithm algorithm;

  for (guint i = 0; names[i] != NULL; i++) {
    if (*g_strstrip (names[i]) == '\0' && names[i + 1] == NULL && i > 0)
      break;
    if (!signet_key_algorithm_from_name (names[i], &algorithm))
      return refuse (error, "policy", "signing",
                     _("it names some of P-256, P-384, RSA-3072 and RSA-4096, with “;” between"));
    self->signing |= 1u << algorithm;
  }
  if (!signet_key_algorithm_from_name (encryption, &self->encryption))
    return refuse (error, "policy", "encryption", _("it is one of P-256, P-384, RSA-3072 and RSA-4096"));
  return get_number (file, "policy", "lifetime-days", 730, 1, MAX_LIFETIME_DAYS, &self->lifetime_days, error) &&
         get_number (file, "policy", "temporary-key-hours", 72, 1, 24 * 90, &self->temporary_key_hours, error) &&
         get_number (file, "policy", "reply-days", 30, 1, 365, &self->reply_days, error) &&
         get_number (file, "policy", "recovery-hours", 72, 1, 24 * 30, &self->recovery_hours, error) &&
         get_number (file, "policy", "renewal-days", 0, 0, MAX_LIFETIME_DAYS, &self->renewal_days, error) &&
         get_number (file, "policy", "key-pool", 32, 1, 10000, &self->key_pool, error) &&
         get_number (file, "limits", "wrong-keys", 5, 1, 1000, &self->wrong_keys, error) &&
         get_number (file, "limits", "lock-minutes", 15, 1, 24 * 60, &self->lock_minutes, error) &&
         get_number (file, "limits", "renewals-per-day", 5, 1, 1000, &self->renewals_per_day, error);
}

static gboolean
read_smtp (SignetSettings *self, GKeyFile *file, GError **error)
{
  self->smtp = get_text_or (file, "delivery", "smtp", "smtp://localhost");
  self->smtp_user = get_text (file, "delivery", "smtp-user");
  self->smtp_password_file = get_text (file, "delivery", "smtp-password-file");
  self->smtp_ca_file = get_text (file, "delivery", "smtp-ca-file");

  g_autoptr (GUri) url = g_uri_parse (self->smtp, G_URI_FLAGS_NONE, NULL);
  if (!is_plain_url (url, "smtp") && !is_plain_url (url, "smtps"))
    return refuse (error, "delivery", "smtp", _("it looks like smtps://mail.example.org, without user or password"));
  if ((self->smtp_user == NULL) != (self->smtp_password_file == NULL))
    return refuse (error, "delivery", "smtp-user", _("it and “smtp-password-file” are only good together"));
  return TRUE;
}

static gboolean
read_delivery (SignetSettings *self, GKeyFile *file, const char *directory, GError **error)
{
  static const char *const methods[] = { "none", "maildir", "sendmail", "smtp" };
  g_autofree char *method = get_text_or (file, "delivery", "method", "maildir");
  g_autofree char *default_maildir = g_build_filename (directory, "mail", "{address}", NULL);
  g_autofree char *default_from = g_strconcat ("authority@", self->domains[0], NULL);
  g_autofree char *from = get_text_or (file, "delivery", "from", default_from);

  while (self->delivery < G_N_ELEMENTS (methods) && !g_str_equal (method, methods[self->delivery]))
    self->delivery++;
  if (self->delivery == G_N_ELEMENTS (methods))
    return refuse (error, "delivery", "method", _("it is one of maildir, sendmail, smtp and none"));

  self->maildir = get_text_or (file, "delivery", "maildir", default_maildir);
  self->sendmail = get_text_or (file, "delivery", "sendmail", "/usr/sbin/sendmail");
  self->from = signet_mail_address_normalize (from, NULL);
  if (!g_path_is_absolute (self->maildir))
    return refuse (error, "delivery", "maildir", _("it is a whole path like /var/mail/{address}"));
  if (!g_path_is_absolute (self->sendmail))
    return refuse (error, "delivery", "sendmail", _("it is a whole path like /usr/sbin/sendmail"));
  if (self->from == NULL)
    return refuse (error, "delivery", "from", _("it is a mail address like authority@example.org"));
  return read_smtp (self, file, error);
}

SignetSettings *
signet_settings_parse (const char *text, gsize length, const char *directory, GError **error)
{
  g_autoptr (SignetSettings) self = g_new0 (SignetSettings, 1);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) local = NULL;

  if (!g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, &local)) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, _("The settings cannot be read: %s"), local->message);
    return NULL;
  }
  if (!check_known (file, error) || !read_names (self, file, error) || !read_urls (self, file, error) ||
      !read_policy (self, file, error) || !read_delivery (self, file, directory, error))
    return NULL;
  return g_steal_pointer (&self);
}

SignetSettings *
signet_settings_load (const char *directory, GError **error)
{
  g_autofree char *folder = g_canonicalize_filename (directory, NULL);
  g_autofree char *path = g_build_filename (folder, "authority.conf", NULL);
  g_autofree char *text = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL)) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND,
                 _("There is no authority in %s. Make one with “signet-authority init”."), directory);
    return NULL;
  }

  SignetSettings *self = signet_settings_parse (text, length, folder, error);
  if (self == NULL)
    g_prefix_error (error, "%s: ", path);
  return self;
}

gboolean
signet_settings_serves (SignetSettings *self, const char *address)
{
  const char *at = strrchr (address, '@');

  return at != NULL && g_strv_contains ((const char *const *) self->domains, at + 1);
}
