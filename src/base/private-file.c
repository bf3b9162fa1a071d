/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/private-file.h"

#include "base/error.h"
#include "base/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static gboolean
refuse_existing (const char *path, GError **error)
{
  g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_EXISTS, _("There is a file “%s” already. Choose another name."), path);
  return FALSE;
}

static gboolean
fail (const char *path, int problem, GError **error)
{
  if (problem == EEXIST)
    return refuse_existing (path, error);
  g_set_error (error, SIGNET_ERROR, problem == ENOENT ? SIGNET_ERROR_NOT_FOUND : SIGNET_ERROR_FAILED,
               _("“%s” cannot be written: %s"), path, g_strerror (problem));
  return FALSE;
}

gboolean
signet_private_file_check (const char *path, gboolean replace, GError **error)
{
  GStatBuf status;

  return replace || g_lstat (path, &status) != 0 || refuse_existing (path, error);
}

static gboolean
write_all (int fd, SignetSecret *contents)
{
  gsize length;
  const guint8 *data = signet_secret_get (contents, &length);

  for (gsize done = 0; done < length;) {
    gssize count = write (fd, data + done, length - done);
    if (count < 0 && errno != EINTR)
      return FALSE;
    done += MAX (count, 0);
  }
  return fsync (fd) == 0;
}

/* Some file systems cannot rename without replacing: there a look before has to do. */
static gboolean
put_in_place (const char *fresh, const char *path, gboolean replace)
{
  GStatBuf status;

  if (replace)
    return rename (fresh, path) == 0;
  if (renameat2 (AT_FDCWD, fresh, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
    return TRUE;
  if (errno != EINVAL && errno != ENOSYS)
    return FALSE;
  if (g_lstat (path, &status) != 0)
    return rename (fresh, path) == 0;
  errno = EEXIST;
  return FALSE;
}

/* Makes the name durable. */
static gboolean
sync_folder (const char *folder)
{
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean synced = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  return synced;
}

gboolean
signet_private_file_write (const char *path, SignetSecret *contents, gboolean replace, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path), *name = g_path_get_basename (path);
  g_autofree char *hidden = g_strdup_printf (".%.100s.XXXXXX", name), *fresh = g_build_filename (folder, hidden, NULL);
  int fd = g_mkstemp_full (fresh, O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    return fail (path, errno, error);
  gboolean written = write_all (fd, contents);
  int problem = errno;
  if (close (fd) != 0 && written) {
    written = FALSE;
    problem = errno;
  }
  if (written && !put_in_place (fresh, path, replace)) {
    written = FALSE;
    problem = errno;
  }
  if (!written) {
    unlink (fresh);
    return fail (path, problem, error);
  }
  return sync_folder (folder) || fail (path, errno, error);
}
