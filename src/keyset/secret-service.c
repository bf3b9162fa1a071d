/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/secret-service.h"

#include "base/error.h"
#include "base/i18n.h"

/* Called over GDBus, not through libsecret's own calls: those wait without a limit of ours, prompt where nobody
 * asked, load every collection, and never come back from a service that dies with a prompt open.  libsecret does the
 * one part that is hard to do well, the encrypted session; the calls for that are exported, and have not changed
 * since 2012, but stand behind this word. */
#define SECRET_API_SUBJECT_TO_CHANGE
#define SECRET_WITH_UNSTABLE
#include <libsecret/secret.h>

#define CONTENT_TYPE "application/octet-stream"

struct _SignetSecretService {
  GDBusConnection *bus;
  GMainContext *context;      /* of the thread of this conversation: signals and callbacks come here */
  GCancellable *cancellable;
  guint patience;             /* milliseconds */
  gint64 deadline;            /* monotonic; for everything but prompts */
  SecretService *session;     /* NULL until it is needed */
};

static void
refuse (GError **error, SignetError code, const char *text)
{
  g_set_error_literal (error, SIGNET_ERROR, code, text);
}

static gboolean
is_silence (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMED_OUT);
}

static gboolean
is_gone (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_DISCONNECTED) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER) ||
         g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN);
}

/* What went wrong on the bus, in our words. */
static void
explain (GError **error, GError *cause)
{
  g_autoptr (GError) owned = cause;
  g_autofree char *remote = g_dbus_error_get_remote_error (cause);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_propagate_error (error, g_steal_pointer (&owned));
  } else if (is_silence (cause)) {
    refuse (error, SIGNET_ERROR_UNREACHABLE,
            _("The desktop's key store does not answer. Try again; if that does not help, log out and in again."));
  } else if (is_gone (cause) || g_strcmp0 (remote, "org.freedesktop.Secret.Error.NoSession") == 0) {
    refuse (error, SIGNET_ERROR_UNREACHABLE, _("The desktop's key store has stopped. Try again."));
  } else if (g_strcmp0 (remote, "org.freedesktop.Secret.Error.IsLocked") == 0) {
    refuse (error, SIGNET_ERROR_LOCKED, _("The keyring is locked. Unlock it, then try again."));
  } else {
    g_dbus_error_strip_remote_error (cause);
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_FAILED, _("The desktop's key store reports a problem: %s"),
                 cause->message);
  }
}

/* What is left of our patience, in milliseconds. */
static int
remaining (SignetSecretService *self)
{
  return MAX ((self->deadline - g_get_monotonic_time ()) / 1000, 1);
}

static void
start_patience (SignetSecretService *self)
{
  self->deadline = g_get_monotonic_time () + self->patience * G_TIME_SPAN_MILLISECOND;
}

static GVariant *
call_bus (SignetSecretService *self, const char *method, GVariant *arguments, const char *reply_type, GError **cause)
{
  return g_dbus_connection_call_sync (self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                      "org.freedesktop.DBus", method, arguments, G_VARIANT_TYPE (reply_type),
                                      G_DBUS_CALL_FLAGS_NONE, remaining (self), self->cancellable, cause);
}

static gboolean
is_running (SignetSecretService *self)
{
  g_autoptr (GVariant) answer = call_bus (self, "NameHasOwner", g_variant_new ("(s)", SIGNET_SECRETS_NAME), "(b)",
                                          NULL);
  gboolean running = FALSE;

  if (answer != NULL)
    g_variant_get (answer, "(b)", &running);
  return running;
}

/* A call of its own, since a method call to a service that cannot be started says less about why. */
static gboolean
start_service (SignetSecretService *self, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GVariant) answer = NULL;

  if (is_running (self))
    return TRUE;
  answer = call_bus (self, "StartServiceByName", g_variant_new ("(su)", SIGNET_SECRETS_NAME, 0), "(u)", &cause);
  if (answer != NULL)
    return TRUE;
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED) || is_silence (cause)) {
    explain (error, g_steal_pointer (&cause));
  } else if (g_error_matches (cause, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN)) {
    refuse (error, SIGNET_ERROR_NO_STORE,
            _("This desktop has no place to keep digital IDs. Install GNOME Keyring or KWallet, then log in again."));
  } else {
    refuse (error, SIGNET_ERROR_NO_STORE,
            _("The desktop's key store could not be started. Check that GNOME Keyring or KWallet is installed, "
              "then log in again."));
  }
  return FALSE;
}

SignetSecretService *
signet_secret_service_connect (guint patience, GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetSecretService) self = g_new0 (SignetSecretService, 1);
  g_autoptr (GError) cause = NULL;

  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : g_cancellable_new ();
  self->context = g_main_context_new ();
  self->patience = patience;
  start_patience (self);
  self->bus = g_bus_get_sync (G_BUS_TYPE_SESSION, self->cancellable, &cause);
  if (self->bus == NULL && g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  if (self->bus == NULL) {
    refuse (error, SIGNET_ERROR_NO_STORE,
            _("There is no desktop session here in which digital IDs could be kept. Run this within your session."));
    return NULL;
  }
  return start_service (self, error) ? g_steal_pointer (&self) : NULL;
}

