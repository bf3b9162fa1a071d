/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/reply.h"

#include "base/json.h"
#include "base/limits.h"
#include "crypto/cms.h"
#include "protocol/parts.h"

#include "reply-fixture.h"

#include <string.h>

/* Replies that no proper authority makes. */

/* --- a reply that somebody else signed --- */

static GBytes *
build_by (Fixture *f, SignetReply *reply, SignetPrivateKey *key, SignetCertificate *certificate)
{
  g_autoptr (GError) error = NULL;
  GBytes *attachment = signet_reply_build (reply, key, certificate, signet_private_key_get_spki (f->reply_key), &error);

  g_assert_no_error (error);
  return attachment;
}

static void
test_other_authority (Fixture *f, gconstpointer data)
{
  g_autoptr (TestCa) other = test_ca_new ("Example Authority");
  g_autoptr (SignetReply) reply = test_reply_new (f->ca, f->request, 0);
  g_autoptr (SignetReply) all_other = test_reply_new (other, f->request, 0);
  /* It also brings the pinned root, which did not issue its certificate. */
  g_autoptr (GBytes) with_root = build_by (f, reply, test_ca_get_speaker_key (other), test_ca_get_speaker (other));
  g_autoptr (GBytes) without = build_by (f, all_other, test_ca_get_speaker_key (other), test_ca_get_speaker (other));

  assert_refused (f, with_root, SIGNET_ERROR_UNTRUSTED);
  assert_refused (f, without, SIGNET_ERROR_UNTRUSTED);
}

/* Somebody with a certificate of this very authority. */
static void
test_other_speaker (Fixture *f, gconstpointer data)
{
  const TestFacts facts[] = {
    { TEST_USE_SIGNING, NULL, OTHER_ADDRESS },
    { TEST_USE_SIGNING, NULL, OTHER_ADDRESS, .purpose = "" },
    { TEST_USE_SERVER, NULL, NULL, "server" },
    { TEST_USE_ENCRYPTION, NULL, NULL, "encryption" },
    { TEST_USE_CA, NULL, NULL, "issuer" },
  };
  SignetPrivateKey *key = test_key (SIGNET_KEY_P256, 4);
  g_autoptr (SignetReply) reply = test_reply_new (f->ca, f->request, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (facts); i++) {
    TestFacts fact = facts[i];
    fact.spki = signet_private_key_get_spki (key);
    g_autoptr (SignetCertificate) certificate = test_ca_issue (f->ca, &fact);
    g_autoptr (GBytes) attachment = build_by (f, reply, key, certificate);
    g_test_message ("case %u", (guint) i);
    assert_refused (f, attachment, SIGNET_ERROR_UNTRUSTED);
  }
}

static void
test_speaker_dates (Fixture *f, gconstpointer data)
{
  SignetPrivateKey *key = test_key (SIGNET_KEY_P256, 4);
  g_autoptr (SignetReply) reply = test_reply_new (f->ca, f->request, 0);
  const gint64 starts[] = { NOW - 2 * YEAR, NOW + DAY };

  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++) {
    g_autoptr (SignetCertificate) certificate =
      test_ca_issue (f->ca, &(TestFacts) { TEST_USE_SPEAKING, signet_private_key_get_spki (key), NULL, "late",
                                           starts[i], starts[i] + YEAR });
    g_autoptr (GBytes) attachment = build_by (f, reply, key, certificate);
    assert_refused (f, attachment, SIGNET_ERROR_EXPIRED);
  }
}

/* --- content that signet_reply_build() does not make --- */

static SignetSecret *
sign (Fixture *f, SignetSecret *content)
{
  g_autoptr (GPtrArray) chain = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < test_ca_get_chain (f->ca)->len; i++)
    g_ptr_array_add (chain, signet_certificate_get_der (test_ca_get_chain (f->ca)->pdata[i]));
  SignetSecret *signed_data =
    signet_cms_sign_with_certificate (content, test_ca_get_speaker_key (f->ca),
                                      signet_certificate_get_der (test_ca_get_speaker (f->ca)), chain, &error);
  g_assert_no_error (error);
  return signed_data;
}

