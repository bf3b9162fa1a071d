/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/secret.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define CLASSES 4                 /* of 1, 2, 4 and 8 pages */
#ifdef __SANITIZE_ADDRESS__
#define MAX_SPARE 0               /* so that a secret that is used after its end is noticed */
#else
#define MAX_SPARE 32              /* of a class */
#endif

/* Each secret has pages of its own, so that locking and hiding them from dumps touches nothing else. */
struct _SignetSecret {
  gatomicrefcount refs;
  gsize length;
  guint class;                    /* log2 of the pages */
  guint8 *data;
};

G_DEFINE_BOXED_TYPE (SignetSecret, signet_secret, signet_secret_ref, signet_secret_unref)

/* Pages of secrets that are gone, wiped, for those to come: making and giving back a page takes the kernel longer than
 * all else that most secrets are used for, and stops the process's other threads meanwhile. */
static struct {
  GMutex lock;
  gpointer pages[CLASSES][MAX_SPARE];
  guint count[CLASSES];
} spare;

void
signet_wipe (gpointer data, gsize length)
{
  if (length > 0)
    explicit_bzero (data, length);
}

static gsize
page_size (void)
{
  return sysconf (_SC_PAGESIZE);
}

static gpointer
map_pages (gsize length)
{
  gpointer pages = mmap (NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (pages == MAP_FAILED)
    g_error ("No memory for a secret of %" G_GSIZE_FORMAT " bytes", length);
  (void) mlock (pages, length);                 /* best effort: the limit may be lower than what is asked */
  (void) madvise (pages, length, MADV_DONTDUMP);
  return pages;
}

static gpointer
take_spare (guint class)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&spare.lock);

  return class < CLASSES && spare.count[class] > 0 ? spare.pages[class][--spare.count[class]] : NULL;
}

static gboolean
keep_spare (guint class, gpointer pages)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&spare.lock);

  if (class >= CLASSES || spare.count[class] == MAX_SPARE)
    return FALSE;
  spare.pages[class][spare.count[class]++] = pages;
  return TRUE;
}

SignetSecret *
signet_secret_alloc (gsize length)
{
  SignetSecret *self = g_new0 (SignetSecret, 1);

  g_atomic_ref_count_init (&self->refs);
  self->length = length;
  self->class = g_bit_storage (length / page_size ());    /* at least one byte more than length: the closing NUL */
  self->data = take_spare (self->class);
  if (self->data == NULL)
    self->data = map_pages (page_size () << self->class);
  return self;
}

SignetSecret *
signet_secret_new (gconstpointer data, gsize length)
{
  SignetSecret *self = signet_secret_alloc (length);

  if (length > 0)
    memcpy (self->data, data, length);
  return self;
}

SignetSecret *
signet_secret_new_text (const char *text)
{
  return signet_secret_new (text, strlen (text));
}

guint8 *
signet_secret_edit (SignetSecret *self)
{
  g_assert (g_atomic_ref_count_compare (&self->refs, 1));
  return self->data;
}

SignetSecret *
signet_secret_ref (SignetSecret *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
signet_secret_unref (SignetSecret *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  signet_wipe (self->data, self->length);
  if (!keep_spare (self->class, self->data))
    munmap (self->data, page_size () << self->class);
  g_free (self);
}

const guint8 *
signet_secret_get (SignetSecret *self, gsize *length)
{
  if (length != NULL)
    *length = self->length;
  return self->data;
}

gsize
signet_secret_length (SignetSecret *self)
{
  return self->length;
}

const char *
signet_secret_get_text (SignetSecret *self)
{
  return g_utf8_validate ((const char *) self->data, self->length, NULL) ? (const char *) self->data : NULL;
}

gboolean
signet_secret_equal (SignetSecret *a, SignetSecret *b)
{
  guint8 difference = 0;

  if (a->length != b->length)
    return FALSE;
  for (gsize i = 0; i < a->length; i++)
    difference |= a->data[i] ^ b->data[i];
  return difference == 0;
}
