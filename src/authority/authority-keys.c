/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/authority-keys.h"

#include "authority/files.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "crypto/gnutls-types.h"

#include <string.h>
#include <sys/stat.h>

#define DAY (24 * 3600)
#define YEAR (365 * DAY)
#define BACKDATE 300               /* seconds: a user's clock may be a little slow */
#define ROOT_LIFETIME (20 * YEAR)
#define ISSUING_LIFETIME (10 * YEAR)
#define TLS_LIFETIME (200 * DAY)
#define TLS_RENEWAL (30 * DAY)
#define MAX_PEM (64 * 1024)

void
signet_authority_keys_free (SignetAuthorityKeys *self)
{
  g_clear_pointer (&self->root, signet_certificate_unref);
  g_clear_pointer (&self->issuing, signet_issuer_unref);
  g_clear_pointer (&self->reply_certificate, signet_certificate_unref);
  g_clear_pointer (&self->reply_key, signet_private_key_unref);
  g_clear_pointer (&self->recovery_spki, g_bytes_unref);
  g_free (self);
}

/* --- files --- */

static char *
key_path (const char *directory, const char *name)
{
  return g_build_filename (directory, "keys", name, NULL);
}

static gboolean
set_damaged (const char *path, GError **error)
{
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED, _("%s is damaged. Put it back from a backup."), path);
  return FALSE;
}

static SignetSecret *
encode_pem (const char *label, gnutls_datum_t der)
{
  g_auto (gnutls_datum_t) text = { NULL, 0 };

  return gnutls_pem_base64_encode2 (label, &der, &text) < 0 ? NULL : signet_datum_to_secret (&text);
}

/* The first object of the file that LABEL names. */
static SignetSecret *
read_pem (const char *path, const char *label, GError **error)
{
  g_autoptr (SignetSecret) text = signet_file_read (path, MAX_PEM, error);
  g_auto (gnutls_datum_t) der = { NULL, 0 };

  if (text == NULL)
    return NULL;

  gnutls_datum_t datum = signet_datum_from_secret (text);
  if (gnutls_pem_base64_decode2 (label, &datum, &der) < 0) {
    set_damaged (path, error);
    return NULL;
  }
  return signet_datum_to_secret (&der);
}

static gboolean
write_secret (const char *directory, const char *name, SignetSecret *contents, int mode, GError **error)
{
  g_autofree char *path = key_path (directory, name);
  gsize length;
  const guint8 *data = signet_secret_get (contents, &length);

  return signet_file_write (path, data, length, mode, error);
}

static gboolean
write_key (const char *directory, const char *name, SignetPrivateKey *key, GError **error)
{
  g_autoptr (SignetSecret) der = signet_private_key_to_pkcs8 (key, error);
  g_autoptr (SignetSecret) text = der != NULL ? encode_pem ("PRIVATE KEY", signet_datum_from_secret (der)) : NULL;

  return text != NULL && write_secret (directory, name, text, 0600, error);
}

/* CERTIFICATE, and PARENT behind it unless NULL. */
static gboolean
write_certificate (const char *directory, const char *name, SignetCertificate *certificate, SignetCertificate *parent,
                   GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *path = key_path (directory, name);
  SignetCertificate *chain[] = { certificate, parent };

  for (guint i = 0; i < G_N_ELEMENTS (chain) && chain[i] != NULL; i++) {
    g_autoptr (SignetSecret) pem = encode_pem ("CERTIFICATE",
                                               signet_datum_from_bytes (signet_certificate_get_der (chain[i])));
    g_string_append (text, signet_secret_get_text (pem));
  }
  return signet_file_write (path, text->str, text->len, 0644, error);
}

/* A private key that others can read may have been read. */
static SignetPrivateKey *
read_key (const char *directory, const char *name, GError **error)
{
  g_autofree char *path = key_path (directory, name);
  struct stat info;

  if (stat (path, &info) == 0 && (info.st_mode & 077) != 0) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED,
                 _("Others can read %s. Decide whether the key is still secret, then run “chmod 600” on it."), path);
    return NULL;
  }

  g_autoptr (SignetSecret) der = read_pem (path, "PRIVATE KEY", error);
  return der != NULL ? signet_private_key_new_from_pkcs8 (der, error) : NULL;
}

static SignetCertificate *
read_certificate (const char *directory, const char *name, GError **error)
{
  g_autofree char *path = key_path (directory, name);
  g_autoptr (SignetSecret) der = read_pem (path, "CERTIFICATE", error);

  if (der == NULL)
    return NULL;

  gsize length;
  const guint8 *data = signet_secret_get (der, &length);
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);
  return signet_certificate_new (bytes, error);
}

