/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/serve-lock.h"

#include "authority/files.h"
#include "base/error.h"
#include "base/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define GROUP "serve"
#define MAX_STATE 4096

struct _SignetServeLock {
  int fd;
};

static char *
lock_path (const char *directory)
{
  return g_build_filename (directory, "serve.lock", NULL);
}

SignetServeLock *
signet_serve_lock_take (const char *directory, GError **error)
{
  g_autofree char *path = lock_path (directory);
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd < 0) {
    signet_file_fail (path, error);
    return NULL;
  }
  if (fcntl (fd, F_OFD_SETLK, &lock) < 0) {
    if (errno == EAGAIN || errno == EACCES)
      g_set_error (error, SIGNET_ERROR, SIGNET_ERROR_BUSY, _("Another signet-authority serves %s already."), directory);
    else
      signet_file_fail (path, error);
    close (fd);
    return NULL;
  }

  SignetServeLock *self = g_new0 (SignetServeLock, 1);
  self->fd = fd;
  return self;
}

void
signet_serve_lock_free (SignetServeLock *self)
{
  close (self->fd);
  g_free (self);
}

/* Not durable: it is about a process that lives. */
void
signet_serve_lock_describe (SignetServeLock *self, const char *url, guint keys)
{
  g_autofree char *text = g_strdup_printf ("[" GROUP "]\npid=%d\nurl=%s\nkeys=%u\n", (int) getpid (), url, keys);
  gsize length = strlen (text);

  if (pwrite (self->fd, text, length, 0) == (gssize) length)
    (void) !ftruncate (self->fd, length);
}

SignetServeState *
signet_serve_state_read (const char *directory)
{
  g_autofree char *path = lock_path (directory);
  struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  char text[MAX_STATE];

  if (fd < 0)
    return NULL;
  gboolean running = fcntl (fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  gssize length = pread (fd, text, sizeof text, 0);
  close (fd);
  if (!running)
    return NULL;

  SignetServeState *state = g_new0 (SignetServeState, 1);
  if (length > 0 && g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, NULL)) {
    state->pid = g_key_file_get_int64 (file, GROUP, "pid", NULL);
    state->url = g_key_file_get_string (file, GROUP, "url", NULL);
    state->keys = g_key_file_get_int64 (file, GROUP, "keys", NULL);
  }
  return state;
}

void
signet_serve_state_free (SignetServeState *self)
{
  g_free (self->url);
  g_free (self);
}
