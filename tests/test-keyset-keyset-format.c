/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "keyset/keyset-format.h"

#include "base/error.h"
#include "base/limits.h"
#include "keyset/item-format.h"
#include "sample-keyset.h"

#include <string.h>

static SignetSecret *
read_fixture (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fixtures", name, NULL), *content = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (path, &content, &length, &error);
  g_assert_no_error (error);
  return signet_secret_new (content, length);
}

/* What was stored by the first version that wrote this form opens still, each fact and key of it. */
static void
test_fixture (gconstpointer data)
{
  SignetLevel level = GPOINTER_TO_UINT (data);
  g_autofree char *name = g_strdup_printf ("keyset-v1-%s.bin", signet_level_to_name (level));
  g_autoptr (SignetSecret) blob = read_fixture (name);
  g_autoptr (SignetSecret) password = sample_password (level);
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetKeyset) keyset = signet_keyset_from_blob (blob, &error);
  g_autoptr (GBytes) reply = g_bytes_new ("r1", 2);

  g_assert_no_error (error);
  g_assert_cmpstr (signet_keyset_get_name (keyset), ==, "Work");
  g_assert_cmpuint (signet_keyset_get_level (keyset), ==, level);
  g_assert_cmpuint (signet_keyset_get_ids (keyset)->len, ==, 3);
  g_assert_cmpuint (signet_keyset_count_history (keyset), ==, 1);
  SignetDigitalId *id = signet_keyset_get_current (keyset, SIGNET_ID_SIGNING);
  g_assert_true (signet_keyset_find_reply (keyset, reply) == id);
  g_assert_cmpstr (id->authority, ==, "Example Authority");
  g_assert_cmpint (id->installed, >, 1600000000);
  g_assert_cmpuint (id->chain->len, ==, 2);
  g_assert_true (signet_certificate_has_address (id->certificate, "asa@example.org"));
  g_assert_true (signet_certificate_is_ca (id->chain->pdata[1]));

  g_autoptr (GPtrArray) keys = signet_keyset_unlock (keyset, password, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (keys->len, ==, 3);
}

static void
assert_refused (SignetSecret *blob, SignetError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_keyset_from_blob (blob, &error));
  g_assert_error (error, SIGNET_ERROR, (int) code);
}

static void
test_round_trip (void)
{
  g_autoptr (SignetKeyset) keyset = sample_keyset_new ("Wörk", SIGNET_LEVEL_LOW);
  g_autoptr (SignetSecret) blob = signet_keyset_to_blob (keyset, NULL);
  g_autoptr (SignetKeyset) again = signet_keyset_from_blob (blob, NULL);
  g_autoptr (SignetSecret) blob_again = signet_keyset_to_blob (again, NULL);

  g_assert_cmpstr (signet_keyset_get_id (again), ==, signet_keyset_get_id (keyset));
  g_assert_true (signet_secret_equal (blob, blob_again));
}

static void
test_cut (void)
{
  g_autoptr (SignetSecret) blob = read_fixture ("keyset-v1-high.bin");

  for (gsize length = 0; length < signet_secret_length (blob); length++) {
    g_autoptr (SignetSecret) cut = signet_secret_new (signet_secret_get (blob, NULL), length);
    assert_refused (cut, SIGNET_ERROR_DAMAGED);
  }
}

static void
test_flipped (void)
{
  g_autoptr (SignetSecret) blob = read_fixture ("keyset-v1-high.bin");

  for (gsize i = 0; i < signet_secret_length (blob); i++) {
    g_autoptr (SignetSecret) flipped = signet_secret_new (signet_secret_get (blob, NULL), signet_secret_length (blob));
    signet_secret_edit (flipped)[i] ^= 1 << i % 8;
    assert_refused (flipped, SIGNET_ERROR_DAMAGED);
  }
}

static SignetItemParts *
parse (SignetSecret *blob)
{
  return signet_item_format_parse (blob, SIGNET_KEYSET_MAGIC, SIGNET_KEYSET_VERSION, NULL);
}

static SignetSecret *
build (JsonObject *header, SignetSecret *body)
{
  g_autoptr (GBytes) prefix = signet_item_format_prefix (SIGNET_KEYSET_MAGIC, SIGNET_KEYSET_VERSION, header);

  return signet_item_format_build (prefix, body, NULL);
}

