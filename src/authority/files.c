/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/files.h"

#include "base/error.h"
#include "base/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

gboolean
signet_file_fail (const char *path, GError **error)
{
  int saved = errno;
  SignetError code = saved == ENOENT ? SIGNET_ERROR_NOT_FOUND
                   : saved == EEXIST ? SIGNET_ERROR_EXISTS : SIGNET_ERROR_FAILED;

  g_set_error (error, SIGNET_ERROR, code, "%s: %s", path, g_strerror (saved));
  return FALSE;
}

static gboolean
read_all (int fd, guint8 *data, gsize length)
{
  for (gsize done = 0; done < length;) {
    gssize count = read (fd, data + done, length - done);

    if (count == 0)
      errno = EIO;
    if (count == 0 || (count < 0 && errno != EINTR))
      return FALSE;
    done += MAX (count, 0);
  }
  return TRUE;
}

static gboolean
write_all (int fd, const guint8 *data, gsize length)
{
  for (gsize done = 0; done < length;) {
    gssize count = write (fd, data + done, length - done);

    if (count < 0 && errno != EINTR)
      return FALSE;
    done += MAX (count, 0);
  }
  return fsync (fd) == 0;
}

SignetSecret *
signet_file_read (const char *path, gsize max, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  struct stat info;

  if (fd < 0) {
    signet_file_fail (path, error);
    return NULL;
  }

  g_autoptr (SignetSecret) contents = NULL;
  if (fstat (fd, &info) < 0 || !S_ISREG (info.st_mode) || (gsize) info.st_size > max) {
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE, _("%s is not a file of a sensible size."), path);
  } else {
    contents = signet_secret_alloc (info.st_size);
    if (!read_all (fd, signet_secret_edit (contents), info.st_size)) {
      signet_file_fail (path, error);
      g_clear_pointer (&contents, signet_secret_unref);
    }
  }
  close (fd);
  return g_steal_pointer (&contents);
}

gboolean
signet_file_create (const char *path, gconstpointer data, gsize length, int mode, GError **error)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);

  if (fd < 0)
    return signet_file_fail (path, error);

  gboolean written = write_all (fd, data, length);
  if (!written)
    signet_file_fail (path, error);
  close (fd);
  if (!written)
    unlink (path);
  return written;
}

gboolean
signet_file_write (const char *path, gconstpointer data, gsize length, int mode, GError **error)
{
  g_autofree char *fresh = g_strconcat (path, ".new", NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  unlink (fresh);                          /* what a crash left */
  if (!signet_file_create (fresh, data, length, mode, error))
    return FALSE;
  if (rename (fresh, path) < 0)
    return signet_file_fail (path, error);
  return signet_folder_sync (folder, error);
}

gboolean
signet_folder_sync (const char *folder, GError **error)
{
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean synced = fd >= 0 && fsync (fd) == 0;

  if (!synced)
    signet_file_fail (folder, error);
  if (fd >= 0)
    close (fd);
  return synced;
}

static int
remove_entry (const char *path, const struct stat *info, int type, struct FTW *where)
{
  return remove (path);
}

gboolean
signet_folder_remove (const char *folder, GError **error)
{
  return nftw (folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS) == 0 || signet_file_fail (folder, error);
}
