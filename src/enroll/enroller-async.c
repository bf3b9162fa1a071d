/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enroll/enroller.h"

#include "base/job.h"

/* The same steps off the main loop: each is one call of its plain form in a thread (base/job.h). */

typedef struct {
  char *text;                  /* a name or an id */
  SignetInvitation *invitation;
  SignetAuthorityInfo *info;
  SignetSecret *password;
  GBytes *message;
  SignetReplyOffer *offer;
  gboolean add;
  SignetLevel level;
} Arguments;

static void
arguments_free (gpointer data)
{
  Arguments *arguments = data;

  g_free (arguments->text);
  g_clear_pointer (&arguments->invitation, signet_invitation_unref);
  g_clear_pointer (&arguments->info, signet_authority_info_unref);
  g_clear_pointer (&arguments->password, signet_secret_unref);
  g_clear_pointer (&arguments->message, g_bytes_unref);
  g_clear_object (&arguments->offer);
  g_free (arguments);
}

static Arguments *
with_text (const char *text)
{
  Arguments *arguments = g_new0 (Arguments, 1);

  arguments->text = g_strdup (text);
  return arguments;
}

static SignetSecret *
ref_password (SignetSecret *password)
{
  return password != NULL ? signet_secret_ref (password) : NULL;
}

static gpointer
discover (gpointer self, gpointer data, GCancellable *cancellable, GError **error)
{
  return signet_enroller_discover (self, ((Arguments *) data)->invitation, cancellable, error);
}

void
signet_enroller_discover_async (SignetEnroller *self, SignetInvitation *invitation, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  Arguments *arguments = with_text (NULL);

  arguments->invitation = signet_invitation_ref (invitation);
  signet_job_run (self, signet_enroller_discover_async, discover, arguments, arguments_free,
                  (GDestroyNotify) signet_authority_info_unref, cancellable, callback, user_data);
}

SignetAuthorityInfo *
signet_enroller_discover_finish (SignetEnroller *self, GAsyncResult *result, GError **error)
{
  return signet_job_finish (self, result, signet_enroller_discover_async, error);
}

static gpointer
request (gpointer self, gpointer data, GCancellable *cancellable, GError **error)
{
  Arguments *arguments = data;

  return signet_enroller_request (self, arguments->invitation, arguments->info, arguments->text, arguments->password,
                                  cancellable, error);
}

void
signet_enroller_request_async (SignetEnroller *self, SignetInvitation *invitation, SignetAuthorityInfo *info,
                               const char *keyset_name, SignetSecret *password, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  Arguments *arguments = with_text (keyset_name);

  arguments->invitation = signet_invitation_ref (invitation);
  arguments->info = signet_authority_info_ref (info);
  arguments->password = ref_password (password);
  signet_job_run (self, signet_enroller_request_async, request, arguments, arguments_free, g_object_unref, cancellable,
                  callback, user_data);
}

SignetPending *
signet_enroller_request_finish (SignetEnroller *self, GAsyncResult *result, GError **error)
{
  return signet_job_finish (self, result, signet_enroller_request_async, error);
}

static gpointer
suggest_name (gpointer self, gpointer data, GCancellable *cancellable, GError **error)
{
  return signet_enroller_suggest_name (self, ((Arguments *) data)->text, cancellable, error);
}

void
signet_enroller_suggest_name_async (SignetEnroller *self, const char *name, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data)
{
  signet_job_run (self, signet_enroller_suggest_name_async, suggest_name, with_text (name), arguments_free, g_free,
                  cancellable, callback, user_data);
}

char *
signet_enroller_suggest_name_finish (SignetEnroller *self, GAsyncResult *result, GError **error)
{
  return signet_job_finish (self, result, signet_enroller_suggest_name_async, error);
}

static gpointer
find_keyset (gpointer self, gpointer data, GCancellable *cancellable, GError **error)
{
  return signet_enroller_find_keyset (self, ((Arguments *) data)->text, cancellable, error);
}

void
signet_enroller_find_keyset_async (SignetEnroller *self, const char *name, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  signet_job_run (self, signet_enroller_find_keyset_async, find_keyset, with_text (name), arguments_free,
                  g_object_unref, cancellable, callback, user_data);
}

SignetKeyset *
signet_enroller_find_keyset_finish (SignetEnroller *self, GAsyncResult *result, GError **error)
{
  return signet_job_finish (self, result, signet_enroller_find_keyset_async, error);
}

static gpointer
check (gpointer self, gpointer data, GCancellable *cancellable, GError **error)
{
  return signet_enroller_check (self, ((Arguments *) data)->text, cancellable, error);
}

