/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/mime.h"

/* GMime counts its initializations and registers its types without a lock; the authority's threads would race. */
void
signet_mime_init (void)
{
  static gsize initialized;

  if (!g_once_init_enter (&initialized))
    return;
  g_mime_init ();
  g_type_ensure (GMIME_TYPE_CONTENT_TYPE);
  g_type_ensure (GMIME_TYPE_CONTENT_DISPOSITION);
  g_type_ensure (GMIME_TYPE_PARAM_LIST);
  g_type_ensure (GMIME_TYPE_PARAM);
  g_once_init_leave (&initialized, 1);
}

/* GMime's step functions write into the caller's memory and keep no copy. */
SignetSecret *
signet_mime_decode (const char *body, gsize length, GMimeContentEncoding encoding)
{
  GMimeEncoding state;

  if (encoding != GMIME_CONTENT_ENCODING_BASE64 && encoding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE)
    return signet_secret_new (body, length);

  g_mime_encoding_init_decode (&state, encoding);
  g_autoptr (SignetSecret) buffer = signet_secret_alloc (g_mime_encoding_outlen (&state, length));
  char *out = (char *) signet_secret_edit (buffer);
  gsize decoded = g_mime_encoding_flush (&state, body, length, out);

  signet_wipe (&state, sizeof state);          /* holds the last few characters */
  return signet_secret_new (out, decoded);
}
