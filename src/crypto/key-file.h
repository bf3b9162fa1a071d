/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Keys and certificates as one program hands them to another.  In no order that could be trusted: which belong
 * together, their public keys say. */
typedef struct {
  GPtrArray *keys;           /* (element-type SignetPrivateKey), each once, at most SIGNET_MAX_IDS */
  GPtrArray *certificates;   /* (element-type GBytes): DER, each once, not read yet */
  char *name;                /* what somebody called the first key; or NULL */
  gboolean weak;             /* protected by an old cipher or not at all, or could have been altered without a trace */
  guint unusable;            /* keys of a kind that Signet does not use, left out */
} SignetKeyFile;

SignetKeyFile *signet_key_file_new (void);
void signet_key_file_free (SignetKeyFile *self);

/* What a reader finds.  PKCS8: a plain OneAsymmetricKey, BER or DER.  SIGNET_ERROR_TOO_LARGE, _INVALID. */
gboolean signet_key_file_add_key (SignetKeyFile *self, SignetSecret *pkcs8, GError **error);
gboolean signet_key_file_add_certificate (SignetKeyFile *self, GBytes *der, GError **error);

/* What was read is no such file, or not whole: FALSE, with SIGNET_ERROR_INVALID. */
gboolean signet_key_file_refuse (GError **error);

/* Adds what is in a file of any of these forms: PKCS#12; one certificate, certificates in a .p7b, or one PKCS#8 key,
 * plain or encrypted, in DER; and PEM with any number of certificates and keys, the older "RSA PRIVATE KEY" and "EC
 * PRIVATE KEY" among them.  PASSWORD is UTF-8; NULL when none is known: SIGNET_ERROR_WRONG_PASSWORD then means that one
 * is needed.  Slow: in a thread.  On failure SELF may hold a part.
 *
 * SIGNET_ERROR_WRONG_PASSWORD, _DAMAGED, _INVALID, _UNSUPPORTED, _TOO_LARGE, G_IO_ERROR_CANCELLED. */
gboolean signet_key_file_read (SignetKeyFile *self, SignetSecret *file, SignetSecret *password,
                               GCancellable *cancellable, GError **error);

/* Whether FILE looks as if a private key were in it, by its outermost form alone: to be read as above, which says what
 * is wrong with it if it is not whole. */
gboolean signet_key_file_holds_key (SignetSecret *file);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetKeyFile, signet_key_file_free)

G_END_DECLS
