/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/request.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/limits.h"
#include "crypto/cms.h"
#include "crypto/public-key.h"
#include "protocol/parts.h"

#include "foreign.h"
#include "test-ca.h"

#include <string.h>

#define ID "00112233445566778899aabbccddeeff"
#define NONCE "ffeeddccbbaa99887766554433221100"
#define ADDRESS "asa@example.org"
#define TIME 1700000000

#define signing_key() test_key (SIGNET_KEY_P256, 0)
#define reply_key() test_key (SIGNET_KEY_P256, 1)
#define other_key() test_key (SIGNET_KEY_P256, 2)

static GBytes *
build (SignetPrivateKey *signing, SignetPrivateKey *reply)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = signet_request_build (ID, NONCE, ADDRESS, TIME, signing, reply, &error);

  g_assert_no_error (error);
  return bytes;
}

static void
assert_refused (GBytes *bytes, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetRequest) request = signet_request_parse (bytes, &error);

  g_assert_null (request);
  g_assert_error (error, SIGNET_ERROR, code);
}

static void
test_round (gconstpointer data)
{
  SignetPrivateKey *signing = test_key (GPOINTER_TO_UINT (data), 0);
  g_autoptr (GBytes) bytes = build (signing, reply_key ());
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetRequest) request = signet_request_parse (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (request->id, ==, ID);
  g_assert_cmpstr (request->nonce, ==, NONCE);
  g_assert_cmpstr (request->address, ==, ADDRESS);
  g_assert_cmpint (request->time, ==, TIME);
  g_assert_true (g_bytes_equal (request->signing_spki, signet_private_key_get_spki (signing)));
  g_assert_true (g_bytes_equal (request->reply_spki, signet_private_key_get_spki (reply_key ())));
}

