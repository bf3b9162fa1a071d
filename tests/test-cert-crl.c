/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cert/crl.h"

#include "base/limits.h"

#include "foreign-ca.h"

#define DAY (24 * 3600)
#define ID "authorityKeyIdentifier=keyid\n"
#define URL "http://ca.example.org/a.crl"
#define POINT "crlDistributionPoints=URI:" URL "\n"
#define IDP(text) ID "issuingDistributionPoint=critical,@idp\n[idp]\n" text

/* What openssl says of the same files: its verdict's number, or 0. */
enum { OK = 0, NO_LIST = 3, LIST_SIGNATURE = 8, LIST_EXPIRED = 12, LIST_NOT_YET = 11, REVOKED = 23,
       UNKNOWN_CRITICAL = 36, SCOPE = 44 };

typedef struct {
  const char *name;
  const char *revoked;         /* serials; the leaf's is 1001 */
  const char *extensions;      /* of the list; NULL: the usual one */
  const char *options;         /* of openssl ca; NULL: for a week from now */
  const char *signer;          /* NULL: the issuer */
  const char *leaf;            /* more extensions of the leaf */
  int days;                    /* from now, when it is looked at */
  int code;                    /* -1: it was believed */
  SignetRevocationVerdict verdict;
  SignetRevocationReason reason;
  int openssl;
} Case;

#define GOOD .code = -1, .verdict = SIGNET_REVOCATION_GOOD
#define BAD(why) .code = -1, .verdict = SIGNET_REVOCATION_REVOKED, .reason = SIGNET_REASON_ ## why, .openssl = REVOKED

static const Case cases[] = {
  { "good", "1002 keyCompromise,1003", GOOD },
  { "empty", "", GOOD },
  { "revoked", "1002,1001 keyCompromise", BAD (KEY_COMPROMISE) },
  { "revoked-no-reason", "1001", BAD (UNSPECIFIED) },
  { "revoked-superseded", "1001 superseded,1005", BAD (SUPERSEDED) },
  { "on-hold", "1001 certificateHold", BAD (CERTIFICATE_HOLD) },
  { "expired", "1002", .days = 8, .code = SIGNET_ERROR_EXPIRED, .openssl = LIST_EXPIRED },
  { "expired-hold", "1001 certificateHold", .days = 8, .code = SIGNET_ERROR_EXPIRED, .openssl = LIST_EXPIRED },
  /* what is lost stays lost, however old the list is */
  { "expired-revoked", "1001 keyCompromise", .days = 8, .code = -1, .verdict = SIGNET_REVOCATION_REVOKED,
    .reason = SIGNET_REASON_KEY_COMPROMISE, .openssl = LIST_EXPIRED },
  { "from-the-future", "1002", .days = -1, .code = SIGNET_ERROR_INVALID, .openssl = LIST_NOT_YET },
  { "other-issuer", "1001", .signer = "other", .code = SIGNET_ERROR_UNTRUSTED, .openssl = NO_LIST },
  { "same-name-other-key", "1002", .signer = "twin", .extensions = "", .code = SIGNET_ERROR_UNTRUSTED,
    .openssl = LIST_SIGNATURE },
  { "sha1", "1002", .options = "-crldays 7 -md sha1", .code = SIGNET_ERROR_UNSUPPORTED, .openssl = OK },
  { "unknown-critical", "1002", ID "1.2.3.4=critical,ASN1:NULL\n", .code = SIGNET_ERROR_UNSUPPORTED,
    .openssl = UNKNOWN_CRITICAL },
  { "unknown", "1002", ID "1.2.3.4=ASN1:NULL\n", GOOD },
  { "delta", "1002", ID "2.5.29.27=critical,ASN1:INTEGER:5\n", .code = SIGNET_ERROR_UNSUPPORTED, .openssl = NO_LIST },
  { "users-only", "1001", IDP ("onlyuser=TRUE\n"), BAD (UNSPECIFIED) },
  { "authorities-only", "1002", IDP ("onlyCA=TRUE\n"), .code = SIGNET_ERROR_UNSUPPORTED, .openssl = SCOPE },
  { "attributes-only", "1002", IDP ("onlyAA=TRUE\n"), .code = SIGNET_ERROR_UNSUPPORTED, .openssl = SCOPE },
  { "some-reasons", "1002", IDP ("onlysomereasons=keyCompromise\n"), .code = SIGNET_ERROR_UNSUPPORTED,
    .openssl = NO_LIST },
  { "indirect", "1002", IDP ("indirectCRL=TRUE\n"), .code = SIGNET_ERROR_UNSUPPORTED, .openssl = NO_LIST },
  { "its-point", "1002", IDP ("fullname=URI:" URL "\n"), .leaf = POINT, GOOD },
  { "another-point", "1002", IDP ("fullname=URI:http://ca.example.org/b.crl\n"), .leaf = POINT,
    .code = SIGNET_ERROR_UNSUPPORTED, .openssl = SCOPE },
  { "no-point", "1002", IDP ("fullname=URI:" URL "\n"), .code = SIGNET_ERROR_UNSUPPORTED, .openssl = SCOPE },
};

