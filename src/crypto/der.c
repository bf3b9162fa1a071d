/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/der.h"

#define CONSTRUCTED 0x20
#define HIGH_TAG 0x1f    /* the tag's number goes on in further bytes: nothing that Signet reads has one */

SignetDer
signet_der_from_bytes (GBytes *bytes)
{
  SignetDer self;

  self.data = g_bytes_get_data (bytes, &self.length);
  return self;
}

GBytes *
signet_der_to_bytes (const SignetDer *self)
{
  return g_bytes_new (self->data, self->length);
}

/* The length that starts at data[1], its own size in LENGTH_SIZE; FALSE when it is indefinite, longer than it must be,
 * or cut. */
static gboolean
read_length (const SignetDer *from, gsize *length, gsize *length_size)
{
  guint8 first = from->data[1];
  guint count = first & 0x7f;

  *length = first;
  *length_size = 1;
  if (first < 0x80)
    return TRUE;
  if (count == 0 || count > 4 || from->length < 2 + (gsize) count || from->data[2] == 0)
    return FALSE;

  *length = 0;
  for (guint i = 0; i < count; i++)
    *length = *length << 8 | from->data[2 + i];
  *length_size = 1 + count;
  return *length >= 0x80;
}

gboolean
signet_der_read (SignetDer *rest, SignetDerElement *element)
{
  gsize length, length_size;

  if (rest->length < 2 || (rest->data[0] & HIGH_TAG) == HIGH_TAG || !read_length (rest, &length, &length_size))
    return FALSE;

  gsize header = 1 + length_size;
  if (length > rest->length - header)
    return FALSE;

  element->tag = rest->data[0];
  element->contents = (SignetDer) { rest->data + header, length };
  element->whole = (SignetDer) { rest->data, header + length };
  rest->data += header + length;
  rest->length -= header + length;
  return TRUE;
}

gboolean
signet_der_expect (SignetDer *rest, guint8 tag, SignetDerElement *element)
{
  return rest->length > 0 && rest->data[0] == tag && signet_der_read (rest, element);
}

gboolean
signet_der_open (const guint8 *data, gsize length, guint8 tag, SignetDer *contents)
{
  SignetDer rest = { data, length };
  SignetDerElement element;

  if (!signet_der_expect (&rest, tag, &element) || rest.length > 0)
    return FALSE;
  *contents = element.contents;
  return TRUE;
}

static gboolean
is_strict (SignetDer rest, guint depth)
{
  SignetDerElement element;

  while (rest.length > 0) {
    if (depth == 0 || !signet_der_read (&rest, &element))
      return FALSE;
    if ((element.tag & CONSTRUCTED) && !is_strict (element.contents, depth - 1))
      return FALSE;
  }
  return TRUE;
}

gboolean
signet_der_is_strict (const guint8 *data, gsize length, guint depth)
{
  SignetDer contents;

  return length > 0 && signet_der_open (data, length, data[0], &contents) &&
         is_strict ((SignetDer) { data, length }, depth);
}

gsize
signet_der_write_header (guint8 header[SIGNET_DER_MAX_HEADER], guint8 tag, guint32 length)
{
  gsize count = 0;

  header[0] = tag;
  if (length < 0x80) {
    header[1] = length;
    return 2;
  }
  while (count < 4 && length >> 8 * count > 0)
    count++;
  header[1] = 0x80 | count;
  for (gsize i = 0; i < count; i++)
    header[2 + i] = length >> 8 * (count - 1 - i);
  return 2 + count;
}

void
signet_der_append (GByteArray *to, guint8 tag, gconstpointer contents, gsize length)
{
  guint8 header[SIGNET_DER_MAX_HEADER];

  g_byte_array_append (to, header, signet_der_write_header (header, tag, length));
  g_byte_array_append (to, contents, length);
}

void
signet_der_enclose (GByteArray *self, guint8 tag)
{
  guint8 header[SIGNET_DER_MAX_HEADER];

  g_byte_array_prepend (self, header, signet_der_write_header (header, tag, self->len));
}
