/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/clock.h"
#include "base/error.h"
#include "base/private-file.h"
#include "keyset/keyset-backup.h"
#include "keyset/keyset-export.h"
#include "keyset/keyset-import.h"
#include "keyset/keyset-list.h"
#include "memory-store.h"
#include "sample-keyset.h"

#include <glib/gstdio.h>

#define DAY (24 * 3600)

static void
append_pem (GString *text, const char *label, gconstpointer data, gsize length)
{
  g_autofree char *base64 = g_base64_encode (data, length);

  g_string_append_printf (text, "-----BEGIN %s-----\n%s\n-----END %s-----\n", label, base64, label);
}

/* The keys, then the certificates, in the opposite order: they must find each other. */
static SignetImport *
read_sample (SampleIds *sample, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_secret_unref);

  for (guint i = 0; i < sample->keys->len; i++) {
    g_autoptr (SignetSecret) pkcs8 = signet_private_key_to_pkcs8 (sample->keys->pdata[i], NULL);
    append_pem (text, "PRIVATE KEY", signet_secret_get (pkcs8, NULL), signet_secret_length (pkcs8));
  }
  for (guint i = sample->ids->len; i > 0; i--) {
    SignetDigitalId *id = sample->ids->pdata[i - 1];
    GBytes *der = signet_certificate_get_der (id->certificate);
    append_pem (text, "CERTIFICATE", g_bytes_get_data (der, NULL), g_bytes_get_size (der));
    for (guint k = id->chain->len; k > 0; k--) {
      der = signet_certificate_get_der (id->chain->pdata[k - 1]);
      append_pem (text, "CERTIFICATE", g_bytes_get_data (der, NULL), g_bytes_get_size (der));
    }
  }
  g_ptr_array_add (files, signet_secret_new (text->str, text->len));
  return signet_import_read (files, NULL, NULL, error);
}

static SignetImport *
read_one (SignetIdUse use, guint key, gint64 not_after)
{
  g_autoptr (SampleIds) sample = sample_ids_new ();
  g_autoptr (GError) error = NULL;

  sample_ids_add (sample, use, TRUE, key, "asa@example.org", not_after, NULL);
  SignetImport *import = read_sample (sample, &error);
  g_assert_no_error (error);
  return import;
}

static void
test_chain (void)
{
  g_autoptr (SignetImport) import = read_one (SIGNET_ID_SIGNING, 0, 0);
  SignetDigitalId *id = import->ids->pdata[0];

  g_assert_cmpuint (import->ids->len, ==, 1);
  g_assert_cmpstr (import->name, ==, "asa@example.org");
  g_assert_true (import->weak);
  g_assert_cmpuint (id->chain->len, ==, 2);
  g_assert_true (signet_certificate_names_issuer (id->certificate, id->chain->pdata[0]));
  g_assert_true (signet_certificate_names_issuer (id->chain->pdata[0], id->chain->pdata[1]));
  g_assert_false (signet_certificate_names_issuer (id->certificate, id->chain->pdata[1]));
}

/* Which one is for new mail afterwards. */
static void
test_current (void)
{
  const struct {
    SignetIdUse use;
    gint64 not_after;      /* from now; the one that is there lasts for a year */
    gboolean current;
    guint ids;             /* of the three that were there and what has come */
  } cases[] = {
    { SIGNET_ID_SIGNING, 800 * DAY, TRUE, 3 },
    { SIGNET_ID_SIGNING, 30 * DAY, FALSE, 3 },
    { SIGNET_ID_ENCRYPTION, 800 * DAY, TRUE, 4 },
    { SIGNET_ID_ENCRYPTION, 30 * DAY, FALSE, 4 },
    { SIGNET_ID_ENCRYPTION, -30 * 60, FALSE, 4 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
    g_autoptr (SignetKeyset) keyset = sample_keyset_new ("Work", SIGNET_LEVEL_LOW), changed = NULL;
    g_autoptr (SignetImport) import = read_one (cases[i].use, 5, signet_clock_now () + cases[i].not_after);
    g_autoptr (GError) error = NULL;
    SignetDigitalId *added = import->ids->pdata[0];

    g_assert_true (signet_keysets_save (SIGNET_STORE (store), keyset, NULL, NULL));
    changed = signet_keysets_import (SIGNET_STORE (store), import, "work", TRUE, SIGNET_LEVEL_LOW, NULL, NULL, &error);
    if (cases[i].use == SIGNET_ID_SIGNING && !cases[i].current) {
      g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_ALREADY_INSTALLED);
      continue;
    }
    g_assert_no_error (error);
    SignetDigitalId *current = signet_keyset_get_current (changed, cases[i].use);
    g_assert_cmpint (g_bytes_equal (signet_certificate_get_der (current->certificate),
                                    signet_certificate_get_der (added->certificate)), ==, cases[i].current);
    g_assert_cmpuint (signet_keyset_get_ids (changed)->len, ==, cases[i].ids);
    g_autoptr (GPtrArray) keys = signet_keyset_unlock (changed, NULL, &error);
    g_assert_no_error (error);
  }
}