/* The service would keep the session until this process ends; and what the session has subscribed to is freed by the
 * context that it was opened in. */
static void
close_session (SignetSecretService *self)
{
  const char *path = secret_service_get_session_dbus_path (self->session);

  if (path != NULL)
    g_dbus_connection_call (self->bus, SIGNET_SECRETS_NAME, path, "org.freedesktop.Secret.Session", "Close", NULL, NULL,
                            G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
  g_clear_object (&self->session);
  while (g_main_context_iteration (self->context, FALSE))
    ;
}

void
signet_secret_service_free (SignetSecretService *self)
{
  if (self->session != NULL)
    close_session (self);
  g_clear_object (&self->bus);
  g_clear_object (&self->cancellable);
  g_main_context_unref (self->context);
  g_free (self);
}

GDBusConnection *
signet_secret_service_get_bus (SignetSecretService *self)
{
  return self->bus;
}

GVariant *
signet_secret_service_call (SignetSecretService *self, const char *path, const char *interface, const char *method,
                            GVariant *arguments, const char *reply_type, GError **error)
{
  GError *cause = NULL;
  GVariant *answer = g_dbus_connection_call_sync (self->bus, SIGNET_SECRETS_NAME, path, interface, method, arguments,
                                                  G_VARIANT_TYPE (reply_type), G_DBUS_CALL_FLAGS_NO_AUTO_START,
                                                  remaining (self), self->cancellable, &cause);

  if (answer == NULL)
    explain (error, cause);
  return answer;
}

GVariant *
signet_secret_service_get_property (SignetSecretService *self, const char *path, const char *interface,
                                    const char *name, const char *type, GError **error)
{
  g_autoptr (GVariant) answer =
    signet_secret_service_call (self, path, "org.freedesktop.DBus.Properties", "Get",
                                g_variant_new ("(ss)", interface, name), "(v)", error);
  g_autoptr (GVariant) value = NULL;

  if (answer == NULL)
    return NULL;
  g_variant_get (answer, "(v)", &value);
  if (!g_variant_is_of_type (value, G_VARIANT_TYPE (type))) {
    refuse (error, SIGNET_ERROR_FAILED, _("The desktop's key store gave an answer that cannot be understood. "
                                          "Try again, or log out and in."));
    return NULL;
  }
  return g_steal_pointer (&value);
}

/* A prompt that is on the screen. */
typedef struct {
  gboolean completed;
  gboolean lost;          /* the service died */
  gboolean dismissed;
  GVariant *result;
} Prompt;

static void
on_completed (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
              GVariant *parameters, gpointer user_data)
{
  Prompt *prompt = user_data;

  if (prompt->completed || !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(bv)")))
    return;
  prompt->completed = TRUE;
  g_variant_get (parameters, "(bv)", &prompt->dismissed, &prompt->result);
}

static void
on_owner_changed (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
                  GVariant *parameters, gpointer user_data)
{
  ((Prompt *) user_data)->lost = TRUE;
}

static gboolean
keep_source (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static gboolean
keep_source_cancelled (GCancellable *cancellable, gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
attach (SignetSecretService *self, GSource *source, GSourceFunc func)
{
  g_source_set_callback (source, func, NULL, NULL);
  g_source_attach (source, self->context);
}

/* Turns the context until something has become of PROMPT.  The cancellable wakes it; so does a clock, since the end of
 * the bus itself is announced to another context. */
static void
wait_for_user (SignetSecretService *self, Prompt *prompt)
{
  g_autoptr (GSource) cancelled = g_cancellable_source_new (self->cancellable), clock = g_timeout_source_new (5000);

  attach (self, cancelled, G_SOURCE_FUNC (keep_source_cancelled));
  attach (self, clock, keep_source);
  while (!prompt->completed && !prompt->lost && !g_cancellable_is_cancelled (self->cancellable)) {
    prompt->lost = g_dbus_connection_is_closed (self->bus);
    if (!prompt->lost)
      g_main_context_iteration (self->context, TRUE);
  }
  g_source_destroy (cancelled);
  g_source_destroy (clock);
}

/* A prompt that we no longer wait for stays on the screen until the user answers it: Dismiss makes gnome-keyring 42
 * abort ("assertion failed: (!self->current)"), and with it every program on the desktop would lose its keyring. */
static gboolean
conclude (SignetSecretService *self, const Prompt *prompt, GError **error)
{
  if (prompt->completed && !prompt->dismissed)
    return TRUE;
  if (prompt->completed) {
    refuse (error, SIGNET_ERROR_LOCKED, _("The keyring was not unlocked. Try again, and unlock it when asked."));
  } else if (prompt->lost) {
    refuse (error, SIGNET_ERROR_UNREACHABLE, _("The desktop's key store has stopped. Try again."));
  } else {
    g_cancellable_set_error_if_cancelled (self->cancellable, error);
  }
  return FALSE;
}

static gboolean
run_prompt (SignetSecretService *self, const char *path, Prompt *prompt, GError **error)
{
  guint completed = g_dbus_connection_signal_subscribe (self->bus, SIGNET_SECRETS_NAME, "org.freedesktop.Secret.Prompt",
                                                        "Completed", path, NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_completed,
                                                        prompt, NULL);
  guint owner = g_dbus_connection_signal_subscribe (self->bus, "org.freedesktop.DBus", "org.freedesktop.DBus",
                                                    "NameOwnerChanged", "/org/freedesktop/DBus", SIGNET_SECRETS_NAME,
                                                    G_DBUS_SIGNAL_FLAGS_NONE, on_owner_changed, prompt, NULL);
  g_autoptr (GVariant) answer = signet_secret_service_call (self, path, "org.freedesktop.Secret.Prompt", "Prompt",
                                                            g_variant_new ("(s)", ""), "()", error);

  if (answer != NULL)
    wait_for_user (self, prompt);
  g_dbus_connection_signal_unsubscribe (self->bus, completed);
  g_dbus_connection_signal_unsubscribe (self->bus, owner);
  start_patience (self);
  return answer != NULL && conclude (self, prompt, error);
}

gboolean
signet_secret_service_prompt (SignetSecretService *self, const char *path, GVariant **result, GError **error)
{
  Prompt prompt = { 0 };

  if (g_str_equal (path, "/"))
    return TRUE;
  g_main_context_push_thread_default (self->context);
  gboolean done = run_prompt (self, path, &prompt, error);
  g_main_context_pop_thread_default (self->context);
  if (done && result != NULL)
    *result = g_steal_pointer (&prompt.result);
  g_clear_pointer (&prompt.result, g_variant_unref);
  return done;
}

typedef struct {
  gboolean done;
  gboolean late;
  GCancellable *cancellable;
  SecretService *session;
  GError *error;
} Opening;

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Opening *opening = user_data;

  opening->session = secret_service_open_finish (result, &opening->error);
  opening->done = TRUE;
}

static gboolean
on_late (gpointer user_data)
{
  Opening *opening = user_data;

  opening->late = TRUE;
  g_cancellable_cancel (opening->cancellable);
  return G_SOURCE_REMOVE;
}

static void
forward_cancel (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

/* Nothing here prompts, so libsecret comes back when it is cancelled; only its own time limit is too long. */
static void
run_opening (SignetSecretService *self, Opening *opening)
{
  g_autoptr (GSource) watchdog = g_timeout_source_new (remaining (self));
  gulong forward = g_cancellable_connect (self->cancellable, G_CALLBACK (forward_cancel), opening->cancellable, NULL);

  g_main_context_push_thread_default (self->context);
  g_source_set_callback (watchdog, on_late, opening, NULL);
  g_source_attach (watchdog, self->context);
  secret_service_open (SECRET_TYPE_SERVICE, SIGNET_SECRETS_NAME, SECRET_SERVICE_OPEN_SESSION, opening->cancellable,
                       on_opened, opening);
  while (!opening->done)
    g_main_context_iteration (self->context, TRUE);
  g_source_destroy (watchdog);
  g_main_context_pop_thread_default (self->context);
  g_cancellable_disconnect (self->cancellable, forward);
}

static gboolean
ensure_session (SignetSecretService *self, GError **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Opening opening = { .cancellable = cancellable };

  if (self->session != NULL)
    return TRUE;
  run_opening (self, &opening);
  self->session = opening.session;
  if (self->session != NULL)
    return TRUE;
  if (opening.late) {
    g_clear_error (&opening.error);
    opening.error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "");
  }
  explain (error, opening.error);
  return FALSE;
}

const char *
signet_secret_service_get_session (SignetSecretService *self, GError **error)
{
  return ensure_session (self, error) ? secret_service_get_session_dbus_path (self->session) : NULL;
}

GVariant *
signet_secret_service_encode (SignetSecretService *self, SignetSecret *blob, GError **error)
{
  gsize length;
  const char *data = (const char *) signet_secret_get (blob, &length);

  if (!ensure_session (self, error))
    return NULL;
  /* No copy and no free function: BLOB outlives the value. */
  g_autoptr (SecretValue) value = secret_value_new_full ((char *) data, length, CONTENT_TYPE, NULL);
  return g_variant_ref_sink (secret_service_encode_dbus_secret (self->session, value));
}

SignetSecret *
signet_secret_service_decode (SignetSecretService *self, GVariant *encoded)
{
  g_autoptr (SecretValue) value = self->session != NULL ? secret_service_decode_dbus_secret (self->session, encoded)
                                                        : NULL;
  gsize length = 0;
  const char *data = value != NULL ? secret_value_get (value, &length) : NULL;

  return signet_secret_new (data, data != NULL ? length : 0);
}
