/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

G_BEGIN_DECLS

/* One leaf of a MIME multipart (RFC 2046), decoded. */
typedef struct {
  char *content_type;       /* "application/json", lower case, without parameters */
  char *name;               /* the file name that it carries, or NULL */
  SignetSecret *body;
} SignetPart;

SignetPart *signet_part_new (const char *content_type, const char *name, SignetSecret *body);
void signet_part_free (SignetPart *part);

/* Whether it is of this type, or of any type with a file name that ends in SUFFIX (mail programs forget types). */
gboolean signet_part_is (SignetPart *part, const char *content_type, const char *suffix);

/* multipart/mixed of PARTS (element-type SignetPart), each in base64; names are left out. */
SignetSecret *signet_parts_build (GPtrArray *parts);

/* The leaves of a MIME entity of at most MAX bytes, in order, multiparts and messages within it entered
 * (SIGNET_MAX_PARTS, SIGNET_MAX_PART_DEPTH): (element-type SignetPart).  CRLF and bare LF are both line ends.
 * SIGNET_ERROR_INVALID, _TOO_LARGE. */
GPtrArray *signet_parts_parse (SignetSecret *entity, gsize max, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetPart, signet_part_free)

G_END_DECLS
