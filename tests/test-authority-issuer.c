/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "authority/issuer.h"

#include "base/error.h"

#include "foreign.h"

#include <string.h>

#define NOW 1700000000
#define DAY (24 * 3600)

static SignetPrivateKey *
make_key (void)
{
  SignetPrivateKey *key = signet_private_key_generate (SIGNET_KEY_P256, NULL);

  g_assert_nonnull (key);
  return key;
}

static SignetIssuer *
make_root (void)
{
  g_autoptr (SignetPrivateKey) key = make_key ();
  const SignetCertificateOrder order = { SIGNET_PROFILE_ROOT, signet_private_key_get_spki (key), "Test Root", NOW,
                                         NOW + 100 * DAY };
  g_autoptr (GError) error = NULL;
  g_autoptr (SignetCertificate) certificate = signet_issuer_self_sign (key, &order, &error);
  SignetIssuer *root = certificate != NULL ? signet_issuer_new (certificate, key, "http://example.org/crl",
                                                                "http://example.org/ca", &error) : NULL;

  g_assert_no_error (error);
  return root;
}

static SignetCertificate *
issue (SignetIssuer *issuer, SignetProfile profile, const char *name, gint64 days)
{
  g_autoptr (SignetPrivateKey) key = make_key ();
  const SignetCertificateOrder order = { profile, signet_private_key_get_spki (key), name, NOW, NOW + days * DAY };
  g_autoptr (GError) error = NULL;
  SignetCertificate *certificate = signet_issuer_issue (issuer, &order, &error);

  g_assert_no_error (error);
  return certificate;
}

/* What OpenSSL reads in it. */
static char *
describe (SignetCertificate *certificate)
{
  g_autoptr (GBytes) text = foreign_run (signet_certificate_get_der (certificate), "openssl", "x509", "-inform", "DER",
                                         "-noout", "-text", "-nameopt", "RFC2253", NULL);

  return foreign_text (text);
}

static void
assert_profile (SignetIssuer *root, SignetProfile profile, const char *name, const char *const *expected,
                const char *const *unexpected)
{
  g_autoptr (SignetCertificate) certificate = issue (root, profile, name, 10);
  g_autofree char *text = describe (certificate);

  for (guint i = 0; expected[i] != NULL; i++) {
    if (strstr (text, expected[i]) == NULL)
      g_error ("“%s” is missing in %s", expected[i], text);
  }
  for (guint i = 0; unexpected[i] != NULL; i++) {
    if (strstr (text, unexpected[i]) != NULL)
      g_error ("“%s” has no place in %s", unexpected[i], text);
  }
}

#define LIST(...) ((const char *const[]) { __VA_ARGS__, NULL })
#define CA "CA:TRUE"
#define MAIL "E-mail Protection"
#define CRL "URI:http://example.org/crl"

static void
test_profiles (void)
{
  g_autoptr (SignetIssuer) root = make_root ();

  assert_profile (root, SIGNET_PROFILE_ISSUING, "Issuing", LIST (CA, "pathlen:0", MAIL, "Certificate Sign, CRL Sign"),
                  LIST (CRL, "Subject Alternative Name"));
  assert_profile (root, SIGNET_PROFILE_REPLY, "Replies", LIST ("Digital Signature"),
                  LIST (CA, "Extended Key Usage", "Subject Alternative Name", CRL));
  assert_profile (root, SIGNET_PROFILE_SERVER, "ca.example.org",
                  LIST ("DNS:ca.example.org", "TLS Web Server", "Digital Signature"), LIST (CA, MAIL, "IP Address"));
  assert_profile (root, SIGNET_PROFILE_SERVER, "127.0.0.1", LIST ("IP Address:127.0.0.1"), LIST ("DNS:"));
  assert_profile (root, SIGNET_PROFILE_SERVER, "::1", LIST ("IP Address:0:0:0:0:0:0:0:1"), LIST ("DNS:"));
  assert_profile (root, SIGNET_PROFILE_MAIL_SIGNING, "asa@example.org",
                  LIST ("Subject: CN=asa@example.org", "email:asa@example.org", MAIL, CRL,
                        "CA Issuers - URI:http://example.org/ca", "Digital Signature"),
                  LIST (CA, "Key Agreement", "Non Repudiation", "Basic Constraints"));
  assert_profile (root, SIGNET_PROFILE_MAIL_ENCRYPTION, "asa@example.org",
                  LIST ("email:asa@example.org", "Key Agreement"), LIST (CA, "Digital Signature", "Key Encipherment"));
}

