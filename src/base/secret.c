/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/secret.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Each secret has pages of its own, so that locking and hiding them from dumps touches nothing else.  A page for a
 * password is cheap: a process holds a handful at a time. */
struct _SignetSecret {
  gatomicrefcount refs;
  gsize length;
  gsize mapped;
  guint8 *data;
};

G_DEFINE_BOXED_TYPE (SignetSecret, signet_secret, signet_secret_ref, signet_secret_unref)

void
signet_wipe (gpointer data, gsize length)
{
  if (length > 0)
    explicit_bzero (data, length);
}

SignetSecret *
signet_secret_alloc (gsize length)
{
  gsize page = sysconf (_SC_PAGESIZE);
  gsize mapped = (length / page + 1) * page;    /* at least one byte more than length: the closing NUL */
  void *data = mmap (NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (data == MAP_FAILED)
    g_error ("No memory for a secret of %" G_GSIZE_FORMAT " bytes", length);
  (void) mlock (data, mapped);                  /* best effort: the limit may be lower than what is asked */
  (void) madvise (data, mapped, MADV_DONTDUMP);

  SignetSecret *self = g_new0 (SignetSecret, 1);
  g_atomic_ref_count_init (&self->refs);
  self->length = length;
  self->mapped = mapped;
  self->data = data;
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
  munmap (self->data, self->mapped);
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