static void
test_names (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new ();
  g_autoptr (SignetKeyset) keyset = sample_keyset_new ("Work", SIGNET_LEVEL_LOW);
  g_autoptr (SignetImport) import = read_one (SIGNET_ID_ENCRYPTION, 5, 0);
  const struct {
    const char *name;
    gboolean add;
    SignetLevel level;
    SignetError code;
  } cases[] = {
    { "WORK", FALSE, SIGNET_LEVEL_LOW, SIGNET_ERROR_EXISTS },
    { "WORK", TRUE, SIGNET_LEVEL_MEDIUM, SIGNET_ERROR_EXISTS },
    { "Home", TRUE, SIGNET_LEVEL_LOW, SIGNET_ERROR_NOT_FOUND },
    { "", FALSE, SIGNET_LEVEL_LOW, SIGNET_ERROR_INVALID },
  };

  g_assert_true (signet_keysets_save (SIGNET_STORE (store), keyset, NULL, NULL));
  guint writes = signet_memory_store_count_writes (store);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (signet_keysets_import (SIGNET_STORE (store), import, cases[i].name, cases[i].add, cases[i].level,
                                          NULL, NULL, &error));
    g_assert_error (error, SIGNET_ERROR, (int) cases[i].code);
  }
  g_assert_cmpuint (signet_memory_store_count_writes (store), ==, writes);
}

typedef struct {
  GMainLoop *loop;
  GAsyncResult *result;
} Wait;

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Wait *wait = data;

  wait->result = g_object_ref (result);
  g_main_loop_quit (wait->loop);
}

