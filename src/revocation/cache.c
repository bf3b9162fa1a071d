/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "revocation/cache.h"

#include "base/hex.h"
#include "base/limits.h"
#include "base/private-file.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file is MAGIC, FETCHED as eight bytes, the most significant first, and the answer. */
#define MAGIC "SignetR1"
#define HEADER (strlen (MAGIC) + sizeof (gint64))

struct _SignetRevocationCache {
  gatomicrefcount refs;
  char *folder;
};

typedef struct {
  char *path;
  gint64 changed;
  goffset size;
} File;

SignetRevocationCache *
signet_revocation_cache_new (const char *folder)
{
  SignetRevocationCache *self = g_new0 (SignetRevocationCache, 1);

  g_atomic_ref_count_init (&self->refs);
  self->folder = folder != NULL ? g_strdup (folder)
                                : g_build_filename (g_get_user_cache_dir (), "signet", "revocation", NULL);
  return self;
}

SignetRevocationCache *
signet_revocation_cache_ref (SignetRevocationCache *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
signet_revocation_cache_unref (SignetRevocationCache *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->folder);
  g_free (self);
}

char *
signet_revocation_cache_make_name (const char *kind, GBytes *subject, const char *url)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();

  g_byte_array_append (all, (const guint8 *) url, strlen (url) + 1);
  g_byte_array_append (all, g_bytes_get_data (subject, NULL), g_bytes_get_size (subject));
  g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (g_steal_pointer (&all)), digest = signet_sha256 (bytes);
  g_autofree char *hex = signet_hex_encode (digest);
  return g_strdup_printf ("%s.%s", hex, kind);
}

/* --- reading --- */

/* No link, pipe or device is opened for what it is not. */
static int
open_file (const char *path, gsize max, gsize *size)
{
  int fd = open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  struct stat status;

  if (fd < 0)
    return -1;
  if (fstat (fd, &status) == 0 && S_ISREG (status.st_mode) && status.st_size >= (off_t) HEADER &&
      status.st_size <= (off_t) (HEADER + max)) {
    *size = status.st_size;
    return fd;
  }
  close (fd);
  return -1;
}

static gboolean
read_all (int fd, guint8 *data, gsize size)
{
  for (gsize done = 0; done < size;) {
    gssize count = read (fd, data + done, size - done);
    if (count <= 0)
      return FALSE;
    done += count;
  }
  return TRUE;
}

GBytes *
signet_revocation_cache_load (SignetRevocationCache *self, const char *name, gsize max, gint64 *fetched)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  gsize size = 0;
  int fd = open_file (path, max, &size);

  if (fd < 0)
    return NULL;
  g_autofree guint8 *data = g_malloc (size);
  gboolean whole = read_all (fd, data, size);
  close (fd);
  if (!whole || memcmp (data, MAGIC, strlen (MAGIC)) != 0)
    return NULL;

  gint64 time;
  memcpy (&time, data + strlen (MAGIC), sizeof time);
  *fetched = GINT64_FROM_BE (time);
  return g_bytes_new (data + HEADER, size - HEADER);
}

/* --- writing --- */

static void
file_free (gpointer data)
{
  File *file = data;

  g_free (file->path);
  g_free (file);
}

static gint
compare_age (gconstpointer a, gconstpointer b)
{
  const File *one = *(File *const *) a, *two = *(File *const *) b;

  return one->changed < two->changed ? 1 : one->changed > two->changed ? -1 : 0;
}

static GPtrArray *
list_files (SignetRevocationCache *self)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (file_free);
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (self->folder, name, NULL);
    GStatBuf status;

    if (g_lstat (path, &status) != 0 || !S_ISREG (status.st_mode))
      continue;
    File *file = g_new (File, 1);
    *file = (File) { g_steal_pointer (&path), status.st_mtime, status.st_size };
    g_ptr_array_add (files, file);
  }
  g_ptr_array_sort (files, compare_age);
  return files;
}

static void
prune (SignetRevocationCache *self)
{
  g_autoptr (GPtrArray) files = list_files (self);
  goffset total = 0;

  for (guint i = 0; i < files->len; i++) {
    File *file = files->pdata[i];

    total += file->size;
    if (i >= SIGNET_MAX_CACHED_ANSWERS || total > SIGNET_MAX_CACHE)
      g_unlink (file->path);
  }
}

gboolean
signet_revocation_cache_save (SignetRevocationCache *self, const char *name, GBytes *answer, gint64 fetched,
                              GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  gsize length = g_bytes_get_size (answer);
  g_autoptr (SignetSecret) contents = signet_secret_alloc (HEADER + length);
  guint8 *data = signet_secret_edit (contents);
  gint64 time = GINT64_TO_BE (fetched);

  memcpy (data, MAGIC, strlen (MAGIC));
  memcpy (data + strlen (MAGIC), &time, sizeof time);
  memcpy (data + HEADER, g_bytes_get_data (answer, NULL), length);
  g_mkdir_with_parents (self->folder, 0700);
  if (!signet_private_file_write (path, contents, TRUE, error))
    return FALSE;
  prune (self);
  return TRUE;
}