/* --- making them --- */

/* A new key NAME.key and its certificate NAME.pem, signed by PARENT; *ISSUER, unless NULL, can issue with it. */
static gboolean
create_below (const char *directory, const char *name, SignetIssuer *parent, SignetProfile profile, const char *subject,
              gint64 now, gint64 lifetime, GError **error)
{
  g_autoptr (SignetPrivateKey) key = signet_private_key_generate (SIGNET_KEY_P256, error);
  g_autofree char *key_name = g_strconcat (name, ".key", NULL);
  g_autofree char *certificate_name = g_strconcat (name, ".pem", NULL);

  if (key == NULL)
    return FALSE;

  SignetCertificateOrder order = { profile, signet_private_key_get_spki (key), subject, now - BACKDATE,
                                   now + lifetime };
  g_autoptr (SignetCertificate) certificate = signet_issuer_issue (parent, &order, error);
  SignetCertificate *shown = profile == SIGNET_PROFILE_SERVER ? signet_issuer_get_certificate (parent) : NULL;
  return certificate != NULL && write_key (directory, key_name, key, error) &&
         write_certificate (directory, certificate_name, certificate, shown, error);
}

static SignetIssuer *
create_root (const char *directory, SignetSettings *settings, gint64 now, GError **error)
{
  g_autoptr (SignetPrivateKey) key = signet_private_key_generate (SIGNET_KEY_P256, error);
  g_autofree char *subject = g_strconcat (settings->name, " Root", NULL);

  if (key == NULL)
    return NULL;

  SignetCertificateOrder order = { SIGNET_PROFILE_ROOT, signet_private_key_get_spki (key), subject, now - BACKDATE,
                                   now + ROOT_LIFETIME };
  g_autoptr (SignetCertificate) certificate = signet_issuer_self_sign (key, &order, error);
  if (certificate == NULL || !write_key (directory, "root.key", key, error) ||
      !write_certificate (directory, "root.pem", certificate, NULL, error))
    return NULL;
  return signet_issuer_new (certificate, key, NULL, NULL, error);
}

/* The private half goes to the officers (authority/officers.h). */
static SignetPrivateKey *
create_recovery (const char *directory, GError **error)
{
  g_autoptr (SignetPrivateKey) key = signet_private_key_generate (SIGNET_KEY_P256, error);

  if (key == NULL)
    return NULL;
  g_autoptr (SignetSecret) pem = encode_pem ("PUBLIC KEY", signet_datum_from_bytes (signet_private_key_get_spki (key)));
  return write_secret (directory, "recovery.pub", pem, 0644, error) ? g_steal_pointer (&key) : NULL;
}

gboolean
signet_authority_keys_create (const char *directory, SignetSettings *settings, gint64 now,
                              SignetPrivateKey **recovery_key, GError **error)
{
  g_autofree char *folder = g_build_filename (directory, "keys", NULL);
  g_autofree char *issuing = g_strconcat (settings->name, " Issuing", NULL);
  g_autofree char *replies = g_strconcat (settings->name, " Replies", NULL);

  if (mkdir (folder, 0700) < 0)
    return signet_file_fail (folder, error);

  g_autoptr (SignetIssuer) root = create_root (directory, settings, now, error);
  if (root == NULL ||
      !create_below (directory, "issuing", root, SIGNET_PROFILE_ISSUING, issuing, now, ISSUING_LIFETIME, error) ||
      !create_below (directory, "reply", root, SIGNET_PROFILE_REPLY, replies, now, ISSUING_LIFETIME, error) ||
      !create_below (directory, "tls", root, SIGNET_PROFILE_SERVER, settings->host, now, TLS_LIFETIME, error))
    return FALSE;

  SignetPrivateKey *recovery = create_recovery (directory, error);
  if (recovery == NULL)
    return FALSE;
  *recovery_key = recovery;
  return TRUE;
}

gboolean
signet_authority_keys_write_sealed (const char *directory, GBytes *sealed, GError **error)
{
  g_autofree char *path = key_path (directory, "recovery.sealed");

  return signet_file_write (path, g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed), 0600, error);
}

/* --- reading them --- */

static char *
make_certificate_url (SignetSettings *settings)
{
  g_autoptr (GUri) crl = g_uri_parse (settings->crl_url, G_URI_FLAGS_NONE, NULL);
  g_autofree char *base = g_uri_join (G_URI_FLAGS_NONE, "http", NULL, g_uri_get_host (crl), g_uri_get_port (crl), "",
                                      NULL, NULL);

  return g_strconcat (base, "/issuing.cer", NULL);
}