static void
test_other_version (void)
{
  g_autoptr (SignetSecret) blob = read_fixture ("keyset-v1-low.bin");
  g_autoptr (SignetItemParts) parts = parse (blob);
  g_autoptr (GBytes) newer = signet_item_format_prefix (SIGNET_KEYSET_MAGIC, 2, parts->header);
  g_autoptr (GBytes) other = signet_item_format_prefix ("SIGNETPR", 1, parts->header);
  g_autoptr (SignetSecret) newer_blob = signet_item_format_build (newer, parts->body, NULL);
  g_autoptr (SignetSecret) other_blob = signet_item_format_build (other, parts->body, NULL);

  assert_refused (newer_blob, SIGNET_ERROR_UNSUPPORTED);
  assert_refused (other_blob, SIGNET_ERROR_INVALID);
}

/* Under the right password and a digest that fits, a seal still opens behind its own header only. */
static void
test_seal_of_another (void)
{
  g_autoptr (SignetKeyset) one = sample_keyset_new ("One", SIGNET_LEVEL_HIGH);
  g_autoptr (SignetKeyset) other = sample_keyset_new ("Other", SIGNET_LEVEL_HIGH);
  g_autoptr (SignetSecret) one_blob = signet_keyset_to_blob (one, NULL);
  g_autoptr (SignetSecret) other_blob = signet_keyset_to_blob (other, NULL);
  g_autoptr (SignetItemParts) one_parts = parse (one_blob), other_parts = parse (other_blob);
  g_autoptr (SignetSecret) mixed = signet_item_format_build (one_parts->prefix, other_parts->body, NULL);
  g_autoptr (SignetSecret) password = sample_password (SIGNET_LEVEL_HIGH);
  g_autoptr (SignetKeyset) keyset = signet_keyset_from_blob (mixed, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (keyset);
  g_assert_null (signet_keyset_unlock (keyset, password, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);
}

/* At Low nothing is sealed, and keys that are not those of the certificates are found by themselves. */
static void
test_keys_of_another (void)
{
  g_autoptr (SignetSecret) blob = read_fixture ("keyset-v1-low.bin");
  g_autoptr (SignetKeyset) other = sample_keyset_new ("Other", SIGNET_LEVEL_LOW);
  g_autoptr (SignetSecret) other_blob = signet_keyset_to_blob (other, NULL);
  g_autoptr (SignetItemParts) parts = parse (blob), other_parts = parse (other_blob);
  g_autoptr (SignetSecret) mixed = signet_item_format_build (parts->prefix, other_parts->body, NULL);
  g_autoptr (SignetKeyset) keyset = signet_keyset_from_blob (mixed, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_keyset_unlock (keyset, NULL, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED);
}

/* The level and what lies behind it. */
static void
test_level_and_body (void)
{
  g_autoptr (SignetSecret) low = read_fixture ("keyset-v1-low.bin"), high = read_fixture ("keyset-v1-high.bin");
  g_autoptr (SignetItemParts) low_parts = parse (low), high_parts = parse (high);
  g_autoptr (SignetSecret) open_high = signet_item_format_build (high_parts->prefix, low_parts->body, NULL);
  g_autoptr (SignetSecret) sealed_low = signet_item_format_build (low_parts->prefix, high_parts->body, NULL);
  g_autoptr (SignetSecret) nothing = signet_secret_new (NULL, 0);
  g_autoptr (SignetSecret) empty = signet_item_format_build (high_parts->prefix, nothing, NULL);

  assert_refused (open_high, SIGNET_ERROR_DAMAGED);
  assert_refused (sealed_low, SIGNET_ERROR_DAMAGED);
  assert_refused (empty, SIGNET_ERROR_DAMAGED);
}

/* One text of the header in place of another, each a change that a writer of ours never makes. */
static void
test_header (void)
{
  g_autoptr (SignetSecret) blob = read_fixture ("keyset-v1-low.bin");
  g_autoptr (SignetItemParts) parts = parse (blob);
  g_autofree char *text = signet_json_print (parts->header);
  const struct {
    const char *old, *new;
  } changes[] = {
    { "\"id\" : \"", "\"id\" : \"x" },
    { "\"id\" : \"", "\"no\" : \"" },
    { "\"name\" : \"Work\"", "\"name\" : \" Work\"" },
    { "\"name\" : \"Work\"", "\"name\" : \"\"" },
    { "\"name\" : \"Work\"", "\"name\" : 7" },
    { "\"low\"", "\"lower\"" },
    { "\"low\"", "3" },
    { "\"use\" : \"signing\"", "\"use\" : \"both\"" },
    { "\"use\" : \"signing\"", "\"use\" : \"encryption\"" },     /* two current ones of a use */
    { "\"current\" : false", "\"current\" : true" },
    { "\"current\" : false", "\"current\" : 0" },
    { "\"installed\" : ", "\"installed\" : -" },
    { "\"installed\" : ", "\"installed\" : 1000000" },
    { "\"authority\" :", "\"author\" :" },
    { "\"reply-id\" : \"", "\"reply-id\" : \"AAA" },
    { "\"reply-id\" : \"cjE=\"", "\"reply-id\" : \"\"" },
    { "\"certificate\" : \"MII", "\"certificate\" : \"MIJ" },
    { "\"certificate\" : \"MII", "\"certificate\" : \"" },
    { "\"issuers\"", "\"issuer\"" },
    { "\"ids\"", "\"id2\"" },
    { "\"chain\"", "\"chains\"" },
    { "\n        0,\n", "\n        2,\n" },
    { "\n        0,\n", "\n        -1,\n" },
    { "\n        0,\n", "\n        \"0\",\n" },
    { "\n        0,\n", "\n        0, 0, 0, 0, 0, 0, 0, 0,\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_assert_nonnull (strstr (text, changes[i].old));
    g_autoptr (GString) changed = g_string_new (text);
    g_string_replace (changed, changes[i].old, changes[i].new, 1);
    g_autoptr (JsonObject) header = signet_json_parse (changed->str, changed->len, SIGNET_MAX_BLOB, NULL);
    g_assert_nonnull (header);
    g_autoptr (SignetSecret) forged = build (header, parts->body);
    assert_refused (forged, SIGNET_ERROR_DAMAGED);
  }
}

/* One ID twice, and more than there may be. */
static void
test_header_ids (void)
{
  g_autoptr (SignetSecret) blob = read_fixture ("keyset-v1-low.bin");
  const guint copies[] = { 1, SIGNET_MAX_IDS };
  const char *const others[] = { "id", "name", "level", "issuers" };

  for (guint i = 0; i < G_N_ELEMENTS (copies); i++) {
    g_autoptr (SignetItemParts) parts = parse (blob);
    JsonArray *ids = json_object_get_array_member (parts->header, "ids");
    g_autoptr (JsonArray) more = json_array_new ();
    for (guint j = 0; j < copies[i] + json_array_get_length (ids); j++)
      json_array_add_element (more, json_array_dup_element (ids, MIN (j, 2)));
    g_autoptr (JsonObject) header = json_object_new ();
    for (guint j = 0; j < G_N_ELEMENTS (others); j++)
      json_object_set_member (header, others[j], json_object_dup_member (parts->header, others[j]));
    json_object_set_array_member (header, "ids", json_array_ref (more));
    g_autoptr (SignetSecret) forged = build (header, parts->body);
    assert_refused (forged, SIGNET_ERROR_DAMAGED);
  }
}

/* How long a password may be remembered: a number of minutes, and only where there is a password. */
static void
test_header_remember (void)
{
  static const struct {
    const char *level, *member;
  } refused[] = {
    { "high", "0" }, { "high", "-1" }, { "high", "61" }, { "high", "10.5" }, { "high", "\"10\"" }, { "high", "null" },
    { "high", "4294967306" }, { "low", "10" }, { "low", "0" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autofree char *name = g_strdup_printf ("keyset-v1-%s.bin", refused[i].level);
    g_autoptr (SignetSecret) blob = read_fixture (name);
    g_autoptr (SignetItemParts) parts = parse (blob);
    json_object_set_member (parts->header, "remember", json_from_string (refused[i].member, NULL));
    g_autoptr (SignetSecret) forged = build (parts->header, parts->body);
    assert_refused (forged, SIGNET_ERROR_DAMAGED);
  }

  /* Nobody else can allow it: the seal is of the header, too. */
  g_autoptr (SignetSecret) blob = read_fixture ("keyset-v1-high.bin");
  g_autoptr (SignetItemParts) parts = parse (blob);
  json_object_set_int_member (parts->header, "remember", 10);
  g_autoptr (SignetSecret) forged = build (parts->header, parts->body);
  g_autoptr (SignetKeyset) keyset = signet_keyset_from_blob (forged, NULL);
  g_autoptr (SignetSecret) password = sample_password (SIGNET_LEVEL_HIGH);
  g_autoptr (GError) error = NULL;
  g_assert_cmpuint (signet_keyset_get_remember (keyset), ==, 10);
  g_assert_null (signet_keyset_unlock (keyset, password, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_WRONG_PASSWORD);
}

/* Where an ID is renewed, and whether by itself. */
static void
test_header_renewal (void)
{
  static const struct {
    const char *level, *member, *server;
  } refused[] = {
    { "high", "true", NULL }, { "low", "false", NULL }, { "low", "1", NULL }, { "low", "\"true\"", NULL },
    { "low", NULL, "http://ca.example.org" }, { "low", NULL, "" }, { "low", NULL, "file:///etc" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autofree char *name = g_strdup_printf ("keyset-v1-%s.bin", refused[i].level);
    g_autoptr (SignetSecret) blob = read_fixture (name);
    g_autoptr (SignetItemParts) parts = parse (blob);
    JsonObject *first = json_array_get_object_element (json_object_get_array_member (parts->header, "ids"), 0);
    if (refused[i].member != NULL)
      json_object_set_member (parts->header, "renews-itself", json_from_string (refused[i].member, NULL));
    else
      json_object_set_string_member (first, "server", refused[i].server);
    g_autoptr (SignetSecret) forged = build (parts->header, parts->body);
    assert_refused (forged, SIGNET_ERROR_DAMAGED);
  }
}

static void
test_renewal (void)
{
  g_autoptr (SampleIds) sample = sample_ids_new ();
  g_autoptr (GError) error = NULL;

  sample_ids_add (sample, SIGNET_ID_SIGNING, TRUE, 0, "asa@example.org", 0, NULL);
  signet_digital_id_take_server (sample->ids->pdata[0], "https://ca.example.org");
  g_autoptr (SignetKeyset) keyset = signet_keyset_new ("Work", SIGNET_LEVEL_LOW, sample->ids, sample->keys, NULL, NULL);
  g_assert_false (signet_keyset_renews_itself (keyset));
  g_assert_cmpstr (signet_keyset_get_renewable (keyset)->server, ==, "https://ca.example.org");

  g_autoptr (SignetKeyset) itself = signet_keyset_let_renew_itself (keyset, TRUE, &error);
  g_assert_no_error (error);
  g_autoptr (SignetSecret) blob = signet_keyset_to_blob (itself, NULL);
  g_autoptr (SignetKeyset) again = signet_keyset_from_blob (blob, &error);
  g_assert_no_error (error);
  g_assert_true (signet_keyset_renews_itself (again));
  g_assert_cmpstr (signet_keyset_get_renewable (again)->server, ==, "https://ca.example.org");

  g_autoptr (SignetSecret) password = sample_password (SIGNET_LEVEL_HIGH);
  g_autoptr (SignetKeyset) high = signet_keyset_protect (again, NULL, SIGNET_LEVEL_HIGH, password, &error);
  g_assert_no_error (error);
  g_assert_false (signet_keyset_renews_itself (high));
  g_assert_null (signet_keyset_let_renew_itself (high, TRUE, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
}

/* A lifetime of encryption keys fits into one item, since each issuer is stored once. */
static void
test_long_history (void)
{
  g_autoptr (SampleIds) sample = sample_ids_new ();
  g_autoptr (GError) error = NULL;

  sample_ids_add (sample, SIGNET_ID_SIGNING, TRUE, 0, "asa@example.org", 0, "r1");
  for (guint i = 1; i < SIGNET_MAX_IDS; i++)
    sample_ids_add (sample, SIGNET_ID_ENCRYPTION, i == 1, i % 4, "asa@example.org", 0, "r1");
  g_autoptr (SignetKeyset) keyset = signet_keyset_new ("Work", SIGNET_LEVEL_LOW, sample->ids, sample->keys, NULL,
                                                       &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) keys = signet_keyset_unlock (keyset, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (keys->len, ==, SIGNET_MAX_IDS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/keyset/keyset-format/fixture/low", GUINT_TO_POINTER (SIGNET_LEVEL_LOW), test_fixture);
  g_test_add_data_func ("/keyset/keyset-format/fixture/high", GUINT_TO_POINTER (SIGNET_LEVEL_HIGH), test_fixture);
  g_test_add_func ("/keyset/keyset-format/round-trip", test_round_trip);
  g_test_add_func ("/keyset/keyset-format/cut", test_cut);
  g_test_add_func ("/keyset/keyset-format/flipped", test_flipped);
  g_test_add_func ("/keyset/keyset-format/other-version", test_other_version);
  g_test_add_func ("/keyset/keyset-format/seal-of-another", test_seal_of_another);
  g_test_add_func ("/keyset/keyset-format/keys-of-another", test_keys_of_another);
  g_test_add_func ("/keyset/keyset-format/level-and-body", test_level_and_body);
  g_test_add_func ("/keyset/keyset-format/header", test_header);
  g_test_add_func ("/keyset/keyset-format/header/ids", test_header_ids);
  g_test_add_func ("/keyset/keyset-format/header/remember", test_header_remember);
  g_test_add_func ("/keyset/keyset-format/header/renewal", test_header_renewal);
  g_test_add_func ("/keyset/keyset-format/renewal", test_renewal);
  g_test_add_func ("/keyset/keyset-format/long-history", test_long_history);
  return g_test_run ();
}
