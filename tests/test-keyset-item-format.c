/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/item-format.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/limits.h"

#include <string.h>

#define MAGIC "SIGNETXX"

static SignetSecret *
build (const char *magic, guint32 version, const char *json, const char *body)
{
  g_autoptr (JsonObject) header = signet_json_parse (json, strlen (json), SIGNET_MAX_JSON, NULL);
  g_autoptr (GBytes) prefix = signet_item_format_prefix (magic, version, header);
  g_autoptr (SignetSecret) secret = signet_secret_new_text (body);
  g_autoptr (GError) error = NULL;
  SignetSecret *blob = signet_item_format_build (prefix, secret, &error);

  g_assert_no_error (error);
  return blob;
}

static void
assert_refused (SignetSecret *blob, SignetError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_item_format_parse (blob, MAGIC, 1, &error));
  g_assert_error (error, SIGNET_ERROR, (int) code);
}

/* BYTES with a digest that fits, as a hostile writer would make it. */
static SignetSecret *
with_digest (const void *bytes, gsize length)
{
  g_autoptr (GBytes) content = g_bytes_new (bytes, length), digest = signet_sha256 (content);
  SignetSecret *blob = signet_secret_alloc (length + 32);

  memcpy (signet_secret_edit (blob), bytes, length);
  memcpy (signet_secret_edit (blob) + length, g_bytes_get_data (digest, NULL), 32);
  return blob;
}

static void
test_round_trip (void)
{
  g_autoptr (SignetSecret) blob = build (MAGIC, 1, "{\"a\":1}", "the body");
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetItemParts) parts = signet_item_format_parse (blob, MAGIC, 1, &error);
  gint64 number = 0;

  g_assert_no_error (error);
  g_assert_true (signet_json_get_integer (parts->header, "a", 0, 9, &number, NULL));
  g_assert_cmpint (number, ==, 1);
  g_assert_cmpstr (signet_secret_get_text (parts->body), ==, "the body");
}

/* The very bytes: what is written today must be readable for ever. */
static void
test_bytes (void)
{
  const char expected[] = "SIGNETXX\0\0\0\1\0\0\0\7{\"a\":1}\0\0\0\10the body";
  g_autoptr (SignetSecret) blob = build (MAGIC, 1, "{\"a\":1}", "the body");
  g_autoptr (SignetSecret) same = with_digest (expected, sizeof expected - 1);
  g_autoptr (SignetItemParts) parts = signet_item_format_parse (blob, MAGIC, 1, NULL);

  g_assert_true (signet_secret_equal (blob, same));
  g_assert_cmpmem (g_bytes_get_data (parts->prefix, NULL), g_bytes_get_size (parts->prefix), expected, 8 + 4 + 4 + 7);
}

static void
test_cut (void)
{
  g_autoptr (SignetSecret) blob = build (MAGIC, 1, "{\"a\":1}", "the body");

  for (gsize length = 0; length < signet_secret_length (blob); length++) {
    g_autoptr (SignetSecret) cut = signet_secret_new (signet_secret_get (blob, NULL), length);
    assert_refused (cut, SIGNET_ERROR_DAMAGED);
  }
}

static void
test_extended (void)
{
  g_autoptr (SignetSecret) blob = build (MAGIC, 1, "{\"a\":1}", "the body");
  g_autoptr (SignetSecret) longer = signet_secret_alloc (signet_secret_length (blob) + 1);

  memcpy (signet_secret_edit (longer), signet_secret_get (blob, NULL), signet_secret_length (blob));
  assert_refused (longer, SIGNET_ERROR_DAMAGED);
}

static void
test_flipped (void)
{
  g_autoptr (SignetSecret) blob = build (MAGIC, 1, "{\"a\":1}", "the body");

  for (gsize bit = 0; bit < 8 * signet_secret_length (blob); bit++) {
    g_autoptr (SignetSecret) flipped = signet_secret_new (signet_secret_get (blob, NULL), signet_secret_length (blob));
    signet_secret_edit (flipped)[bit / 8] ^= 1 << bit % 8;
    assert_refused (flipped, SIGNET_ERROR_DAMAGED);
  }
}

static void
test_other_kinds (void)
{
  g_autoptr (SignetSecret) newer = build (MAGIC, 2, "{}", ""), older = build (MAGIC, 0, "{}", "");
  g_autoptr (SignetSecret) other = build ("SIGNETYY", 1, "{}", "");

  assert_refused (newer, SIGNET_ERROR_UNSUPPORTED);
  assert_refused (older, SIGNET_ERROR_UNSUPPORTED);
  assert_refused (other, SIGNET_ERROR_INVALID);
}

/* Whole by its digest, and yet not what the frame says. */
static void
test_hostile (void)
{
#define FRAME MAGIC "\0\0\0\1"
#define BLOB(text) { text, sizeof text - 1 }
  const struct {
    const char *bytes;
    gsize length;
  } blobs[] = {
    BLOB (FRAME "\377\377\377\377{}\0\0\0\0"),
    BLOB (FRAME "\0\0\0\3{}\0\0\0\0"),
    BLOB (FRAME "\0\0\0\2{}\0\0\0\1"),
    BLOB (FRAME "\0\0\0\2{}\377\377\377\377"),
    BLOB (FRAME "\0\0\0\2{}\0\0\0\0x"),
    BLOB (FRAME "\0\0\0\0\0\0\0\0"),
    BLOB (FRAME "\0\0\0\2[]\0\0\0\0"),
    BLOB (FRAME "\0\0\0\2{\377\0\0\0\0"),
    BLOB (FRAME "\0\0\0\15{\"a\":1,\"a\":2}\0\0\0\0"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (blobs); i++) {
    g_autoptr (SignetSecret) blob = with_digest (blobs[i].bytes, blobs[i].length);
    assert_refused (blob, SIGNET_ERROR_DAMAGED);
  }
}

static void
test_size (void)
{
  g_autoptr (JsonObject) header = json_object_new ();
  g_autoptr (GBytes) prefix = signet_item_format_prefix (MAGIC, 1, header);
  gsize most = SIGNET_MAX_BLOB - g_bytes_get_size (prefix) - 4 - 32;
  g_autoptr (SignetSecret) fits = signet_secret_alloc (most), too_large = signet_secret_alloc (most + 1);
  g_autoptr (SignetSecret) blob = signet_item_format_build (prefix, fits, NULL);
  g_autoptr (SignetSecret) huge = signet_secret_alloc (SIGNET_MAX_BLOB + 1);
  g_autoptr (SignetItemParts) parts = signet_item_format_parse (blob, MAGIC, 1, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (parts);
  g_assert_cmpuint (signet_secret_length (blob), ==, SIGNET_MAX_BLOB);
  g_assert_null (signet_item_format_build (prefix, too_large, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE);
  assert_refused (huge, SIGNET_ERROR_TOO_LARGE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keyset/item-format/round-trip", test_round_trip);
  g_test_add_func ("/keyset/item-format/bytes", test_bytes);
  g_test_add_func ("/keyset/item-format/cut", test_cut);
  g_test_add_func ("/keyset/item-format/extended", test_extended);
  g_test_add_func ("/keyset/item-format/flipped", test_flipped);
  g_test_add_func ("/keyset/item-format/other-kinds", test_other_kinds);
  g_test_add_func ("/keyset/item-format/hostile", test_hostile);
  g_test_add_func ("/keyset/item-format/size", test_size);
  return g_test_run ();
}