static void
test_address (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = signet_request_build (ID, NONCE, " Asa@EXAMPLE.org ", TIME, signing_key (), reply_key (),
                                                   NULL);
  g_autoptr (SignetRequest) request = signet_request_parse (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (request->address, ==, "Asa@example.org");
  g_assert_null (signet_request_build (ID, NONCE, "asa", TIME, signing_key (), reply_key (), &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
}

/* --- requests that are properly signed and say something else --- */

typedef struct {
  const char *name;
  const char *json;               /* NULL: none */
  const char *signing_address;
  const char *reply_address;
  int code;
} Case;

#define JSON(version, operation, id, nonce, address, time) \
  "{\"signet-request\": " version ", \"operation\": \"" operation "\", \"id\": \"" id "\", \"nonce\": \"" nonce "\", " \
  "\"address\": \"" address "\", \"time\": " time "}"
#define GOOD JSON ("1", "enroll", ID, NONCE, ADDRESS, "1700000000")

static const Case cases[] = {
  { "good", GOOD, ADDRESS, ADDRESS, -1 },
  { "version-0", JSON ("0", "enroll", ID, NONCE, ADDRESS, "1"), ADDRESS, ADDRESS, SIGNET_ERROR_INVALID },
  { "version-2", JSON ("2", "enroll", ID, NONCE, ADDRESS, "1"), ADDRESS, ADDRESS, SIGNET_ERROR_UNSUPPORTED },
  { "version-text", JSON ("\"1\"", "enroll", ID, NONCE, ADDRESS, "1"), ADDRESS, ADDRESS, SIGNET_ERROR_INVALID },
  { "operation", JSON ("1", "conquer", ID, NONCE, ADDRESS, "1"), ADDRESS, ADDRESS, SIGNET_ERROR_UNSUPPORTED },
  { "id-short", JSON ("1", "enroll", "0011", NONCE, ADDRESS, "1"), ADDRESS, ADDRESS, SIGNET_ERROR_INVALID },
  { "id-upper-case", JSON ("1", "enroll", "00112233445566778899AABBCCDDEEFF", NONCE, ADDRESS, "1"), ADDRESS, ADDRESS,
    SIGNET_ERROR_INVALID },
  { "id-path", JSON ("1", "enroll", "../../../../../../../etc/passwd.", NONCE, ADDRESS, "1"), ADDRESS, ADDRESS,
    SIGNET_ERROR_INVALID },
  { "nonce-long", JSON ("1", "enroll", ID, NONCE "00", ADDRESS, "1"), ADDRESS, ADDRESS, SIGNET_ERROR_INVALID },
  { "nonce-empty", JSON ("1", "enroll", ID, "", ADDRESS, "1"), ADDRESS, ADDRESS, SIGNET_ERROR_INVALID },
  { "address-none", JSON ("1", "enroll", ID, NONCE, "", "1"), ADDRESS, ADDRESS, SIGNET_ERROR_INVALID },
  { "address-not-normal", JSON ("1", "enroll", ID, NONCE, "asa@Example.org", "1"), ADDRESS, ADDRESS,
    SIGNET_ERROR_INVALID },
  { "address-two", JSON ("1", "enroll", ID, NONCE, "asa@example.org, eve@example.org", "1"), ADDRESS, ADDRESS,
    SIGNET_ERROR_INVALID },
  { "time-negative", JSON ("1", "enroll", ID, NONCE, ADDRESS, "-1"), ADDRESS, ADDRESS, SIGNET_ERROR_INVALID },
  { "time-fraction", JSON ("1", "enroll", ID, NONCE, ADDRESS, "1.5"), ADDRESS, ADDRESS, SIGNET_ERROR_INVALID },
  { "no-json", "hello", ADDRESS, ADDRESS, SIGNET_ERROR_INVALID },
  { "empty", "{}", ADDRESS, ADDRESS, SIGNET_ERROR_INVALID },
  { "no-manifest", NULL, ADDRESS, ADDRESS, SIGNET_ERROR_INVALID },
  { "other-address-in-all", JSON ("1", "enroll", ID, NONCE, "eve@example.org", "1"), ADDRESS, ADDRESS,
    SIGNET_ERROR_INVALID },
  { "other-address-in-signing", GOOD, "eve@example.org", ADDRESS, SIGNET_ERROR_INVALID },
  { "other-address-in-reply", GOOD, ADDRESS, "eve@example.org", SIGNET_ERROR_INVALID },
  { "no-signing", GOOD, NULL, ADDRESS, SIGNET_ERROR_INVALID },
  { "no-reply", GOOD, ADDRESS, NULL, SIGNET_ERROR_INVALID },
};

static void
add (GPtrArray *parts, const char *type, gconstpointer data, gsize length)
{
  g_autoptr (SignetSecret) body = signet_secret_new (data, length);

  g_ptr_array_add (parts, signet_part_new (type, NULL, body));
}

static void
add_csr (GPtrArray *parts, SignetPrivateKey *key, const char *address)
{
  g_autoptr (GBytes) csr = signet_csr_build (key, address, NULL);

  add (parts, "application/pkcs10", g_bytes_get_data (csr, NULL), g_bytes_get_size (csr));
}

static GBytes *
sign (GPtrArray *parts, SignetPrivateKey *key)
{
  g_autoptr (SignetSecret) entity = signet_parts_build (parts);
  g_autoptr (GBytes) content = g_bytes_new (signet_secret_get (entity, NULL), signet_secret_length (entity));

  return signet_cms_sign_with_key (content, key, NULL);
}

static GBytes *
forge (const char *json, SignetPrivateKey *signing, const char *signing_address, SignetPrivateKey *reply,
       const char *reply_address, SignetPrivateKey *signer)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_part_free);

  if (json != NULL)
    add (parts, "application/json", json, strlen (json));
  if (signing_address != NULL)
    add_csr (parts, signing, signing_address);
  if (reply_address != NULL)
    add_csr (parts, reply, reply_address);
  return sign (parts, signer);
}

static void
test_fields (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GBytes) bytes = forge (c->json, signing_key (), c->signing_address, reply_key (), c->reply_address,
                                    signing_key ());

  if (c->code >= 0) {
    assert_refused (bytes, c->code);
    return;
  }
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetRequest) request = signet_request_parse (bytes, &error);
  g_assert_no_error (error);
  g_assert_nonnull (request);
}