static GBytes *
lock (Fixture *f, SignetSecret *content)
{
  g_autoptr (GError) error = NULL;
  GBytes *attachment = signet_cms_encrypt_to_key (content, signet_private_key_get_spki (f->reply_key), &error);

  g_assert_no_error (error);
  return attachment;
}

static SignetSecret *
unlock (Fixture *f, GBytes *attachment)
{
  g_autoptr (GError) error = NULL;
  SignetSecret *content = signet_cms_decrypt_with_key (attachment, SIGNET_MAX_REPLY, f->reply_key, &error);

  g_assert_no_error (error);
  return content;
}

/* The parts of a good reply. */
static GPtrArray *
make_parts_of (Fixture *f, SignetReply *reply)
{
  g_autoptr (GBytes) attachment = test_reply_build (f->ca, f->request, reply);
  g_autoptr (SignetSecret) der = unlock (f, attachment);
  g_autoptr (SignetSignedData) signed_data =
    signet_signed_data_parse (signet_secret_get (der, NULL), signet_secret_length (der), SIGNET_MAX_REPLY, NULL);
  GPtrArray *parts = signet_parts_parse (signet_signed_data_get_content (signed_data), SIGNET_MAX_REPLY, NULL);

  g_assert_cmpuint (parts->len, ==, 2 + reply->encryption->len);
  return parts;
}

static GPtrArray *
make_parts (Fixture *f)
{
  g_autoptr (SignetReply) reply = test_reply_new (f->ca, f->request, 1);

  return make_parts_of (f, reply);
}

static void
assert_parts_refused (Fixture *f, GPtrArray *parts, int code)
{
  g_autoptr (SignetSecret) content = signet_parts_build (parts);
  g_autoptr (SignetSecret) signed_data = sign (f, content);
  g_autoptr (GBytes) attachment = lock (f, signed_data);

  assert_refused (f, attachment, code);
}

static SignetPart *
make_part (const char *type, const char *text)
{
  g_autoptr (SignetSecret) body = signet_secret_new_text (text);

  return signet_part_new (type, NULL, body);
}

/* Exchanges part INDEX for one of TYPE with TEXT, or removes it. */
static void
assert_exchange_refused (Fixture *f, guint index, const char *type, const char *text, int code)
{
  g_autoptr (GPtrArray) parts = make_parts (f);

  g_ptr_array_remove_index (parts, index);
  if (type != NULL)
    g_ptr_array_insert (parts, index, make_part (type, text));
  assert_parts_refused (f, parts, code);
}

static void
test_parts (Fixture *f, gconstpointer data)
{
  static const char json[] = "application/json", bundle[] = "application/pkcs7-mime", key[] = "application/pkcs8";

  assert_exchange_refused (f, 0, json, "{\"signet-reply\": 2}", SIGNET_ERROR_UNSUPPORTED);
  assert_exchange_refused (f, 0, json, "{\"signet-reply\": 1}", SIGNET_ERROR_INVALID);
  assert_exchange_refused (f, 0, json, "{\"signet-reply\": 0}", SIGNET_ERROR_INVALID);
  assert_exchange_refused (f, 0, json, "{}", SIGNET_ERROR_INVALID);
  assert_exchange_refused (f, 0, json, "hello", SIGNET_ERROR_INVALID);
  assert_exchange_refused (f, 0, "text/plain", "hello", SIGNET_ERROR_INVALID);
  assert_exchange_refused (f, 0, NULL, NULL, SIGNET_ERROR_INVALID);
  assert_exchange_refused (f, 1, bundle, "hello", SIGNET_ERROR_INVALID);
  assert_exchange_refused (f, 1, "application/pkix-cert", "hello", SIGNET_ERROR_INVALID);
  assert_exchange_refused (f, 1, NULL, NULL, SIGNET_ERROR_INVALID);
  assert_exchange_refused (f, 2, key, "hello", SIGNET_ERROR_INVALID);
  assert_exchange_refused (f, 3, "text/plain", "hello", SIGNET_ERROR_INVALID);
  assert_exchange_refused (f, 3, NULL, NULL, SIGNET_ERROR_INVALID);

  g_autoptr (GPtrArray) parts = make_parts (f);
  g_ptr_array_insert (parts, 0, g_ptr_array_steal_index (parts, 1));
  assert_parts_refused (f, parts, SIGNET_ERROR_INVALID);
  g_ptr_array_set_size (parts, 0);
  assert_parts_refused (f, parts, SIGNET_ERROR_INVALID);
}

