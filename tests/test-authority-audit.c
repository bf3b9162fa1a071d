/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/audit.h"

#include "authority/database-audit.h"
#include "authority/files.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/hex.h"

#include <sqlite3.h>
#include <string.h>

#define NOW 1700000000
#define DAY (24 * 3600)

typedef struct {
  char *folder;
  char *path;
  SignetDatabase *database;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  signet_clock_set (NOW);
  self->folder = g_dir_make_tmp ("signet-test-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "authority.sqlite", NULL);
  self->database = signet_database_open (self->path, TRUE, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  signet_database_free (self->database);
  g_assert_true (signet_folder_remove (self->folder, NULL));
  g_free (self->folder);
  g_free (self->path);
  signet_clock_set (0);
}

static void
add (Fixture *self, const char *act, const char *subject, gboolean refused)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (signet_database_begin (self->database, &error));
  g_assert_true (signet_audit_add (self->database, "anna", act, subject, refused, "because", &error));
  g_assert_true (signet_database_commit (self->database, &error));
}

static gint64
verify (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) head = NULL;
  gint64 count = -1;

  signet_audit_verify (self->database, &count, &head, &error);
  g_assert_no_error (error);
  return count;
}

/* What somebody does who has the file but not this program. */
static void
tamper (Fixture *self, const char *script)
{
  sqlite3 *foreign;

  g_assert_cmpint (sqlite3_open (self->path, &foreign), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (foreign, script, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (foreign);
}

/* The hash of a first entry, worked out with Python's hashlib from the description in the header. */
static void
test_hash (void)
{
  SignetAuditEntry entry = { 1, NOW, (char *) "anna", (char *) "invite", (char *) "asa@example.org", FALSE,
                             (char *) "", NULL };
  static const guint8 zeros[32];
  g_autoptr (GBytes) beginning = g_bytes_new_static (zeros, sizeof zeros);
  g_autoptr (GBytes) hash = signet_audit_entry_get_hash (&entry, beginning);
  g_autofree char *text = signet_hex_encode (hash);

  g_assert_cmpstr (text, ==, "3a5c9e649d195adfef2d451e6b322fc193dfb6e95275640e93abd5c797880ad0");
}

static void
test_empty (Fixture *self, gconstpointer data)
{
  g_assert_cmpint (verify (self), ==, 0);
}

static void
test_chain (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 1200; i++)       /* more than are read at once */
    add (self, "invite", "asa@example.org", i % 2 == 1);
  g_assert_cmpint (verify (self), ==, 1200);

  g_autoptr (GPtrArray) entries = signet_database_list_audit (self->database, 1, 1, &error);
  g_assert_no_error (error);
  SignetAuditEntry *entry = entries->pdata[0];
  g_assert_cmpint (entry->number, ==, 2);
  g_assert_cmpint (entry->time, ==, NOW);
  g_assert_cmpstr (entry->actor, ==, "anna");
  g_assert_cmpstr (entry->act, ==, "invite");
  g_assert_cmpstr (entry->subject, ==, "asa@example.org");
  g_assert_cmpstr (entry->detail, ==, "because");
  g_assert_true (entry->refused);
}

static void
test_rolled_back (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  add (self, "init", "", FALSE);
  g_assert_true (signet_database_begin (self->database, &error));
  g_assert_true (signet_audit_add (self->database, "anna", "revoke", "x", FALSE, NULL, &error));
  signet_database_rollback (self->database);
  add (self, "invite", "asa@example.org", FALSE);
  g_assert_cmpint (verify (self), ==, 2);
}

/* Every field of an entry, its place and its presence: whatever is changed, the log says where. */
static void
test_tampered (void)
{
  static const struct {
    const char *script;
    const char *broken;
  } cases[] = {
    { "UPDATE audit SET time = time + 1 WHERE number = 2", "entry 2 " },
    { "UPDATE audit SET actor = 'berit' WHERE number = 2", "entry 2 " },
    { "UPDATE audit SET act = 'invited' WHERE number = 2", "entry 2 " },
    { "UPDATE audit SET subject = 'b@example.org' WHERE number = 2", "entry 2 " },
    { "UPDATE audit SET refused = 0 WHERE number = 2", "entry 2 " },
    { "UPDATE audit SET detail = '' WHERE number = 2", "entry 2 " },
    { "UPDATE audit SET detail = 'ause', subject = subject || 'bec' WHERE number = 2", "entry 2 " },
    { "UPDATE audit SET hash = zeroblob (32) WHERE number = 4", "entry 4 " },
    { "UPDATE audit SET hash = X'00' WHERE number = 1", "entry 1 " },
    { "DELETE FROM audit WHERE number = 1", "entry 1 " },
    { "DELETE FROM audit WHERE number = 3", "entry 3 " },
    { "DELETE FROM audit WHERE number = 3; UPDATE audit SET number = 3 WHERE number = 4", "entry 3 " },
    { "INSERT INTO audit SELECT 5, time, actor, act, subject, refused, detail, hash FROM audit WHERE number = 4",
      "entry 5 " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Fixture fixture;
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) head = NULL;
    gint64 count;

    g_test_message ("%s", cases[i].script);
    set_up (&fixture, NULL);
    for (guint k = 0; k < 4; k++)
      add (&fixture, "invite", "asa@example.org", TRUE);
    tamper (&fixture, cases[i].script);
    g_assert_false (signet_audit_verify (fixture.database, &count, &head, &error));
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED);
    g_assert_nonnull (strstr (error->message, cases[i].broken));
    tear_down (&fixture, NULL);
  }
}

static void
refuse_strangers (Fixture *self, guint number)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (signet_database_begin (self->database, &error));
  for (guint i = 0; i < number; i++)
    g_assert_true (signet_audit_add_stranger (self->database, "x@example.org", "wrong temporary key", &error));
  g_assert_true (signet_database_commit (self->database, &error));
}

static void
test_strangers (Fixture *self, gconstpointer data)
{
  refuse_strangers (self, 1500);
  g_assert_cmpint (verify (self), ==, 1001);
  add (self, "invite", "asa@example.org", TRUE);        /* only strangers are cut short */
  g_assert_cmpint (verify (self), ==, 1002);
  signet_clock_set (NOW + DAY + 1);
  refuse_strangers (self, 3);
  g_assert_cmpint (verify (self), ==, 1005);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/authority/audit/hash", test_hash);
  g_test_add ("/authority/audit/empty", Fixture, NULL, set_up, test_empty, tear_down);
  g_test_add ("/authority/audit/chain", Fixture, NULL, set_up, test_chain, tear_down);
  g_test_add ("/authority/audit/rolled-back", Fixture, NULL, set_up, test_rolled_back, tear_down);
  g_test_add_func ("/authority/audit/tampered", test_tampered);
  g_test_add ("/authority/audit/strangers", Fixture, NULL, set_up, test_strangers, tear_down);
  return g_test_run ();
}