static void
test_other_signer (void)
{
  g_autoptr (GBytes) by_other = forge (GOOD, signing_key (), ADDRESS, reply_key (), ADDRESS, other_key ());
  g_autoptr (GBytes) by_reply = forge (GOOD, signing_key (), ADDRESS, reply_key (), ADDRESS, reply_key ());

  assert_refused (by_other, SIGNET_ERROR_UNTRUSTED);
  assert_refused (by_reply, SIGNET_ERROR_UNTRUSTED);
}

static void
test_keys (void)
{
  g_autoptr (GBytes) same = build (signing_key (), signing_key ());
  g_autoptr (GBytes) reply_p384 = build (signing_key (), test_key (SIGNET_KEY_P384, 0));
  g_autoptr (GBytes) reply_rsa = build (signing_key (), test_key (SIGNET_KEY_RSA_3072, 0));

  assert_refused (same, SIGNET_ERROR_INVALID);
  assert_refused (reply_p384, SIGNET_ERROR_UNSUPPORTED);
  assert_refused (reply_rsa, SIGNET_ERROR_UNSUPPORTED);
}

/* A signing key of another program, weaker than what is issued. */
static void
test_weak_keys (void)
{
  static const char *const kinds[] = { "RSA:2048", "EC:P-521" };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_auto (GStrv) kind = g_strsplit (kinds[i], ":", 2);
    g_autofree char *option = g_strconcat (i == 0 ? "rsa_keygen_bits:" : "ec_paramgen_curve:", kind[1], NULL);
    g_autoptr (GBytes) der = foreign_run (NULL, "openssl", "genpkey", "-quiet", "-algorithm", kind[0], "-pkeyopt",
                                          option, "-outform", "DER", NULL);
    g_autoptr (GBytes) pkcs8 = foreign_run (der, "openssl", "pkcs8", "-topk8", "-nocrypt", "-inform", "DER",
                                            "-outform", "DER", NULL);
    g_autoptr (SignetSecret) secret = signet_secret_new (g_bytes_get_data (pkcs8, NULL), g_bytes_get_size (pkcs8));
    g_autoptr (SignetPrivateKey) key = signet_private_key_new_from_pkcs8 (secret, NULL);
    g_autoptr (GBytes) bytes = build (key, reply_key ());

    assert_refused (bytes, SIGNET_ERROR_UNSUPPORTED);
  }
}

static void
test_more_parts (void)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) signet_part_free);

  add (parts, "application/json", GOOD, strlen (GOOD));
  add_csr (parts, signing_key (), ADDRESS);
  add_csr (parts, reply_key (), ADDRESS);
  add (parts, "text/plain", "hello", 5);
  g_autoptr (GBytes) bytes = sign (parts, signing_key ());
  assert_refused (bytes, SIGNET_ERROR_INVALID);
}

static void
test_size (void)
{
  g_autofree char *text = g_malloc0 (SIGNET_MAX_REQUEST + 1);
  g_autoptr (GBytes) bytes = g_bytes_new (text, SIGNET_MAX_REQUEST + 1), empty = g_bytes_new_static ("", 0);

  assert_refused (bytes, SIGNET_ERROR_TOO_LARGE);
  assert_refused (empty, SIGNET_ERROR_INVALID);
}

/* A request with one bit changed is refused, or, where the bit is one that CMS does not sign and that decides
 * nothing (a version, the signer's key identifier, the list of hashes before the content), still says the same. */
