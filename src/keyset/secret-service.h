/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define SIGNET_SECRETS_NAME "org.freedesktop.secrets"
#define SIGNET_SECRETS_PATH "/org/freedesktop/secrets"
#define SIGNET_SECRETS_SERVICE "org.freedesktop.Secret.Service"
#define SIGNET_SECRETS_COLLECTION "org.freedesktop.Secret.Collection"
#define SIGNET_SECRETS_ITEM "org.freedesktop.Secret.Item"

/* One conversation with the desktop's Secret Service (the specification's draft 0.2), held in one worker thread.
 *
 * Its calls block, but not for ever: each returns at once when the cancellable is cancelled, and the conversation as a
 * whole gives the service PATIENCE milliseconds, in which the time that the user takes for a prompt is not counted.
 *
 * Errors: SIGNET_ERROR_UNREACHABLE (does not answer, or died), _LOCKED, _FAILED, G_IO_ERROR_CANCELLED. */
typedef struct _SignetSecretService SignetSecretService;

/* Starts the service if need be.  SIGNET_ERROR_NO_STORE when there is none. */
SignetSecretService *signet_secret_service_connect (guint patience, GCancellable *cancellable, GError **error);
void signet_secret_service_free (SignetSecretService *self);

/* Owned by SELF. */
GDBusConnection *signet_secret_service_get_bus (SignetSecretService *self);

/* One method call; the answer must be of REPLY_TYPE. */
GVariant *signet_secret_service_call (SignetSecretService *self, const char *path, const char *interface,
                                      const char *method, GVariant *arguments, const char *reply_type, GError **error);

/* One property of an object, unpacked from its variant. */
GVariant *signet_secret_service_get_property (SignetSecretService *self, const char *path, const char *interface,
                                              const char *name, const char *type, GError **error);

/* Shows the prompt at PATH, if it is one ("/" is not), and waits for the user.  RESULT (may be NULL) gets the prompt's
 * result; it is left alone when there was no prompt.  SIGNET_ERROR_LOCKED when the user or nobody answered it. */
gboolean signet_secret_service_prompt (SignetSecretService *self, const char *path, GVariant **result, GError **error);

/* BLOB as the bus's (oayays), encrypted for the way over the bus. */
GVariant *signet_secret_service_encode (SignetSecretService *self, SignetSecret *blob, GError **error);

/* The other direction; empty for a value that is not what we once encoded. */
SignetSecret *signet_secret_service_decode (SignetSecretService *self, GVariant *value);

/* The path of the session for the two above, in which the service is to answer. */
const char *signet_secret_service_get_session (SignetSecretService *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetSecretService, signet_secret_service_free)

G_END_DECLS
