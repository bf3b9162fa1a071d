/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/tls-credentials.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* A server's TLS connection that never occupies a thread.  GTlsConnection does: each handshake keeps one of GTask's few
 * threads for as long as the client dawdles, so that a dozen silent strangers shut everybody else out.  For the default
 * main context alone; its two streams are pollable (g_pollable_input_stream_read_nonblocking() and so on). */
#define SIGNET_TYPE_TLS_STREAM (signet_tls_stream_get_type ())
G_DECLARE_FINAL_TYPE (SignetTlsStream, signet_tls_stream, SIGNET, TLS_STREAM, GIOStream)

SignetTlsStream *signet_tls_stream_new (GSocketConnection *base, SignetTlsCredentials *credentials);

/* DONE is called once, perhaps at once: whether hands were shaken.  Shutting the socket down ends the wait. */
typedef void (*SignetTlsStreamDone) (SignetTlsStream *self, gboolean good, gpointer data);
void signet_tls_stream_shake_hands (SignetTlsStream *self, SignetTlsStreamDone done, gpointer data);

G_END_DECLS
