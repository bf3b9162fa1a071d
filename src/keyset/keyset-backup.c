/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset-backup.h"

#include "base/error.h"
#include "base/fault.h"
#include "base/i18n.h"
#include "base/job.h"
#include "base/limits.h"
#include "crypto/password-lock.h"
#include "keyset/item-format.h"
#include "keyset/keyset-list.h"

#include <string.h>

#define MAGIC "SIGNETBK"
#define VERSION 1
#define PREFIX 12           /* magic and version */
#define NUMBER SIGNET_ITEM_NUMBER
#define DIGEST SIGNET_ITEM_DIGEST

static GBytes *
make_prefix (void)
{
  guint8 prefix[PREFIX];

  memcpy (prefix, MAGIC, PREFIX - NUMBER);
  signet_item_put_number (prefix + PREFIX - NUMBER, VERSION);
  return g_bytes_new (prefix, PREFIX);
}

static gboolean
refuse_size (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE, _("This is more than one backup can hold. "
                                                                      "Export the keysets one by one instead."));
  return FALSE;
}

static gboolean
refuse_damaged (GError **error)
{
  g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED,
                       _("The backup is damaged or not whole. Use another copy of it."));
  return FALSE;
}

/* --- making one --- */

/* The stored forms of KEYSETS, one after the other. */
static SignetSecret *
join (GPtrArray *keysets, GError **error)
{
  g_autoptr (GPtrArray) blobs = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_secret_unref);
  gsize total = 0;

  for (guint i = 0; i < keysets->len; i++) {
    SignetSecret *blob = signet_keyset_to_blob (keysets->pdata[i], error);
    if (blob == NULL)
      return NULL;
    g_ptr_array_add (blobs, blob);
    total += NUMBER + signet_secret_length (blob);
  }
  if (total > SIGNET_MAX_BACKUP) {
    refuse_size (error);
    return NULL;
  }

  SignetSecret *joined = signet_secret_alloc (total);
  guint8 *out = signet_secret_edit (joined);
  for (guint i = 0; i < blobs->len; i++) {
    gsize length;
    const guint8 *data = signet_secret_get (blobs->pdata[i], &length);
    signet_item_put_number (out, length);
    memcpy (out + NUMBER, data, length);
    out += NUMBER + length;
  }
  return joined;
}

static SignetSecret *
seal (SignetSecret *joined, SignetSecret *password, GError **error)
{
  g_autoptr (GBytes) prefix = make_prefix ();
  g_autoptr (GBytes) box = signet_password_lock_seal (joined, password, prefix, error);

  if (box == NULL)
    return NULL;
  gsize box_length;
  const guint8 *box_data = g_bytes_get_data (box, &box_length);
  SignetSecret *file = signet_secret_alloc (PREFIX + box_length + DIGEST);
  guint8 *out = signet_secret_edit (file);
  memcpy (out, g_bytes_get_data (prefix, NULL), PREFIX);
  memcpy (out + PREFIX, box_data, box_length);
  signet_item_digest (out, PREFIX + box_length, out + PREFIX + box_length);
  return file;
}

SignetSecret *
signet_keysets_back_up (SignetStore *store, SignetSecret *password, guint *damaged, GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GPtrArray) keysets = NULL;
  g_autoptr (SignetSecret) joined = NULL;

  if (!signet_keyset_check_password (password, error))
    return NULL;
  keysets = signet_keysets_load (store, damaged, cancellable, error);
  if (keysets == NULL)
    return NULL;
  if (keysets->len == 0) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_NOT_FOUND, _("There is no keyset to back up. "
                                                                        "Get a digital ID first."));
    return NULL;
  }
  joined = join (keysets, error);
  return joined != NULL ? seal (joined, password, error) : NULL;
}

/* --- reading one --- */

gboolean
signet_backup_is_one (SignetSecret *file)
{
  gsize length;
  const guint8 *data = signet_secret_get (file, &length);

  return length >= PREFIX && memcmp (data, MAGIC, PREFIX - NUMBER) == 0;
}

