/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset-change.h"

#include "base/error.h"
#include "base/fault.h"
#include "base/i18n.h"
#include "base/job.h"
#include "keyset/keyset-list.h"
#include "keyset/keyset-memory.h"

static SignetKeyset *
find_by_id (GPtrArray *keysets, const char *id)
{
  for (guint i = 0; i < keysets->len; i++) {
    if (g_str_equal (signet_keyset_get_id (keysets->pdata[i]), id))
      return keysets->pdata[i];
  }
  return NULL;
}

/* Every keyset of the store, when KEYSET is still there as the caller saw it. */
static GPtrArray *
load_unchanged (SignetStore *store, SignetKeyset *keyset, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) keysets = signet_keysets_load (store, NULL, cancellable, error);
  SignetKeyset *stored = keysets != NULL ? find_by_id (keysets, signet_keyset_get_id (keyset)) : NULL;

  if (keysets == NULL)
    return NULL;
  if (stored == NULL) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND, _("The keyset “%s” is gone. Nothing was changed."),
                 signet_keyset_get_name (keyset));
    return NULL;
  }
  if (!signet_keyset_equal (stored, keyset)) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_CHANGED,
                 _("Another Signet window or command has changed the keyset “%s” meanwhile. Look at it, then try "
                   "again."), signet_keyset_get_name (keyset));
    return NULL;
  }
  return g_steal_pointer (&keysets);
}

/* Looks for the very bytes first: reading a thousand keysets to find one takes its time. */
gboolean
signet_keysets_check_unchanged (SignetStore *store, SignetKeyset *keyset, GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetSecret) wanted = signet_keyset_to_blob (keyset, error);
  g_autoptr (GPtrArray) blobs = NULL, keysets = NULL;

  if (wanted == NULL)
    return FALSE;
  blobs = signet_store_list (store, SIGNET_ITEM_KEYSET, cancellable, error);
  if (blobs == NULL)
    return FALSE;
  for (guint i = 0; i < blobs->len; i++) {
    if (signet_secret_equal (blobs->pdata[i], wanted))
      return TRUE;
  }
  keysets = load_unchanged (store, keyset, cancellable, error);      /* says what has become of it */
  return keysets != NULL;
}

/* The one write.  Who cancels before it has changed nothing; who cancels later waits for what came of it: a password
 * must not change behind the back of someone who was told that it did not. */
static SignetKeyset *
save (SignetStore *store, SignetKeyset *changed, GCancellable *cancellable, GError **error)
{
  if (!signet_job_commit (cancellable, error))
    return NULL;
  signet_fault_point ("client:before-keyset-change");
  if (!signet_keysets_save (store, changed, NULL, error))
    return NULL;
  signet_keyset_memory_forget (signet_keyset_memory_get (), signet_keyset_get_id (changed));
  signet_fault_point ("client:keyset-changed");
  return g_object_ref (changed);
}

SignetKeyset *
signet_keysets_protect (SignetStore *store, SignetKeyset *keyset, SignetSecret *password, SignetLevel level,
                        SignetSecret *new_password, GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetStoreLock) lock = signet_store_lock (store, cancellable, error);
  g_autoptr (GPtrArray) keysets = lock != NULL ? load_unchanged (store, keyset, cancellable, error) : NULL;
  g_autoptr (SignetKeyset) changed = NULL;

  if (keysets != NULL)
    changed = signet_keyset_protect (keyset, password, level, new_password, error);
  return changed != NULL ? save (store, changed, cancellable, error) : NULL;
}

/* That no other keyset has NAME; its own, spelt otherwise, is free. */
static gboolean
check_is_free (GPtrArray *keysets, SignetKeyset *keyset, const char *name, GError **error)
{
  for (guint i = 0; i < keysets->len; i++) {
    SignetKeyset *other = keysets->pdata[i];
    if (!g_str_equal (signet_keyset_get_id (other), signet_keyset_get_id (keyset)) &&
        signet_keyset_name_equal (signet_keyset_get_name (other), name)) {
      g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_EXISTS,
                   _("There is a keyset “%s” already. Choose another name."), signet_keyset_get_name (other));
      return FALSE;
    }
  }
  return TRUE;
}

SignetKeyset *
signet_keysets_rename (SignetStore *store, SignetKeyset *keyset, const char *name, SignetSecret *password,
                       GCancellable *cancellable, GError **error)
{
  g_autofree char *proper_name = signet_keyset_normalize_name (name, error);
  g_autoptr (SignetStoreLock) lock = proper_name != NULL ? signet_store_lock (store, cancellable, error) : NULL;
  g_autoptr (GPtrArray) keysets = lock != NULL ? load_unchanged (store, keyset, cancellable, error) : NULL;
  g_autoptr (SignetKeyset) changed = NULL;

  if (keysets != NULL && check_is_free (keysets, keyset, proper_name, error))
    changed = signet_keyset_rename (keyset, proper_name, password, error);
  return changed != NULL ? save (store, changed, cancellable, error) : NULL;
}

