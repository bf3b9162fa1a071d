/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* For which program a file is made.  They read different ones; measured with NSS 3.87, OpenSSL 3.0, GnuTLS 3.7 and
 * gpgsm 2.2. */
typedef enum {
  SIGNET_EXPORT_THUNDERBIRD,   /* and everything on NSS: AES-256, PBKDF2 with SHA-256 */
  SIGNET_EXPORT_OPENSSL,       /* and GnuTLS: the same */
  SIGNET_EXPORT_WINDOWS,       /* and Outlook: 3DES, which those of before 2018 read, too */
  SIGNET_EXPORT_MACOS,         /* and iOS: likewise */
  SIGNET_EXPORT_GNUPG,         /* gpgsm 2.2: 3DES, and one RSA key a file; an EC key makes it crash */
} SignetExportTarget;

/* "thunderbird", "openssl", "windows", "macos", "gnupg". */
const char *signet_export_target_to_name (SignetExportTarget target);
gboolean signet_export_target_from_name (const char *name, SignetExportTarget *target);

/* The keyset, or its IDs of one use alone, as a PKCS#12 file for TARGET under FILE_PASSWORD; PASSWORD is the keyset's,
 * at High only.  For GnuPG just the current ID of USE.  USE -1: all.  Slow: in a thread.
 * SIGNET_ERROR_WRONG_PASSWORD, _INVALID (an empty or too long FILE_PASSWORD, or for GnuPG one beyond
 * ASCII), _NOT_FOUND (no such ID), _UNSUPPORTED (the
 * target cannot read it), G_IO_ERROR_CANCELLED. */
SignetSecret *signet_keyset_export (SignetKeyset *self, SignetSecret *password, SignetExportTarget target, int use,
                                    SignetSecret *file_password, GCancellable *cancellable, GError **error);

/* The same with the private keys as signet_keyset_use() gives them. */
SignetSecret *signet_keyset_export_keys (SignetKeyset *self, GPtrArray *keys, SignetExportTarget target, int use,
                                         SignetSecret *file_password, GCancellable *cancellable, GError **error);
void signet_keyset_export_async (SignetKeyset *self, SignetSecret *password, SignetExportTarget target, int use,
                                 SignetSecret *file_password, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
SignetSecret *signet_keyset_export_finish (SignetKeyset *self, GAsyncResult *result, GError **error);

/* Its certificates and those of their issuers, each once, as PEM.  Nothing in there is secret. */
SignetSecret *signet_keyset_export_certificates (SignetKeyset *self);

G_END_DECLS
