/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Just enough of DER (X.690 section 10) to find one field, or the border between two, in bytes that a library is about
 * to read or has read: single-byte tags, definite lengths in their shortest form, nothing past the end. */

#define SIGNET_DER_INTEGER 0x02
#define SIGNET_DER_BIT_STRING 0x03
#define SIGNET_DER_OCTET_STRING 0x04
#define SIGNET_DER_OID 0x06
#define SIGNET_DER_SEQUENCE 0x30
#define SIGNET_DER_SET 0x31
#define SIGNET_DER_CONTEXT(number) (0xa0 | (number))   /* constructed */

/* Borrowed bytes; reading moves the start forward. */
typedef struct {
  const guint8 *data;
  gsize length;
} SignetDer;

typedef struct {
  guint8 tag;
  SignetDer contents;
  SignetDer whole;     /* tag and length too */
} SignetDerElement;

SignetDer signet_der_from_bytes (GBytes *bytes);
GBytes *signet_der_to_bytes (const SignetDer *self);

/* Takes the next element off REST; FALSE when there is none, or when it is not DER. */
gboolean signet_der_read (SignetDer *rest, SignetDerElement *element);

/* Likewise, when it has TAG; otherwise FALSE, and REST stays where it was. */
gboolean signet_der_expect (SignetDer *rest, guint8 tag, SignetDerElement *element);

/* Whether DATA is exactly one element with TAG; CONTENTS becomes what is in it. */
gboolean signet_der_open (const guint8 *data, gsize length, guint8 tag, SignetDer *contents);

/* Whether DATA is exactly one element, well formed at every level, of which there are at most DEPTH. */
gboolean signet_der_is_strict (const guint8 *data, gsize length, guint depth);

/* Tag and length in front of LENGTH bytes of contents: 2 to SIGNET_DER_MAX_HEADER bytes, their number is returned. */
#define SIGNET_DER_MAX_HEADER 6
gsize signet_der_write_header (guint8 header[SIGNET_DER_MAX_HEADER], guint8 tag, guint32 length);

/* Appends an element to TO. */
void signet_der_append (GByteArray *to, guint8 tag, gconstpointer contents, gsize length);

/* Makes all that SELF holds the contents of one element. */
void signet_der_enclose (GByteArray *self, guint8 tag);

G_END_DECLS
