/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/session-watch.h"

#include "sample-keyset.h"

#define LOGIND "org.freedesktop.login1"
#define LOGIND_PATH "/org/freedesktop/login1"
#define LOGIND_MANAGER "org.freedesktop.login1.Manager"
#define STRANGER "org.example.Stranger"
#define SESSION_PATH "/org/freedesktop/login1/session/_31"

/* Two buses, on which this test itself is every service of the machine and the desktop. */
static GDBusConnection *system_services, *session_services, *stranger;
static SignetKeyset *keyset;

/* A signal, and whether it is a reason to forget. */
typedef struct {
  const char *name;
  gboolean is_system;
  const char *sender, *path, *interface, *signal, *parameters;
  gboolean forgets;
} Case;

#define PROPERTIES "org.freedesktop.DBus.Properties", "PropertiesChanged"
#define SESSION_OF_LOGIND "org.freedesktop.login1.Session"
#define SCREEN_SAVER(sender, path) FALSE, sender, path, sender, "ActiveChanged"
#define XFCE FALSE, "org.xfce.SessionManager", "/org/xfce/SessionManager", "org.xfce.Session.Manager", "StateChanged"

static const Case cases[] = {
  { "lock", TRUE, LOGIND, SESSION_PATH, SESSION_OF_LOGIND, "Lock", "()", TRUE },
  { "unlock", TRUE, LOGIND, SESSION_PATH, SESSION_OF_LOGIND, "Unlock", "()", FALSE },
  { "locked-hint", TRUE, LOGIND, SESSION_PATH, PROPERTIES,
    "('org.freedesktop.login1.Session', {'LockedHint': <true>}, @as [])", TRUE },
  { "locked-hint-off", TRUE, LOGIND, SESSION_PATH, PROPERTIES,
    "('org.freedesktop.login1.Session', {'LockedHint': <false>}, @as [])", FALSE },
  { "other-property", TRUE, LOGIND, SESSION_PATH, PROPERTIES,
    "('org.freedesktop.login1.Session', {'IdleHint': <true>}, @as [])", FALSE },
  { "wrong-property", TRUE, LOGIND, SESSION_PATH, PROPERTIES,
    "('org.freedesktop.login1.Session', {'LockedHint': <'yes'>}, @as [])", FALSE },
  { "sleep", TRUE, LOGIND, LOGIND_PATH, LOGIND_MANAGER, "PrepareForSleep", "(true,)", TRUE },
  { "wake-up", TRUE, LOGIND, LOGIND_PATH, LOGIND_MANAGER, "PrepareForSleep", "(false,)", FALSE },
  { "malformed-sleep", TRUE, LOGIND, LOGIND_PATH, LOGIND_MANAGER, "PrepareForSleep", "('true', 1)", FALSE },
  { "shutdown", TRUE, LOGIND, LOGIND_PATH, LOGIND_MANAGER, "PrepareForShutdown", "(true,)", TRUE },
  { "shutdown-cancelled", TRUE, LOGIND, LOGIND_PATH, LOGIND_MANAGER, "PrepareForShutdown", "(false,)", FALSE },
  { "session-removed", TRUE, LOGIND, LOGIND_PATH, LOGIND_MANAGER, "SessionRemoved",
    "('1', objectpath '" SESSION_PATH "')", TRUE },
  { "session-new", TRUE, LOGIND, LOGIND_PATH, LOGIND_MANAGER, "SessionNew", "('1', objectpath '" SESSION_PATH "')",
    FALSE },
  { "not-of-logind", TRUE, STRANGER, LOGIND_PATH, LOGIND_MANAGER, "PrepareForSleep", "(true,)", FALSE },
  { "freedesktop", SCREEN_SAVER ("org.freedesktop.ScreenSaver", "/ScreenSaver"), "(true,)", TRUE },
  { "gnome", SCREEN_SAVER ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"), "(true,)", TRUE },
  { "xfce", SCREEN_SAVER ("org.xfce.ScreenSaver", "/org/xfce/ScreenSaver"), "(true,)", TRUE },
  { "mate", SCREEN_SAVER ("org.mate.ScreenSaver", "/"), "(true,)", TRUE },
  { "cinnamon", SCREEN_SAVER ("org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver"), "(true,)", TRUE },
  { "gnome-off", SCREEN_SAVER ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"), "(false,)", FALSE },
  { "gnome-malformed", SCREEN_SAVER ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"), "(1, 'on')", FALSE },
  { "gnome-session-over", FALSE, "org.gnome.SessionManager", "/org/gnome/SessionManager", "org.gnome.SessionManager",
    "SessionOver", "()", TRUE },
  { "xfce-shutdown", XFCE, "(uint32 1, uint32 3)", TRUE },
  { "xfce-checkpoint", XFCE, "(uint32 1, uint32 2)", FALSE },
};

static GDBusConnection *
connect_to (const char *address)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection;

  connection = g_dbus_connection_new_for_address_sync (address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                       G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL,
                                                       &error);
  g_assert_no_error (error);
  return connection;
}

static void
own (GDBusConnection *connection, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;

  reply = g_dbus_connection_call_sync (connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName", g_variant_new ("(su)", name, 4), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static GDBusConnection *
get_sender (const Case *c)
{
  if (g_strcmp0 (c->sender, STRANGER) == 0)
    return stranger;
  return c->is_system ? system_services : session_services;
}

/* The bus has passed the signal on when it answers what comes after it. */
static void
emit (const Case *c)
{
  g_autoptr (GError) error = NULL;

  g_dbus_connection_emit_signal (get_sender (c), NULL, c->path, c->interface, c->signal,
                                 g_variant_new_parsed (c->parameters), &error);
  g_assert_no_error (error);
  own (get_sender (c), "org.example.Sent");
}

static void
on_mark (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *signal,
         GVariant *parameters, gpointer seen)
{
  *(gboolean *) seen = TRUE;
}

/* Until everything that was sent so far has come to the watch, which has the same connection. */
static void
settle (gboolean is_system)
{
  g_autoptr (GDBusConnection) connection = g_bus_get_sync (is_system ? G_BUS_TYPE_SYSTEM : G_BUS_TYPE_SESSION, NULL,
                                                           NULL);
  const Case mark = { "mark", is_system, NULL, "/mark", "org.example.Mark", "Mark", "()", FALSE };
  gboolean seen = FALSE;
  guint id = g_dbus_connection_signal_subscribe (connection, NULL, "org.example.Mark", "Mark", NULL, NULL,
                                                 G_DBUS_SIGNAL_FLAGS_NONE, on_mark, &seen, NULL);

  /* The subscription is on the bus before the mark: both go the way of a call that is answered. */
  own (connection, "org.example.Settled");
  emit (&mark);
  while (!seen)
    g_main_context_iteration (NULL, TRUE);
  g_dbus_connection_signal_unsubscribe (connection, id);
}

static void
remember (void)
{
  SignetKeysetMemory *memory = signet_keyset_memory_get ();
  g_autoptr (SignetSecret) key = signet_secret_new ("key", 3);

  signet_keyset_memory_keep (memory, keyset, key, signet_keyset_memory_get_endings (memory));
  g_assert_false (signet_keyset_memory_is_empty (memory));
}

static void
test_signal (gconstpointer data)
{
  const Case *c = data;

  own (get_sender (c), c->sender);
  settle (c->is_system);
  remember ();
  emit (c);
  settle (c->is_system);
  g_assert_cmpint (signet_keyset_memory_is_empty (signet_keyset_memory_get ()), ==, c->forgets);
}

/* Nobody can tell us any more. */
static void
test_lost_bus (gconstpointer data)
{
  GTestDBus *bus = (GTestDBus *) data;

  remember ();
  g_test_dbus_stop (bus);
  while (!signet_keyset_memory_is_empty (signet_keyset_memory_get ()))
    g_main_context_iteration (NULL, TRUE);
}

static SignetKeyset *
make_keyset (void)
{
  g_autoptr (SignetSecret) password = sample_password (SIGNET_LEVEL_HIGH);
  g_autoptr (SignetKeyset) sample = sample_keyset_new ("Work", SIGNET_LEVEL_HIGH);

  return signet_keyset_allow_remembering (sample, 10, password, NULL);
}

int
main (int argc, char **argv)
{
  g_autoptr (GTestDBus) system_bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_autoptr (GTestDBus) session_bus = g_test_dbus_new (G_TEST_DBUS_NONE);

  g_test_init (&argc, &argv, NULL);

  g_test_dbus_up (system_bus);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (system_bus), TRUE);
  g_test_dbus_up (session_bus);
  system_services = connect_to (g_test_dbus_get_bus_address (system_bus));
  session_services = connect_to (g_test_dbus_get_bus_address (session_bus));
  stranger = connect_to (g_test_dbus_get_bus_address (system_bus));
  keyset = make_keyset ();
  g_autoptr (SignetSessionWatch) watch = signet_session_watch_new (signet_keyset_memory_get ());
  settle (TRUE);
  settle (FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/ui/session-watch/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], test_signal);
  }
  g_test_add_data_func ("/ui/session-watch/z-lost-bus", system_bus, test_lost_bus);

  int status = g_test_run ();
  g_object_unref (keyset);
  g_object_unref (stranger);
  g_object_unref (system_services);
  g_object_unref (session_services);
  return status;
}
