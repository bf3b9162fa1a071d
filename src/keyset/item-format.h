/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/json.h"
#include "base/secret.h"

G_BEGIN_DECLS

/* The frame of everything that Signet stores, big endian:
 *
 *   8 bytes magic | u32 version | u32 length, header (JSON, UTF-8) | u32 length, body | 32 bytes SHA-256 of all before
 *
 * The header is in the clear within the item, the body secret or sealed.  The digest finds damage, not malice: some
 * services have been seen to give back less than they were given. */
typedef struct {
  GBytes *prefix;         /* magic to header, both included: what a seal of the body authenticates */
  JsonObject *header;
  SignetSecret *body;
} SignetItemParts;

#define SIGNET_ITEM_NUMBER 4      /* bytes of a u32 */
#define SIGNET_ITEM_DIGEST 32

/* What the frame is made of, for what is framed in another way. */
void signet_item_put_number (guint8 *place, guint32 number);
guint32 signet_item_get_number (const guint8 *place);
void signet_item_digest (const guint8 *data, gsize length, guint8 *out);

/* MAGIC: 8 characters.  The prefix alone, for sealing a body to it. */
GBytes *signet_item_format_prefix (const char *magic, guint32 version, JsonObject *header);

/* PREFIX with BODY and digest: SIGNET_ERROR_TOO_LARGE past SIGNET_MAX_BLOB. */
SignetSecret *signet_item_format_build (GBytes *prefix, SignetSecret *body, GError **error);

/* SIGNET_ERROR_DAMAGED (cut, extended, digest), _UNSUPPORTED (another version), _INVALID (another magic). */
SignetItemParts *signet_item_format_parse (SignetSecret *blob, const char *magic, guint32 version, GError **error);
void signet_item_parts_free (SignetItemParts *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetItemParts, signet_item_parts_free)

G_END_DECLS