/* A certificate's name in the manifest: the signing one's for INDEX -1. */
static const char *
get_name (JsonObject *manifest, int index)
{
  return index < 0 ? json_object_get_string_member (manifest, "signing")
                   : json_array_get_string_element (json_object_get_array_member (manifest, "encryption"), index);
}

/* The manifest with one of the names in it exchanged for another. */
static void
test_names (Fixture *f, gconstpointer data)
{
  static const int names[][2] = { { 1, 0 }, { 0, -1 }, { -1, 0 } };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GPtrArray) parts = make_parts (f);
    SignetPart *manifest = parts->pdata[0];
    g_autoptr (GString) text = g_string_new (signet_secret_get_text (manifest->body));
    g_autoptr (JsonObject) object = signet_json_parse (text->str, text->len, SIGNET_MAX_JSON, NULL);

    g_assert_cmpuint (g_string_replace (text, get_name (object, names[i][0]), get_name (object, names[i][1]), 0), ==,
                      1);
    g_ptr_array_remove_index (parts, 0);
    g_ptr_array_insert (parts, 0, make_part ("application/json", text->str));
    assert_parts_refused (f, parts, SIGNET_ERROR_INVALID);
  }
}

/* The certificates without a root, and with more issuers than a chain can have. */
static void
test_bundle (Fixture *f, gconstpointer data)
{
  for (guint issuers = 0; issuers <= SIGNET_MAX_CHAIN + 1; issuers += SIGNET_MAX_CHAIN + 1) {
    g_autoptr (SignetReply) reply = test_reply_new (f->ca, f->request, 0);
    g_autoptr (GPtrArray) ders = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
    g_autoptr (GPtrArray) parts = make_parts_of (f, reply);

    g_ptr_array_add (ders, g_bytes_ref (signet_certificate_get_der (reply->signing)));
    g_ptr_array_add (ders, g_bytes_ref (signet_certificate_get_der (reply->encryption->pdata[0])));
    for (guint i = 0; i < issuers; i++) {
      g_autoptr (TestCa) ca = test_ca_new ("Crowd");
      g_ptr_array_add (ders, g_bytes_ref (signet_certificate_get_der (test_ca_get_root (i > 0 ? ca : f->ca))));
    }
    g_autoptr (GBytes) bundle = signet_cms_build_certs_only (ders, NULL);
    g_autoptr (SignetSecret) body = signet_secret_new (g_bytes_get_data (bundle, NULL), g_bytes_get_size (bundle));
    g_ptr_array_remove_index (parts, 1);
    g_ptr_array_insert (parts, 1, signet_part_new ("application/pkcs7-mime", NULL, body));
    assert_parts_refused (f, parts, SIGNET_ERROR_INVALID);
  }
}

/* Something else under the seal or the signature. */
static void
test_layers (Fixture *f, gconstpointer data)
{
  g_autoptr (SignetSecret) text = signet_secret_new_text ("hello"), empty = signet_secret_new_text ("");
  g_autoptr (GBytes) unsigned_text = lock (f, text), nothing = lock (f, empty);
  g_autoptr (SignetSecret) signed_text = sign (f, text);
  g_autoptr (GBytes) signed_only = g_bytes_new (signet_secret_get (signed_text, NULL),
                                                signet_secret_length (signed_text));
  g_autoptr (GBytes) no_parts = lock (f, signed_text), bare = g_bytes_new_static ("hello", 5);
  g_autoptr (GString) nested = g_string_new (NULL);
  g_autofree char *zeros = g_malloc0 (SIGNET_MAX_REPLY + 1);
  g_autoptr (GBytes) huge = g_bytes_new (zeros, SIGNET_MAX_REPLY + 1);

  for (int i = 0; i < 5000; i++)
    g_string_append_printf (nested, "Content-Type: multipart/mixed; boundary=%d\n\n--%d\n", i, i);
  g_autoptr (SignetSecret) deep = signet_secret_new (nested->str, nested->len), signed_deep = sign (f, deep);
  g_autoptr (GBytes) abyss = lock (f, signed_deep);

  assert_refused (f, unsigned_text, SIGNET_ERROR_DAMAGED);
  assert_refused (f, nothing, SIGNET_ERROR_DAMAGED);
  assert_refused (f, signed_only, SIGNET_ERROR_DAMAGED);
  assert_refused (f, bare, SIGNET_ERROR_DAMAGED);
  assert_refused (f, no_parts, SIGNET_ERROR_INVALID);
  assert_refused (f, abyss, SIGNET_ERROR_TOO_LARGE);
  assert_refused (f, huge, SIGNET_ERROR_TOO_LARGE);
}

