/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/store.h"

#include "base/error.h"
#include "base/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* One lock file for each user and machine: $XDG_RUNTIME_DIR/signet/store-lock, under flock(2).  The file stays; only
 * the kernel's lock on it counts, so a process that dies leaves nothing behind.  No wait is without end: a Signet
 * that hangs in the desktop's key store must not hang the others too. */
#define PATIENCE (10 * G_USEC_PER_SEC)
#define PAUSE (20 * G_TIME_SPAN_MILLISECOND)

struct _SignetStoreLock {
  int fd;
};

static gboolean
is_own_directory (const char *path)
{
  struct stat status;

  return g_lstat (path, &status) == 0 && S_ISDIR (status.st_mode) && status.st_uid == geteuid ();
}

/* A process without XDG_RUNTIME_DIR (su, cron) must still find the lock of the session whose store it uses. */
static char *
dup_lock_folder (void)
{
  const char *runtime = g_getenv ("XDG_RUNTIME_DIR");
  g_autofree char *usual = g_strdup_printf ("/run/user/%lu", (gulong) geteuid ());

  if (runtime != NULL && g_path_is_absolute (runtime))
    return g_build_filename (runtime, "signet", NULL);
  return g_build_filename (is_own_directory (usual) ? usual : g_get_user_cache_dir (), "signet", NULL);
}

static int
open_lock_file (GError **error)
{
  g_autofree char *folder = dup_lock_folder (), *path = g_build_filename (folder, "store-lock", NULL);
  int fd = -1;

  errno = EACCES;     /* for a folder that is somebody else's */
  if (g_mkdir_with_parents (folder, 0700) == 0 && is_own_directory (folder))
    fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_FAILED, _("The lock file “%s” could not be made: %s."), path,
                 g_strerror (errno));
  return fd;
}

static gboolean
wait_for_lock (int fd, GCancellable *cancellable, GError **error)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;

  while (flock (fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_FAILED, _("The digital IDs could not be locked: %s."),
                   g_strerror (errno));
      return FALSE;
    }
    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    if (g_get_monotonic_time () > deadline) {
      g_set_error_literal (error, SIGNET_ERROR, SIGNET_ERROR_BUSY,
                           _("Another Signet window or command is changing digital IDs. Finish it, then try again."));
      return FALSE;
    }
    g_usleep (PAUSE);
  }
  return TRUE;
}

SignetStoreLock *
signet_store_lock (SignetStore *self, GCancellable *cancellable, GError **error)
{
  int fd = open_lock_file (error);

  if (fd < 0)
    return NULL;
  if (!wait_for_lock (fd, cancellable, error)) {
    close (fd);
    return NULL;
  }

  SignetStoreLock *lock = g_new0 (SignetStoreLock, 1);
  lock->fd = fd;
  return lock;
}

/* Unlocked by name: a child of a fork in between may still hold a copy of the descriptor. */
void
signet_store_lock_free (SignetStoreLock *lock)
{
  flock (lock->fd, LOCK_UN);
  close (lock->fd);
  g_free (lock);
}
