/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/tls-credentials.h"

#include "base/error.h"
#include "base/i18n.h"

struct _SignetTlsCredentials {
  gatomicrefcount refs;
  gnutls_certificate_credentials_t credentials;
  gnutls_priority_t priority;
};

SignetTlsCredentials *
signet_tls_credentials_new (const char *chain, const char *key, GError **error)
{
  g_autoptr (SignetTlsCredentials) self = g_new0 (SignetTlsCredentials, 1);

  g_atomic_ref_count_init (&self->refs);
  gnutls_certificate_allocate_credentials (&self->credentials);
  if (gnutls_certificate_set_x509_key_file (self->credentials, chain, key, GNUTLS_X509_FMT_PEM) < 0 ||
      gnutls_priority_init (&self->priority, "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2", NULL) < 0) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED, _("%s and %s cannot be used for HTTPS."), chain, key);
    return NULL;
  }
  return g_steal_pointer (&self);
}

SignetTlsCredentials *
signet_tls_credentials_ref (SignetTlsCredentials *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
signet_tls_credentials_unref (SignetTlsCredentials *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  gnutls_certificate_free_credentials (self->credentials);
  g_clear_pointer (&self->priority, gnutls_priority_deinit);
  g_free (self);
}

gnutls_session_t
signet_tls_credentials_begin (SignetTlsCredentials *self)
{
  gnutls_session_t session;

  gnutls_init (&session, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL | GNUTLS_NO_TICKETS);
  gnutls_priority_set (session, self->priority);
  gnutls_credentials_set (session, GNUTLS_CRD_CERTIFICATE, self->credentials);
  return session;
}
