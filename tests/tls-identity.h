/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* Certificates for the servers of the tests, good ones and bad ones, made on the spot.  A mistake in here aborts. */
typedef struct _TlsIdentity TlsIdentity;

typedef struct {
  const char *name;             /* CN */
  const char *dns;              /* subjectAltName; or NULL */
  const char *ip;               /* likewise */
  const char *purpose;          /* the OID of an extended key usage; or NULL: none */
  int not_before, not_after;    /* days from now */
  gboolean is_ca;
  gboolean may_not_sign;        /* a CA without keyCertSign */
  int path_length;              /* of a CA, counted from 1; 0: without a limit */
  gboolean no_key_ids;          /* issuer and subject are linked by their names alone */
  gboolean sha1;                /* signed with it */
  TlsIdentity *key_of;          /* has this one's key; NULL: a key of its own */
} TlsFacts;

/* A root named NAME, and a server's certificate for 127.0.0.1 and localhost. */
TlsIdentity *tls_identity_new_root (const char *name);
TlsIdentity *tls_identity_new_server (TlsIdentity *issuer);

/* ISSUER NULL: signed by itself. */
TlsIdentity *tls_identity_new (const TlsFacts *facts, TlsIdentity *issuer);
void tls_identity_free (TlsIdentity *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlsIdentity, tls_identity_free)

/* SHA-256 of the SubjectPublicKeyInfo. */
GBytes *tls_identity_get_pin (TlsIdentity *self);

/* PEM of the certificate, and of the private key. */
char *tls_identity_get_certificate_pem (TlsIdentity *self);
char *tls_identity_get_key_pem (TlsIdentity *self);

/* What a server presents: SELF, then the certificates up to NULL, in this order, however little they have to do with
 * one another. */
GTlsCertificate *tls_identity_present (TlsIdentity *self, ...) G_GNUC_NULL_TERMINATED;