/* What openssl verify says. */
static int
ask_openssl (gint64 at)
{
  g_autoptr (GBytes) output = foreign_shell (
    "openssl verify -crl_check -attime %" G_GINT64_FORMAT " -CAfile ca.pem -CRLfile list.pem leaf.pem 2>&1 || true",
    at);
  g_autofree char *text = foreign_text (output);
  const char *error = strstr (text, "error ");

  if (error == NULL)
    g_assert_nonnull (strstr (text, "leaf.pem: OK"));
  return error != NULL ? atoi (error + strlen ("error ")) : OK;
}

static void
check_case (gconstpointer data)
{
  const Case *test = data;
  g_autofree char *extensions = g_strconcat (FOREIGN_LEAF_EXTENSIONS, test->leaf, NULL);
  gint64 at = foreign_now () + (gint64) test->days * DAY + 5;
  SignetRevocationStatus status = { .verdict = 99 };
  g_autoptr (GError) error = NULL;

  foreign_issue ("leaf", "ca", "leaf", "1001", extensions, 100);
  foreign_write_index ("", test->revoked);
  g_autoptr (GBytes) crl = foreign_make_crl (test->signer != NULL ? test->signer : "ca",
                                             test->extensions != NULL ? test->extensions : ID,
                                             test->options != NULL ? test->options : "-crldays 7");
  g_autoptr (SignetCertificate) leaf = foreign_certificate ("leaf"), ca = foreign_certificate ("ca");

  g_assert_true (signet_crl_read (crl, leaf, ca, at, &status, &error) == (test->code == -1));
  if (test->days >= 0)                /* else openssl objects to the certificate before it looks at the list */
    g_assert_cmpint (ask_openssl (at), ==, test->openssl);
  if (error != NULL) {
    g_test_message ("%s", error->message);
    g_assert_error (error, SIGNET_ERROR, test->code);
    g_assert_cmpint (status.verdict, ==, 99);
    return;
  }
  g_assert_cmpint (status.verdict, ==, test->verdict);
  g_assert_cmpint (status.reason, ==, test->reason);
  g_assert_cmpint (status.revoked, ==, test->verdict == SIGNET_REVOCATION_REVOKED ? FOREIGN_REVOKED : 0);
  g_assert_cmpint (ABS (status.this_update - foreign_now ()), <, 60);
  g_assert_cmpint (status.next_update, ==, status.this_update + 7 * DAY);
}

/* certtool's lists, and its opinion of them. */
static void
test_certtool (void)
{
  static const char template[] = "crl_next_update = 7\ncrl_number = 9\n";
  SignetRevocationStatus status;
  g_autoptr (GError) error = NULL;

  foreign_issue ("leaf", "ca", "leaf", "1001", FOREIGN_LEAF_EXTENSIONS, 100);
  foreign_issue ("lost", "ca", "lost", "1002", FOREIGN_LEAF_EXTENSIONS, 100);
  foreign_write ("list.template", template, strlen (template));
  g_autoptr (GBytes) crl = foreign_shell ("certtool --generate-crl --load-ca-privkey ca.key "
                                          "--load-ca-certificate ca.pem --load-certificate lost.pem "
                                          "--template list.template --outder --outfile list.der >/dev/null 2>&1 && "
                                          "cat list.der");
  g_autoptr (GBytes) opinion = foreign_shell ("openssl x509 -in ca.pem -outform DER -out ca.der && "
                                              "certtool --verify-crl --load-ca-certificate ca.der --inder "
                                              "--infile list.der 2>&1");
  g_autofree char *text = foreign_text (opinion);
  g_autoptr (SignetCertificate) leaf = foreign_certificate ("leaf"), lost = foreign_certificate ("lost");
  g_autoptr (SignetCertificate) ca = foreign_certificate ("ca");

  g_assert_nonnull (strstr (text, "Verified"));
  g_assert_true (signet_crl_read (crl, leaf, ca, foreign_now (), &status, &error));
  g_assert_no_error (error);
  g_assert_cmpint (status.verdict, ==, SIGNET_REVOCATION_GOOD);
  g_assert_true (signet_crl_read (crl, lost, ca, foreign_now (), &status, &error));
  g_assert_cmpint (status.verdict, ==, SIGNET_REVOCATION_REVOKED);
}

