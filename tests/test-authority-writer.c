/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/writer.h"

#include "authority/files.h"
#include "base/error.h"

#include <string.h>

#define NOW 1700000000

typedef struct {
  char *folder;
  char *path;
  SignetWriter *writer;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("signet-test-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "authority.sqlite", NULL);
  self->writer = signet_writer_new (signet_database_open (self->path, TRUE, NULL));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->writer, signet_writer_free);
  g_assert_true (signet_folder_remove (self->folder, NULL));
  g_free (self->folder);
  g_free (self->path);
}

typedef struct {
  char address[32];
  gboolean fails;
  const char *path;
  gint *done;
  gint *seen_early;                /* changes that another connection did not see when they were reported done */
} Change;

static gboolean
write_change (SignetDatabase *database, gpointer data, GError **error)
{
  Change *change = data;
  g_autoptr (GBytes) digest = g_bytes_new (change->address, strlen (change->address));
  guint withdrawn;

  if (!signet_database_add_invitation (database, change->address, digest, NOW, NOW + 1, &withdrawn, error))
    return FALSE;
  if (change->fails)
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_FAILED, "as asked");
  return !change->fails;
}

static gboolean
is_there (const char *path, const char *address)
{
  g_autoptr (SignetDatabase) database = signet_database_open (path, FALSE, NULL);
  g_autoptr (GBytes) digest = g_bytes_new (address, strlen (address));
  g_autoptr (SignetInvitationRecord) record = signet_database_find_invitation (database, digest, NULL);

  return record != NULL;
}

static void
change_done (gpointer data, const GError *error)
{
  Change *change = data;

  g_assert_true ((error != NULL) == change->fails);
  if (is_there (change->path, change->address) == change->fails)
    g_atomic_int_inc (change->seen_early);
  g_atomic_int_inc (change->done);
}

#define CHANGES 60

/* Many changes from several threads: each is reported once, when others can see it; those that fail leave nothing,
 * and take nobody with them. */
static gpointer
push_changes (gpointer data)
{
  Fixture *self = data;
  static Change changes[3][CHANGES];
  static gint thread, done, seen_early;
  guint own = g_atomic_int_add (&thread, 1) % 3;

  for (guint i = 0; i < CHANGES; i++) {
    Change *change = &changes[own][i];
    g_snprintf (change->address, sizeof change->address, "t%u.%u@example.org", own, i);
    change->fails = i % 7 == 3;
    change->path = self->path;
    change->done = &done;
    change->seen_early = &seen_early;
    signet_writer_push (self->writer, write_change, change_done, change);
  }
  while (g_atomic_int_get (&done) < 3 * CHANGES)
    g_thread_yield ();
  g_assert_cmpint (g_atomic_int_get (&seen_early), ==, 0);
  return NULL;
}

static void
test_many (Fixture *self, gconstpointer data)
{
  GThread *threads[2];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("pusher", push_changes, self);
  push_changes (self);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

static void
test_run (Fixture *self, gconstpointer data)
{
  Change good = { .address = "good@example.org" }, bad = { .address = "bad@example.org", .fails = TRUE };
  g_autoptr (GError) error = NULL;

  g_assert_true (signet_writer_run (self->writer, write_change, &good, &error));
  g_assert_true (is_there (self->path, good.address));
  g_assert_false (signet_writer_run (self->writer, write_change, &bad, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_FAILED);
  g_assert_false (is_there (self->path, bad.address));
}

/* What was pushed before the end is written. */
static void
test_end (Fixture *self, gconstpointer data)
{
  gint done = 0, seen_early = 0;
  Change changes[20];

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    changes[i] = (Change) { .path = self->path, .done = &done, .seen_early = &seen_early };
    g_snprintf (changes[i].address, sizeof changes[i].address, "user%u@example.org", i);
    signet_writer_push (self->writer, write_change, change_done, &changes[i]);
  }
  g_clear_pointer (&self->writer, signet_writer_free);
  g_assert_cmpint (done, ==, G_N_ELEMENTS (changes));
  g_assert_cmpint (seen_early, ==, 0);
}

/* Another process (`invite`) writes meanwhile. */
static void
test_another_writer (Fixture *self, gconstpointer data)
{
  g_autoptr (SignetDatabase) other = signet_database_open (self->path, FALSE, NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 20; i++) {
    g_autofree char *address = g_strdup_printf ("other%u@example.org", i);
    g_autoptr (GBytes) digest = g_bytes_new (address, strlen (address));
    Change change = { .address = "" };
    guint withdrawn;

    g_snprintf (change.address, sizeof change.address, "mine%u@example.org", i);
    g_assert_true (signet_database_begin (other, &error));
    g_assert_true (signet_database_add_invitation (other, address, digest, NOW, NOW + 1, &withdrawn, &error));
    g_assert_true (signet_database_commit (other, &error));
    g_assert_true (signet_writer_run (self->writer, write_change, &change, &error));
  }
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/authority/writer/many", test_many);
  add ("/authority/writer/run", test_run);
  add ("/authority/writer/end", test_end);
  add ("/authority/writer/another-writer", test_another_writer);
  return g_test_run ();
}