SignetKeyset *
signet_keysets_allow_remembering (SignetStore *store, SignetKeyset *keyset, guint minutes, SignetSecret *password,
                                  GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetStoreLock) lock = signet_store_lock (store, cancellable, error);
  g_autoptr (GPtrArray) keysets = lock != NULL ? load_unchanged (store, keyset, cancellable, error) : NULL;
  g_autoptr (SignetKeyset) changed = NULL;

  if (keysets != NULL)
    changed = signet_keyset_allow_remembering (keyset, minutes, password, error);
  return changed != NULL ? save (store, changed, cancellable, error) : NULL;
}

SignetKeyset *
signet_keysets_let_renew_itself (SignetStore *store, SignetKeyset *keyset, gboolean itself, GCancellable *cancellable,
                                 GError **error)
{
  g_autoptr (SignetStoreLock) lock = signet_store_lock (store, cancellable, error);
  g_autoptr (GPtrArray) keysets = lock != NULL ? load_unchanged (store, keyset, cancellable, error) : NULL;
  g_autoptr (SignetKeyset) changed = NULL;

  if (keysets != NULL)
    changed = signet_keyset_let_renew_itself (keyset, itself, error);
  return changed != NULL ? save (store, changed, cancellable, error) : NULL;
}

gboolean
signet_keysets_remove (SignetStore *store, SignetKeyset *keyset, GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetStoreLock) lock = signet_store_lock (store, cancellable, error);
  g_autoptr (GPtrArray) keysets = lock != NULL ? load_unchanged (store, keyset, cancellable, error) : NULL;

  if (keysets == NULL || !signet_job_commit (cancellable, error))
    return FALSE;
  signet_fault_point ("client:before-keyset-removal");
  if (!signet_store_remove (store, SIGNET_ITEM_KEYSET, signet_keyset_get_id (keyset), NULL, error))
    return FALSE;
  signet_keyset_memory_forget (signet_keyset_memory_get (), signet_keyset_get_id (keyset));
  signet_fault_point ("client:keyset-removed");
  return TRUE;
}

/* Every keyset of the store, when none is there under the id of KEYSET. */
static GPtrArray *
load_without (SignetStore *store, SignetKeyset *keyset, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) keysets = signet_keysets_load (store, NULL, cancellable, error);

  if (keysets == NULL || find_by_id (keysets, signet_keyset_get_id (keyset)) == NULL)
    return g_steal_pointer (&keysets);
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_CHANGED,
               _("Another Signet window or command has brought the keyset “%s” back meanwhile."),
               signet_keyset_get_name (keyset));
  return NULL;
}

SignetKeyset *
signet_keysets_put_back (SignetStore *store, SignetKeyset *former, SignetKeyset *now, GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (SignetStoreLock) lock = signet_store_lock (store, cancellable, error);
  g_autoptr (GPtrArray) keysets = NULL;

  if (lock != NULL)
    keysets = now != NULL ? load_unchanged (store, now, cancellable, error)
                          : load_without (store, former, cancellable, error);
  if (keysets == NULL || !check_is_free (keysets, former, signet_keyset_get_name (former), error))
    return NULL;
  return save (store, former, cancellable, error);
}

/* --- the same off the main loop --- */

typedef struct {
  SignetKeyset *keyset;
  SignetKeyset *now;                          /* or NULL */
  SignetSecret *password, *new_password;      /* or NULL */
  SignetLevel level;
  guint minutes;
  gboolean itself;
  char *name;
} Arguments;

static void
arguments_free (gpointer data)
{
  Arguments *arguments = data;

  g_object_unref (arguments->keyset);
  g_clear_object (&arguments->now);
  g_clear_pointer (&arguments->password, signet_secret_unref);
  g_clear_pointer (&arguments->new_password, signet_secret_unref);
  g_free (arguments->name);
  g_free (arguments);
}

static Arguments *
arguments_new (SignetKeyset *keyset, SignetSecret *password)
{
  Arguments *arguments = g_new0 (Arguments, 1);

  arguments->keyset = g_object_ref (keyset);
  arguments->password = password != NULL ? signet_secret_ref (password) : NULL;
  return arguments;
}

static gpointer
protect (gpointer store, gpointer data, GCancellable *cancellable, GError **error)
{
  Arguments *arguments = data;

  return signet_keysets_protect (store, arguments->keyset, arguments->password, arguments->level,
                                 arguments->new_password, cancellable, error);
}

