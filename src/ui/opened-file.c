/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/opened-file.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/job.h"
#include "base/limits.h"
#include "crypto/key-file.h"
#include "keyset/keyset-backup.h"
#include "protocol/parts.h"
#include "protocol/reply.h"

#include <string.h>

void
signet_opened_file_free (SignetOpenedFile *self)
{
  if (!self)
    return;

  g_clear_pointer (&self->invitation, signet_invitation_unref);
  g_clear_pointer (&self->message, g_bytes_unref);
  g_clear_pointer (&self->keys, signet_secret_unref);
  g_clear_pointer (&self->backup, signet_secret_unref);
  g_clear_pointer (&self->certificate, signet_certificate_unref);
  g_clear_pointer (&self->certificates, g_ptr_array_unref);
  g_clear_pointer (&self->chain, g_ptr_array_unref);
  g_free (self);
}

/* What FILE holds if it says so, so that a small file does not lock as much memory as the largest; one byte more than
 * any file may have, if it does not. */
static gsize
get_size (GFileInputStream *stream, GCancellable *cancellable)
{
  g_autoptr (GFileInfo) info = g_file_input_stream_query_info (stream, G_FILE_ATTRIBUTE_STANDARD_SIZE, cancellable,
                                                               NULL);

  if (!info || !g_file_info_has_attribute (info, G_FILE_ATTRIBUTE_STANDARD_SIZE) || g_file_info_get_size (info) <= 0)
    return SIGNET_MAX_MESSAGE + 1;

  return MIN (g_file_info_get_size (info), SIGNET_MAX_BACKUP) + 1;
}

/* All of FILE, as a secret: an invitation is one, and keys are. */
static SignetSecret *
read_file (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autoptr (SignetSecret) buffer = NULL;
  gsize size = stream ? get_size (stream, cancellable) : 0, length;

  if (!stream)
    return NULL;

  buffer = signet_secret_alloc (size);
  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), signet_secret_edit (buffer), size, &length, cancellable,
                                error))
    return NULL;
  if (length > SIGNET_MAX_MESSAGE && !signet_backup_is_one (buffer)) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE,
                         _("This file is too large to be anything that Signet opens. Choose another one."));
    return NULL;
  }

  return signet_secret_new (signet_secret_get (buffer, NULL), length);
}

static gboolean
may_hold_invitation (const SignetPart *part)
{
  return g_str_equal (part->content_type, SIGNET_INVITATION_MIME_TYPE) ||
         g_str_has_prefix (part->content_type, "text/") ||
         (part->name && g_str_has_suffix (part->name, ".signet-invitation"));
}

/* The invitation that a saved mail carries; NULL when there is none. */
static SignetInvitation *
find_attached_invitation (SignetSecret *mail)
{
  g_autoptr (GPtrArray) parts = signet_parts_parse (mail, SIGNET_MAX_MESSAGE, NULL);

  for (guint i = 0; parts && i < parts->len; i++) {
    SignetPart *part = g_ptr_array_index (parts, i);
    SignetInvitation *invitation = may_hold_invitation (part) ? signet_invitation_parse (part->body, NULL) : NULL;

    if (invitation)
      return invitation;
  }

  return NULL;
}

SignetInvitation *
signet_opened_text_read (SignetSecret *text, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  SignetInvitation *invitation = signet_invitation_parse (text, &local_error);

  if (!invitation)
    invitation = find_attached_invitation (text);
  if (!invitation)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return invitation;
}

static gboolean
holds_reply (GBytes *message)
{
  g_autoptr (GBytes) attachment = signet_reply_message_extract (message, NULL);

  return attachment != NULL;
}

/* The one that the others were sent along with: an authority's are issuers. */
static SignetCertificate *
find_leaf (GPtrArray *certificates)
{
  for (guint i = 0; i < certificates->len; i++)
    if (!signet_certificate_is_ca (g_ptr_array_index (certificates, i)))
      return g_ptr_array_index (certificates, i);

  return g_ptr_array_index (certificates, 0);
}

/* A certificate, or several: PEM, DER, or a .p7b. */
static gboolean
holds_certificate (SignetSecret *content, SignetOpenedFile *opened)
{
  g_autoptr (SignetKeyFile) file = signet_key_file_new ();

  if (!signet_key_file_read (file, content, NULL, NULL, NULL))
    return FALSE;

  opened->certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_certificate_unref);
  for (guint i = 0; i < file->certificates->len; i++) {
    SignetCertificate *certificate = signet_certificate_new (g_ptr_array_index (file->certificates, i), NULL);

    if (certificate)
      g_ptr_array_add (opened->certificates, certificate);
  }
  if (opened->certificates->len == 0)
    return FALSE;

  opened->certificate = signet_certificate_ref (find_leaf (opened->certificates));
  opened->chain = signet_certificate_find_chain (opened->certificate, opened->certificates);
  return TRUE;
}

/* What CONTENT is.  A later version of an invitation keeps its own error; whatever else is wrong with something that is
 * not a reply either is one sentence. */
static SignetOpenedFile *
identify (SignetSecret *content, GError **error)
{
  g_autoptr (SignetOpenedFile) opened = g_new0 (SignetOpenedFile, 1);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GBytes) message = NULL;
  gsize length;
  const guint8 *data = signet_secret_get (content, &length);

  if (signet_backup_is_one (content)) {
    opened->backup = signet_secret_ref (content);
    return g_steal_pointer (&opened);
  }
  opened->invitation = signet_opened_text_read (content, &local_error);
  if (opened->invitation)
    return g_steal_pointer (&opened);
  if (signet_key_file_holds_key (content)) {
    opened->keys = signet_secret_ref (content);
    return g_steal_pointer (&opened);
  }

  message = g_bytes_new (data, length);
  if (holds_certificate (content, opened))
    return g_steal_pointer (&opened);
  if (holds_reply (message)) {
    opened->message = g_steal_pointer (&message);
    return g_steal_pointer (&opened);
  }

  if (g_error_matches (local_error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED))
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID,
                         _("Signet opens invitations, replies, digital IDs, certificates and backups, and this is none "
                           "of them. Choose another file."));

  return NULL;
}

static gpointer
read_job (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  GFile *file = source;
  g_autoptr (SignetSecret) content = NULL;

  if (g_file_has_uri_scheme (file, "signet")) {
    g_autofree char *link = g_file_get_uri (file);

    content = signet_secret_new_text (link);
    signet_wipe (link, strlen (link));
  } else {
    content = read_file (file, cancellable, error);
  }

  return content ? identify (content, error) : NULL;
}

void
signet_opened_file_read_async (GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  signet_job_run (file, signet_opened_file_read_async, read_job, NULL, NULL, (GDestroyNotify) signet_opened_file_free,
                  cancellable, callback, user_data);
}

SignetOpenedFile *
signet_opened_file_read_finish (GFile *file, GAsyncResult *result, GError **error)
{
  return signet_job_finish (file, result, signet_opened_file_read_async, error);
}

static gpointer
bytes_job (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  return read_file (source, cancellable, error);
}

void
signet_opened_bytes_read_async (GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  signet_job_run (file, bytes_job, bytes_job, NULL, NULL, (GDestroyNotify) signet_secret_unref, cancellable, callback,
                  user_data);
}

SignetSecret *
signet_opened_bytes_read_finish (GFile *file, GAsyncResult *result, GError **error)
{
  return signet_job_finish (file, result, bytes_job, error);
}
