/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cert/certificate.h"

#include "base/error.h"
#include "base/limits.h"
#include "crypto/private-key.h"

#include "foreign.h"

#include <string.h>

#define EC "-newkey ec -pkeyopt ec_paramgen_curve:P-256"

static SignetCertificate *
read_certificate (GBytes *der)
{
  g_autoptr (GError) error = NULL;
  SignetCertificate *certificate = signet_certificate_new (der, &error);

  g_assert_no_error (error);
  return certificate;
}

/* Self-signed, by openssl, with EXTENSIONS alone. */
static GBytes *
make (const char *subject, const char *extensions)
{
  g_autofree char *config = g_strconcat ("[req]\ndistinguished_name=dn\nx509_extensions=ext\n[dn]\n[ext]\n", extensions,
                                         NULL);

  foreign_write ("config", config, strlen (config));
  return foreign_shell ("openssl req -x509 -config config -utf8 " EC " -nodes -keyout key.pem -days 30 "
                        "-set_serial 0x00c0ffee -subj '%s' -outform DER", subject);
}

static char *
hex (GBytes *bytes)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < g_bytes_get_size (bytes); i++)
    g_string_append_printf (text, "%02x", ((const guint8 *) g_bytes_get_data (bytes, NULL))[i]);
  return g_string_free (text, FALSE);
}

/* The first word of what the command says. */
static char *
shell_word (const char *command)
{
  g_autoptr (GBytes) output = foreign_shell ("%s", command);
  char *text = foreign_text (output);

  text[strcspn (text, " \n")] = '\0';
  return text;
}

static void
test_facts (void)
{
  g_autoptr (GBytes) der = make ("/O=Example/CN=Åsa Lind", "subjectAltName=email:Asa@Example.org,DNS:example.org,"
                                 "email:asa.lind@example.com\nkeyUsage=critical,digitalSignature\n"
                                 "extendedKeyUsage=emailProtection\n");
  g_autoptr (SignetCertificate) certificate = read_certificate (der);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  foreign_write_bytes ("one.der", der);
  g_assert_true (g_bytes_equal (signet_certificate_get_der (certificate), der));
  g_assert_cmpstr (signet_certificate_get_subject (certificate), ==, "Åsa Lind");
  g_assert_cmpstr (signet_certificate_get_organization (certificate), ==, "Example");
  g_assert_cmpstr (signet_certificate_get_issuer (certificate), ==, "Åsa Lind");
  g_assert_cmpstr (signet_certificate_get_serial (certificate), ==, "00c0ffee");
  g_assert_cmpint (ABS (signet_certificate_get_not_before (certificate) - now), <, 600);
  g_assert_cmpint (signet_certificate_get_not_after (certificate) - signet_certificate_get_not_before (certificate), ==,
                   30 * 24 * 3600);

  const char *const expected[] = { "Asa@example.org", "asa.lind@example.com", NULL };
  g_assert_cmpstrv ((char **) signet_certificate_get_addresses (certificate), (char **) expected);
  g_assert_true (signet_certificate_has_address (certificate, "asa@example.org"));
  g_assert_true (signet_certificate_has_address (certificate, "asa.lind@example.com"));
  g_assert_false (signet_certificate_has_address (certificate, "eve@example.org"));
}

static void
test_digests (void)
{
  g_autoptr (GBytes) der = make ("/CN=x", "");
  g_autoptr (SignetCertificate) certificate = read_certificate (der);
  g_autoptr (GBytes) fingerprint = signet_certificate_get_fingerprint (certificate);
  g_autoptr (GBytes) pin = signet_certificate_get_pin (certificate);
  g_autofree char *fingerprint_hex = hex (fingerprint), *pin_hex = hex (pin);

  foreign_write_bytes ("one.der", der);
  g_autofree char *expected_fingerprint = shell_word ("openssl dgst -sha256 -r one.der");
  g_autofree char *expected_pin = shell_word ("openssl x509 -inform DER -in one.der -pubkey -noout | "
                                              "openssl pkey -pubin -outform DER | openssl dgst -sha256 -r");
  g_assert_cmpstr (fingerprint_hex, ==, expected_fingerprint);
  g_assert_cmpstr (pin_hex, ==, expected_pin);
}

/* A certificate's key and the private key that it belongs to are compared by their bytes. */
static void
test_spki (void)
{
  static const char *const new_keys[] = { EC, "-newkey ec -pkeyopt ec_paramgen_curve:P-384", "-newkey rsa:2048" };

  for (guint i = 0; i < G_N_ELEMENTS (new_keys); i++) {
    g_autoptr (GBytes) der = foreign_shell ("openssl req -x509 %s -nodes -keyout key.pem -subj /CN=x -outform DER",
                                            new_keys[i]);
    g_autoptr (GBytes) pkcs8 = foreign_shell ("openssl pkcs8 -topk8 -nocrypt -in key.pem -outform DER");
    g_autoptr (SignetSecret) secret = signet_secret_new (g_bytes_get_data (pkcs8, NULL), g_bytes_get_size (pkcs8));
    g_autoptr (SignetPrivateKey) key = signet_private_key_new_from_pkcs8 (secret, NULL);
    g_autoptr (SignetCertificate) certificate = read_certificate (der);

    g_assert_true (g_bytes_equal (signet_certificate_get_spki (certificate), signet_private_key_get_spki (key)));
  }
}