void
signet_keysets_protect_async (SignetStore *store, SignetKeyset *keyset, SignetSecret *password, SignetLevel level,
                              SignetSecret *new_password, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  Arguments *arguments = arguments_new (keyset, password);

  arguments->level = level;
  arguments->new_password = new_password != NULL ? signet_secret_ref (new_password) : NULL;
  signet_job_run (store, signet_keysets_protect_async, protect, arguments, arguments_free, g_object_unref, cancellable,
                  callback, user_data);
}

SignetKeyset *
signet_keysets_protect_finish (SignetStore *store, GAsyncResult *result, GError **error)
{
  return signet_job_finish (store, result, signet_keysets_protect_async, error);
}

static gpointer
rename_keyset (gpointer store, gpointer data, GCancellable *cancellable, GError **error)
{
  Arguments *arguments = data;

  return signet_keysets_rename (store, arguments->keyset, arguments->name, arguments->password, cancellable, error);
}

void
signet_keysets_rename_async (SignetStore *store, SignetKeyset *keyset, const char *name, SignetSecret *password,
                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Arguments *arguments = arguments_new (keyset, password);

  arguments->name = g_strdup (name);
  signet_job_run (store, signet_keysets_rename_async, rename_keyset, arguments, arguments_free, g_object_unref,
                  cancellable, callback, user_data);
}

SignetKeyset *
signet_keysets_rename_finish (SignetStore *store, GAsyncResult *result, GError **error)
{
  return signet_job_finish (store, result, signet_keysets_rename_async, error);
}

static gpointer
allow_remembering (gpointer store, gpointer data, GCancellable *cancellable, GError **error)
{
  Arguments *arguments = data;

  return signet_keysets_allow_remembering (store, arguments->keyset, arguments->minutes, arguments->password,
                                           cancellable, error);
}

void
signet_keysets_allow_remembering_async (SignetStore *store, SignetKeyset *keyset, guint minutes,
                                        SignetSecret *password, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data)
{
  Arguments *arguments = arguments_new (keyset, password);

  arguments->minutes = minutes;
  signet_job_run (store, allow_remembering, allow_remembering, arguments, arguments_free, g_object_unref, cancellable,
                  callback, user_data);
}

SignetKeyset *
signet_keysets_allow_remembering_finish (SignetStore *store, GAsyncResult *result, GError **error)
{
  return signet_job_finish (store, result, allow_remembering, error);
}

static gpointer
let_renew_itself (gpointer store, gpointer data, GCancellable *cancellable, GError **error)
{
  Arguments *arguments = data;

  return signet_keysets_let_renew_itself (store, arguments->keyset, arguments->itself, cancellable, error);
}

void
signet_keysets_let_renew_itself_async (SignetStore *store, SignetKeyset *keyset, gboolean itself,
                                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Arguments *arguments = arguments_new (keyset, NULL);

  arguments->itself = itself;
  signet_job_run (store, let_renew_itself, let_renew_itself, arguments, arguments_free, g_object_unref, cancellable,
                  callback, user_data);
}

SignetKeyset *
signet_keysets_let_renew_itself_finish (SignetStore *store, GAsyncResult *result, GError **error)
{
  return signet_job_finish (store, result, let_renew_itself, error);
}

static gpointer
remove_keyset (gpointer store, gpointer data, GCancellable *cancellable, GError **error)
{
  return GINT_TO_POINTER (signet_keysets_remove (store, ((Arguments *) data)->keyset, cancellable, error));
}

void
signet_keysets_remove_async (SignetStore *store, SignetKeyset *keyset, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  signet_job_run (store, signet_keysets_remove_async, remove_keyset, arguments_new (keyset, NULL), arguments_free, NULL,
                  cancellable, callback, user_data);
}

gboolean
signet_keysets_remove_finish (SignetStore *store, GAsyncResult *result, GError **error)
{
  return GPOINTER_TO_INT (signet_job_finish (store, result, signet_keysets_remove_async, error));
}

static gpointer
put_back (gpointer store, gpointer data, GCancellable *cancellable, GError **error)
{
  Arguments *arguments = data;

  return signet_keysets_put_back (store, arguments->keyset, arguments->now, cancellable, error);
}

void
signet_keysets_put_back_async (SignetStore *store, SignetKeyset *former, SignetKeyset *now, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  Arguments *arguments = arguments_new (former, NULL);

  g_set_object (&arguments->now, now);
  signet_job_run (store, signet_keysets_put_back_async, put_back, arguments, arguments_free, g_object_unref,
                  cancellable, callback, user_data);
}

SignetKeyset *
signet_keysets_put_back_finish (SignetStore *store, GAsyncResult *result, GError **error)
{
  return signet_job_finish (store, result, signet_keysets_put_back_async, error);
}
