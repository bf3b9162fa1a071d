/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/request.h"

#include "base/error.h"
#include "protocol/certified.h"

#include "foreign.h"
#include "test-ca.h"

#include <string.h>

#define ID "00112233445566778899aabbccddeeff"
#define NONCE "ffeeddccbbaa99887766554433221100"
#define ADDRESS "asa@example.org"
#define TIME 1700000000

#define signing_key() test_key (SIGNET_KEY_P256, 0)
#define reply_key() test_key (SIGNET_KEY_P256, 1)
#define current_key() test_key (SIGNET_KEY_P256, 2)
#define other_key() test_key (SIGNET_KEY_P256, 3)

static TestCa *ca;
static SignetCertificate *current, *other, *foreign, *encryption;

static void
assert_refused (GBytes *bytes, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetRequest) request = signet_request_parse (bytes, &error);

  g_assert_null (request);
  g_assert_error (error, SIGNET_ERROR, code);
}

static GBytes *
build (SignetCertificate *certificate, SignetPrivateKey *key)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = signet_request_build_renewal (ID, NONCE, ADDRESS, TIME, signing_key (), reply_key (), certificate,
                                                key, &error);

  g_assert_no_error (error);
  return bytes;
}

/* The layer by the new key alone. */
static GBytes *
open_layer (GBytes *renewal)
{
  g_autoptr (SignetSignedData) outer = signet_signed_data_parse (g_bytes_get_data (renewal, NULL),
                                                                 g_bytes_get_size (renewal), 65536, NULL);
  SignetSecret *content = signet_signed_data_get_content (outer);

  return g_bytes_new (signet_secret_get (content, NULL), signet_secret_length (content));
}

static GBytes *
sign (GBytes *content, SignetCertificate *certificate, SignetPrivateKey *key)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = signet_certified_sign (content, certificate, key, &error);

  g_assert_no_error (error);
  return bytes;
}

static void
test_round (void)
{
  g_autoptr (GBytes) bytes = build (current, current_key ());
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetRequest) request = signet_request_parse (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpint (request->operation, ==, SIGNET_REQUEST_RENEW);
  g_assert_cmpstr (request->id, ==, ID);
  g_assert_cmpstr (request->nonce, ==, NONCE);
  g_assert_cmpstr (request->address, ==, ADDRESS);
  g_assert_true (g_bytes_equal (signet_certificate_get_der (request->renewed), signet_certificate_get_der (current)));
  g_assert_true (g_bytes_equal (request->signing_spki, signet_private_key_get_spki (signing_key ())));
}

static void
test_enrollment_renews_nothing (void)
{
  g_autoptr (GBytes) bytes = signet_request_build (ID, NONCE, ADDRESS, TIME, signing_key (), reply_key (), NULL);
  g_autoptr (SignetRequest) request = signet_request_parse (bytes, NULL);

  g_assert_cmpint (request->operation, ==, SIGNET_REQUEST_ENROLL);
  g_assert_null (request->renewed);
}

/* Each half without the other, and each with another's. */
static void
test_layers (void)
{
  g_autoptr (GBytes) renewal = build (current, current_key ()), inner = open_layer (renewal);
  g_autoptr (GBytes) enrollment = signet_request_build (ID, NONCE, ADDRESS, TIME, signing_key (), reply_key (), NULL);
  g_autoptr (GBytes) signed_enrollment = sign (enrollment, current, current_key ());
  g_autoptr (GBytes) by_other = sign (inner, other, other_key ());
  g_autoptr (GBytes) by_foreign = sign (inner, foreign, current_key ());
  g_autoptr (GBytes) twice = sign (renewal, current, current_key ());
  g_autoptr (GBytes) nameless = signet_cms_sign_with_key (inner, current_key (), NULL);

  assert_refused (inner, SIGNET_ERROR_UNTRUSTED);                 /* by the new key only */
  assert_refused (signed_enrollment, SIGNET_ERROR_UNTRUSTED);     /* no renewal */
  assert_refused (by_other, SIGNET_ERROR_UNTRUSTED);              /* names another certificate */
  assert_refused (by_foreign, SIGNET_ERROR_UNTRUSTED);            /* the same key, another certificate */
  assert_refused (twice, SIGNET_ERROR_INVALID);
  assert_refused (nameless, SIGNET_ERROR_UNTRUSTED);              /* brings no certificate */
}

static void
test_signer (void)
{
  g_autoptr (SignetCertificate) elsewhere = test_ca_issue_signing (ca, "eve@example.org", current_key ());
  g_autoptr (GBytes) by_encryption = build (encryption, current_key ());
  g_autoptr (GBytes) of_other_address = build (elsewhere, current_key ());

  assert_refused (by_encryption, SIGNET_ERROR_UNTRUSTED);
  assert_refused (of_other_address, SIGNET_ERROR_UNTRUSTED);
}