/* A backup through the calls of the windows, into another store; what cannot be read is counted. */
static void
test_backup (void)
{
  g_autoptr (SignetMemoryStore) store = signet_memory_store_new (), other = signet_memory_store_new ();
  g_autoptr (SignetKeyset) keyset = sample_keyset_new ("Work", SIGNET_LEVEL_HIGH);
  g_autoptr (SignetSecret) password = signet_secret_new_text ("of the backup"), rubbish = signet_secret_new_text ("?");
  g_autoptr (SignetItem) item = signet_item_new (SIGNET_ITEM_KEYSET, "rubbish", "rubbish", rubbish);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  Wait made = { loop, NULL }, opened = { loop, NULL }, restored = { loop, NULL };
  guint damaged = 0;

  g_assert_true (signet_keysets_save (SIGNET_STORE (store), keyset, NULL, NULL));
  g_assert_true (signet_store_put (SIGNET_STORE (store), item, NULL, NULL));
  signet_keysets_back_up_async (SIGNET_STORE (store), password, NULL, on_done, &made);
  g_main_loop_run (loop);
  g_autoptr (SignetSecret) file = signet_keysets_back_up_finish (SIGNET_STORE (store), made.result, &damaged, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (damaged, ==, 1);

  signet_keysets_open_backup_async (SIGNET_STORE (other), file, password, NULL, on_done, &opened);
  g_main_loop_run (loop);
  g_autoptr (SignetRestored) found_there = signet_keysets_open_backup_finish (SIGNET_STORE (other), opened.result,
                                                                              &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found_there->restored->len, ==, 1);
  g_assert_cmpuint (signet_memory_store_count_writes (other), ==, 0);
  signet_keysets_restore_async (SIGNET_STORE (other), found_there->all, NULL, on_done, &restored);
  g_main_loop_run (loop);
  g_autoptr (SignetRestored) back = signet_keysets_restore_finish (SIGNET_STORE (other), restored.result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (back->restored->len, ==, 1);
  g_autoptr (SignetKeyset) found = signet_keysets_find (SIGNET_STORE (other), "Work", NULL, NULL);
  g_assert_true (signet_keyset_equal (found, keyset));
  g_clear_object (&made.result);
  g_clear_object (&opened.result);
  g_clear_object (&restored.result);

  /* Cut at any place, it is damaged or no backup; nothing is stored. */
  g_autoptr (SignetMemoryStore) empty = signet_memory_store_new ();
  for (gsize length = 0; length < signet_secret_length (file); length += 50) {
    g_autoptr (SignetSecret) cut = signet_secret_new (signet_secret_get (file, NULL), length);
    g_assert_null (signet_keysets_open_backup (SIGNET_STORE (empty), cut, password, NULL, &error));
    g_assert_error (error, SIGNET_ERROR, (length < 12 ? SIGNET_ERROR_INVALID : SIGNET_ERROR_DAMAGED));
    g_clear_error (&error);
  }
  g_assert_cmpuint (signet_memory_store_count_writes (empty), ==, 0);
}

static void
write_export (SignetKeyset *keyset, gboolean current_only, const char *path)
{
  const SignetExportChoice choice = { SIGNET_EXPORT_OPENSSL, -1, current_only };
  g_autoptr (SignetSecret) password = sample_password (SIGNET_LEVEL_HIGH), of_file = signet_secret_new_text ("of it");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) keys = signet_keyset_unlock (keyset, password, &error);
  g_autoptr (SignetSecret) file = signet_keyset_export (keyset, keys, &choice, of_file, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (signet_private_file_write (path, file, TRUE, NULL));
}

/* A keyset leaves only when the file on the disk, whatever became of it since it was written, holds all of it. */
static void
test_remove_exported (void)
{
  g_autoptr (SignetMemoryStore) memory = signet_memory_store_new ();
  SignetStore *store = SIGNET_STORE (memory);
  g_autoptr (SignetKeyset) keyset = sample_keyset_new ("Work", SIGNET_LEVEL_HIGH);
  g_autofree char *folder = g_dir_make_tmp ("signet-XXXXXX", NULL), *path = g_build_filename (folder, "a.p12", NULL);
  g_autoptr (SignetSecret) wrong = signet_secret_new_text ("not it"), of_file = signet_secret_new_text ("of it");
  g_autoptr (GError) error = NULL;

  g_assert_true (signet_keysets_save (store, keyset, NULL, NULL));
  for (guint i = 0; i < 3; i++) {
    if (i > 0)
      write_export (keyset, i == 1, path);
    g_assert_false (signet_keysets_remove_exported (store, keyset, path, i < 2 ? of_file : wrong, NULL, &error));
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED);
    g_clear_error (&error);
    g_autoptr (SignetKeyset) there = signet_keysets_find (store, "Work", NULL, NULL);
    g_assert_nonnull (there);
  }
  g_assert_true (signet_keysets_remove_exported (store, keyset, path, of_file, NULL, &error));
  g_assert_no_error (error);
  g_autoptr (SignetKeyset) gone = signet_keysets_find (store, "Work", NULL, NULL);
  g_assert_null (gone);
  g_remove (path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keyset/keyset-import/chain", test_chain);
  g_test_add_func ("/keyset/keyset-import/current", test_current);
  g_test_add_func ("/keyset/keyset-import/names", test_names);
  g_test_add_func ("/keyset/keyset-backup/windows", test_backup);
  g_test_add_func ("/keyset/keyset-export/remove", test_remove_exported);
  return g_test_run ();
}
