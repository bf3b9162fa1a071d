/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/limits.h"
#include "crypto/ber.h"

#include <string.h>

#define BYTES(literal) (literal), sizeof (literal) - 1

static void
test_forms (void)
{
  const struct {
    const char *ber;
    gsize ber_length;
    const char *der;      /* NULL: refused */
    gsize der_length;
  } cases[] = {
    { BYTES ("\x30\x03\x02\x01\x05"), BYTES ("\x30\x03\x02\x01\x05") },
    { BYTES ("\x30\x80\x02\x01\x05\x00\x00"), BYTES ("\x30\x03\x02\x01\x05") },
    { BYTES ("\x30\x80\x00\x00"), BYTES ("\x30\x00") },
    { BYTES ("\x30\x81\x03\x02\x01\x05"), BYTES ("\x30\x03\x02\x01\x05") },
    { BYTES ("\x30\x84\x00\x00\x00\x03\x02\x01\x05"), BYTES ("\x30\x03\x02\x01\x05") },
    { BYTES ("\x24\x80\x04\x01" "a\x04\x02" "bc\x00\x00"), BYTES ("\x04\x03" "abc") },
    { BYTES ("\x24\x08\x24\x80\x04\x01" "a\x00\x00\x04\x00"), NULL, 0 },      /* cuts what is in it */
    { BYTES ("\x24\x09\x24\x80\x04\x01" "a\x00\x00\x04\x00"), BYTES ("\x04\x01" "a") },
    { BYTES ("\x24\x80\x00\x00"), BYTES ("\x04\x00") },
    { BYTES ("\x24\x03\x02\x01\x05"), NULL, 0 },                                  /* an octet string of integers */
    { BYTES ("\xa0\x80\x30\x80\x04\x01x\x00\x00\x00\x00"), BYTES ("\xa0\x05\x30\x03\x04\x01x") },
    { BYTES (""), NULL, 0 },
    { BYTES ("\x30"), NULL, 0 },
    { BYTES ("\x30\x80"), NULL, 0 },                                              /* without an end */
    { BYTES ("\x30\x80\x02\x01\x05\x00"), NULL, 0 },
    { BYTES ("\x30\x80\x02\x01\x05\x00\x01"), NULL, 0 },
    { BYTES ("\x02\x80\x05\x00\x00"), NULL, 0 },                                  /* indefinite, but primitive */
    { BYTES ("\x30\x04\x02\x01\x05"), NULL, 0 },
    { BYTES ("\x30\x03\x02\x01\x05\x00"), NULL, 0 },                              /* something after it */
    { BYTES ("\x30\x02\x00\x00"), NULL, 0 },
    { BYTES ("\x00\x00"), NULL, 0 },
    { BYTES ("\x1f\x01\x00"), NULL, 0 },
    { BYTES ("\x04\x84\xff\xff\xff\xff" "a"), NULL, 0 },
    { BYTES ("\x04\x85\x00\x00\x00\x00\x01" "a"), NULL, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    SignetDer bytes = { (const guint8 *) cases[i].ber, cases[i].ber_length };
    g_autoptr (SignetSecret) der = signet_ber_to_der (&bytes);
    g_test_message ("case %u", i);
    g_assert_true ((der != NULL) == (cases[i].der != NULL));
    if (der != NULL)
      g_assert_cmpmem (signet_secret_get (der, NULL), signet_secret_length (der), cases[i].der, cases[i].der_length);
  }
}

/* Every layer takes a byte more than it did. */
static void
test_depth (void)
{
  for (guint depth = SIGNET_MAX_BER_DEPTH; depth <= SIGNET_MAX_BER_DEPTH + 1; depth++) {
    g_autoptr (GByteArray) ber = g_byte_array_new (), octets = g_byte_array_new ();
    g_autofree guint8 *contents = g_malloc0 (70000);

    for (guint i = 0; i < depth; i++)
      g_byte_array_append (ber, (const guint8 *) "\x30\x80", 2);
    signet_der_append (octets, SIGNET_DER_OCTET_STRING, contents, 70000);
    g_byte_array_append (ber, octets->data, octets->len);
    for (guint i = 0; i < depth; i++)
      g_byte_array_append (ber, (const guint8 *) "\x00\x00", 2);

    SignetDer bytes = { ber->data, ber->len };
    g_autoptr (SignetSecret) der = signet_ber_to_der (&bytes);
    g_assert_true ((der != NULL) == (depth <= SIGNET_MAX_BER_DEPTH));
    if (der != NULL) {
      g_assert_cmpuint (signet_secret_length (der), ==, octets->len + depth * 5);
      g_assert_true (signet_der_is_strict (signet_secret_get (der, NULL), signet_secret_length (der), depth + 1));
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crypto/ber/forms", test_forms);
  g_test_add_func ("/crypto/ber/depth", test_depth);
  return g_test_run ();
}
