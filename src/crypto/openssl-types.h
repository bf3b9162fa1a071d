/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

/* Cleanup for OpenSSL's types, for the few files that call it. */

typedef STACK_OF (X509) SignetX509Stack;

static inline void
signet_x509_stack_free (SignetX509Stack *stack)
{
  sk_X509_pop_free (stack, X509_free);
}

/* OpenSSL leaves its complaints in a queue that belongs to the whole thread, perhaps to another program's TLS code.
 * A function that declares one of these with g_auto() leaves the queue as it found it. */
typedef int SignetErrorMark;

static inline SignetErrorMark
signet_error_mark (void)
{
  return ERR_set_mark ();
}

static inline void
signet_error_mark_clear (SignetErrorMark *mark)
{
  if (*mark)
    ERR_pop_to_mark ();
  else
    ERR_clear_error ();   /* there was nothing to mark: the queue was empty */
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SignetErrorMark, signet_error_mark_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_STORE, X509_STORE_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_STORE_CTX, X509_STORE_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ASN1_OCTET_STRING, ASN1_OCTET_STRING_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetX509Stack, signet_x509_stack_free)
