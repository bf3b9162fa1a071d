/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <gnutls/gnutls.h>

G_BEGIN_DECLS

/* What a TLS server shows, and how it speaks: TLS 1.2 and 1.3, no tickets.  Immutable and counted. */
typedef struct _SignetTlsCredentials SignetTlsCredentials;

/* CHAIN: a PEM file, the server's own certificate first; KEY: a PEM file.  SIGNET_ERROR_DAMAGED. */
SignetTlsCredentials *signet_tls_credentials_new (const char *chain, const char *key, GError **error);
SignetTlsCredentials *signet_tls_credentials_ref (SignetTlsCredentials *self);
void signet_tls_credentials_unref (SignetTlsCredentials *self);

/* A server's side of a connection, not yet shaken hands on; SELF must outlive it. */
gnutls_session_t signet_tls_credentials_begin (SignetTlsCredentials *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetTlsCredentials, signet_tls_credentials_unref)

G_END_DECLS