typedef struct {
  const char *name;
  const char *extensions;
  gboolean ca, sign, encrypt;
} UsageCase;

#define MAIL "extendedKeyUsage=emailProtection\n"

static const UsageCase usage_cases[] = {
  { "nothing-said", "", FALSE, TRUE, TRUE },
  { "signs", "keyUsage=digitalSignature\n" MAIL, FALSE, TRUE, FALSE },
  { "commits", "keyUsage=nonRepudiation\n" MAIL, FALSE, TRUE, FALSE },
  { "enciphers", "keyUsage=keyEncipherment\n" MAIL, FALSE, FALSE, TRUE },
  { "agrees", "keyUsage=keyAgreement\n" MAIL, FALSE, FALSE, TRUE },
  { "both", "keyUsage=digitalSignature,keyEncipherment\n" MAIL, FALSE, TRUE, TRUE },
  { "server", "keyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=serverAuth\n", FALSE, FALSE, FALSE },
  { "server-and-mail", "keyUsage=digitalSignature\nextendedKeyUsage=serverAuth,emailProtection\n", FALSE, TRUE, FALSE },
  { "any-purpose", "keyUsage=digitalSignature\nextendedKeyUsage=anyExtendedKeyUsage\n", FALSE, TRUE, FALSE },
  { "ca", "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n", TRUE, FALSE, FALSE },
  { "not-ca", "basicConstraints=critical,CA:FALSE\nkeyUsage=digitalSignature\n", FALSE, TRUE, FALSE },
};

static void
check_usage (gconstpointer data)
{
  const UsageCase *test = data;
  g_autoptr (GBytes) der = make ("/CN=x", test->extensions);
  g_autoptr (SignetCertificate) certificate = read_certificate (der);

  g_assert_cmpint (signet_certificate_is_ca (certificate), ==, test->ca);
  g_assert_cmpint (signet_certificate_can_sign (certificate), ==, test->sign);
  g_assert_cmpint (signet_certificate_can_encrypt (certificate), ==, test->encrypt);
}

/* What is shown cannot break a line, hide its end, or turn the writing direction. */
static void
test_names (void)
{
  static const struct { const char *subject, *shown; } cases[] = {
    { "/CN=Lind, Åsa \"the <first>\\\\ 1\" ; #1", "Lind, Åsa \"the <first>\\ 1\" ; #1" },
    { "/O=Example/OU=Mail", "OU=Mail,O=Example" },
    { "/", "" },
    { "/CN=asa\nlind", "asa\357\277\275lind" },
    { "/CN=asa\342\200\256gro.elpmaxe", "asa\357\277\275gro.elpmaxe" },
    { "/CN=one/CN=two", "one" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) der = make (cases[i].subject, "");
    g_autoptr (SignetCertificate) certificate = read_certificate (der);
    g_assert_cmpstr (signet_certificate_get_subject (certificate), ==, cases[i].shown);
    g_assert_nonnull (signet_certificate_get_organization (certificate));
  }
}

/* DER with the first TEXT in it changed to OTHER, of the same LENGTH. */
static GBytes *
replace (GBytes *der, const char *text, const char *other, gsize length)
{
  gsize size;
  guint8 *data = g_bytes_unref_to_data (g_bytes_ref (der), &size);
  guint8 *place = memmem (data, size, text, length);

  g_assert_nonnull (place);
  memcpy (place, other, length);
  return g_bytes_new_take (data, size);
}

/* "asa@example.org\0.eve.example" must not read as "asa@example.org". */
static void
test_hidden_end (void)
{
  g_autoptr (GBytes) der = make ("/CN=asaXlind", "subjectAltName=email:asa@example.orgX.eve.example\n");
  g_autoptr (GBytes) address = replace (der, "asa@example.orgX", "asa@example.org\0", 16);
  g_autoptr (GBytes) both = replace (address, "asaXlind", "asa\0lind", 8);
  g_autoptr (SignetCertificate) certificate = read_certificate (both);

  g_assert_null (signet_certificate_get_addresses (certificate)[0]);
  g_assert_false (signet_certificate_has_address (certificate, "asa@example.org"));
  g_assert_cmpstr (signet_certificate_get_subject (certificate), !=, "asa");
}

