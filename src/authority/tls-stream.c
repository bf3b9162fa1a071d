/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/tls-stream.h"

struct _SignetTlsStream {
  GIOStream parent_instance;
  GSocketConnection *base;         /* closes its socket when it goes */
  GSocket *socket;                 /* of base */
  SignetTlsCredentials *credentials;
  gnutls_session_t session;
  gboolean idle;                   /* what was last done was to write */
  gboolean over;                   /* the client has hung up */
  gboolean mute;                   /* and wants no answer */
  GInputStream *input;
  GOutputStream *output;
  SignetTlsStreamDone done;
  gpointer data;
};

G_DEFINE_FINAL_TYPE (SignetTlsStream, signet_tls_stream, G_TYPE_IO_STREAM)

/* The two halves borrow the whole: a SoupServer holds all three as one. */
#define TLS_TYPE_INPUT (tls_input_get_type ())
G_DECLARE_FINAL_TYPE (TlsInput, tls_input, TLS, INPUT, GInputStream)
struct _TlsInput {
  GInputStream parent_instance;
  SignetTlsStream *tls;
};

#define TLS_TYPE_OUTPUT (tls_output_get_type ())
G_DECLARE_FINAL_TYPE (TlsOutput, tls_output, TLS, OUTPUT, GOutputStream)
struct _TlsOutput {
  GOutputStream parent_instance;
  SignetTlsStream *tls;
};

static void tls_input_pollable_init (GPollableInputStreamInterface *iface);
static void tls_output_pollable_init (GPollableOutputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TlsInput, tls_input, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM, tls_input_pollable_init))
G_DEFINE_FINAL_TYPE_WITH_CODE (TlsOutput, tls_output, G_TYPE_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM, tls_output_pollable_init))

/* --- reading --- */

/* A client that hangs up between two requests: libsoup (3.2) sees the end of an idle connection, and then forgets the
 * connection instead of freeing it.  It gets one byte of a request that never comes to its end, which it handles well;
 * its answer goes nowhere. */
static gssize
end (SignetTlsStream *self, char *buffer)
{
  self->over = TRUE;
  self->mute = self->idle;
  if (self->mute)
    *buffer = 'X';
  return self->mute;
}

/* However a client hangs up, and whatever it sends that is not TLS, is the end: HTTP itself says whether a request is
 * whole.  A client that wants a new handshake (TLS 1.2) only wants us to work for nothing. */
static gssize
tls_input_read_nonblocking (GPollableInputStream *stream, void *buffer, gsize count, GError **error)
{
  SignetTlsStream *self = TLS_INPUT (stream)->tls;
  gssize result;

  if (self->over || count == 0)
    return 0;
  do
    result = gnutls_record_recv (self->session, buffer, count);
  while (result == GNUTLS_E_INTERRUPTED);

  if (result == GNUTLS_E_AGAIN) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, gnutls_strerror (result));
    return -1;
  }
  if (result <= 0)
    return end (self, buffer);
  self->idle = FALSE;
  return result;
}

static gssize
tls_input_read (GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  return tls_input_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), buffer, count, error);
}

static gboolean
tls_input_is_readable (GPollableInputStream *stream)
{
  SignetTlsStream *tls = TLS_INPUT (stream)->tls;

  return gnutls_record_check_pending (tls->session) > 0 || g_socket_condition_check (tls->socket, G_IO_IN) != 0;
}

/* What GnuTLS has taken off the socket already does not wake anybody up. */
static GSource *
tls_input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  SignetTlsStream *tls = TLS_INPUT (stream)->tls;
  g_autoptr (GSource) ready = gnutls_record_check_pending (tls->session) > 0
                                ? g_timeout_source_new (0) : g_socket_create_source (tls->socket, G_IO_IN, NULL);

  return g_pollable_source_new_full (stream, ready, cancellable);
}

static void
tls_input_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = tls_input_is_readable;
  iface->create_source = tls_input_create_source;
  iface->read_nonblocking = tls_input_read_nonblocking;
}

static void
tls_input_class_init (TlsInputClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = tls_input_read;
}

static void
tls_input_init (TlsInput *self)
{
}

/* --- writing --- */

/* After G_IO_ERROR_WOULD_BLOCK the same bytes must come again, which is GnuTLS's rule and what libsoup does. */
static gssize
tls_output_write_nonblocking (GPollableOutputStream *stream, const void *buffer, gsize count, GError **error)
{
  SignetTlsStream *self = TLS_OUTPUT (stream)->tls;
  gssize result = GNUTLS_E_PUSH_ERROR;

  if (!self->mute) {
    do
      result = gnutls_record_send (self->session, buffer, count);
    while (result == GNUTLS_E_INTERRUPTED);
  }
  self->idle = result >= 0;
  if (result >= 0)
    return result;
  g_set_error_literal (error, G_IO_ERROR,
                       result == GNUTLS_E_AGAIN ? G_IO_ERROR_WOULD_BLOCK : G_IO_ERROR_CONNECTION_CLOSED,
                       gnutls_strerror (result));
  return -1;
}