/* The digest comes after the magic, which tells a backup from other files, and before everything else. */
static gboolean
check_frame (SignetSecret *file, GError **error)
{
  guint8 expected[DIGEST];
  gsize length;
  const guint8 *data = signet_secret_get (file, &length);

  if (length > SIGNET_MAX_BACKUP)
    return refuse_size (error);
  if (!signet_backup_is_one (file)) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_INVALID, _("This file is not a backup made by Signet. "
                                                                      "Choose another one."));
    return FALSE;
  }
  if (length < PREFIX + DIGEST)
    return refuse_damaged (error);
  signet_item_digest (data, length - DIGEST, expected);
  if (memcmp (expected, data + length - DIGEST, DIGEST) != 0)
    return refuse_damaged (error);
  if (signet_item_get_number (data + PREFIX - NUMBER) != VERSION) {
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_UNSUPPORTED,
                         _("The backup was made by a newer version of Signet. Update Signet."));
    return FALSE;
  }
  return TRUE;
}

static SignetSecret *
open_box (const guint8 *data, gsize length, SignetSecret *password, GError **error)
{
  g_autoptr (GBytes) prefix = make_prefix (), box = g_bytes_new_static (data + PREFIX, length - PREFIX - DIGEST);
  g_autoptr (GError) problem = NULL;
  SignetSecret *joined = signet_password_lock_open (box, password, prefix, &problem);

  if (g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD))
    g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD,
                         _("That is not the password of the backup."));
  else if (g_error_matches (problem, SIGNET_ERROR, SIGNET_ERROR_DAMAGED))
    refuse_damaged (error);
  else if (joined == NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return joined;
}

/* (element-type SignetKeyset) */
static GPtrArray *
split (SignetSecret *joined, GError **error)
{
  g_autoptr (GPtrArray) keysets = g_ptr_array_new_with_free_func (g_object_unref);
  gsize rest;
  const guint8 *data = signet_secret_get (joined, &rest);

  while (rest > 0) {
    gsize length = rest >= NUMBER ? signet_item_get_number (data) : G_MAXSIZE;
    if (rest < NUMBER || length > rest - NUMBER) {
      refuse_damaged (error);
      return NULL;
    }
    g_autoptr (SignetSecret) blob = signet_secret_new (data + NUMBER, length);
    SignetKeyset *keyset = signet_keyset_from_blob (blob, error);
    if (keyset == NULL)
      return NULL;
    g_ptr_array_add (keysets, keyset);
    data += NUMBER + length;
    rest -= NUMBER + length;
  }
  return g_steal_pointer (&keysets);
}

static GPtrArray *
read_backup (SignetSecret *file, SignetSecret *password, GError **error)
{
  gsize length;
  const guint8 *data = signet_secret_get (file, &length);
  g_autoptr (SignetSecret) joined = NULL;

  if (!check_frame (file, error))
    return NULL;
  joined = open_box (data, length, password, error);
  return joined != NULL ? split (joined, error) : NULL;
}

static GPtrArray *
new_list (void)
{
  return g_ptr_array_new_with_free_func (g_object_unref);
}

void
signet_restored_free (SignetRestored *self)
{
  g_ptr_array_unref (self->all);
  g_ptr_array_unref (self->restored);
  g_ptr_array_unref (self->same);
  g_ptr_array_unref (self->different);
  g_ptr_array_unref (self->name_taken);
  g_free (self);
}

/* The list that KEYSET belongs to. */
static GPtrArray *
judge (SignetRestored *self, GPtrArray *stored, SignetKeyset *keyset)
{
  gboolean name_taken = FALSE;

  for (guint i = 0; i < stored->len; i++) {
    SignetKeyset *other = stored->pdata[i];
    if (g_str_equal (signet_keyset_get_id (other), signet_keyset_get_id (keyset)))
      return signet_keyset_equal (other, keyset) ? self->same : self->different;
    if (signet_keyset_name_equal (signet_keyset_get_name (other), signet_keyset_get_name (keyset)))
      name_taken = TRUE;
  }
  return name_taken ? self->name_taken : self->restored;
}

static SignetRestored *
restored_new (GPtrArray *keysets)
{
  SignetRestored *self = g_new0 (SignetRestored, 1);

  *self = (SignetRestored) { g_ptr_array_ref (keysets), new_list (), new_list (), new_list (), new_list () };
  return self;
}

SignetRestored *
signet_keysets_open_backup (SignetStore *store, SignetSecret *file, SignetSecret *password, GCancellable *cancellable,
                            GError **error)
{
  g_autoptr (GPtrArray) keysets = read_backup (file, password, error), stored = NULL;

  stored = keysets != NULL ? signet_keysets_load (store, NULL, cancellable, error) : NULL;
  if (stored == NULL)
    return NULL;
  SignetRestored *result = restored_new (keysets);
  for (guint i = 0; i < keysets->len; i++) {
    GPtrArray *list = judge (result, stored, keysets->pdata[i]);
    if (list == result->restored)
      g_ptr_array_add (stored, g_object_ref (keysets->pdata[i]));
    g_ptr_array_add (list, g_object_ref (keysets->pdata[i]));
  }
  return result;
}