void
signet_enroller_check_async (SignetEnroller *self, const char *pending_id, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  signet_job_run (self, signet_enroller_check_async, check, with_text (pending_id), arguments_free, g_object_unref,
                  cancellable, callback, user_data);
}

SignetPending *
signet_enroller_check_finish (SignetEnroller *self, GAsyncResult *result, GError **error)
{
  return signet_job_finish (self, result, signet_enroller_check_async, error);
}

static gpointer
open_message (gpointer self, gpointer data, GCancellable *cancellable, GError **error)
{
  return signet_enroller_open (self, ((Arguments *) data)->message, cancellable, error);
}

void
signet_enroller_open_async (SignetEnroller *self, GBytes *message, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  Arguments *arguments = with_text (NULL);

  arguments->message = g_bytes_ref (message);
  signet_job_run (self, signet_enroller_open_async, open_message, arguments, arguments_free, g_object_unref,
                  cancellable, callback, user_data);
}

SignetReplyOffer *
signet_enroller_open_finish (SignetEnroller *self, GAsyncResult *result, GError **error)
{
  return signet_job_finish (self, result, signet_enroller_open_async, error);
}

static gpointer
open_pending (gpointer self, gpointer data, GCancellable *cancellable, GError **error)
{
  return signet_enroller_open_pending (self, ((Arguments *) data)->text, cancellable, error);
}

void
signet_enroller_open_pending_async (SignetEnroller *self, const char *pending_id, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data)
{
  signet_job_run (self, signet_enroller_open_pending_async, open_pending, with_text (pending_id), arguments_free,
                  g_object_unref, cancellable, callback, user_data);
}

SignetReplyOffer *
signet_enroller_open_pending_finish (SignetEnroller *self, GAsyncResult *result, GError **error)
{
  return signet_job_finish (self, result, signet_enroller_open_pending_async, error);
}

static gpointer
install (gpointer self, gpointer data, GCancellable *cancellable, GError **error)
{
  Arguments *arguments = data;

  return signet_enroller_install (self, arguments->offer, arguments->text, arguments->add, arguments->level,
                                  arguments->password, cancellable, error);
}

void
signet_enroller_install_async (SignetEnroller *self, SignetReplyOffer *offer, const char *keyset_name, gboolean add,
                               SignetLevel level, SignetSecret *password, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  Arguments *arguments = with_text (keyset_name);

  arguments->offer = g_object_ref (offer);
  arguments->add = add;
  arguments->level = level;
  arguments->password = ref_password (password);
  signet_job_run (self, signet_enroller_install_async, install, arguments, arguments_free, g_object_unref, cancellable,
                  callback, user_data);
}

SignetKeyset *
signet_enroller_install_finish (SignetEnroller *self, GAsyncResult *result, GError **error)
{
  return signet_job_finish (self, result, signet_enroller_install_async, error);
}

static gpointer
remove_pending (gpointer self, gpointer data, GCancellable *cancellable, GError **error)
{
  return signet_enroller_remove (self, ((Arguments *) data)->text, cancellable, error);
}

void
signet_enroller_remove_async (SignetEnroller *self, const char *pending_id, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  signet_job_run (self, signet_enroller_remove_async, remove_pending, with_text (pending_id), arguments_free,
                  g_object_unref, cancellable, callback, user_data);
}

SignetPending *
signet_enroller_remove_finish (SignetEnroller *self, GAsyncResult *result, GError **error)
{
  return signet_job_finish (self, result, signet_enroller_remove_async, error);
}

static gpointer
put_back (gpointer self, gpointer data, GCancellable *cancellable, GError **error)
{
  return signet_enroller_put_back (self, data, cancellable, error);
}

void
signet_enroller_put_back_async (SignetEnroller *self, SignetPending *removed, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  signet_job_run (self, signet_enroller_put_back_async, put_back, g_object_ref (removed), g_object_unref,
                  g_object_unref, cancellable, callback, user_data);
}

SignetPending *
signet_enroller_put_back_finish (SignetEnroller *self, GAsyncResult *result, GError **error)
{
  return signet_job_finish (self, result, signet_enroller_put_back_async, error);
}

static gpointer
list (gpointer self, gpointer data, GCancellable *cancellable, GError **error)
{
  return signet_enroller_list (self, cancellable, error);
}

void
signet_enroller_list_async (SignetEnroller *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  signet_job_run (self, signet_enroller_list_async, list, NULL, NULL, (GDestroyNotify) g_ptr_array_unref, cancellable,
                  callback, user_data);
}

GPtrArray *
signet_enroller_list_finish (SignetEnroller *self, GAsyncResult *result, GError **error)
{
  return signet_job_finish (self, result, signet_enroller_list_async, error);
}
