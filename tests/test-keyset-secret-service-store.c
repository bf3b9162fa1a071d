/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/error.h"
#include "keyset/secret-service-store.h"
#include "scripted-user.h"

#include <signal.h>

/* Against the real gnome-keyring.  The third part of a case's name says in which desktop it is to be run:
 * test_secret_service.py gives each case a desktop of its own. */

#define PASSWORD "throwaway"

static SignetStore *
new_store (guint patience)
{
  SignetStore *store = signet_secret_service_store_new ();

  signet_secret_service_store_set_patience (SIGNET_SECRET_SERVICE_STORE (store), patience);
  return store;
}

static SignetItem *
new_item (SignetItemKind kind, const char *id, const char *label, const char *text)
{
  g_autoptr (SignetSecret) blob = signet_secret_new_text (text);

  return signet_item_new (kind, id, label, blob);
}

static void
put_text (SignetStore *store, SignetItemKind kind, const char *id, const char *text)
{
  g_autoptr (SignetItem) item = new_item (kind, id, "Test", text);
  g_autoptr (GError) error = NULL;

  signet_store_put (store, item, NULL, &error);
  g_assert_no_error (error);
}

static void
assert_put_fails (SignetStore *store, SignetError code)
{
  g_autoptr (SignetItem) item = new_item (SIGNET_ITEM_KEYSET, "refused", "Test", "text");
  g_autoptr (GError) error = NULL;

  g_assert_false (signet_store_put (store, item, NULL, &error));
  g_assert_error (error, SIGNET_ERROR, (int) code);
}

static void
assert_list_fails (SignetStore *store, SignetError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_store_list (store, SIGNET_ITEM_KEYSET, NULL, &error));
  g_assert_error (error, SIGNET_ERROR, (int) code);
}

static GPtrArray *
list (SignetStore *store, SignetItemKind kind)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *items = signet_store_list (store, kind, NULL, &error);

  g_assert_no_error (error);
  return items;
}

static void
assert_count (SignetStore *store, SignetItemKind kind, guint count)
{
  g_autoptr (GPtrArray) items = list (store, kind);

  g_assert_cmpuint (items->len, ==, count);
}

/* The one item of a kind says TEXT. */
static void
assert_text (SignetStore *store, SignetItemKind kind, const char *text)
{
  g_autoptr (GPtrArray) items = list (store, kind);

  g_assert_cmpuint (items->len, ==, 1);
  g_assert_cmpstr (signet_secret_get_text (items->pdata[0]), ==, text);
}

static GVariant *
call_bus (const char *method, const char *name, const char *reply)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GError) error = NULL;
  GVariant *answer = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/", "org.freedesktop.DBus", method,
                                                  g_variant_new ("(s)", name), G_VARIANT_TYPE (reply), 0, -1, NULL,
                                                  &error);

  g_assert_no_error (error);
  return answer;
}

static pid_t
keyring_pid (void)
{
  g_autoptr (GVariant) answer = call_bus ("GetConnectionUnixProcessID", "org.freedesktop.secrets", "(u)");
  guint32 pid;

  g_variant_get (answer, "(u)", &pid);
  return pid;
}

/* A call in a thread, and how it ended. */
typedef struct {
  SignetStore *store;
  GCancellable *cancellable;
  GThread *thread;
  GError *error;
  gint64 ended;
} Call;

static gpointer
run_put (gpointer data)
{
  Call *call = data;
  g_autoptr (SignetItem) item = new_item (SIGNET_ITEM_KEYSET, "late", "Test", "late");

  signet_store_put (call->store, item, call->cancellable, &call->error);
  call->ended = g_get_monotonic_time ();
  return NULL;
}

static void
call_start (Call *call, SignetStore *store)
{
  call->store = store;
  call->cancellable = g_cancellable_new ();
  call->thread = g_thread_new ("put", run_put, call);
}

/* Joins the call, which ends within two seconds of now. */
static void
assert_ends_at_once (Call *call, GQuark domain, int code)
{
  gint64 now = g_get_monotonic_time ();

  g_thread_join (call->thread);
  g_assert_cmpint (call->ended - now, <, 2 * G_USEC_PER_SEC);
  g_assert_error (call->error, domain, code);
  g_clear_error (&call->error);
  g_clear_object (&call->cancellable);
}