static gssize
tls_output_write (GOutputStream *stream, const void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  return tls_output_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (stream), buffer, count, error);
}

static gboolean
tls_output_is_writable (GPollableOutputStream *stream)
{
  return g_socket_condition_check (TLS_OUTPUT (stream)->tls->socket, G_IO_OUT) != 0;
}

static GSource *
tls_output_create_source (GPollableOutputStream *stream, GCancellable *cancellable)
{
  g_autoptr (GSource) ready = g_socket_create_source (TLS_OUTPUT (stream)->tls->socket, G_IO_OUT, NULL);

  return g_pollable_source_new_full (stream, ready, cancellable);
}

static void
tls_output_pollable_init (GPollableOutputStreamInterface *iface)
{
  iface->is_writable = tls_output_is_writable;
  iface->create_source = tls_output_create_source;
  iface->write_nonblocking = tls_output_write_nonblocking;
}

static void
tls_output_class_init (TlsOutputClass *klass)
{
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = tls_output_write;
}

static void
tls_output_init (TlsOutput *self)
{
}

/* --- both --- */

static GInputStream *
signet_tls_stream_get_input_stream (GIOStream *stream)
{
  return SIGNET_TLS_STREAM (stream)->input;
}

static GOutputStream *
signet_tls_stream_get_output_stream (GIOStream *stream)
{
  return SIGNET_TLS_STREAM (stream)->output;
}

/* The farewell is a courtesy: nobody waits until it is gone. */
static gboolean
signet_tls_stream_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  SignetTlsStream *self = SIGNET_TLS_STREAM (stream);

  if (!g_socket_is_closed (self->socket))
    gnutls_bye (self->session, GNUTLS_SHUT_WR);
  return g_io_stream_close (G_IO_STREAM (self->base), NULL, error);
}

/* Not in a thread, as the default does. */
static void
signet_tls_stream_close_async (GIOStream *stream, int priority, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer data)
{
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, data);

  signet_tls_stream_close (stream, NULL, NULL);
  g_task_return_boolean (task, TRUE);
}

static gboolean
signet_tls_stream_close_finish (GIOStream *stream, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
signet_tls_stream_finalize (GObject *object)
{
  SignetTlsStream *self = SIGNET_TLS_STREAM (object);

  g_object_unref (self->input);
  g_object_unref (self->output);
  gnutls_deinit (self->session);
  signet_tls_credentials_unref (self->credentials);
  g_object_unref (self->base);
  G_OBJECT_CLASS (signet_tls_stream_parent_class)->finalize (object);
}

static void
signet_tls_stream_class_init (SignetTlsStreamClass *klass)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = signet_tls_stream_finalize;
  stream_class->get_input_stream = signet_tls_stream_get_input_stream;
  stream_class->get_output_stream = signet_tls_stream_get_output_stream;
  stream_class->close_fn = signet_tls_stream_close;
  stream_class->close_async = signet_tls_stream_close_async;
  stream_class->close_finish = signet_tls_stream_close_finish;
}

static void
signet_tls_stream_init (SignetTlsStream *self)
{
  self->input = g_object_new (TLS_TYPE_INPUT, NULL);
  self->output = g_object_new (TLS_TYPE_OUTPUT, NULL);
  TLS_INPUT (self->input)->tls = self;
  TLS_OUTPUT (self->output)->tls = self;
}

SignetTlsStream *
signet_tls_stream_new (GSocketConnection *base, SignetTlsCredentials *credentials)
{
  SignetTlsStream *self = g_object_new (SIGNET_TYPE_TLS_STREAM, NULL);
  GSocket *socket = g_socket_connection_get_socket (base);
  int fd = g_socket_get_fd (socket);         /* GIO has made it non-blocking */

  self->base = g_object_ref (base);
  self->socket = socket;
  self->credentials = signet_tls_credentials_ref (credentials);
  self->session = signet_tls_credentials_begin (credentials);
  gnutls_transport_set_int (self->session, fd);
  return self;
}

static gboolean
step (GSocket *socket, GIOCondition condition, gpointer data)
{
  SignetTlsStream *self = data;
  int result;

  do
    result = gnutls_handshake (self->session);
  while (result == GNUTLS_E_INTERRUPTED);

  if (result == GNUTLS_E_AGAIN) {
    GIOCondition wanted = gnutls_record_get_direction (self->session) == 0 ? G_IO_IN : G_IO_OUT;
    g_autoptr (GSource) source = g_socket_create_source (self->socket, wanted, NULL);
    g_source_set_callback (source, G_SOURCE_FUNC (step), g_object_ref (self), g_object_unref);
    g_source_attach (source, NULL);
  } else {
    self->done (self, result == GNUTLS_E_SUCCESS, self->data);
  }
  return G_SOURCE_REMOVE;
}

void
signet_tls_stream_shake_hands (SignetTlsStream *self, SignetTlsStreamDone done, gpointer data)
{
  self->done = done;
  self->data = data;
  step (self->socket, G_IO_IN, self);
}