/* A CA that may not sign lists; a list about a certificate that its issuer has not issued. */
static void
test_who (void)
{
  SignetRevocationStatus status;
  g_autoptr (GError) error = NULL;

  foreign_issue ("silent", NULL, "silent", "0001", "basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\n"
                 "keyUsage=critical,keyCertSign\n", 300);
  foreign_issue ("leaf", "silent", "leaf", "1001", FOREIGN_LEAF_EXTENSIONS, 100);
  foreign_write_index ("", "1002");
  g_autoptr (GBytes) crl = foreign_make_crl ("silent", ID, "-crldays 7");
  g_autoptr (SignetCertificate) leaf = foreign_certificate ("leaf"), silent = foreign_certificate ("silent");
  g_assert_false (signet_crl_read (crl, leaf, silent, foreign_now (), &status, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED);
  g_clear_error (&error);

  foreign_issue ("leaf", "twin", "leaf", "1001", FOREIGN_LEAF_EXTENSIONS, 100);
  g_autoptr (GBytes) good = foreign_make_crl ("ca", ID, "-crldays 7");
  g_autoptr (SignetCertificate) other = foreign_certificate ("leaf"), ca = foreign_certificate ("ca");
  g_assert_false (signet_crl_read (good, other, ca, foreign_now (), &status, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_UNTRUSTED);
}

/* A certificate that had run out when the list was made may have been dropped from it. */
static void
test_run_out (void)
{
  SignetRevocationStatus status;
  g_autoptr (GError) error = NULL;

  foreign_issue ("leaf", "ca", "leaf", "1001", FOREIGN_LEAF_EXTENSIONS, 1);
  foreign_write_index ("", "1002");
  g_autoptr (GBytes) crl = foreign_make_crl ("ca", ID, "-crl_lastupdate 20360101000000Z "
                                             "-crl_nextupdate 20360108000000Z");
  g_autoptr (SignetCertificate) leaf = foreign_certificate ("leaf"), ca = foreign_certificate ("ca");

  g_assert_true (signet_crl_read (crl, leaf, ca, 2082844800 + DAY, &status, &error));
  g_assert_no_error (error);
  g_assert_cmpint (status.verdict, ==, SIGNET_REVOCATION_UNKNOWN);
}

static void
test_size (void)
{
  g_autoptr (SignetCertificate) leaf = NULL, ca = foreign_certificate ("ca");
  g_autofree guint8 *data = g_malloc0 (SIGNET_MAX_CRL + 1);
  g_autoptr (GBytes) large = g_bytes_new_static (data, SIGNET_MAX_CRL + 1);
  SignetRevocationStatus status;
  g_autoptr (GError) error = NULL;

  foreign_issue ("leaf", "ca", "leaf", "1001", FOREIGN_LEAF_EXTENSIONS, 100);
  leaf = foreign_certificate ("leaf");
  g_assert_false (signet_crl_read (large, leaf, ca, foreign_now (), &status, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_TOO_LARGE);
}

/* A hundred thousand entries are read in well under a second: what takes time by the square takes a minute. */
static void
test_long (void)
{
  g_autoptr (GString) revoked = g_string_new ("1001 keyCompromise");
  SignetRevocationStatus status;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (revoked, ",%08X", 0x10000000 + i);
  foreign_issue ("leaf", "ca", "leaf", "1001", FOREIGN_LEAF_EXTENSIONS, 100);
  foreign_write_index ("", revoked->str);
  g_autoptr (GBytes) crl = foreign_make_crl ("ca", ID, "-crldays 7");
  g_autoptr (SignetCertificate) leaf = foreign_certificate ("leaf"), ca = foreign_certificate ("ca");
  gint64 start = g_get_monotonic_time ();
  g_assert_true (signet_crl_read (crl, leaf, ca, foreign_now (), &status, &error));
  gint64 time = g_get_monotonic_time () - start;
  g_assert_cmpint (status.verdict, ==, SIGNET_REVOCATION_REVOKED);
  g_test_message ("%d KiB in %d ms", (int) (g_bytes_get_size (crl) / 1024), (int) (time / 1000));
  g_assert_cmpint (time, <, 5 * G_USEC_PER_SEC);
}

/* Every byte of a list turned: none makes the revoked one good, or makes anything else of it. */
static void
test_mutations (void)
{
  SignetRevocationStatus status;
  guint read = 0;

  foreign_issue ("leaf", "ca", "leaf", "1001", FOREIGN_LEAF_EXTENSIONS, 100);
  foreign_write_index ("", "1001 keyCompromise,1002");
  g_autoptr (GBytes) crl = foreign_make_crl ("ca", ID, "-crldays 7");
  g_autoptr (SignetCertificate) leaf = foreign_certificate ("leaf"), ca = foreign_certificate ("ca");
  gsize length = g_bytes_get_size (crl);

  for (gsize i = 0; i < length; i++) {
    guint8 *data = g_memdup2 (g_bytes_get_data (crl, NULL), length);
    data[i] ^= 1 << g_test_rand_int_range (0, 8);
    g_autoptr (GBytes) changed = g_bytes_new_take (data, length);
    read += signet_crl_read (changed, leaf, ca, foreign_now (), &status, NULL);
    g_autoptr (GBytes) cut = g_bytes_new_from_bytes (crl, 0, i);
    read += signet_crl_read (cut, leaf, ca, foreign_now (), &status, NULL);
  }
  g_assert_cmpuint (read, ==, 0);
}

static void
test_urls (void)
{
  foreign_issue ("leaf", "ca", "leaf", "1001", FOREIGN_LEAF_EXTENSIONS
                 "crlDistributionPoints=URI:ldap://x/y,URI:" URL ",URI:" URL ",URI:https://b.example/c,URI:http://c/,"
                 "URI:http://d/,URI:http://e/\n"
                 "authorityInfoAccess=caIssuers;URI:http://no/,OCSP;URI:ftp://x/,OCSP;URI:http://o.example/,"
                 "OCSP;URI:https://p.example/q\n", 100);
  g_autoptr (SignetCertificate) leaf = foreign_certificate ("leaf"), ca = foreign_certificate ("ca");
  g_auto (GStrv) lists = signet_revocation_get_crl_urls (leaf), responders = signet_revocation_get_ocsp_urls (leaf);
  g_auto (GStrv) none = signet_revocation_get_crl_urls (ca), neither = signet_revocation_get_ocsp_urls (ca);
  g_autofree char *list_text = g_strjoinv (" ", lists), *responder_text = g_strjoinv (" ", responders);

  g_assert_cmpstr (list_text, ==, URL " https://b.example/c http://c/ http://d/");
  g_assert_cmpstr (responder_text, ==, "http://o.example/ https://p.example/q");
  g_assert_null (none[0]);
  g_assert_null (neither[0]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  foreign_begin ();
  foreign_issue ("ca", NULL, "ca", "0001", FOREIGN_CA_EXTENSIONS, 3650);
  foreign_issue ("twin", NULL, "ca", "0002", FOREIGN_CA_EXTENSIONS, 3650);
  foreign_issue ("other", NULL, "other", "0003", FOREIGN_CA_EXTENSIONS, 3650);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/cert/crl/case/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], check_case);
  }
  g_test_add_func ("/cert/crl/certtool", test_certtool);
  g_test_add_func ("/cert/crl/who", test_who);
  g_test_add_func ("/cert/crl/run-out", test_run_out);
  g_test_add_func ("/cert/crl/size", test_size);
  g_test_add_func ("/cert/crl/long", test_long);
  g_test_add_func ("/cert/crl/mutations", test_mutations);
  g_test_add_func ("/cert/crl/urls", test_urls);
  int result = g_test_run ();
  foreign_end ();
  return result;
}