static void
test_round_trip (void)
{
  g_autoptr (SignetStore) store = new_store (20000);

  assert_count (store, SIGNET_ITEM_KEYSET, 0);
  put_text (store, SIGNET_ITEM_KEYSET, "one", "first");
  put_text (store, SIGNET_ITEM_PENDING, "one", "other kind");
  assert_text (store, SIGNET_ITEM_KEYSET, "first");
  assert_text (store, SIGNET_ITEM_PENDING, "other kind");

  g_autoptr (SignetItem) item = new_item (SIGNET_ITEM_KEYSET, "one", "Renamed", "second");
  g_assert_true (signet_store_put (store, item, NULL, NULL));
  assert_text (store, SIGNET_ITEM_KEYSET, "second");
}

/* More than are asked for at once. */
static void
test_many (void)
{
  g_autoptr (SignetStore) store = new_store (20000);
  g_autoptr (GHashTable) texts = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < 70; i++) {
    g_autofree char *id = g_strdup_printf ("item-%u", i);
    put_text (store, SIGNET_ITEM_KEYSET, id, id);
  }
  g_autoptr (GPtrArray) items = list (store, SIGNET_ITEM_KEYSET);
  g_assert_cmpuint (items->len, ==, 70);
  for (guint i = 0; i < items->len; i++)
    g_assert_true (g_hash_table_add (texts, (char *) signet_secret_get_text (items->pdata[i])));
}

static void
test_remove (void)
{
  g_autoptr (SignetStore) store = new_store (20000);

  put_text (store, SIGNET_ITEM_KEYSET, "one", "1");
  put_text (store, SIGNET_ITEM_KEYSET, "two", "2");
  g_assert_true (signet_store_remove (store, SIGNET_ITEM_KEYSET, "two", NULL, NULL));
  g_assert_true (signet_store_remove (store, SIGNET_ITEM_KEYSET, "two", NULL, NULL));
  g_assert_true (signet_store_remove (store, SIGNET_ITEM_PENDING, "one", NULL, NULL));
  assert_text (store, SIGNET_ITEM_KEYSET, "1");
}

/* Every byte value, no byte, and a blob of the largest size. */
static void
test_binary (void)
{
  g_autoptr (SignetStore) store = new_store (20000);
  const gsize sizes[] = { 0, 1, 256, 65536, 1024 * 1024 - 4096 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (SignetSecret) blob = signet_secret_alloc (sizes[i]);
    for (gsize j = 0; j < sizes[i]; j++)
      signet_secret_edit (blob)[j] = j + j / 256;
    g_autoptr (SignetItem) item = signet_item_new (SIGNET_ITEM_KEYSET, "binary", "Test", blob);
    g_autoptr (GError) error = NULL;
    signet_store_put (store, item, NULL, &error);
    g_assert_no_error (error);
    g_autoptr (GPtrArray) items = list (store, SIGNET_ITEM_KEYSET);
    g_assert_cmpuint (items->len, ==, 1);
    g_assert_true (signet_secret_equal (items->pdata[0], blob));
  }
}

static void
count_change (SignetStore *store, gpointer user_data)
{
  (*(guint *) user_data)++;
}

