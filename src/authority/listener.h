/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/tls-credentials.h"

#include <gio/gio.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The door of a SoupServer: accepts connections, at most so many, does TLS, and closes those that dawdle.
 * SoupServer's own door does none of that, and stays shut for good after one failed accept(). */
typedef struct _SignetListener SignetListener;

/* SERVER's messages tell the listener what each connection is at.  CREDENTIALS: for HTTPS; NULL: plain HTTP. */
SignetListener *signet_listener_new (SoupServer *server, SignetTlsCredentials *credentials);

/* Closes every connection. */
void signet_listener_free (SignetListener *self);

/* "ADDRESS:PORT"; port 0 takes a free one.  SIGNET_ERROR_BUSY when another program has it, else _FAILED. */
gboolean signet_listener_listen (SignetListener *self, const char *address, GError **error);

/* "ADDRESS:PORT" as it is. */
char *signet_listener_get_address (SignetListener *self);

/* For connections from now on. */
void signet_listener_set_credentials (SignetListener *self, SignetTlsCredentials *credentials);

/* Accepts no more, and closes what waits for no answer. */
void signet_listener_stop (SignetListener *self);

/* Connections on which a request is being answered. */
guint signet_listener_count_answering (SignetListener *self);

/* Breaks off the connection of MESSAGE. */
void signet_listener_cut (SoupServerMessage *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetListener, signet_listener_free)

G_END_DECLS