static void
test_same_key (void)
{
  g_autoptr (SignetCertificate) of_signing = test_ca_issue_signing (ca, ADDRESS, signing_key ());
  g_autoptr (SignetCertificate) of_reply = test_ca_issue_signing (ca, ADDRESS, reply_key ());
  g_autoptr (GBytes) signing = build (of_signing, signing_key ()), reply = build (of_reply, reply_key ());

  assert_refused (signing, SIGNET_ERROR_INVALID);
  assert_refused (reply, SIGNET_ERROR_INVALID);
}

static void
test_certificates_of_others (void)
{
  g_autoptr (GBytes) renewal = build (current, current_key ()), inner = open_layer (renewal);
  g_autoptr (SignetSecret) content = signet_secret_new (g_bytes_get_data (inner, NULL), g_bytes_get_size (inner));
  g_autoptr (GPtrArray) chain = g_ptr_array_new ();

  g_ptr_array_add (chain, signet_certificate_get_der (other));
  g_autoptr (SignetSecret) crowded = signet_cms_sign_with_certificate (content, current_key (),
                                                                       signet_certificate_get_der (current), chain,
                                                                       NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (signet_secret_get (crowded, NULL), signet_secret_length (crowded));
  assert_refused (bytes, SIGNET_ERROR_INVALID);
}

/* One bit changed anywhere, and it is refused, or says what it said. */
static void
test_altered (void)
{
  g_autoptr (GBytes) bytes = build (current, current_key ());
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  guint accepted = 0;

  for (gsize i = 0; i < length; i++) {
    g_autofree guint8 *copy = g_memdup2 (data, length);
    copy[i] ^= 1 << (i % 8);
    g_autoptr (GBytes) altered = g_bytes_new (copy, length);
    g_autoptr (GError) error = NULL;
    g_autoptr (SignetRequest) request = signet_request_parse (altered, &error);

    if (request == NULL) {
      g_assert_cmpint (error->domain, ==, SIGNET_ERROR);
      continue;
    }
    accepted++;
    g_assert_cmpint (request->operation, ==, SIGNET_REQUEST_RENEW);
    g_assert_cmpstr (request->id, ==, ID);
    g_assert_true (g_bytes_equal (signet_certificate_get_der (request->renewed), signet_certificate_get_der (current)));
    g_assert_true (g_bytes_equal (request->signing_spki, signet_private_key_get_spki (signing_key ())));
  }
  g_assert_cmpuint (accepted, <, 40);
}

/* OpenSSL believes the outer layer by the authority's root, and finds the inner one in it. */
static void
test_others_read (void)
{
  g_autoptr (GBytes) bytes = build (current, current_key ());
  g_autoptr (GBytes) inner = open_layer (bytes);

  foreign_begin ();
  foreign_write_bytes ("request", bytes);
  foreign_write_bytes ("root", signet_certificate_get_der (test_ca_get_root (ca)));
  foreign_write_bytes ("issuing", signet_certificate_get_der (test_ca_get_issuing (ca)));
  g_autoptr (GBytes) content = foreign_shell (
    "for c in root issuing; do openssl x509 -inform DER -in $c >> %s; done; "
    "openssl cms -verify -binary -inform DER -in request -CAfile chain.pem", "chain.pem");
  foreign_end ();
  g_assert_true (g_bytes_equal (content, inner));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autoptr (TestCa) own = ca = test_ca_new ("Example Authority"), strange = test_ca_new ("Strange Authority");
  g_autoptr (SignetCertificate) own_current = current = test_ca_issue_signing (ca, ADDRESS, current_key ());
  g_autoptr (SignetCertificate) own_other = other = test_ca_issue_signing (ca, ADDRESS, other_key ());
  g_autoptr (SignetCertificate) own_foreign = foreign = test_ca_issue_signing (strange, ADDRESS, current_key ());
  g_autoptr (SignetCertificate) own_encryption = encryption = test_ca_issue_encryption (ca, ADDRESS, current_key ());

  g_test_add_func ("/protocol/renewal/round", test_round);
  g_test_add_func ("/protocol/renewal/enrollment-renews-nothing", test_enrollment_renews_nothing);
  g_test_add_func ("/protocol/renewal/layers", test_layers);
  g_test_add_func ("/protocol/renewal/signer", test_signer);
  g_test_add_func ("/protocol/renewal/same-key", test_same_key);
  g_test_add_func ("/protocol/renewal/certificates-of-others", test_certificates_of_others);
  g_test_add_func ("/protocol/renewal/altered", test_altered);
  g_test_add_func ("/protocol/renewal/others-read", test_others_read);
  return g_test_run ();
}