/* --- mutations --- */

/* Changes, takes out, doubles or cuts at random, at one to four places. */
static GByteArray *
mutate (GRand *rand, const guint8 *data, gsize length)
{
  GByteArray *bytes = g_byte_array_append (g_byte_array_new (), data, length);

  for (int i = g_rand_int_range (rand, 1, 5); i > 0 && bytes->len > 0; i--) {
    guint at = g_rand_int_range (rand, 0, bytes->len), count = g_rand_int_range (rand, 1, 9);
    switch (g_rand_int_range (rand, 0, 6)) {
    case 0: bytes->data[at] ^= 1 << g_rand_int_range (rand, 0, 8); break;
    case 1: bytes->data[at] = g_rand_int_range (rand, 0, 256); break;
    case 2: g_byte_array_remove_range (bytes, at, MIN (count, bytes->len - at)); break;
    case 3: g_byte_array_append (bytes, data, MIN (count, length)); break;
    case 4: memset (bytes->data + at, g_rand_int_range (rand, 0, 256), MIN (count, bytes->len - at)); break;
    default: g_byte_array_set_size (bytes, at);
    }
  }
  return bytes;
}

/* Refused in Signet's own words, or where nothing that matters was touched, opened to the same. */
static void
check_mutation (Fixture *f, GBytes *attachment, SignetReply *expected, guint *opened)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetReply) reply = open_reply (f, attachment, &error);

  if (reply == NULL) {
    g_assert_cmpint (error->domain, ==, SIGNET_ERROR);
    return;
  }
  assert_same (reply, expected);
  (*opened)++;
}

static void
test_mutated (Fixture *f, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20260101);
  g_autoptr (SignetReply) reply = test_reply_new (f->ca, f->request, 1);
  g_autoptr (GBytes) attachment = test_reply_build (f->ca, f->request, reply);
  guint opened = 0;

  for (int i = 0; i < 10000; i++) {
    g_autoptr (GByteArray) bytes = mutate (rand, g_bytes_get_data (attachment, NULL), g_bytes_get_size (attachment));
    g_autoptr (GBytes) mutated = g_bytes_new (bytes->data, bytes->len);
    if (!g_bytes_equal (mutated, attachment))
      check_mutation (f, mutated, reply, &opened);
  }
  g_assert_cmpuint (opened, <, 100);
}

/* The same below the seal, which only somebody who knows the reply key's public half could put back. */
static void
test_mutated_below_seal (Fixture *f, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20260102);
  g_autoptr (SignetReply) reply = test_reply_new (f->ca, f->request, 1);
  g_autoptr (GBytes) attachment = test_reply_build (f->ca, f->request, reply);
  g_autoptr (SignetSecret) inner = unlock (f, attachment);
  guint opened = 0;

  for (int i = 0; i < 2000; i++) {
    g_autoptr (GByteArray) bytes = mutate (rand, signet_secret_get (inner, NULL), signet_secret_length (inner));
    g_autoptr (SignetSecret) content = signet_secret_new (bytes->data, bytes->len);
    g_autoptr (GBytes) mutated = lock (f, content);
    if (!signet_secret_equal (content, inner))
      check_mutation (f, mutated, reply, &opened);
  }
  g_assert_cmpuint (opened, <, 100);
}

#define ADD(name, function) g_test_add ("/protocol/reply-forged/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("other-authority", test_other_authority);
  ADD ("other-speaker", test_other_speaker);
  ADD ("speaker-dates", test_speaker_dates);
  ADD ("parts", test_parts);
  ADD ("names", test_names);
  ADD ("bundle", test_bundle);
  ADD ("layers", test_layers);
  ADD ("mutated", test_mutated);
  ADD ("mutated-below-seal", test_mutated_below_seal);
  return g_test_run ();
}
