/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/opened-file.h"

#include "base/error.h"
#include "base/limits.h"
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
  g_test_add_func ("/ui/opened-file/refuses", test_refuses);
  g_test_add_func ("/ui/opened-file/text", test_text);

  return g_test_run ();
}
