/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/session-watch.h"

#include "base/i18n.h"

#include <gio/gio.h>
#include <gio/gunixfdlist.h>
#include <unistd.h>

#define LOGIND "org.freedesktop.login1"
#define LOGIND_PATH "/org/freedesktop/login1"
#define LOGIND_MANAGER "org.freedesktop.login1.Manager"
#define LOGIND_SESSION "org.freedesktop.login1.Session"
#define PROPERTIES "org.freedesktop.DBus.Properties"
#define XFCE_SHUTDOWN 3        /* XFSM_MANAGER_SHUTDOWN, and what is above it */

typedef struct {
  GDBusConnection *connection; /* or NULL */
  GArray *subscriptions;       /* of guint */
} Bus;

struct _SignetSessionWatch {
  GObject parent_instance;

  SignetKeysetMemory *memory;
  Bus system;
  Bus session;
  GHashTable *paths;           /* of logind's sessions of this user; NULL: not known */
  int delay;                   /* a file descriptor that keeps the machine awake while we forget; or -1 */
  gboolean is_asking;          /* for that */
};

G_DEFINE_TYPE (SignetSessionWatch, signet_session_watch, G_TYPE_OBJECT)

static void
let_sleep (SignetSessionWatch *self)
{
  if (self->delay >= 0)
    close (self->delay);
  self->delay = -1;
}

static void
forget (SignetSessionWatch *self)
{
  signet_keyset_memory_forget_all (self->memory);
  let_sleep (self);
}

/* --- logind --- */

/* Others who share the machine lock their screens, too.  As long as it is not known whose a session is, it is ours. */
static gboolean
is_ours (SignetSessionWatch *self, const char *path)
{
  return !self->paths || g_hash_table_contains (self->paths, path);
}

static void
on_sessions (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SignetSessionWatch) self = data;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  g_autoptr (GVariantIter) sessions = NULL;
  const char *path;
  guint32 uid;

  g_clear_pointer (&self->paths, g_hash_table_unref);
  if (!reply)
    return;

  self->paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_variant_get (reply, "(a(susso))", &sessions);
  while (g_variant_iter_next (sessions, "(&su&s&s&o)", NULL, &uid, NULL, NULL, &path))
    if (uid == getuid ())
      g_hash_table_add (self->paths, g_strdup (path));
}

static void
find_sessions (SignetSessionWatch *self)
{
  g_dbus_connection_call (self->system.connection, LOGIND, LOGIND_PATH, LOGIND_MANAGER, "ListSessions", NULL,
                          G_VARIANT_TYPE ("(a(susso))"), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL,
                          on_sessions, g_object_ref (self));
}

/* PrepareForSleep, PrepareForShutdown: before it (TRUE), and after it. */
static void
on_prepare (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
            const char *signal, GVariant *parameters, gpointer data)
{
  gboolean begins = FALSE;

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    g_variant_get (parameters, "(b)", &begins);
  if (begins)
    forget (data);
}

static void
on_session_new (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
                const char *signal, GVariant *parameters, gpointer data)
{
  find_sessions (data);
}

static void
on_session_removed (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
                    const char *signal, GVariant *parameters, gpointer data)
{
  const char *removed = "";

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(so)")))
    g_variant_get (parameters, "(&s&o)", NULL, &removed);
  if (is_ours (data, removed))
    forget (data);
}

static void
on_lock (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *signal,
         GVariant *parameters, gpointer data)
{
  if (is_ours (data, path))
    forget (data);
}

static void
on_session_properties (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
                       const char *signal, GVariant *parameters, gpointer data)
{
  g_autoptr (GVariant) changed = NULL;
  gboolean locked = FALSE;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;

  changed = g_variant_get_child_value (parameters, 1);
  if (g_variant_lookup (changed, "LockedHint", "b", &locked) && locked && is_ours (data, path))
    forget (data);
}

/* --- a moment before a suspend --- */

static void update_delay (SignetSessionWatch *self);

static void
on_delay (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SignetSessionWatch) self = data;
  g_autoptr (GUnixFDList) list = NULL;
  g_autoptr (GVariant) reply = NULL;
  gint32 index = -1;

  reply = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (source), &list, result, NULL);
  self->is_asking = FALSE;
  if (!reply || !list)
    return;              /* the machine will not wait for us: then we forget when it wakes up, before anything else */

  g_variant_get (reply, "(h)", &index);
  self->delay = g_unix_fd_list_get (list, index, NULL);
  update_delay (self);   /* it may all be forgotten by now */
}

