/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enroll/enroller.h"
#include "keyset/keyset-import.h"

G_BEGIN_DECLS

/* A request for any authority, as a file: the user sends it himself (PKCS#10, RFC 2986), and opens the certificate that
 * comes back.  One key for both uses, RSA-3072, which every mail program can use.  Until then the key waits in the
 * store as the keyset will hold it: at High it is sealed under the password from its first moment there, and nowhere
 * else; the request is authenticated with it.  All calls block; the ones for windows follow. */

/* What the user asks for. */
typedef struct {
  const char *address;
  const char *name;            /* his own, for the certificate; or NULL */
  const char *keyset_name;
  SignetLevel level;
  SignetSecret *password;      /* at High: a new one, or that of the keyset of this name */
} SignetFileRequest;

/* Makes the key and stores it.  The result is in state SIGNET_PENDING_CERTIFICATE, and durable.
 * SIGNET_ERROR_INVALID (address, name, password), _EXISTS (a keyset of this name has another level), _WRONG_PASSWORD
 * (it has this level, and another password), G_IO_ERROR_CANCELLED, and what the store says. */
SignetPending *signet_enroller_make_file (SignetEnroller *self, const SignetFileRequest *request,
                                          GCancellable *cancellable, GError **error);

/* The file: PEM, nothing secret. */
SignetSecret *signet_pending_to_file (SignetPending *self);

/* The request that waits for one of CERTIFICATES (element-type SignetCertificate); NULL without an error when none
 * does. */
SignetPending *signet_enroller_find_file (SignetEnroller *self, GPtrArray *certificates, GCancellable *cancellable,
                                          GError **error);

/* Whether the certificates, of which one is for the request's key, are what was asked for: SIGNET_ERROR_NOT_FOR_US (for
 * another address), _EXPIRED (or not valid yet), _UNSUPPORTED (not for mail). */
gboolean signet_pending_check_certificates (SignetPending *self, GPtrArray *certificates, GError **error);

/* The same, and the key: for signet_enroller_install_file().  PASSWORD is the one given when asking, at High only:
 * SIGNET_ERROR_WRONG_PASSWORD.  Changes nothing. */
SignetImport *signet_pending_open_file (SignetPending *self, GPtrArray *certificates, SignetSecret *password,
                                        GError **error);

/* Puts it into a keyset, as signet_keysets_import(), and the request goes.  SIGNET_ERROR_NOT_FOUND or _REMOVED when
 * that is gone. */
SignetKeyset *signet_enroller_install_file (SignetEnroller *self, SignetPending *pending, SignetImport *import,
                                            const char *keyset_name, gboolean add, SignetLevel level,
                                            SignetSecret *password, GCancellable *cancellable, GError **error);

void signet_enroller_make_file_async (SignetEnroller *self, const SignetFileRequest *request,
                                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
SignetPending *signet_enroller_make_file_finish (SignetEnroller *self, GAsyncResult *result, GError **error);
void signet_enroller_find_file_async (SignetEnroller *self, GPtrArray *certificates, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
SignetPending *signet_enroller_find_file_finish (SignetEnroller *self, GAsyncResult *result, GError **error);
void signet_pending_open_file_async (SignetPending *self, GPtrArray *certificates, SignetSecret *password,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
SignetImport *signet_pending_open_file_finish (SignetPending *self, GAsyncResult *result, GError **error);
void signet_enroller_install_file_async (SignetEnroller *self, SignetPending *pending, SignetImport *import,
                                         const char *keyset_name, gboolean add, SignetLevel level,
                                         SignetSecret *password, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
SignetKeyset *signet_enroller_install_file_finish (SignetEnroller *self, GAsyncResult *result, GError **error);

G_END_DECLS
