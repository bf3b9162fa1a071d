/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

#include <gmime/gmime.h>

G_BEGIN_DECLS

/* Before the first use of GMime, from any thread, any number of times. */
void signet_mime_init (void);

/* BODY without its transfer encoding: base64 and quoted-printable; any other is taken as it is. */
SignetSecret *signet_mime_decode (const char *body, gsize length, GMimeContentEncoding encoding);

/* GMime has none of its own. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeContentType, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GMimeContentDisposition, g_object_unref)

G_END_DECLS
