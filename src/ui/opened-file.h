/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/certificate.h"
#include "protocol/invitation.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a file is that a person opened, dropped or chose.  Exactly one of the first five is there. */
typedef struct {
  SignetInvitation *invitation;
  GBytes *message;                   /* holds a reply: for signet_enroller_open() */
  SignetSecret *keys;                /* holds keys that another program wrote: for signet_import_read() */
  SignetSecret *backup;              /* for signet_keysets_open_backup() */
  SignetCertificate *certificate;
  GPtrArray *certificates;           /* (element-type SignetCertificate): all that came with it, itself, too */
  GPtrArray *chain;                  /* (element-type SignetCertificate): the issuers that came with the certificate */
} SignetOpenedFile;

void signet_opened_file_free (SignetOpenedFile *self);

/* Reads FILE (at most SIGNET_MAX_MESSAGE bytes, a backup SIGNET_MAX_BACKUP) in a thread, and looks at what is in it,
 * not at its name: an invitation, by itself or attached to a saved mail; or a reply, likewise; or private keys; or
 * certificates (DER, PEM or .p7b); or a backup.  The "signet:" link of an invitation may stand for a file, too.
 * SIGNET_ERROR_INVALID (none of these), _TOO_LARGE, _UNSUPPORTED, or a G_IO_ERROR when it cannot be read. */
void signet_opened_file_read_async (GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
SignetOpenedFile *signet_opened_file_read_finish (GFile *file, GAsyncResult *result, GError **error);

/* FILE as it is, in the same way. */
void signet_opened_bytes_read_async (GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data);
SignetSecret *signet_opened_bytes_read_finish (GFile *file, GAsyncResult *result, GError **error);

/* The same for text that was pasted or dropped, in which only an invitation can be. */
SignetInvitation *signet_opened_text_read (SignetSecret *text, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetOpenedFile, signet_opened_file_free)

G_END_DECLS