static void
test_altered (void)
{
  g_autoptr (GBytes) bytes = build (signing_key (), reply_key ());
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  guint accepted = 0;

  for (gsize i = 0; i < length; i++) {
    g_autofree guint8 *copy = g_memdup2 (data, length);
    copy[i] ^= 1 << (i % 8);
    g_autoptr (GBytes) altered = g_bytes_new (copy, length), cut = g_bytes_new (data, i);
    g_autoptr (GError) error = NULL;
    g_autoptr (SignetRequest) request = signet_request_parse (altered, &error);

    assert_refused (cut, SIGNET_ERROR_INVALID);
    if (request == NULL) {
      g_assert_cmpint (error->domain, ==, SIGNET_ERROR);
      continue;
    }
    accepted++;
    g_assert_cmpstr (request->id, ==, ID);
    g_assert_cmpstr (request->nonce, ==, NONCE);
    g_assert_cmpstr (request->address, ==, ADDRESS);
    g_assert_true (g_bytes_equal (request->signing_spki, signet_private_key_get_spki (signing_key ())));
    g_assert_true (g_bytes_equal (request->reply_spki, signet_private_key_get_spki (reply_key ())));
  }
  g_assert_cmpuint (accepted, <, 40);
}

/* OpenSSL reads the request, checks its signature by the key, and gives the parts to Python. */
static void
test_others_read (void)
{
  static const char script[] =
    "import sys, email, email.policy, json, subprocess\n"
    "m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)\n"
    "a, b, c = m.iter_parts()\n"
    "assert [p.get_content_type() for p in (a, b, c)] == ['application/json'] + 2 * ['application/pkcs10']\n"
    "j = json.loads(a.get_content())\n"
    "for p in b, c:\n"
    "  subprocess.run(['openssl', 'req', '-inform', 'DER', '-verify', '-noout'], input=p.get_content(), check=True)\n"
    "print(j['signet-request'], j['operation'], j['id'], j['nonce'], j['address'], j['time'])\n";
  g_autoptr (GBytes) bytes = build (signing_key (), reply_key ());
  g_autoptr (SignetSecret) key = signet_private_key_to_pkcs8 (signing_key (), NULL);
  g_autoptr (GBytes) id = signet_public_key_get_id (signet_private_key_get_spki (signing_key ()), NULL);
  g_autofree char *hex = signet_hex_encode (id), *upper = g_ascii_strup (hex, -1);

  foreign_begin ();
  foreign_write_bytes ("request", bytes);
  foreign_write ("key", signet_secret_get (key, NULL), signet_secret_length (key));
  g_autoptr (GBytes) content = foreign_shell (
    "openssl req -x509 -key key -keyform DER -subj /CN=x -addext subjectKeyIdentifier=%s -out certificate && "
    "openssl cms -verify -noverify -inform DER -in request -nointern -certfile certificate -binary", upper);
  foreign_end ();
  g_autoptr (GBytes) output = foreign_run (content, "python3", "-X", "utf8", "-c", script, NULL);
  g_autofree char *line = foreign_text (output);
  g_assert_cmpstr (line, ==, "1 enroll " ID " " NONCE " " ADDRESS " 1700000000\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = SIGNET_KEY_P256; i <= SIGNET_KEY_RSA_3072; i++) {
    g_autofree char *path = g_strconcat ("/protocol/request/round/", signet_key_algorithm_to_name (i), NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_round);
  }
  g_test_add_func ("/protocol/request/address", test_address);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/protocol/request/fields/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], test_fields);
  }
  g_test_add_func ("/protocol/request/other-signer", test_other_signer);
  g_test_add_func ("/protocol/request/keys", test_keys);
  g_test_add_func ("/protocol/request/weak-keys", test_weak_keys);
  g_test_add_func ("/protocol/request/more-parts", test_more_parts);
  g_test_add_func ("/protocol/request/size", test_size);
  g_test_add_func ("/protocol/request/altered", test_altered);
  g_test_add_func ("/protocol/request/others-read", test_others_read);
  return g_test_run ();
}
