/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/random.h"

#include "crypto/gnutls-types.h"

/* A program without random numbers must not go on. */
static void
fill (gnutls_rnd_level_t level, guint8 *data, gsize length)
{
  int code = gnutls_rnd (level, data, length);

  if (code < 0)
    g_error ("No random numbers: %s", gnutls_strerror (code));
}

SignetSecret *
signet_random_secret (gsize length)
{
  g_autoptr (SignetSecret) secret = signet_secret_alloc (length);

  fill (GNUTLS_RND_KEY, signet_secret_edit (secret), length);
  return g_steal_pointer (&secret);
}

GBytes *
signet_random_bytes (gsize length)
{
  guint8 *data = g_malloc (MAX (length, 1));

  fill (GNUTLS_RND_RANDOM, data, length);
  return g_bytes_new_take (data, length);
}
