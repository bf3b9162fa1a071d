/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-service.h"

#include "authority/files.h"
#include "base/clock.h"
#include "protocol/temporary-key.h"

#define CONF "[authority]\nname=Example Authority\ndomain=example.org\n[delivery]\nmethod=none\n" \
             "[policy]\nencryption=P-256\nlifetime-days=730\n"

static void
issued (gpointer data)
{
}

void
test_service_set_up (TestService *self, gconstpointer more)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetSettings) settings = NULL;
  g_autoptr (SignetPrivateKey) recovery = NULL;
  g_autofree char *text = g_strconcat (CONF, more, NULL);

  signet_clock_set (TEST_SERVICE_NOW);
  self->folder = g_dir_make_tmp ("signet-test-XXXXXX", NULL);
  g_autofree char *conf = g_build_filename (self->folder, "authority.conf", NULL);
  g_autofree char *path = signet_authority_database_path (self->folder);
  g_assert_true (g_file_set_contents (conf, text, -1, NULL));
  settings = signet_settings_load (self->folder, &error);
  g_assert_no_error (error);
  signet_authority_keys_create (self->folder, settings, TEST_SERVICE_NOW, &recovery, &error);
  g_assert_no_error (error);
  self->administrator = signet_database_open (path, TRUE, &error);
  g_assert_no_error (error);
  self->authority = signet_authority_open (self->folder, 2, &error);
  g_assert_no_error (error);
  self->service = signet_service_new (self->authority, 2, issued, NULL);
  self->pin = signet_certificate_get_pin (self->authority->keys->root);
}

void
test_service_tear_down (TestService *self, gconstpointer more)
{
  signet_service_free (self->service);
  signet_authority_close (self->authority);
  signet_database_free (self->administrator);
  g_bytes_unref (self->pin);
  g_assert_true (signet_folder_remove (self->folder, NULL));
  g_free (self->folder);
  signet_clock_set (0);
}

static void
call_done (SignetCall *call, gpointer data)
{
  *(gboolean *) data = TRUE;
}

SignetCall *
test_service_call (TestService *self, SignetCall *question)
{
  gboolean done = FALSE;

  signet_service_handle (self->service, question, call_done, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  return question;
}

SignetSecret *
test_service_invite (TestService *self, const char *address)
{
  SignetSecret *key = signet_temporary_key_generate ();
  g_autoptr (GBytes) digest = signet_temporary_key_digest (key);
  gint64 now = signet_clock_now ();
  guint withdrawn;
  g_autoptr (GError) error = NULL;

  signet_database_add_invitation (self->administrator, address, digest, now, now + 72 * 3600, &withdrawn, &error);
  g_assert_no_error (error);
  return key;
}
