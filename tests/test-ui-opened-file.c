/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/opened-file.h"

#include "base/error.h"
#include "base/limits.h"
#include "keyset/keyset-import.h"
#include "protocol/reply.h"
#include "protocol/temporary-key.h"

#include <glib/gstdio.h>
#include <string.h>

#define PIN "0123456789abcdef0123456789abcdef"

static SignetInvitation *
new_invitation (void)
{
  g_autoptr (GBytes) pin = g_bytes_new_static (PIN, 32);
  g_autoptr (SignetSecret) key = signet_temporary_key_generate ();
  g_autoptr (GError) error = NULL;
  SignetInvitation *invitation = signet_invitation_new ("https://authority.example.org", "Example Authority",
                                                        "asa@example.org", pin, key, &error);

  g_assert_no_error (error);
  return invitation;
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static SignetOpenedFile *
read_file (GFile *file, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  signet_opened_file_read_async (file, NULL, on_read, &result);
  while (!result)
    g_main_context_iteration (NULL, TRUE);

  return signet_opened_file_read_finish (file, result, error);
}

static SignetOpenedFile *
read_content (const char *content, gssize length, GError **error)
{
  g_autofree char *path = NULL;
  int descriptor = g_file_open_tmp ("signet-XXXXXX", &path, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  SignetOpenedFile *opened;

  g_close (descriptor, NULL);
  g_file_set_contents (path, content, length, NULL);
  opened = read_file (file, error);
  g_unlink (path);

  return opened;
}

static void
assert_invitation (SignetOpenedFile *opened, GError *error)
{
  g_assert_no_error (error);
  g_assert_nonnull (opened->invitation);
  g_assert_null (opened->message);
  g_assert_null (opened->certificate);
  g_assert_cmpstr (signet_invitation_get_address (opened->invitation), ==, "asa@example.org");
}

static void
test_invitation_file (void)
{
  g_autoptr (SignetInvitation) invitation = new_invitation ();
  g_autoptr (SignetSecret) content = signet_invitation_to_file (invitation);
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetOpenedFile) opened = read_content (signet_secret_get_text (content), -1, &error);

  assert_invitation (opened, error);
}

static void
test_link (void)
{
  g_autoptr (SignetInvitation) invitation = new_invitation ();
  g_autoptr (SignetSecret) link = signet_invitation_to_link (invitation);
  g_autoptr (GFile) file = g_file_new_for_uri (signet_secret_get_text (link));
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetOpenedFile) opened = read_file (file, &error);

  assert_invitation (opened, error);
}

/* A mail that was saved with the invitation attached to it, in base64. */
static void
test_saved_mail (void)
{
  g_autoptr (SignetInvitation) invitation = new_invitation ();
  g_autoptr (SignetSecret) content = signet_invitation_to_file (invitation);
  gsize length;
  const guint8 *data = signet_secret_get (content, &length);
  g_autofree char *base64 = g_base64_encode (data, length);
  g_autofree char *mail = g_strdup_printf ("From: admin@example.org\r\nTo: asa@example.org\r\nMIME-Version: 1.0\r\n"
                                           "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                                           "--b\r\n\r\nHello\r\n--b\r\n"
                                           "Content-Type: application/octet-stream; name=asa.signet-invitation\r\n"
                                           "Content-Transfer-Encoding: base64\r\n\r\n%s\r\n--b--\r\n", base64);
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetOpenedFile) opened = read_content (mail, -1, &error);

  assert_invitation (opened, error);
}

static void
test_reply (void)
{
  g_autoptr (GBytes) attachment = g_bytes_new_static ("\x30\x03\x02\x01\x00", 5);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) mail = signet_reply_message_build (attachment, "Example Authority", "authority@example.org",
                                                        "asa@example.org", "0123456789abcdef0123456789abcdef",
                                                        1778760000, &error);
  gsize length;
  const char *data;
  g_autoptr (SignetOpenedFile) opened = NULL;

  g_assert_no_error (error);
  data = g_bytes_get_data (mail, &length);
  opened = read_content (data, length, &error);
  g_assert_no_error (error);
  g_assert_null (opened->invitation);
  g_assert_true (g_bytes_equal (opened->message, mail));
}