static void
test_odd_addresses (void)
{
  g_autoptr (GBytes) der = make ("/CN=x", "subjectAltName=email:asa,email:../../x@example.org,email:asa@example.org\n");
  g_autoptr (SignetCertificate) certificate = read_certificate (der);

  g_assert_cmpuint (g_strv_length ((char **) signet_certificate_get_addresses (certificate)), ==, 1);
  g_assert_true (signet_certificate_has_address (certificate, "asa@example.org"));
}

/* As many names as fit: read in no time, and no more of them kept than a person could have. */
static void
test_many_names (void)
{
  g_autoptr (GString) extensions = g_string_new ("subjectAltName=email:a@example.org");

  for (guint i = 0; i < 3000; i++)
    g_string_append_printf (extensions, ",email:%u@example.org", i);
  g_string_append (extensions, "\n");
  g_autoptr (GBytes) der = make ("/CN=x", extensions->str);
  g_assert_cmpuint (g_bytes_get_size (der), <, SIGNET_MAX_CERTIFICATE);

  gint64 start = g_get_monotonic_time ();
  g_autoptr (SignetCertificate) certificate = read_certificate (der);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
  g_assert_cmpuint (g_strv_length ((char **) signet_certificate_get_addresses (certificate)), <, 100);
}

static void
assert_refused (gconstpointer data, gsize length, int code)
{
  g_autoptr (GBytes) der = g_bytes_new (data, length);
  g_autoptr (GError) error = NULL;

  g_assert_null (signet_certificate_new (der, &error));
  g_assert_error (error, SIGNET_ERROR, code);
}

static void
test_refused (void)
{
  g_autoptr (GBytes) der = make ("/CN=x", "subjectAltName=email:asa@example.org\n");
  gsize length = g_bytes_get_size (der);
  g_autofree guint8 *longer = g_malloc0 (SIGNET_MAX_CERTIFICATE + 1);

  memcpy (longer, g_bytes_get_data (der, NULL), length);
  for (gsize i = 0; i < length; i++)
    assert_refused (longer, i, SIGNET_ERROR_INVALID);
  assert_refused (longer, length + 1, SIGNET_ERROR_INVALID);
  assert_refused (longer, SIGNET_MAX_CERTIFICATE + 1, SIGNET_ERROR_TOO_LARGE);

  foreign_write_bytes ("one.der", der);
  g_autoptr (GBytes) pem = foreign_shell ("openssl x509 -inform DER -in one.der");
  assert_refused (g_bytes_get_data (pem, NULL), g_bytes_get_size (pem), SIGNET_ERROR_INVALID);
  g_autoptr (GBytes) bad_names = make ("/CN=x", "2.5.29.17=DER:0500\n");
  g_autoptr (GBytes) bad_usage = make ("/CN=x", "2.5.29.15=DER:0500\n");
  assert_refused (g_bytes_get_data (bad_names, NULL), g_bytes_get_size (bad_names), SIGNET_ERROR_INVALID);
  assert_refused (g_bytes_get_data (bad_usage, NULL), g_bytes_get_size (bad_usage), SIGNET_ERROR_INVALID);
}

/* Reading never goes wrong otherwise than by an error, whichever bit is turned. */
static void
test_mutations (void)
{
  g_autoptr (GBytes) der = make ("/CN=x", "subjectAltName=email:asa@example.org\nkeyUsage=digitalSignature\n" MAIL);
  gsize length = g_bytes_get_size (der);

  for (gsize i = 0; i < length * 8; i++) {
    guint8 *data = g_memdup2 (g_bytes_get_data (der, NULL), length);
    data[i / 8] ^= 1 << i % 8;
    g_autoptr (GBytes) changed = g_bytes_new_take (data, length);
    g_autoptr (GError) error = NULL;
    g_autoptr (SignetCertificate) certificate = signet_certificate_new (changed, &error);

    if (certificate == NULL)
      g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_INVALID);
    else
      g_assert_true (g_utf8_validate (signet_certificate_get_subject (certificate), -1, NULL));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  foreign_begin ();
  g_test_add_func ("/cert/certificate/facts", test_facts);
  g_test_add_func ("/cert/certificate/digests", test_digests);
  g_test_add_func ("/cert/certificate/spki", test_spki);
  for (guint i = 0; i < G_N_ELEMENTS (usage_cases); i++) {
    g_autofree char *path = g_strconcat ("/cert/certificate/usage/", usage_cases[i].name, NULL);
    g_test_add_data_func (path, &usage_cases[i], check_usage);
  }
  g_test_add_func ("/cert/certificate/names", test_names);
  g_test_add_func ("/cert/certificate/hidden-end", test_hidden_end);
  g_test_add_func ("/cert/certificate/odd-addresses", test_odd_addresses);
  g_test_add_func ("/cert/certificate/many-names", test_many_names);
  g_test_add_func ("/cert/certificate/refused", test_refused);
  g_test_add_func ("/cert/certificate/mutations", test_mutations);
  int result = g_test_run ();
  foreign_end ();
  return result;
}
