/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/mail-defaults-file.h"

#include "base/error.h"
#include "base/i18n.h"
#include "base/limits.h"
#include "base/private-file.h"
#include "keyset/store.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

char *
signet_mail_defaults_file_get_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "signet", "mail.conf", NULL);
}

/* All of the file, at most one byte more than it may have.  *EXISTS is FALSE when there is none. */
static GByteArray *
read_file (const char *path, gboolean *exists)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  struct stat status;
  guint8 buffer[4096];
  gssize count = -1;
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);      /* a pipe must not hold us up */

  *exists = fd >= 0 || errno != ENOENT;
  if (fd < 0)
    return NULL;
  if (fstat (fd, &status) == 0 && S_ISREG (status.st_mode)) {
    while (bytes->len <= SIGNET_MAX_MAIL_DEFAULTS && (count = read (fd, buffer, sizeof buffer)) > 0)
      g_byte_array_append (bytes, buffer, count);
  }
  close (fd);
  return count >= 0 ? g_steal_pointer (&bytes) : NULL;
}

static void
set_damaged (GError **error, const char *path, const char *why)
{
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED,
               _("The settings in “%s” cannot be read: %s. Signet's own count instead. Correct the file, or "
                 "change a setting: the file is then kept as “%s.damaged”."), path, why, path);
}

GPtrArray *
signet_mail_defaults_file_load (const char *path, GError **error)
{
  g_autoptr (GError) problem = NULL;
  gboolean exists = FALSE;
  g_autoptr (GByteArray) bytes = read_file (path, &exists);
  g_autoptr (GPtrArray) list = NULL;

  if (!exists)
    return g_ptr_array_new_with_free_func ((GDestroyNotify) signet_mail_defaults_free);
  if (bytes != NULL)
    list = signet_mail_defaults_parse ((const char *) bytes->data, bytes->len, &problem);
  if (list == NULL)
    set_damaged (error, path, problem != NULL ? problem->message : _("it cannot be opened"));
  return g_steal_pointer (&list);
}

/* Those of the file, which is put aside when it cannot be read. */
static GPtrArray *
load_or_put_aside (const char *path, GError **error)
{
  GPtrArray *list = signet_mail_defaults_file_load (path, NULL);
  g_autofree char *aside = g_strconcat (path, ".damaged", NULL);

  if (list != NULL)
    return list;
  if (g_rename (path, aside) == 0)
    return g_ptr_array_new_with_free_func ((GDestroyNotify) signet_mail_defaults_free);
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_FAILED,
               _("The settings in “%s” cannot be read, nor put aside: %s. Move the file away, then try again."), path,
               g_strerror (errno));
  return NULL;
}

static gboolean
put (GPtrArray *list, const SignetMailDefaults *defaults, GError **error)
{
  g_autoptr (SignetMailDefaults) plain = signet_mail_defaults_new (defaults->address);
  SignetMailDefaults *former = signet_mail_defaults_find (list, defaults->address);

  if (former != NULL)
    g_ptr_array_remove (list, former);
  if (signet_mail_defaults_equal (defaults, plain))
    return TRUE;
  if (list->len >= SIGNET_MAX_MAIL_ADDRESSES) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE,
                 _("Signet keeps the settings of %d addresses at most. Reset those of another address first."),
                 SIGNET_MAX_MAIL_ADDRESSES);
    return FALSE;
  }
  g_ptr_array_add (list, signet_mail_defaults_copy (defaults));
  return TRUE;
}

static gboolean
write_file (const char *path, GPtrArray *list, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path), *text = signet_mail_defaults_print (list);
  g_autoptr (SignetSecret) contents = signet_secret_new_text (text);

  if (g_mkdir_with_parents (folder, 0700) == 0)
    return signet_private_file_write (path, contents, TRUE, error);
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_FAILED,
               _("The folder “%s” could not be made: %s. The settings are as they were."), folder, g_strerror (errno));
  return FALSE;
}

GPtrArray *
signet_mail_defaults_file_save (const char *path, const SignetMailDefaults *defaults, GCancellable *cancellable,
                                GError **error)
{
  g_autoptr (SignetStoreLock) lock = signet_store_lock (NULL, cancellable, error);
  g_autoptr (GPtrArray) list = lock != NULL ? load_or_put_aside (path, error) : NULL;

  if (list == NULL || !put (list, defaults, error) || !write_file (path, list, error))
    return NULL;
  return g_steal_pointer (&list);
}
