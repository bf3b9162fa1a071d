/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "protocol/revocation-request.h"

#include "base/error.h"
#include "base/hex.h"
#include "protocol/certified.h"

#include "test-ca.h"

#include <string.h>

#define ADDRESS "asa@example.org"
#define TIME 1700000000
#define OTHER "0000000000000000000000000000000000000000000000000000000000000000"

#define key() test_key (SIGNET_KEY_P256, 0)

static TestCa *ca;
static SignetCertificate *certificate;

static void
assert_refused (GBytes *bytes, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetRevocationRequest) request = signet_revocation_request_parse (bytes, &error);

  g_assert_null (request);
  g_assert_error (error, SIGNET_ERROR, code);
}

static void
test_round (void)
{
  for (guint i = 0; i < SIGNET_N_USER_REASONS; i++) {
    SignetRevocationReason reason = signet_user_reasons[i], same;
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = signet_revocation_request_build (certificate, key (), ADDRESS, reason, TIME, &error);
    g_autoptr (SignetRevocationRequest) request = signet_revocation_request_parse (bytes, &error);

    g_assert_no_error (error);
    g_assert_cmpint (request->reason, ==, reason);
    g_assert_cmpint (request->time, ==, TIME);
    g_assert_cmpstr (request->address, ==, ADDRESS);
    g_assert_true (g_bytes_equal (signet_certificate_get_der (request->certificate),
                                  signet_certificate_get_der (certificate)));
    g_assert_true (signet_user_reason_from_name (signet_user_reason_to_name (reason), &same));
    g_assert_cmpint (same, ==, reason);
  }
}

typedef struct {
  const char *name;
  const char *json;       /* %s: the digest of the certificate */
  int code;
} Case;

static const Case cases[] = {
  { "version-2", "{\"signet-revocation\": 2, \"certificate\": \"%s\", \"address\": \"" ADDRESS "\", "
    "\"reason\": \"superseded\", \"time\": 1}", SIGNET_ERROR_UNSUPPORTED },
  { "reason", "{\"signet-revocation\": 1, \"certificate\": \"%s\", \"address\": \"" ADDRESS "\", "
    "\"reason\": \"removeFromCRL\", \"time\": 1}", SIGNET_ERROR_UNSUPPORTED },
  { "other-certificate", "{\"signet-revocation\": 1, \"certificate\": \"" OTHER "\", \"address\": \"" ADDRESS "\", "
    "\"reason\": \"superseded\", \"time\": 1}", SIGNET_ERROR_UNTRUSTED },
  { "other-address", "{\"signet-revocation\": 1, \"certificate\": \"%s\", \"address\": \"eve@example.org\", "
    "\"reason\": \"superseded\", \"time\": 1}", SIGNET_ERROR_UNTRUSTED },
  { "no-address", "{\"signet-revocation\": 1, \"certificate\": \"%s\", \"reason\": \"superseded\", \"time\": 1}",
    SIGNET_ERROR_INVALID },
  { "time", "{\"signet-revocation\": 1, \"certificate\": \"%s\", \"address\": \"" ADDRESS "\", "
    "\"reason\": \"superseded\", \"time\": -1}", SIGNET_ERROR_INVALID },
  { "no-json", "revoke %s", SIGNET_ERROR_INVALID },
};

static GBytes *
sign (const char *text, SignetCertificate *signer)
{
  g_autoptr (GBytes) content = g_bytes_new (text, strlen (text));

  return signet_certified_sign (content, signer, key (), NULL);
}

static void
test_fields (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GBytes) digest = signet_certificate_get_fingerprint (certificate);
  g_autofree char *hex = signet_hex_encode (digest);
  g_auto (GStrv) pieces = g_strsplit (c->json, "%s", -1);
  g_autofree char *text = g_strjoinv (hex, pieces);
  g_autoptr (GBytes) bytes = sign (text, certificate);

  assert_refused (bytes, c->code);
}

/* By an encryption certificate, and by a key without one. */
static void
test_signer (void)
{
  g_autoptr (SignetCertificate) encryption = test_ca_issue_encryption (ca, ADDRESS, key ());
  g_autoptr (GBytes) by_encryption = signet_revocation_request_build (encryption, key (), ADDRESS,
                                                                      SIGNET_REASON_SUPERSEDED, TIME, NULL);
  g_autoptr (GBytes) content = g_bytes_new_static ("{}", 2);
  g_autoptr (GBytes) nameless = signet_cms_sign_with_key (content, key (), NULL);

  assert_refused (by_encryption, SIGNET_ERROR_UNTRUSTED);
  assert_refused (nameless, SIGNET_ERROR_UNTRUSTED);
}

static void
test_altered (void)
{
  g_autoptr (GBytes) bytes = signet_revocation_request_build (certificate, key (), ADDRESS,
                                                              SIGNET_REASON_KEY_COMPROMISE, TIME, NULL);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  for (gsize i = 0; i < length; i++) {
    g_autofree guint8 *copy = g_memdup2 (data, length);
    copy[i] ^= 1 << (i % 8);
    g_autoptr (GBytes) altered = g_bytes_new (copy, length), cut = g_bytes_new (data, i);
    g_autoptr (SignetRevocationRequest) request = signet_revocation_request_parse (altered, NULL);

    assert_refused (cut, SIGNET_ERROR_INVALID);
    if (request != NULL)
      g_assert_true (request->reason == SIGNET_REASON_KEY_COMPROMISE && g_str_equal (request->address, ADDRESS));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autoptr (TestCa) own = ca = test_ca_new ("Example Authority");
  g_autoptr (SignetCertificate) own_certificate = certificate = test_ca_issue_signing (ca, ADDRESS, key ());

  g_test_add_func ("/protocol/revocation-request/round", test_round);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/protocol/revocation-request/fields/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], test_fields);
  }
  g_test_add_func ("/protocol/revocation-request/signer", test_signer);
  g_test_add_func ("/protocol/revocation-request/altered", test_altered);
  return g_test_run ();
}
