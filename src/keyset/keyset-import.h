/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "crypto/key-file.h"
#include "keyset/keyset.h"
#include "keyset/store.h"

G_BEGIN_DECLS

/* Digital IDs from a file that another program wrote, on their way into a keyset.
 *
 * A key and its certificates find each other by their public key.  A certificate that may be used for both signing and
 * encryption makes two IDs, one of each use, on the same key; one that is for neither (a web server's, an authority's)
 * is left out.  Of the signing IDs only the newest that has not expired is taken: nothing can be done with the others.
 * Of the encryption IDs all are: they open old mail. */
typedef struct {
  GPtrArray *ids;           /* (element-type SignetDigitalId), the newest first; none is current yet */
  GPtrArray *keys;          /* (element-type SignetPrivateKey), one for each */
  char *name;               /* what to call a new keyset, if nobody says otherwise */
  gboolean weak;            /* the file is badly protected: it should be kept nowhere */
  GBytes *request;          /* subject key id of the key of a request that was made for it here; or NULL */
  guint left_out;           /* keys without a certificate for mail, or of a kind that Signet does not use */
} SignetImport;

/* Immutable and counted. */
SignetImport *signet_import_ref (SignetImport *self);
void signet_import_unref (SignetImport *self);

/* What signet_import_read() makes of the keys and certificates of FILE.  With REQUEST the newest of each use become the
 * current ones of any keyset, since the user has asked for them; signet_keyset_find_reply() then finds them by it. */
SignetImport *signet_import_new (SignetKeyFile *file, GBytes *request, GCancellable *cancellable, GError **error);

/* FILES: (element-type SignetSecret), a .p12 or .pfx, or keys and certificates in PEM or DER, which may lie in several
 * files.  PASSWORD: of the files; NULL when none is known: none and the empty one are tried.  Changes nothing.
 * Slow: in a thread.
 *
 * SIGNET_ERROR_WRONG_PASSWORD (with NULL: one is needed), _DAMAGED, _INVALID, _UNSUPPORTED (also when no certificate is
 * for mail: the text says what for), _TOO_LARGE, _NOT_FOUND (no private key, or none with its certificate), _EXPIRED
 * (nothing but signing IDs that have), G_IO_ERROR_CANCELLED. */
SignetImport *signet_import_read (GPtrArray *files, SignetSecret *password, GCancellable *cancellable, GError **error);
void signet_import_read_async (GPtrArray *files, SignetSecret *password, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
SignetImport *signet_import_read_finish (GAsyncResult *result, GError **error);

/* A name for a new keyset with them, which no other one has: (transfer full).  SIGNET_ERROR_ALREADY_INSTALLED when one
 * has all of them, and what the store says.  Blocks. */
char *signet_keysets_offer_import (SignetStore *store, SignetImport *import, GCancellable *cancellable, GError **error);
void signet_keysets_offer_import_async (SignetStore *store, SignetImport *import, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
char *signet_keysets_offer_import_finish (SignetStore *store, GAsyncResult *result, GError **error);

/* Puts them into the keyset NAME, as a reply is: a new name makes a keyset at LEVEL, with PASSWORD at High; with ADD an
 * existing one takes them in, LEVEL being its level and PASSWORD its password.  In a new keyset the newest ID of each
 * use becomes the current one.  In an existing one it does only when it has not expired and lasts longer than the
 * present one; else an encryption ID goes into the key history, and a signing ID is left out.
 *
 * SIGNET_ERROR_EXISTS, _NOT_FOUND, _WRONG_PASSWORD, _ALREADY_INSTALLED (all of them are in there), _INVALID, and what
 * the store says. */
SignetKeyset *signet_keysets_import (SignetStore *store, SignetImport *import, const char *name, gboolean add,
                                     SignetLevel level, SignetSecret *password, GCancellable *cancellable,
                                     GError **error);
void signet_keysets_import_async (SignetStore *store, SignetImport *import, const char *name, gboolean add,
                                  SignetLevel level, SignetSecret *password, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
SignetKeyset *signet_keysets_import_finish (SignetStore *store, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetImport, signet_import_unref)

G_END_DECLS