static gboolean
on_tick (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* Turns the main loop until CHANGES is WANTED or SECONDS are over. */
static void
turn (guint *changes, guint wanted, double seconds)
{
  gint64 end = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  guint tick = g_timeout_add (10, on_tick, NULL);

  while (*changes < wanted && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
}

static void
run_tool (const char *command)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_command_line_sync (command, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
}

/* Own changes and those of another program are announced, many at once as one, and reading is no change. */
static void
test_changed (void)
{
  g_autoptr (SignetStore) store = new_store (20000);
  guint changes = 0;

  put_text (store, SIGNET_ITEM_KEYSET, "one", "1");
  g_signal_connect (store, "changed", G_CALLBACK (count_change), &changes);
  turn (&changes, 1, 20);
  g_assert_cmpuint (changes, ==, 1);

  turn (&changes, 2, 0.5);      /* what the put's echo from the service may still bring */
  changes = 0;
  assert_count (store, SIGNET_ITEM_KEYSET, 1);
  turn (&changes, 1, 1);
  g_assert_cmpuint (changes, ==, 0);

  run_tool ("secret-tool clear signet keyset id one");
  turn (&changes, 1, 20);
  g_assert_cmpuint (changes, ==, 1);
  assert_count (store, SIGNET_ITEM_KEYSET, 0);
}

static void
test_cancelled_before (void)
{
  g_autoptr (SignetStore) store = new_store (20000);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (signet_store_list (store, SIGNET_ITEM_KEYSET, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The service is there and does nothing. */
static void
test_hang (void)
{
  g_autoptr (SignetStore) store = new_store (300);
  gint64 start = g_get_monotonic_time ();
  pid_t pid = keyring_pid ();

  put_text (store, SIGNET_ITEM_KEYSET, "one", "1");
  kill (pid, SIGSTOP);
  assert_list_fails (store, SIGNET_ERROR_UNREACHABLE);
  assert_put_fails (store, SIGNET_ERROR_UNREACHABLE);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
  kill (pid, SIGCONT);
  assert_text (store, SIGNET_ITEM_KEYSET, "1");
}

static void
test_hang_cancelled (void)
{
  g_autoptr (SignetStore) store = new_store (20000);
  pid_t pid = keyring_pid ();
  Call call = { 0 };

  kill (pid, SIGSTOP);
  call_start (&call, store);
  g_cancellable_cancel (call.cancellable);
  assert_ends_at_once (&call, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  kill (pid, SIGCONT);
}

/* Every moment of a call in which the service can fall silent or die: before the call, and within it. */
static void
test_dies (void)
{
  g_autoptr (SignetStore) store = new_store (20000);
  pid_t pid = keyring_pid ();
  Call call = { 0 };

  kill (pid, SIGSTOP);
  call_start (&call, store);
  kill (pid, SIGKILL);
  g_thread_join (call.thread);
  /* Whether it died before the call began or in it is up to the scheduler. */
  g_assert_true (g_error_matches (call.error, SIGNET_ERROR, SIGNET_ERROR_UNREACHABLE) ||
                 g_error_matches (call.error, SIGNET_ERROR, SIGNET_ERROR_NO_STORE));
  g_clear_error (&call.error);
  g_clear_object (&call.cancellable);
  assert_list_fails (store, SIGNET_ERROR_NO_STORE);
}

static GVariant *
call_service (const char *method, GVariant *arguments, const char *reply)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GError) error = NULL;
  GVariant *answer = g_dbus_connection_call_sync (bus, "org.freedesktop.secrets", "/org/freedesktop/secrets",
                                                  "org.freedesktop.Secret.Service", method, arguments,
                                                  G_VARIANT_TYPE (reply), 0, -1, NULL, &error);

  g_assert_no_error (error);
  return answer;
}

/* The user makes another keyring the default one: an item stays where it is, and there is still one of it; and where
 * it lies is unlocked for it. */
static void
test_other_default (void)
{
  g_autoptr (SignetStore) store = new_store (20000);
  g_autoptr (GVariant) created = NULL, done = NULL, locked = NULL;
  const char *collection = "/org/freedesktop/secrets/collection/session", *old[] = {
    "/org/freedesktop/secrets/collection/login", NULL
  };

  put_text (store, SIGNET_ITEM_KEYSET, "one", "1");
  done = call_service ("SetAlias", g_variant_new ("(so)", "default", collection), "()");
  put_text (store, SIGNET_ITEM_KEYSET, "one", "2");
  assert_text (store, SIGNET_ITEM_KEYSET, "2");

  locked = call_service ("Lock", g_variant_new ("(^ao)", old), "(aoo)");
  assert_list_fails (store, SIGNET_ERROR_LOCKED);
  g_autoptr (ScriptedUser) user = scripted_user_new ("password " PASSWORD);
  put_text (store, SIGNET_ITEM_KEYSET, "one", "3");
  assert_text (store, SIGNET_ITEM_KEYSET, "3");
}

/* Nobody can be asked: no user, no display. */
static void
test_locked (void)
{
  g_autoptr (SignetStore) store = new_store (20000);
  g_autoptr (GError) error = NULL;

  assert_list_fails (store, SIGNET_ERROR_LOCKED);
  assert_put_fails (store, SIGNET_ERROR_LOCKED);
  g_assert_false (signet_store_remove (store, SIGNET_ITEM_KEYSET, "one", NULL, NULL));
  g_assert_false (signet_store_unlock (store, NULL, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_LOCKED);
}

static void
test_unlock (void)
{
  g_autoptr (SignetStore) store = new_store (20000);
  g_autoptr (ScriptedUser) user = scripted_user_new ("password " PASSWORD);
  guint changes = 0;
  g_autoptr (GError) error = NULL;

  g_signal_connect (store, "changed", G_CALLBACK (count_change), &changes);
  assert_list_fails (store, SIGNET_ERROR_LOCKED);
  signet_store_unlock (store, NULL, &error);
  g_assert_no_error (error);
  scripted_user_assert_asked (user, "password");
  turn (&changes, 1, 20);
  g_assert_cmpuint (changes, >=, 1);
  assert_count (store, SIGNET_ITEM_KEYSET, 0);
  g_assert_true (signet_store_unlock (store, NULL, NULL));      /* already open: nobody is asked */
}

static void
test_put_unlocks (void)
{
  g_autoptr (SignetStore) store = new_store (20000);
  g_autoptr (ScriptedUser) user = scripted_user_new ("password wrong\npassword " PASSWORD);

  put_text (store, SIGNET_ITEM_KEYSET, "one", "1");
  scripted_user_assert_asked (user, "password");
  scripted_user_assert_asked (user, "password");
  assert_text (store, SIGNET_ITEM_KEYSET, "1");
}

/* The user's time is not the service's: a prompt may stand longer than the patience. */
static void
test_slow_user (void)
{
  g_autoptr (SignetStore) store = new_store (1000);
  g_autoptr (ScriptedUser) user = scripted_user_new (NULL);
  gint64 start = g_get_monotonic_time ();
  guint changes = 0;
  Call call = { 0 };

  call_start (&call, store);
  scripted_user_assert_asked (user, "password");
  turn (&changes, 1, 2);
  g_assert_cmpint (g_get_monotonic_time () - start, >, G_USEC_PER_SEC);
  scripted_user_answer (user, "password " PASSWORD);
  g_thread_join (call.thread);
  g_assert_no_error (call.error);
  g_clear_object (&call.cancellable);
  assert_text (store, SIGNET_ITEM_KEYSET, "late");
}

static void
test_refused (void)
{
  g_autoptr (SignetStore) store = new_store (20000);
  g_autoptr (ScriptedUser) user = scripted_user_new ("cancel\ncancel");
  g_autoptr (GError) error = NULL;

  assert_put_fails (store, SIGNET_ERROR_LOCKED);
  g_assert_false (signet_store_unlock (store, NULL, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_LOCKED);
}

static void
test_prompter_crashes (void)
{
  g_autoptr (SignetStore) store = new_store (20000);
  g_autoptr (ScriptedUser) user = scripted_user_new ("crash");

  assert_put_fails (store, SIGNET_ERROR_LOCKED);
}

/* Cancelled while the prompt stands: the call ends at once and the service lives.  An answer that comes later still
 * unlocks. */
static void
test_prompt_cancelled (void)
{
  g_autoptr (SignetStore) store = new_store (20000);
  g_autoptr (ScriptedUser) user = scripted_user_new (NULL);
  guint changes = 0;
  Call call = { 0 };

  g_signal_connect (store, "changed", G_CALLBACK (count_change), &changes);
  call_start (&call, store);
  scripted_user_assert_asked (user, "password");
  g_cancellable_cancel (call.cancellable);
  assert_ends_at_once (&call, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_list_fails (store, SIGNET_ERROR_LOCKED);
  scripted_user_answer (user, "password " PASSWORD);
  turn (&changes, 1, 20);
  put_text (store, SIGNET_ITEM_KEYSET, "one", "1");
  assert_text (store, SIGNET_ITEM_KEYSET, "1");
}

/* The service dies while its prompt stands. */
static void
test_dies_prompting (void)
{
  g_autoptr (SignetStore) store = new_store (20000);
  g_autoptr (ScriptedUser) user = scripted_user_new (NULL);
  Call call = { 0 };

  call_start (&call, store);
  scripted_user_assert_asked (user, "password");
  kill (keyring_pid (), SIGKILL);
  assert_ends_at_once (&call, SIGNET_ERROR, SIGNET_ERROR_UNREACHABLE);
}

static void
test_fresh (void)
{
  g_autoptr (SignetStore) store = new_store (20000);

  assert_count (store, SIGNET_ITEM_KEYSET, 0);
  g_assert_true (signet_store_unlock (store, NULL, NULL));
  g_assert_true (signet_store_remove (store, SIGNET_ITEM_KEYSET, "one", NULL, NULL));
  assert_put_fails (store, SIGNET_ERROR_LOCKED);
  assert_count (store, SIGNET_ITEM_KEYSET, 0);
}

/* The user chooses the password of a first keyring.  gnome-keyring 42 drops one such prompt in fifty ("couldn't
 * create new collection: Cannot import an invalid key"), and reports it as if the user had. */
static void
test_fresh_created (void)
{
  g_autoptr (SignetStore) store = new_store (20000);
  g_autoptr (SignetItem) item = new_item (SIGNET_ITEM_KEYSET, "one", "Test", "1");
  g_autoptr (GError) error = NULL;
  gboolean done = FALSE;

  for (guint tries = 0; !done && tries < 5; tries++) {
    g_autoptr (ScriptedUser) user = scripted_user_new ("password " PASSWORD);
    g_clear_error (&error);
    done = signet_store_put (store, item, NULL, &error);
    scripted_user_assert_asked (user, "password");
    g_assert_true (done || g_error_matches (error, SIGNET_ERROR, SIGNET_ERROR_LOCKED));
  }
  g_assert_no_error (error);
  assert_text (store, SIGNET_ITEM_KEYSET, "1");
}

static void
test_fresh_refused (void)
{
  g_autoptr (SignetStore) store = new_store (20000);
  g_autoptr (ScriptedUser) user = scripted_user_new ("cancel");

  assert_put_fails (store, SIGNET_ERROR_LOCKED);
}

static void
test_absent (void)
{
  g_autoptr (SignetStore) store = new_store (20000);
  g_autoptr (GError) error = NULL;

  assert_list_fails (store, SIGNET_ERROR_NO_STORE);
  assert_put_fails (store, SIGNET_ERROR_NO_STORE);
  g_assert_false (signet_store_unlock (store, NULL, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_NO_STORE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keyset/secret-service-store/unlocked/round-trip", test_round_trip);
  g_test_add_func ("/keyset/secret-service-store/unlocked/many", test_many);
  g_test_add_func ("/keyset/secret-service-store/unlocked/remove", test_remove);
  g_test_add_func ("/keyset/secret-service-store/unlocked/binary", test_binary);
  g_test_add_func ("/keyset/secret-service-store/unlocked/changed", test_changed);
  g_test_add_func ("/keyset/secret-service-store/unlocked/cancelled-before", test_cancelled_before);
  g_test_add_func ("/keyset/secret-service-store/unlocked/hang", test_hang);
  g_test_add_func ("/keyset/secret-service-store/unlocked/hang-cancelled", test_hang_cancelled);
  g_test_add_func ("/keyset/secret-service-store/unlocked/dies", test_dies);
  g_test_add_func ("/keyset/secret-service-store/unlocked/other-default", test_other_default);
  g_test_add_func ("/keyset/secret-service-store/locked/nobody-to-ask", test_locked);
  g_test_add_func ("/keyset/secret-service-store/locked/unlock", test_unlock);
  g_test_add_func ("/keyset/secret-service-store/locked/put", test_put_unlocks);
  g_test_add_func ("/keyset/secret-service-store/locked/slow-user", test_slow_user);
  g_test_add_func ("/keyset/secret-service-store/locked/refused", test_refused);
  g_test_add_func ("/keyset/secret-service-store/locked/prompter-crashes", test_prompter_crashes);
  g_test_add_func ("/keyset/secret-service-store/locked/prompt-cancelled", test_prompt_cancelled);
  g_test_add_func ("/keyset/secret-service-store/locked/dies-prompting", test_dies_prompting);
  g_test_add_func ("/keyset/secret-service-store/fresh/nobody-to-ask", test_fresh);
  g_test_add_func ("/keyset/secret-service-store/fresh/created", test_fresh_created);
  g_test_add_func ("/keyset/secret-service-store/fresh/refused", test_fresh_refused);
  g_test_add_func ("/keyset/secret-service-store/absent/every-call", test_absent);
  return g_test_run ();
}
