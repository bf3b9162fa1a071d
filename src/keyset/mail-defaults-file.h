/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/mail-defaults.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The user's mail defaults as a file, which the windows, signetctl and, one day, mail programs read: nothing in it is
 * secret, and it must be there without a desktop, a bus or an open keyring.  (GSettings needs an installed schema and
 * a bus to write, and has no lists of unknown names.)  All calls block. */

/* $XDG_CONFIG_HOME/signet/mail.conf */
char *signet_mail_defaults_file_get_path (void);

/* Those of all addresses that have any: (element-type SignetMailDefaults).  No file is an empty list.
 * SIGNET_ERROR_DAMAGED for one that cannot be read: the text says why, and what happens to it.  Its settings do not
 * count then. */
GPtrArray *signet_mail_defaults_file_load (const char *path, GError **error);

/* Puts DEFAULTS into the file in the place of those of the same address, under the lock of keyset/store.h: others that
 * were stored meanwhile stay.  What is as signet_mail_defaults_new() makes it leaves the file.  A file that cannot be
 * read is kept beside the new one, as mail.conf.damaged.  The result is what the file holds now.
 * SIGNET_ERROR_BUSY, _TOO_LARGE, _FAILED, _NOT_FOUND. */
GPtrArray *signet_mail_defaults_file_save (const char *path, const SignetMailDefaults *defaults,
                                           GCancellable *cancellable, GError **error);

G_END_DECLS
