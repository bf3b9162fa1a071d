/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/command-invitation.h"

#include "authority/authority-keys.h"
#include "authority/command.h"
#include "authority/files.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/i18n.h"
#include "base/mail-address.h"
#include "protocol/temporary-key.h"

#include <stdio.h>

void
signet_invitation_draft_clear (SignetInvitationDraft *self)
{
  g_clear_pointer (&self->settings, signet_settings_free);
  g_free (self->address);
  g_clear_pointer (&self->pin, g_bytes_unref);
  g_clear_pointer (&self->key, signet_secret_unref);
  g_clear_pointer (&self->invitation, signet_invitation_unref);
}

gboolean
signet_invitation_draft_prepare (SignetInvitationDraft *self, const char *directory, const char *address,
                                 GError **error)
{
  g_autoptr (SignetCertificate) root = NULL;

  self->settings = signet_settings_load (directory, error);
  self->address = self->settings != NULL ? signet_mail_address_normalize (address, error) : NULL;
  if (self->address == NULL)
    return FALSE;
  if (!signet_settings_serves (self->settings, self->address)) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                 _("%s is not an address of this authority, which serves: %s. Its settings name the domains."),
                 self->address, self->settings->domains[0]);
    return FALSE;
  }
  root = signet_authority_keys_read_root (directory, error);
  if (root == NULL)
    return FALSE;
  self->pin = signet_certificate_get_pin (root);
  self->key = signet_temporary_key_generate ();
  self->now = signet_clock_now ();
  self->expires = self->now + (gint64) self->settings->temporary_key_hours * 3600;
  self->invitation = signet_invitation_new (self->settings->url, self->settings->name, self->address, self->pin,
                                            self->key, error);
  return self->invitation != NULL;
}

gboolean
signet_invitation_draft_write (SignetInvitationDraft *self, const char *output, GError **error)
{
  if (output == NULL)
    return TRUE;

  g_autoptr (SignetSecret) file = signet_invitation_to_file (self->invitation);
  gsize length;
  const guint8 *data = signet_secret_get (file, &length);

  return signet_file_create (output, data, length, 0600, error);
}

/* The link stands on a line of its own, so that a terminal can copy it whole. */
void
signet_invitation_draft_print (SignetInvitationDraft *self, const char *output)
{
  g_autoptr (SignetSecret) link = signet_invitation_to_link (self->invitation);
  g_autoptr (SignetSecret) key = signet_temporary_key_format (self->key);
  g_autofree char *when = signet_command_format_time (self->expires);
  g_autofree char *pin = signet_hex_format_groups (self->pin);

  printf (_("%s is invited, until %s.\n"), self->address, when);
  if (self->withdrawn > 0)
    printf ("%s\n", _("The earlier invitation, which was not used, is withdrawn."));
  if (output != NULL)
    printf (_("The invitation is in %s.\n"), output);
  printf (
      "\n%s\n\n%s\n\n",
      _("Give this link (or the file) to nobody but the user: it holds the temporary key, which is not shown again."),
      signet_secret_get_text (link));
  printf (
      _("To type it instead:\n  Server         %s\n  Mail address   %s\n  Temporary key  %s\n  Fingerprint    %s\n"),
      self->settings->url, self->address, signet_secret_get_text (key), pin);
}