/* A common name has 64 characters, an address up to 254. */
static void
test_long_address (void)
{
  g_autoptr (SignetIssuer) root = make_root ();
  g_autofree char *local = g_strnfill (53, 'a');
  g_autofree char *fits = g_strconcat (local, "@example.o", NULL);
  g_autofree char *long_one = g_strconcat (local, "@example.org", NULL);
  g_autofree char *short_subject = g_strconcat ("Subject: CN=", fits, NULL);
  g_autofree char *long_subject = g_strconcat ("Subject: emailAddress=", long_one, NULL);

  assert_profile (root, SIGNET_PROFILE_MAIL_SIGNING, fits, LIST (short_subject), LIST ("emailAddress"));
  assert_profile (root, SIGNET_PROFILE_MAIL_SIGNING, long_one, LIST (long_subject, long_one), LIST ("CN=aaa"));
}

static void
test_never_beyond_the_issuer (void)
{
  g_autoptr (SignetIssuer) root = make_root ();
  g_autoptr (SignetCertificate) within = issue (root, SIGNET_PROFILE_MAIL_SIGNING, "asa@example.org", 99);
  g_autoptr (SignetCertificate) beyond = issue (root, SIGNET_PROFILE_MAIL_SIGNING, "asa@example.org", 101);

  g_assert_cmpint (signet_certificate_get_not_before (within), ==, NOW);
  g_assert_cmpint (signet_certificate_get_not_after (within), ==, NOW + 99 * DAY);
  g_assert_cmpint (signet_certificate_get_not_after (beyond), ==, NOW + 100 * DAY);
}

static void
test_serial_numbers (void)
{
  g_autoptr (SignetIssuer) root = make_root ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 100; i++) {
    g_autoptr (SignetCertificate) certificate = issue (root, SIGNET_PROFILE_MAIL_SIGNING, "asa@example.org", 1);
    const char *serial = signet_certificate_get_serial (certificate);

    g_assert_cmpuint (strlen (serial), ==, 32);
    g_assert_true (g_hash_table_add (seen, g_strdup (serial)));
  }
}

static void
test_wrong_key (void)
{
  g_autoptr (SignetIssuer) root = make_root ();
  g_autoptr (SignetPrivateKey) other = make_key ();
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_issuer_new (signet_issuer_get_certificate (root), other, NULL, NULL, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_DAMAGED);
}

static void
test_crl (void)
{
  static const struct {
    gint64 number;
    const char *shown;
  } numbers[] = { { 1, "1\n" },     { 127, "127\n" }, { 128, "128\n" },
                  { 255, "255\n" }, { 256, "256\n" }, { 65536, "65536\n" } };
  g_autoptr (SignetIssuer) root = make_root ();
  g_autoptr (GPtrArray) none = g_ptr_array_new (), one = g_ptr_array_new ();
  SignetRevocation revocation = { (char *) "41ff00", NOW };

  g_ptr_array_add (one, &revocation);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes)
        crl = signet_issuer_sign_crl (root, i == 0 ? none : one, numbers[i].number, NOW, NOW + DAY, &error);
    g_assert_no_error (error);
    g_autoptr (GBytes) output = foreign_run (crl, "openssl", "crl", "-inform", "DER", "-noout", "-text", NULL);
    g_autofree char *text = foreign_text (output);
    const char *shown = strstr (text, "CRL Number: \n") + strlen ("CRL Number: \n");

    g_assert_true (g_str_has_prefix (shown + strspn (shown, " "), numbers[i].shown));
    g_assert_true ((strstr (text, "Serial Number: 41FF00") != NULL) == (i != 0));
  }

  revocation.serial = (char *) "zz";
  g_assert_null (signet_issuer_sign_crl (root, one, 1, NOW, NOW + DAY, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/authority/issuer/profiles", test_profiles);
  g_test_add_func ("/authority/issuer/long-address", test_long_address);
  g_test_add_func ("/authority/issuer/never-beyond-the-issuer", test_never_beyond_the_issuer);
  g_test_add_func ("/authority/issuer/serial-numbers", test_serial_numbers);
  g_test_add_func ("/authority/issuer/wrong-key", test_wrong_key);
  g_test_add_func ("/authority/issuer/crl", test_crl);
  return g_test_run ();
}
