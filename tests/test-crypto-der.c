/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "crypto/der.h"

#include <string.h>

#define BYTES(...) (const guint8[]) { __VA_ARGS__ }, sizeof ((const guint8[]) { __VA_ARGS__ })

typedef struct {
  const char *name;
  const guint8 *data;
  gsize length;
  gboolean strict;
} Case;

static void
test_strict (void)
{
  const Case cases[] = {
    { "null", BYTES (5, 0), TRUE },
    { "integer", BYTES (2, 1, 7), TRUE },
    { "empty sequence", BYTES (0x30, 0), TRUE },
    { "nested", BYTES (0x30, 5, 0x30, 3, 2, 1, 7), TRUE },
    { "nothing", NULL, 0, FALSE },
    { "tag alone", BYTES (2), FALSE },
    { "trailing byte", BYTES (2, 1, 7, 0), FALSE },
    { "cut", BYTES (2, 2, 7), FALSE },
    { "indefinite", BYTES (0x30, 0x80, 0, 0), FALSE },
    { "long length of a short one", BYTES (2, 0x81, 1, 7), FALSE },
    { "padded length", BYTES (2, 0x82, 0, 1, 7), FALSE },
    { "five bytes of length", BYTES (4, 0x85, 1, 0, 0, 0, 0, 0), FALSE },
    { "length cut", BYTES (4, 0x82, 1), FALSE },
    { "length past everything", BYTES (4, 0x84, 0xff, 0xff, 0xff, 0xff), FALSE },
    { "long tag", BYTES (0x1f, 0x81, 1, 0), FALSE },
    { "inner one cut", BYTES (0x30, 3, 2, 2, 7), FALSE },
    { "inner one trails", BYTES (0x30, 4, 2, 1, 7, 0), FALSE },
    { "too deep", BYTES (0x30, 8, 0x30, 6, 0x30, 4, 0x30, 2, 5, 0), FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].name);
    /* On the heap, so that a sanitizer sees a byte read too far. */
    g_autofree guint8 *data = g_memdup2 (cases[i].data, cases[i].length);
    g_assert_cmpint (signet_der_is_strict (data, cases[i].length, 4), ==, cases[i].strict);
  }
}

static void
test_read (void)
{
  static const guint8 data[] = { 0x30, 6, 2, 1, 7, 4, 1, 'x' };
  SignetDer rest;
  SignetDerElement element;

  g_assert_false (signet_der_open (data, sizeof data, SIGNET_DER_SET, &rest));
  g_assert_true (signet_der_open (data, sizeof data, SIGNET_DER_SEQUENCE, &rest));
  g_assert_false (signet_der_expect (&rest, SIGNET_DER_OCTET_STRING, &element));
  g_assert_true (signet_der_expect (&rest, SIGNET_DER_INTEGER, &element));
  g_assert_cmpmem (element.contents.data, element.contents.length, "\x07", 1);
  g_assert_true (signet_der_read (&rest, &element));
  g_assert_cmpint (element.tag, ==, SIGNET_DER_OCTET_STRING);
  g_assert_cmpmem (element.whole.data, element.whole.length, "\x04\x01x", 3);
  g_assert_false (signet_der_read (&rest, &element));
  g_assert_false (signet_der_expect (&rest, SIGNET_DER_INTEGER, &element));
}

/* What is written is read, at each border between lengths of lengths. */
static void
test_header (void)
{
  static const guint32 lengths[] = { 0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000, 0xffffff, 0x1000000 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    guint8 header[SIGNET_DER_MAX_HEADER];
    gsize size = signet_der_write_header (header, SIGNET_DER_OCTET_STRING, lengths[i]);
    g_autofree guint8 *data = g_malloc0 (size + lengths[i]);
    SignetDer contents;

    memcpy (data, header, size);
    g_assert_true (signet_der_open (data, size + lengths[i], SIGNET_DER_OCTET_STRING, &contents));
    g_assert_cmpuint (contents.length, ==, lengths[i]);
  }
}

static void
test_write (void)
{
  g_autoptr (GByteArray) der = g_byte_array_new ();

  signet_der_append (der, SIGNET_DER_INTEGER, "\7", 1);
  signet_der_append (der, SIGNET_DER_OCTET_STRING, "", 0);
  signet_der_enclose (der, SIGNET_DER_SEQUENCE);
  g_assert_cmpmem (der->data, der->len, "\x30\x05\x02\x01\x07\x04\x00", 7);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crypto/der/strict", test_strict);
  g_test_add_func ("/crypto/der/read", test_read);
  g_test_add_func ("/crypto/der/header", test_header);
  g_test_add_func ("/crypto/der/write", test_write);
  return g_test_run ();
}
