/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset.h"

G_DEFINE_BOXED_TYPE (SignetDigitalId, signet_digital_id, signet_digital_id_ref, signet_digital_id_unref)

static const char *const level_names[] = {
  [SIGNET_LEVEL_LOW] = "low",
  [SIGNET_LEVEL_MEDIUM] = "medium",
  [SIGNET_LEVEL_HIGH] = "high",
};

const char *
signet_level_to_name (SignetLevel level)
{
  return level_names[level];
}

gboolean
signet_level_from_name (const char *name, SignetLevel *level)
{
  for (guint i = SIGNET_LEVEL_LOW; i <= SIGNET_LEVEL_HIGH; i++) {
    if (g_strcmp0 (name, level_names[i]) == 0) {
      *level = i;
      return TRUE;
    }
  }
  return FALSE;
}

SignetDigitalId *
signet_digital_id_new (SignetIdUse use, gboolean current, SignetCertificate *certificate, GPtrArray *chain,
                       const char *authority, gint64 installed, GBytes *reply_id)
{
  SignetDigitalId *self = g_atomic_rc_box_new0 (SignetDigitalId);

  self->use = use;
  self->current = current;
  self->certificate = signet_certificate_ref (certificate);
  self->chain = g_ptr_array_ref (chain);
  self->authority = g_strdup (authority);
  self->installed = installed;
  self->reply_id = reply_id != NULL ? g_bytes_ref (reply_id) : NULL;
  return self;
}

SignetDigitalId *
signet_digital_id_take_server (SignetDigitalId *self, const char *server)
{
  g_free (self->server);
  self->server = g_strdup (server);
  return self;
}

SignetDigitalId *
signet_digital_id_ref (SignetDigitalId *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  SignetDigitalId *self = data;

  signet_certificate_unref (self->certificate);
  g_ptr_array_unref (self->chain);
  g_free (self->authority);
  g_free (self->server);
  g_clear_pointer (&self->reply_id, g_bytes_unref);
}

void
signet_digital_id_unref (SignetDigitalId *self)
{
  g_atomic_rc_box_release_full (self, clear);
}