SignetRestored *
signet_keysets_restore (SignetStore *store, GPtrArray *keysets, GCancellable *cancellable, GError **error)
{
  g_autoptr (SignetRestored) result = restored_new (keysets);
  g_autoptr (SignetStoreLock) lock = signet_store_lock (store, cancellable, error);
  g_autoptr (GPtrArray) stored = lock != NULL ? signet_keysets_load (store, NULL, cancellable, error) : NULL;

  if (stored == NULL || !signet_job_commit (cancellable, error))
    return NULL;
  for (guint i = 0; i < keysets->len; i++) {
    SignetKeyset *keyset = keysets->pdata[i];
    GPtrArray *list = judge (result, stored, keyset);
    if (list == result->restored) {
      signet_fault_point ("client:before-restore");
      if (!signet_keysets_save (store, keyset, NULL, error))
        return NULL;
      signet_fault_point ("client:restored");
      g_ptr_array_add (stored, g_object_ref (keyset));
    }
    g_ptr_array_add (list, g_object_ref (keyset));
  }
  return g_steal_pointer (&result);
}

/* --- the same off the main loop --- */

typedef struct {
  SignetSecret *file;           /* to open; else NULL */
  SignetSecret *password;
} Arguments;

static void
arguments_free (gpointer data)
{
  Arguments *arguments = data;

  g_clear_pointer (&arguments->file, signet_secret_unref);
  signet_secret_unref (arguments->password);
  g_free (arguments);
}

/* What a backup brings back from its thread. */
typedef struct {
  SignetSecret *file;
  guint damaged;
} Made;

static void
made_free (gpointer data)
{
  Made *made = data;

  g_clear_pointer (&made->file, signet_secret_unref);
  g_free (made);
}

static gpointer
back_up_job (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  Arguments *arguments = data;
  guint damaged = 0;
  SignetSecret *file = signet_keysets_back_up (source, arguments->password, &damaged, cancellable, error);

  if (file == NULL)
    return NULL;
  Made *made = g_new0 (Made, 1);
  made->file = file;
  made->damaged = damaged;
  return made;
}

void
signet_keysets_back_up_async (SignetStore *store, SignetSecret *password, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  Arguments *arguments = g_new0 (Arguments, 1);

  arguments->password = signet_secret_ref (password);
  signet_job_run (store, back_up_job, back_up_job, arguments, arguments_free, made_free, cancellable, callback,
                  user_data);
}

SignetSecret *
signet_keysets_back_up_finish (SignetStore *store, GAsyncResult *result, guint *damaged, GError **error)
{
  Made *made = signet_job_finish (store, result, back_up_job, error);

  if (made == NULL)
    return NULL;
  SignetSecret *file = g_steal_pointer (&made->file);
  if (damaged != NULL)
    *damaged = made->damaged;
  made_free (made);
  return file;
}

static gpointer
open_job (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  Arguments *arguments = data;

  return signet_keysets_open_backup (source, arguments->file, arguments->password, cancellable, error);
}

void
signet_keysets_open_backup_async (SignetStore *store, SignetSecret *file, SignetSecret *password,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Arguments *arguments = g_new0 (Arguments, 1);

  arguments->file = signet_secret_ref (file);
  arguments->password = signet_secret_ref (password);
  signet_job_run (store, open_job, open_job, arguments, arguments_free, (GDestroyNotify) signet_restored_free,
                  cancellable, callback, user_data);
}

SignetRestored *
signet_keysets_open_backup_finish (SignetStore *store, GAsyncResult *result, GError **error)
{
  return signet_job_finish (store, result, open_job, error);
}

static gpointer
restore_job (gpointer source, gpointer data, GCancellable *cancellable, GError **error)
{
  return signet_keysets_restore (source, data, cancellable, error);
}

void
signet_keysets_restore_async (SignetStore *store, GPtrArray *keysets, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  signet_job_run (store, restore_job, restore_job, g_ptr_array_ref (keysets), (GDestroyNotify) g_ptr_array_unref,
                  (GDestroyNotify) signet_restored_free, cancellable, callback, user_data);
}

SignetRestored *
signet_keysets_restore_finish (SignetStore *store, GAsyncResult *result, GError **error)
{
  return signet_job_finish (store, result, restore_job, error);
}
