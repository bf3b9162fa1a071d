/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/mail-settings.h"

#include "keyset/mail-defaults-file.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define ADDRESS "asa@example.org"
#define DEADLINE (20 * G_USEC_PER_SEC)

typedef struct {
  char *folder, *path;
  SignetMailSettings *settings, *others;      /* of another Signet */
  guint changes;
  char *failure;
} Fixture;

static void
on_changed (SignetMailSettings *settings, Fixture *fixture)
{
  fixture->changes++;
}

static void
on_failed (SignetMailSettings *settings, const char *text, Fixture *fixture)
{
  g_free (fixture->failure);
  fixture->failure = g_strdup (text);
}

static void
settle (SignetMailSettings *settings)
{
  gint64 end = g_get_monotonic_time () + DEADLINE;

  while (signet_mail_settings_is_busy (settings)) {
    g_assert_cmpint (g_get_monotonic_time (), <, end);
    g_main_context_iteration (NULL, FALSE);
  }
}

static gboolean
encrypts (SignetMailSettings *settings, const char *address)
{
  g_autoptr (SignetMailDefaults) defaults = signet_mail_settings_get (settings, address);

  return defaults->encrypt;
}

static void
set (SignetMailSettings *settings, const char *address, gboolean encrypt)
{
  g_autoptr (SignetMailDefaults) defaults = signet_mail_settings_get (settings, address);

  defaults->encrypt = encrypt;
  signet_mail_settings_set (settings, defaults);
  g_assert_cmpint (encrypts (settings, address), ==, encrypt);      /* at once */
}

/* What a program reads that starts now. */
static gboolean
stored (Fixture *fixture, const char *address)
{
  g_autoptr (GPtrArray) list = signet_mail_defaults_file_load (fixture->path, NULL);
  SignetMailDefaults *found = list != NULL ? signet_mail_defaults_find (list, address) : NULL;

  return found != NULL && found->encrypt;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("signet-test-XXXXXX", NULL);
  g_setenv ("XDG_RUNTIME_DIR", fixture->folder, TRUE);      /* for the lock */
  fixture->path = g_build_filename (fixture->folder, "config", "mail.conf", NULL);
  fixture->settings = signet_mail_settings_new (fixture->path);
  fixture->others = signet_mail_settings_new (fixture->path);
  g_signal_connect (fixture->settings, "changed", G_CALLBACK (on_changed), fixture);
  g_signal_connect (fixture->settings, "failed", G_CALLBACK (on_failed), fixture);
  settle (fixture->settings);
  settle (fixture->others);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *clear_away = g_strdup_printf ("rm -r %s", fixture->folder);

  settle (fixture->settings);
  settle (fixture->others);
  g_clear_object (&fixture->settings);
  g_clear_object (&fixture->others);
  g_assert_true (g_spawn_command_line_sync (clear_away, NULL, NULL, NULL, NULL));
  g_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->failure);
}

static void
test_set (Fixture *fixture, gconstpointer data)
{
  g_assert_true (signet_mail_settings_is_loaded (fixture->settings));
  g_assert_false (encrypts (fixture->settings, ADDRESS));
  fixture->changes = 0;
  set (fixture->settings, ADDRESS, FALSE);
  g_assert_cmpuint (fixture->changes, ==, 0);
  set (fixture->settings, ADDRESS, TRUE);
  g_assert_cmpuint (fixture->changes, ==, 1);
  settle (fixture->settings);
  g_assert_true (stored (fixture, ADDRESS));
}

/* However fast they come, the last one counts. */
static void
test_order (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 21; i++)
    set (fixture->settings, ADDRESS, i % 2 == 0);
  set (fixture->settings, "asa@home.example", TRUE);
  settle (fixture->settings);
  g_assert_true (encrypts (fixture->settings, ADDRESS));
  g_assert_true (stored (fixture, ADDRESS));
  g_assert_true (stored (fixture, "asa@home.example"));
}

static void
test_two (Fixture *fixture, gconstpointer data)
{
  gint64 end = g_get_monotonic_time () + DEADLINE;

  set (fixture->settings, ADDRESS, TRUE);
  set (fixture->others, "asa@home.example", TRUE);
  while (!encrypts (fixture->settings, "asa@home.example") || !encrypts (fixture->others, ADDRESS)) {
    g_assert_cmpint (g_get_monotonic_time (), <, end);
    g_main_context_iteration (NULL, FALSE);
  }
  g_assert_true (stored (fixture, ADDRESS));
  g_assert_true (stored (fixture, "asa@home.example"));
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  gint64 end = g_get_monotonic_time () + DEADLINE;

  set (fixture->settings, ADDRESS, TRUE);
  settle (fixture->settings);
  g_assert_null (signet_mail_settings_get_problem (fixture->settings));
  g_assert_true (g_file_set_contents (fixture->path, "[asa", -1, NULL));
  while (signet_mail_settings_get_problem (fixture->settings) == NULL) {
    g_assert_cmpint (g_get_monotonic_time (), <, end);
    g_main_context_iteration (NULL, FALSE);
  }
  g_assert_false (encrypts (fixture->settings, ADDRESS));
  set (fixture->settings, ADDRESS, TRUE);
  settle (fixture->settings);
  g_assert_null (signet_mail_settings_get_problem (fixture->settings));
  g_assert_true (stored (fixture, ADDRESS));
}

/* What cannot be written is told, and does not stay on the screen. */
static void
test_failure (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_path_get_dirname (fixture->path);

  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_assert_true (g_file_set_contents (folder, "in the way", -1, NULL));
  set (fixture->settings, ADDRESS, TRUE);
  settle (fixture->settings);
  g_assert_nonnull (fixture->failure);
  g_assert_false (encrypts (fixture->settings, ADDRESS));
  g_unlink (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/keyset/mail-settings/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("set", test_set);
  ADD ("order", test_order);
  ADD ("two", test_two);
  ADD ("damaged", test_damaged);
  ADD ("failure", test_failure);
#undef ADD
  return g_test_run ();
}