GBytes *
signet_authority_keys_read_recovery_spki (const char *directory, GError **error)
{
  g_autofree char *path = key_path (directory, "recovery.pub");
  g_autoptr (SignetSecret) der = read_pem (path, "PUBLIC KEY", error);
  gsize length;

  if (der == NULL)
    return NULL;
  const guint8 *data = signet_secret_get (der, &length);
  return g_bytes_new (data, length);
}

GBytes *
signet_authority_keys_read_sealed (const char *directory, GError **error)
{
  g_autofree char *path = key_path (directory, "recovery.sealed");
  g_autoptr (SignetSecret) sealed = signet_file_read (path, MAX_PEM, error);
  gsize length;

  if (sealed == NULL)
    return NULL;
  const guint8 *data = signet_secret_get (sealed, &length);
  return g_bytes_new (data, length);
}

SignetCertificate *
signet_authority_keys_read_root (const char *directory, GError **error)
{
  return read_certificate (directory, "root.pem", error);
}

SignetAuthorityKeys *
signet_authority_keys_load (const char *directory, SignetSettings *settings, GError **error)
{
  g_autoptr (SignetAuthorityKeys) self = g_new0 (SignetAuthorityKeys, 1);
  g_autofree char *certificate_url = make_certificate_url (settings);
  g_autoptr (SignetCertificate) issuing = read_certificate (directory, "issuing.pem", error);
  g_autoptr (SignetPrivateKey) issuing_key = issuing != NULL ? read_key (directory, "issuing.key", error) : NULL;

  if (issuing_key == NULL)
    return NULL;
  self->root = read_certificate (directory, "root.pem", error);
  self->issuing = self->root != NULL
                      ? signet_issuer_new (issuing, issuing_key, settings->crl_url, certificate_url, error)
                      : NULL;
  self->reply_certificate = self->issuing != NULL ? read_certificate (directory, "reply.pem", error) : NULL;
  self->reply_key = self->reply_certificate != NULL ? read_key (directory, "reply.key", error) : NULL;
  self->recovery_spki = self->reply_key != NULL ? signet_authority_keys_read_recovery_spki (directory, error) : NULL;
  return self->recovery_spki != NULL ? g_steal_pointer (&self) : NULL;
}

/* --- HTTPS --- */

static gboolean
fits_host (SignetCertificate *certificate, const char *host)
{
  g_auto (gnutls_x509_crt_t) crt = NULL;
  gnutls_datum_t der = signet_datum_from_bytes (signet_certificate_get_der (certificate));

  gnutls_x509_crt_init (&crt);
  return gnutls_x509_crt_import (crt, &der, GNUTLS_X509_FMT_DER) >= 0 &&
         gnutls_x509_crt_check_hostname2 (crt, host, GNUTLS_VERIFY_DO_NOT_ALLOW_WILDCARDS);
}

static gboolean
renew_tls (const char *directory, SignetSettings *settings, gint64 now, GError **error)
{
  g_autoptr (SignetCertificate) certificate = read_certificate (directory, "root.pem", error);
  g_autoptr (SignetPrivateKey) key = certificate != NULL ? read_key (directory, "root.key", error) : NULL;
  g_autoptr (SignetIssuer) root = key != NULL ? signet_issuer_new (certificate, key, NULL, NULL, error) : NULL;

  return root != NULL &&
         create_below (directory, "tls", root, SIGNET_PROFILE_SERVER, settings->host, now, TLS_LIFETIME, error);
}

SignetTlsCredentials *
signet_authority_keys_load_tls (const char *directory, SignetSettings *settings, gint64 now, GError **error)
{
  g_autoptr (SignetCertificate) present = read_certificate (directory, "tls.pem", NULL);
  g_autoptr (SignetPrivateKey) key = read_key (directory, "tls.key", NULL);

  /* Two files, so a crash between them leaves a pair that does not fit: that is made anew, too. */
  if ((present == NULL || key == NULL || signet_certificate_get_not_after (present) < now + TLS_RENEWAL ||
       !fits_host (present, settings->host) ||
       !g_bytes_equal (signet_certificate_get_spki (present), signet_private_key_get_spki (key))) &&
      !renew_tls (directory, settings, now, error))
    return NULL;

  g_autofree char *certificate_path = key_path (directory, "tls.pem");
  g_autofree char *key_file = key_path (directory, "tls.key");
  return signet_tls_credentials_new (certificate_path, key_file, error);
}
