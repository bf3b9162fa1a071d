/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"
#include "keyset/store.h"

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

/* What of a keyset goes into a file, for which program.  For GnuPG just the current ID of one use, encryption if USE
 * does not say. */
typedef struct {
  SignetExportTarget target;
  int use;                        /* SignetIdUse; -1: both */
  gboolean current_only;          /* without the older keys */
} SignetExportChoice;

/* Whether that is every ID that a keyset may have. */
gboolean signet_export_choice_is_all (const SignetExportChoice *choice);

/* The chosen IDs as a PKCS#12 file under FILE_PASSWORD; KEYS as signet_keyset_use() gives them.  Slow: in a thread.
 * SIGNET_ERROR_INVALID (an empty or too long FILE_PASSWORD, or for GnuPG one beyond ASCII), _NOT_FOUND (no such ID),
 * _UNSUPPORTED (the target cannot read it), G_IO_ERROR_CANCELLED. */
SignetSecret *signet_keyset_export (SignetKeyset *self, GPtrArray *keys, const SignetExportChoice *choice,
                                    SignetSecret *file_password, GCancellable *cancellable, GError **error);

/* Removes the keyset SELF from STORE, once the file at PATH has been read back, opened with FILE_PASSWORD, and found to
 * hold each of its keys and certificates.  Else SELF stays, and the error says so: SIGNET_ERROR_DAMAGED (the file does
 * not open, or lacks some), and those of signet_keysets_remove().  Slow: in a thread. */
gboolean signet_keysets_remove_exported (SignetStore *store, SignetKeyset *self, const char *path,
                                         SignetSecret *file_password, GCancellable *cancellable, GError **error);

/* Its certificates and those of their issuers, each once, as PEM.  Nothing in there is secret. */
SignetSecret *signet_keyset_export_certificates (SignetKeyset *self);

G_END_DECLS
