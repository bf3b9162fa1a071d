/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/certificate.h"
#include "crypto/der.h"

G_BEGIN_DECLS

/* A certificate and the one that issued it, as answers about it name them.  Borrowed from both. */
typedef struct {
  SignetDer serial;           /* contents of the INTEGER */
  SignetDer issuer_name;      /* the whole Name */
  SignetDer issuer_key;       /* the bits of the issuer's public key */
} SignetIssued;

/* SIGNET_ERROR_UNTRUSTED when ISSUER has not issued CERTIFICATE; what both say about their dates is no matter. */
gboolean signet_issued_read (SignetIssued *self, SignetCertificate *certificate, SignetCertificate *issuer, gint64 at,
                             GError **error);

/* The subject's Name and the key's bits of CERTIFICATE, as a responder may name itself. */
gboolean signet_issued_read_signer (SignetCertificate *certificate, SignetDer *name, SignetDer *key);

/* Whether ISSUER may sign lists (cRLSign, where it has a keyUsage): SIGNET_ERROR_UNTRUSTED. */
gboolean signet_issued_check_list_signer (SignetCertificate *issuer, GError **error);

G_END_DECLS