static void
update_delay (SignetSessionWatch *self)
{
  if (signet_keyset_memory_is_empty (self->memory)) {
    let_sleep (self);
  } else if (self->system.connection && self->delay < 0 && !self->is_asking) {
    self->is_asking = TRUE;
    g_dbus_connection_call_with_unix_fd_list (self->system.connection, LOGIND, LOGIND_PATH, LOGIND_MANAGER, "Inhibit",
                                              g_variant_new ("(ssss)", "sleep", "Signet",
                                                             _("Remembered passwords are being forgotten"), "delay"),
                                              G_VARIANT_TYPE ("(h)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL,
                                              NULL, on_delay, g_object_ref (self));
  }
}

/* --- the desktop --- */

static void
on_screen_saver (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
                 const char *signal, GVariant *parameters, gpointer data)
{
  gboolean active = FALSE;

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    g_variant_get (parameters, "(b)", &active);
  if (active)
    forget (data);
}

static void
on_session_over (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
                 const char *signal, GVariant *parameters, gpointer data)
{
  forget (data);
}

static void
on_xfce_state (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
               const char *signal, GVariant *parameters, gpointer data)
{
  guint32 state = 0;

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(uu)")))
    g_variant_get (parameters, "(uu)", NULL, &state);
  if (state >= XFCE_SHUTDOWN)
    forget (data);
}

/* --- listening --- */

typedef struct {
  const char *sender, *interface, *signal, *first_argument;
  GDBusSignalCallback callback;
} Subscription;

static const Subscription system_signals[] = {
  { LOGIND, LOGIND_MANAGER, "PrepareForSleep", NULL, on_prepare },
  { LOGIND, LOGIND_MANAGER, "PrepareForShutdown", NULL, on_prepare },
  { LOGIND, LOGIND_MANAGER, "SessionNew", NULL, on_session_new },
  { LOGIND, LOGIND_MANAGER, "SessionRemoved", NULL, on_session_removed },
  { LOGIND, LOGIND_SESSION, "Lock", NULL, on_lock },
  { LOGIND, PROPERTIES, "PropertiesChanged", LOGIND_SESSION, on_session_properties },
};

/* The desktops give their objects other paths than each other, and than they did once. */
static const Subscription session_signals[] = {
  { "org.freedesktop.ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", NULL, on_screen_saver },
  { "org.gnome.ScreenSaver", "org.gnome.ScreenSaver", "ActiveChanged", NULL, on_screen_saver },
  { "org.xfce.ScreenSaver", "org.xfce.ScreenSaver", "ActiveChanged", NULL, on_screen_saver },
  { "org.mate.ScreenSaver", "org.mate.ScreenSaver", "ActiveChanged", NULL, on_screen_saver },
  { "org.cinnamon.ScreenSaver", "org.cinnamon.ScreenSaver", "ActiveChanged", NULL, on_screen_saver },
  { "org.gnome.SessionManager", "org.gnome.SessionManager", "SessionOver", NULL, on_session_over },
  { "org.xfce.SessionManager", "org.xfce.Session.Manager", "StateChanged", NULL, on_xfce_state },
};

static void
on_closed (SignetSessionWatch *self)
{
  forget (self);
}

/* Takes the connection, or NULL when there is no such bus. */
static void
listen (SignetSessionWatch *self, Bus *bus, GDBusConnection *connection, const Subscription *list, guint count)
{
  bus->connection = connection;
  if (!connection)
    return;

  g_signal_connect_object (connection, "closed", G_CALLBACK (on_closed), self, G_CONNECT_SWAPPED);
  bus->subscriptions = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < count; i++) {
    guint id = g_dbus_connection_signal_subscribe (connection, list[i].sender, list[i].interface, list[i].signal, NULL,
                                                   list[i].first_argument, G_DBUS_SIGNAL_FLAGS_NONE, list[i].callback,
                                                   self, NULL);

    g_array_append_val (bus->subscriptions, id);
  }
}

static void
leave (Bus *bus)
{
  for (guint i = 0; bus->subscriptions && i < bus->subscriptions->len; i++)
    g_dbus_connection_signal_unsubscribe (bus->connection, g_array_index (bus->subscriptions, guint, i));
  g_clear_pointer (&bus->subscriptions, g_array_unref);
  g_clear_object (&bus->connection);
}

static void
on_system_bus (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SignetSessionWatch) self = data;

  listen (self, &self->system, g_bus_get_finish (result, NULL), system_signals, G_N_ELEMENTS (system_signals));
  if (!self->system.connection)
    return;

  /* GLib would end the program with the bus: the windows can do without it. */
  g_dbus_connection_set_exit_on_close (self->system.connection, FALSE);
  find_sessions (self);
  update_delay (self);
}

static void
on_session_bus (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SignetSessionWatch) self = data;

  listen (self, &self->session, g_bus_get_finish (result, NULL), session_signals, G_N_ELEMENTS (session_signals));
}

static void
signet_session_watch_dispose (GObject *object)
{
  SignetSessionWatch *self = SIGNET_SESSION_WATCH (object);

  leave (&self->system);
  leave (&self->session);
  let_sleep (self);
  g_clear_pointer (&self->paths, g_hash_table_unref);
  g_clear_object (&self->memory);

  G_OBJECT_CLASS (signet_session_watch_parent_class)->dispose (object);
}

static void
signet_session_watch_class_init (SignetSessionWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = signet_session_watch_dispose;
}

static void
signet_session_watch_init (SignetSessionWatch *self)
{
  self->delay = -1;
}

SignetSessionWatch *
signet_session_watch_new (SignetKeysetMemory *memory)
{
  SignetSessionWatch *self = g_object_new (SIGNET_TYPE_SESSION_WATCH, NULL);

  self->memory = g_object_ref (memory);
  g_signal_connect_object (memory, "changed", G_CALLBACK (update_delay), self, G_CONNECT_SWAPPED);
  g_bus_get (G_BUS_TYPE_SYSTEM, NULL, on_system_bus, g_object_ref (self));
  g_bus_get (G_BUS_TYPE_SESSION, NULL, on_session_bus, g_object_ref (self));

  return self;
}
