/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/authority.h"

#include "protocol/authority-info.h"

char *
signet_authority_database_path (const char *directory)
{
  return g_build_filename (directory, "authority.sqlite", NULL);
}

static GBytes *
make_info (SignetSettings *settings, SignetAuthorityKeys *keys)
{
  g_autoptr (GPtrArray) certificates = g_ptr_array_new ();

  g_ptr_array_add (certificates, keys->root);
  g_ptr_array_add (certificates, signet_issuer_get_certificate (keys->issuing));
  g_autoptr (SignetAuthorityInfo) info = signet_authority_info_new (settings->name, settings->notice, certificates);
  return signet_authority_info_to_json (info);
}

SignetAuthority *
signet_authority_open (const char *directory, guint readers, GError **error)
{
  g_autoptr (SignetSettings) settings = signet_settings_load (directory, error);
  g_autoptr (SignetAuthorityKeys) keys = settings != NULL ? signet_authority_keys_load (directory, settings, error)
                                                          : NULL;
  g_autofree char *path = signet_authority_database_path (directory);
  g_autoptr (SignetDatabase) database = keys != NULL ? signet_database_open (path, FALSE, error) : NULL;
  g_autoptr (GAsyncQueue) idle = g_async_queue_new_full ((GDestroyNotify) signet_database_free);

  if (database == NULL)
    return NULL;
  for (guint i = 0; i < readers; i++) {
    SignetDatabase *reader = signet_database_open (path, FALSE, error);
    if (reader == NULL)
      return NULL;
    g_async_queue_push (idle, reader);
  }

  SignetAuthority *self = g_new0 (SignetAuthority, 1);
  self->directory = g_strdup (directory);
  self->info = make_info (settings, keys);
  self->pool = signet_key_pool_new (settings->encryption, settings->key_pool);
  self->writer = signet_writer_new (g_steal_pointer (&database));
  self->readers = g_steal_pointer (&idle);
  self->settings = g_steal_pointer (&settings);
  self->keys = g_steal_pointer (&keys);
  return self;
}

void
signet_authority_close (SignetAuthority *self)
{
  signet_writer_free (self->writer);
  signet_key_pool_free (self->pool);
  g_async_queue_unref (self->readers);
  g_bytes_unref (self->info);
  signet_authority_keys_free (self->keys);
  signet_settings_free (self->settings);
  g_free (self->directory);
  g_free (self);
}

SignetDatabase *
signet_authority_borrow_reader (SignetAuthority *self)
{
  return g_async_queue_pop (self->readers);
}

void
signet_authority_return_reader (SignetAuthority *self, SignetDatabase *reader)
{
  g_async_queue_push (self->readers, reader);
}
