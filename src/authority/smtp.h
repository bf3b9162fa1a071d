/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/settings.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* A way to a mail server (SMTP by libcurl), kept open from one message to the next.  For one thread. */
typedef struct _SignetSmtp SignetSmtp;

SignetSmtp *signet_smtp_new (const SignetSettings *settings);
void signet_smtp_free (SignetSmtp *self);

/* SIGNET_ERROR_UNREACHABLE, _UNTRUSTED (the server's certificate), _REFUSED (user or password, or the message), or
 * G_IO_ERROR_CANCELLED. */
gboolean signet_smtp_deliver (SignetSmtp *self, const char *address, GBytes *message, GCancellable *cancellable,
                              GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetSmtp, signet_smtp_free)

G_END_DECLS