/* Keys, as another program wrote them; certificates, as an authority sends them; and a backup, of any size. */
static void
test_keys_and_backups (void)
{
  const char *const names[] = { "encrypted-key", "indefinite", "legacy", "modern", "old-pem", "pbmac1", "pem" };
  const char *const bundles[] = { "p7b", "p7b-pem" };
  g_autoptr (GByteArray) backup = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetOpenedFile) opened_backup = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fuzz", "fixtures", "pkcs12", names[i], NULL);
    g_autoptr (GFile) file = g_file_new_for_path (path);
    g_autoptr (SignetOpenedFile) opened = read_file (file, &error);

    g_assert_no_error (error);
    g_assert_nonnull (opened->keys);
    g_assert_null (opened->certificate);
  }

  for (guint i = 0; i < G_N_ELEMENTS (bundles); i++) {
    g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fuzz", "fixtures", "pkcs12", bundles[i], NULL);
    g_autoptr (GFile) file = g_file_new_for_path (path);
    g_autoptr (SignetOpenedFile) opened = read_file (file, &error);

    g_assert_no_error (error);
    g_assert_null (opened->keys);
    g_assert_cmpuint (opened->certificates->len, ==, 1);
    g_assert_true (signet_certificate_has_address (opened->certificate, "asa@example.org"));
  }

  g_byte_array_append (backup, (const guint8 *) "SIGNETBK", 8);
  g_byte_array_set_size (backup, SIGNET_MAX_MESSAGE + 100);
  opened_backup = read_content ((const char *) backup->data, backup->len, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (signet_secret_length (opened_backup->backup), ==, backup->len);
}

/* What the window does with each file of a folder of hostile ones: cut, and altered, files of every program end in an
 * error that is told, or in digital IDs; and soon. */
static void
try_hostile (const char *data, gsize length)
{
  g_autoptr (GError) error = NULL, problem = NULL;
  g_autoptr (SignetOpenedFile) opened = read_content (data, length, &error);
  g_autoptr (SignetSecret) password = signet_secret_new_text ("x");
  g_autoptr (SignetImport) import = NULL;
  g_autoptr (GPtrArray) files = g_ptr_array_new ();

  if (!opened || !opened->keys) {
    g_assert_true (opened || error->domain == SIGNET_ERROR);
    return;
  }

  g_ptr_array_add (files, opened->keys);
  import = signet_import_read (files, NULL, NULL, &error);
  if (!import) {
    g_assert_cmpuint (error->domain, ==, SIGNET_ERROR);
    import = signet_import_read (files, password, NULL, &problem);
    g_assert_true (import || problem->domain == SIGNET_ERROR);
  }
}

static void
test_hostile (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "fuzz", "fixtures", "pkcs12", NULL);
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);
  const char *name;
  guint count = 0;

  while ((name = g_dir_read_name (entries))) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autofree char *data = NULL;
    gsize length;

    g_assert_true (g_file_get_contents (path, &data, &length, NULL));
    for (guint i = 1; i < 12; i++) {
      gsize place = length * i / 12;

      try_hostile (data, place);
      data[place] ^= 0x81;
      try_hostile (data, length);
      data[place] ^= 0x81;
      count++;
    }
  }
  g_assert_cmpuint (count, >=, 88);
}

static void
test_refuses (void)
{
  g_autofree char *huge = g_strnfill (SIGNET_MAX_MESSAGE + 1, 'a');
  g_autofree char *later = g_strdup ("{ \"signet-invitation\": 2 }");
  const struct {
    const char *content;
    SignetError code;
  } cases[] = {
    { "", SIGNET_ERROR_INVALID },
    { "root:x:0:0:root:/root:/bin/bash\n", SIGNET_ERROR_INVALID },
    { "signet:invitation?authority=https://authority.example.org", SIGNET_ERROR_INVALID },
    { later, SIGNET_ERROR_UNSUPPORTED },
    { huge, SIGNET_ERROR_TOO_LARGE },
  };
  g_autoptr (GFile) folder = g_file_new_for_path ("/tmp");
  g_autoptr (GError) folder_error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (read_content (cases[i].content, -1, &error));
    g_assert_error (error, SIGNET_ERROR, (int) cases[i].code);
  }

  g_assert_null (read_file (folder, &folder_error));
  g_assert_error (folder_error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
}

/* What was pasted from a message has words around the link. */
static void
test_text (void)
{
  g_autoptr (SignetInvitation) invitation = new_invitation ();
  g_autoptr (SignetSecret) link = signet_invitation_to_link (invitation);
  g_autofree char *message = g_strdup_printf ("Hello,\nopen this: <%s>\nYour administrator",
                                              signet_secret_get_text (link));
  g_autoptr (SignetSecret) text = signet_secret_new_text (message);
  g_autoptr (SignetSecret) other = signet_secret_new_text ("Hello");
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetInvitation) found = signet_opened_text_read (text, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (signet_invitation_get_authority (found), ==, "https://authority.example.org");
  g_assert_null (signet_opened_text_read (other, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/opened-file/invitation-file", test_invitation_file);
  g_test_add_func ("/ui/opened-file/link", test_link);
  g_test_add_func ("/ui/opened-file/saved-mail", test_saved_mail);
  g_test_add_func ("/ui/opened-file/reply", test_reply);
  g_test_add_func ("/ui/opened-file/keys-and-backups", test_keys_and_backups);
  g_test_add_func ("/ui/opened-file/hostile", test_hostile);
  g_test_add_func ("/ui/opened-file/refuses", test_refuses);
  g_test_add_func ("/ui/opened-file/text", test_text);

  return g_test_run ();
}
