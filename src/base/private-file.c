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

/* What is in the way, and what to do about it. */
static char *
explain (int problem)
{
  switch (problem) {
    case EACCES:
    case EPERM:
      return g_strdup (_("you may not write there. Allow it, or choose another folder."));
    case EROFS:
      return g_strdup (_("what is there can only be read. Choose another folder."));
    case ENOSPC:
    case EDQUOT:
      return g_strdup (_("there is no room left. Make room, or choose another place."));
    case ENOENT:
    case ENOTDIR:
      return g_strdup (_("there is no such folder. Make it, or choose another one."));
    case EISDIR:
    case ENOTEMPTY:
      return g_strdup (_("a folder has this name. Choose another name."));
    case ENAMETOOLONG:
      return g_strdup (_("the name is too long. Choose a shorter one."));
    default:
      /* Translators: the system's words for what went wrong. */
      return g_strdup_printf (_("%s. Try again, or choose another place."), g_strerror (problem));
  }
}

static gboolean
fail (const char *path, int problem, GError **error)
{
  g_autofree char *why = explain (problem);

  if (problem == EEXIST)
    return refuse_existing (path, error);
  g_set_error (error, SIGNET_ERROR, problem == ENOENT ? SIGNET_ERROR_NOT_FOUND : SIGNET_ERROR_FAILED,
               _("“%s” cannot be written: %s"), path, why);
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
