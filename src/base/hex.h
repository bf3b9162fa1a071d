/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Lower-case hexadecimal of BYTES. */
char *signet_hex_encode (GBytes *bytes);

/* The bytes of exactly LENGTH bytes' worth of hexadecimal digits, either case; NULL for anything else. */
GBytes *signet_hex_decode (const char *text, gsize length);

/* "AB12 CD34 …", as people compare fingerprints. */
char *signet_hex_format_groups (GBytes *bytes);

/* SHA-256 of BYTES, 32 bytes. */
GBytes *signet_sha256 (GBytes *bytes);

G_END_DECLS
