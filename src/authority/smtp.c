/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/smtp.h"

#include "authority/files.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"

#include <curl/curl.h>
#include <string.h>

#define CONNECT_TIMEOUT 30L        /* seconds */
#define TIMEOUT 120L

struct _SignetSmtp {
  const SignetSettings *settings;
  CURL *curl;
};

typedef struct curl_slist CurlList;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CurlList, curl_slist_free_all)

SignetSmtp *
signet_smtp_new (const SignetSettings *settings)
{
  static gsize initialized;
  SignetSmtp *self = g_new0 (SignetSmtp, 1);

  if (g_once_init_enter (&initialized)) {
    curl_global_init (CURL_GLOBAL_DEFAULT);
    g_once_init_leave (&initialized, 1);
  }
  self->settings = settings;
  self->curl = curl_easy_init ();
  return self;
}

void
signet_smtp_free (SignetSmtp *self)
{
  curl_easy_cleanup (self->curl);
  g_free (self);
}

typedef struct {
  const char *data;
  gsize left;
} Reader;

static size_t
read_message (char *buffer, size_t size, size_t count, void *data)
{
  Reader *reader = data;
  gsize length = MIN (size * count, reader->left);

  memcpy (buffer, reader->data, length);
  reader->data += length;
  reader->left -= length;
  return length;
}

static int
watch (void *data, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
  return g_cancellable_is_cancelled (data);
}

/* The password stands alone in a file: in the configuration it would be read by whoever helps with that. */
static gboolean
set_user (SignetSmtp *self, GError **error)
{
  const SignetSettings *settings = self->settings;

  if (settings->smtp_user == NULL)
    return TRUE;

  g_autoptr (SignetSecret) contents = signet_file_read (settings->smtp_password_file, SIGNET_MAX_PASSWORD, error);
  if (contents == NULL)
    return FALSE;

  const char *text = signet_secret_get_text (contents);
  if (text == NULL) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, _("%s does not hold a password."),
                 settings->smtp_password_file);
    return FALSE;
  }
  g_autoptr (SignetSecret) password = signet_secret_new (text, strcspn (text, "\r\n"));
  curl_easy_setopt (self->curl, CURLOPT_USERNAME, settings->smtp_user);
  curl_easy_setopt (self->curl, CURLOPT_PASSWORD, signet_secret_get_text (password));
  return TRUE;
}

/* Encrypted whenever the server can; a user's password, and a list of certificates to trust, make it a must. */
static gboolean
set_server (SignetSmtp *self, GError **error)
{
  const SignetSettings *settings = self->settings;
  gboolean must = settings->smtp_user != NULL || settings->smtp_ca_file != NULL;
  const char *domain = strrchr (settings->from, '@') + 1;
  g_autofree char *url = g_strconcat (settings->smtp, g_str_has_suffix (settings->smtp, "/") ? "" : "/", domain, NULL);

  curl_easy_reset (self->curl);                /* keeps the connection */
  curl_easy_setopt (self->curl, CURLOPT_URL, url);
  curl_easy_setopt (self->curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt (self->curl, CURLOPT_USE_SSL, (long) (must ? CURLUSESSL_ALL : CURLUSESSL_TRY));
  curl_easy_setopt (self->curl, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
  if (settings->smtp_ca_file != NULL) {
    curl_easy_setopt (self->curl, CURLOPT_CAINFO, settings->smtp_ca_file);
    curl_easy_setopt (self->curl, CURLOPT_CAPATH, NULL);
  }
  curl_easy_setopt (self->curl, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT);
  curl_easy_setopt (self->curl, CURLOPT_TIMEOUT, TIMEOUT);
  curl_easy_setopt (self->curl, CURLOPT_NOSIGNAL, 1L);
  return set_user (self, error);
}

static gboolean
fail (SignetSmtp *self, CURLcode code, const char *details, GError **error)
{
  SignetError kind = code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
                             code == CURLE_USE_SSL_FAILED
                         ? SIGNET_ERROR_UNTRUSTED
                     : code == CURLE_LOGIN_DENIED || code == CURLE_SEND_ERROR ? SIGNET_ERROR_REFUSED
                                                                              : SIGNET_ERROR_UNREACHABLE;

  if (code == CURLE_ABORTED_BY_CALLBACK)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The delivery was stopped."));
  else
    g_set_error (error, SIGNET_ERROR, kind, _("The mail server %s did not take the message: %s"), self->settings->smtp,
                 *details != '\0' ? details : curl_easy_strerror (code));
  return FALSE;
}

gboolean
signet_smtp_deliver (SignetSmtp *self, const char *address, GBytes *message, GCancellable *cancellable, GError **error)
{
  Reader reader = { g_bytes_get_data (message, NULL), g_bytes_get_size (message) };
  g_autofree char *from = g_strdup_printf ("<%s>", self->settings->from);
  g_autofree char *recipient = g_strdup_printf ("<%s>", address);
  g_autoptr (CurlList) recipients = curl_slist_append (NULL, recipient);
  char details[CURL_ERROR_SIZE] = "";

  if (!set_server (self, error))
    return FALSE;
  curl_easy_setopt (self->curl, CURLOPT_ERRORBUFFER, details);
  curl_easy_setopt (self->curl, CURLOPT_MAIL_FROM, from);
  curl_easy_setopt (self->curl, CURLOPT_MAIL_RCPT, recipients);
  curl_easy_setopt (self->curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt (self->curl, CURLOPT_READFUNCTION, read_message);
  curl_easy_setopt (self->curl, CURLOPT_READDATA, &reader);
  curl_easy_setopt (self->curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt (self->curl, CURLOPT_XFERINFOFUNCTION, watch);
  curl_easy_setopt (self->curl, CURLOPT_XFERINFODATA, cancellable);

  CURLcode code = curl_easy_perform (self->curl);
  curl_easy_reset (self->curl);                /* nothing of this frame stays behind */
  return code == CURLE_OK || fail (self, code, details, error);
}
