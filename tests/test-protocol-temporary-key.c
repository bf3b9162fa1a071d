/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/temporary-key.h"

#include "base/error.h"
#include "base/hex.h"

#include "foreign.h"

#include <string.h>

#define ALPHABET "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#define CANONICAL "ABCDEFGH1K1MN0PQRST23456Z"

typedef struct {
  const char *name;
  const char *typed;
  const char *key;       /* NULL: refused */
} Case;

static const Case cases[] = {
  { "canonical", CANONICAL, CANONICAL },
  { "groups", "ABCDE-FGH1K-1MN0P-QRST2-3456Z", CANONICAL },
  { "lower-case", "abcde-fgh1k-1mn0p-qrst2-3456z", CANONICAL },
  { "look-alikes", "abcde-fghiK-lmnoP-QRST2-3456Z", CANONICAL },
  { "look-alikes-upper", "ABCDE-FGHIK-LMNOP-QRST2-3456Z", CANONICAL },
  { "spaces", "  ABCDE FGH1K\t1MN0P \n QRST2 3456Z\r\n", CANONICAL },
  { "misplaced-dashes", "A-BCDEFGH1K--1MN0PQRST2345-6Z-", CANONICAL },
  { "typographic-dashes", "ABCDE–FGH1K—1MN0P‑QRST2−3456Z", CANONICAL },
  { "no-break-space", "ABCDE\302\240FGH1K\342\200\2571MN0PQRST23456Z", CANONICAL },
  { "zero-width", "ABCDE\342\200\213FGH1K1MN0P\357\273\277QRST23456Z", CANONICAL },
  { "empty", "", NULL },
  { "only-dashes", "-----", NULL },
  { "short", "ABCDEFGH1K1MN0PQRST23456", NULL },
  { "long", CANONICAL "0", NULL },
  { "letter-u", "UBCDEFGH1K1MN0PQRST23456Z", NULL },
  { "sign", "ABCDE/FGH1K1MN0PQRST23456Z", NULL },
  { "cyrillic", "\320\220BCDEFGH1K1MN0PQRST23456Z", NULL },
  { "full-width", "\357\274\241BCDEFGH1K1MN0PQRST23456Z", NULL },
  { "not-utf-8", "\377BCDEFGH1K1MN0PQRST23456Z", NULL },
};

static void
test_parse (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (SignetSecret) typed = signet_secret_new_text (c->typed);
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetSecret) key = signet_temporary_key_parse (typed, &error);

  if (c->key == NULL) {
    g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
    g_assert_null (key);
    g_assert_null (strstr (error->message, "BCDEF"));       /* no part of a key in an error */
    return;
  }
  g_assert_no_error (error);
  g_assert_cmpstr (signet_secret_get_text (key), ==, c->key);
}

static void
test_nul (void)
{
  g_autoptr (SignetSecret) typed = signet_secret_new (CANONICAL "\0", 26);
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_temporary_key_parse (typed, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
}

static void
test_huge (void)
{
  g_autofree char *dashes = g_strnfill (1000000, '-'), *text = g_strconcat (dashes, CANONICAL, NULL);
  g_autoptr (SignetSecret) typed = signet_secret_new_text (text);
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_temporary_key_parse (typed, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
}

/* 2,000 keys: none twice, and each of the 32 signs about as often as another (1562 times; six standard deviations
 * are 233). */
static void
test_generate (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint counts[128] = { 0 };

  for (int i = 0; i < 2000; i++) {
    g_autoptr (SignetSecret) key = signet_temporary_key_generate ();
    const char *text = signet_secret_get_text (key);

    g_assert_cmpuint (strlen (text), ==, 25);
    g_assert_cmpuint (strspn (text, ALPHABET), ==, 25);
    g_assert_true (g_hash_table_add (seen, g_strdup (text)));
    for (const char *c = text; *c != '\0'; c++)
      counts[(guint8) *c]++;
  }
  for (const char *c = ALPHABET; *c != '\0'; c++) {
    g_assert_cmpuint (counts[(guint8) *c], >, 1562 - 233);
    g_assert_cmpuint (counts[(guint8) *c], <, 1562 + 233);
  }
}

static void
test_format (void)
{
  g_autoptr (SignetSecret) key = signet_temporary_key_generate ();
  g_autoptr (SignetSecret) formatted = signet_temporary_key_format (key);
  g_autoptr (SignetSecret) again = signet_temporary_key_parse (formatted, NULL);
  g_autoptr (SignetSecret) fixed = signet_secret_new_text (CANONICAL);
  g_autoptr (SignetSecret) fixed_formatted = signet_temporary_key_format (fixed);

  g_assert_true (signet_secret_equal (key, again));
  g_assert_cmpstr (signet_secret_get_text (fixed_formatted), ==, "ABCDE-FGH1K-1MN0P-QRST2-3456Z");
}

static void
test_digest (void)
{
  g_autoptr (SignetSecret) key = signet_secret_new_text (CANONICAL);
  g_autoptr (GBytes) digest = signet_temporary_key_digest (key), input = g_bytes_new_static (CANONICAL, 25);
  g_autofree char *hex = signet_hex_encode (digest);
  g_autoptr (GBytes) output = foreign_run (input, "sha256sum", NULL);
  g_autofree char *text = foreign_text (output);

  g_assert_true (g_str_has_prefix (text, hex));
  g_assert_cmpuint (strlen (hex), ==, 64);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/protocol/temporary-key/parse/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], test_parse);
  }
  g_test_add_func ("/protocol/temporary-key/parse/nul", test_nul);
  g_test_add_func ("/protocol/temporary-key/parse/huge", test_huge);
  g_test_add_func ("/protocol/temporary-key/generate", test_generate);
  g_test_add_func ("/protocol/temporary-key/format", test_format);
  g_test_add_func ("/protocol/temporary-key/digest", test_digest);
  return g_test_run ();
}
