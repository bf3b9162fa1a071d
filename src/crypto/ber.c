/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/ber.h"

#include "base/limits.h"

#include <string.h>

#define CONSTRUCTED 0x20
#define HIGH_TAG 0x1f
#define INDEFINITE ((gsize) -1)

/* Written into one block of twice the input: only a header in the place of an indefinite one can be longer than it was,
 * six bytes for four. */
typedef struct {
  guint8 *data;
  gsize length;
} Output;

static gboolean convert (SignetDer *rest, Output *out, guint depth);

/* Takes tag and length off REST; LENGTH becomes INDEFINITE for one that ends with an end-of-contents. */
static gboolean
read_header (SignetDer *rest, guint8 *tag, gsize *length)
{
  if (rest->length < 2 || (rest->data[0] & HIGH_TAG) == HIGH_TAG || rest->data[0] == 0)
    return FALSE;

  guint8 first = rest->data[1];
  gsize count = first > 0x80 ? first & 0x7f : 0;
  *tag = rest->data[0];
  *length = first == 0x80 ? INDEFINITE : first;
  if (count > 4 || rest->length < 2 + count || (*length == INDEFINITE && !(*tag & CONSTRUCTED)))
    return FALSE;
  if (count > 0)
    *length = 0;
  for (gsize i = 0; i < count; i++)
    *length = *length << 8 | rest->data[2 + i];
  rest->data += 2 + count;
  rest->length -= 2 + count;
  return first == 0x80 || *length <= rest->length;
}

static gboolean
take_end_of_contents (SignetDer *rest)
{
  if (rest->length < 2 || rest->data[0] != 0 || rest->data[1] != 0)
    return FALSE;
  rest->data += 2;
  rest->length -= 2;
  return TRUE;
}

/* The piece of an octet string, without a header. */
static gboolean
join_piece (SignetDer *rest, Output *out, guint depth)
{
  SignetDer piece = { out->data + out->length, 0 };
  SignetDerElement element;
  gsize start = out->length;

  if (!convert (rest, out, depth))
    return FALSE;
  piece.length = out->length - start;
  if (!signet_der_expect (&piece, SIGNET_DER_OCTET_STRING, &element))
    return FALSE;
  memmove (out->data + start, element.contents.data, element.contents.length);
  out->length = start + element.contents.length;
  return TRUE;
}

/* What is in a constructed element of LENGTH, each in its turn. */
static gboolean
convert_contents (SignetDer *rest, gsize length, gboolean is_octets, Output *out, guint depth)
{
  gboolean indefinite = length == INDEFINITE;
  SignetDer inner = { rest->data, indefinite ? rest->length : length };

  if (depth == 0)
    return FALSE;
  while (indefinite ? !take_end_of_contents (&inner) : inner.length > 0)
    if (!(is_octets ? join_piece : convert) (&inner, out, depth - 1))
      return FALSE;
  rest->length -= inner.data - rest->data;
  rest->data = inner.data;
  return TRUE;
}

static gboolean
convert (SignetDer *rest, Output *out, guint depth)
{
  guint8 tag, header[SIGNET_DER_MAX_HEADER];
  gsize length, start = out->length;

  if (!read_header (rest, &tag, &length))
    return FALSE;
  if (tag & CONSTRUCTED) {
    gboolean is_octets = tag == (SIGNET_DER_OCTET_STRING | CONSTRUCTED);
    if (!convert_contents (rest, length, is_octets, out, depth))
      return FALSE;
    if (is_octets)
      tag = SIGNET_DER_OCTET_STRING;
  } else {
    memcpy (out->data + out->length, rest->data, length);
    out->length += length;
    rest->data += length;
    rest->length -= length;
  }

  gsize header_length = signet_der_write_header (header, tag, out->length - start);
  memmove (out->data + start + header_length, out->data + start, out->length - start);
  memcpy (out->data + start, header, header_length);
  out->length += header_length;
  return TRUE;
}

SignetSecret *
signet_ber_to_der (const SignetDer *data)
{
  g_autoptr (SignetSecret) room = signet_secret_alloc (2 * data->length + SIGNET_DER_MAX_HEADER);
  Output out = { signet_secret_edit (room), 0 };
  SignetDer rest = *data;

  if (!convert (&rest, &out, SIGNET_MAX_BER_DEPTH) || rest.length > 0)
    return NULL;
  return signet_secret_new (out.data, out.length);
}
