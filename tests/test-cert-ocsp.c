/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cert/ocsp.h"

#include "base/hex.h"
#include "base/limits.h"

#include "foreign-ca.h"

#define DAY (24 * 3600)

typedef struct {
  const char *name;
  const char *good;            /* what the responder knows, as in foreign_write_index() */
  const char *revoked;
  const char *signer;
  const char *options;         /* of openssl ocsp as a responder; NULL: for a day */
  gboolean nonce;              /* is sent */
  int days;                    /* from now, when it is looked at */
  int code;                    /* -1: it was believed */
  SignetRevocationVerdict verdict;
  SignetRevocationReason reason;
  const char *openssl;         /* what openssl ocsp says of it, and openssl verify of the signer; NULL: not asked */
} Case;

#define GOOD .code = -1, .verdict = SIGNET_REVOCATION_GOOD, .openssl = "leaf.pem: good"
#define BAD(why) .code = -1, .verdict = SIGNET_REVOCATION_REVOKED, .reason = SIGNET_REASON_ ## why, \
  .openssl = "leaf.pem: revoked"
#define REFUSED .code = SIGNET_ERROR_UNTRUSTED, .openssl = "Response Verify Failure"

static const Case cases[] = {
  { "good", "1001,1003", "1002", "ca", GOOD },
  { "good-nonce", "1001", "1002", "ca", .nonce = TRUE, GOOD },
  { "revoked", "1003", "1001 keyCompromise", "ca", BAD (KEY_COMPROMISE) },
  { "revoked-no-reason", "1003", "1001", "ca", .nonce = TRUE, BAD (UNSPECIFIED) },
  { "on-hold", "1003", "1001 certificateHold", "ca", BAD (CERTIFICATE_HOLD) },
  { "unknown", "1003", "1002", "ca", .code = -1, .verdict = SIGNET_REVOCATION_UNKNOWN,
    .openssl = "leaf.pem: unknown" },
  { "by-key", "1001", "1002", "ca", "-ndays 1 -resp_key_id", GOOD },
  { "delegate", "1001", "1002", "responder", GOOD },
  { "delegate-by-key", "1001", "1002", "responder", "-ndays 1 -resp_key_id", GOOD },
  { "delegate-revoked", "1003", "1001 superseded", "responder", BAD (SUPERSEDED) },
  { "delegate-not-sent", "1001", "1002", "responder", "-ndays 1 -resp_no_certs", REFUSED },
  { "no-delegate", "1001", "1002", "stranger", REFUSED },
  { "delegate-for-mail", "1001", "1002", "mailer", REFUSED },
  { "delegate-of-another", "1001", "1002", "foreigner", REFUSED },
  { "delegate-of-delegate", "1001", "1002", "nephew", REFUSED },
  { "delegate-expired", "1001", "1002", "responder", "-ndays 99", .days = 31, .code = SIGNET_ERROR_UNTRUSTED },
  { "twin", "1001", "1002", "twin", REFUSED },
  { "expired", "1001", "1002", "ca", .days = 2, .code = SIGNET_ERROR_EXPIRED },
  { "expired-revoked", "1003", "1001 keyCompromise", "ca", .days = 2, BAD (KEY_COMPROMISE) },
  { "no-end", "1001", "1002", "ca", "", .days = 2, .code = SIGNET_ERROR_EXPIRED },
  { "no-end-fresh", "1001", "1002", "ca", "", GOOD },
  { "from-the-future", "1001", "1002", "ca", .days = -1, .code = SIGNET_ERROR_INVALID },
  { "sha1", "1001", "1002", "ca", "-ndays 1 -rmd sha1", .code = SIGNET_ERROR_UNSUPPORTED },
};

/* The question about the leaf, with NONCE. */
static void
ask (GBytes *nonce)
{
  g_autoptr (SignetCertificate) leaf = foreign_certificate ("leaf"), ca = foreign_certificate ("ca");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) request = signet_ocsp_make_request (leaf, ca, nonce, &error);

  g_assert_no_error (error);
  foreign_write_bytes ("request.der", request);
}

static GBytes *
answer (const char *signer, const char *options)
{
  return foreign_shell ("openssl ocsp -index index.txt -CA ca.pem -rsigner %s.pem -rkey %s.key -reqin request.der %s "
                        "-respout answer.der >&2 && cat answer.der", signer, signer, options);
}

static GBytes *
make_nonce (void)
{
  return g_bytes_new_static ("0123456789abcdef", 16);
}

static gboolean
read_answer (GBytes *bytes, GBytes *nonce, gint64 at, SignetRevocationStatus *status, GError **error)
{
  g_autoptr (SignetCertificate) leaf = foreign_certificate ("leaf"), ca = foreign_certificate ("ca");

  return signet_ocsp_read (bytes, leaf, ca, nonce, at, status, error);
}

static void
check_openssl (const char *expected)
{
  g_autoptr (GBytes) output = foreign_shell ("openssl ocsp -respin answer.der -issuer ca.pem -cert leaf.pem "
                                             "-CAfile ca.pem -no_nonce 2>&1 || true");
  g_autofree char *text = foreign_text (output);

  g_assert_nonnull (strstr (text, expected));
  g_assert_true (g_str_has_prefix (expected, "leaf.pem") == (strstr (text, "Response verify OK") != NULL));
}

static void
check_case (gconstpointer data)
{
  const Case *test = data;
  g_autoptr (GBytes) nonce = test->nonce ? make_nonce () : NULL;
  SignetRevocationStatus status = { .verdict = 99 };
  g_autoptr (GError) error = NULL;

  foreign_write_index (test->good, test->revoked);
  ask (nonce);
  g_autoptr (GBytes) bytes = answer (test->signer, test->options != NULL ? test->options : "-ndays 1");
  g_assert_true (read_answer (bytes, nonce, foreign_now () + (gint64) test->days * DAY, &status, &error) ==
                 (test->code == -1));
  if (test->openssl != NULL)
    check_openssl (test->openssl);
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
}

/* ocsptool's view of our question, and of the answer. */
static void
test_ocsptool (void)
{
  g_autoptr (GBytes) nonce = make_nonce ();

  foreign_write_index ("1001", "1002");
  ask (nonce);
  g_autoptr (GBytes) question = foreign_shell ("ocsptool --request-info --infile request.der 2>&1");
  g_autofree char *asked = foreign_text (question);
  g_assert_nonnull (strstr (asked, "Serial Number: 1001"));
  g_assert_nonnull (strstr (asked, "Nonce: 30313233343536373839616263646566"));
  g_autoptr (GBytes) bytes = answer ("responder", "-ndays 1");
  g_autoptr (GBytes) opinion = foreign_shell ("ocsptool --verify-response --load-trust ca.pem --load-response "
                                              "answer.der 2>&1");
  g_autofree char *text = foreign_text (opinion);
  g_assert_nonnull (strstr (text, "Success"));
}

static void
check_code (GBytes *bytes, GBytes *nonce, int code)
{
  SignetRevocationStatus status;
  g_autoptr (GError) error = NULL;

  g_assert_false (read_answer (bytes, nonce, foreign_now (), &status, &error));
  g_assert_error (error, SIGNET_ERROR, code);
}

/* An answer to another question: another nonce, another certificate, no nonce and no end. */
static void
test_other_question (void)
{
  g_autoptr (GBytes) nonce = make_nonce (), other = g_bytes_new_static ("0123456789abcdeF", 16);
  SignetRevocationStatus status;
  g_autoptr (GError) error = NULL;

  foreign_write_index ("1001,1003", "1002");
  ask (nonce);
  g_autoptr (GBytes) bytes = answer ("ca", "-ndays 1");
  check_code (bytes, other, SIGNET_ERROR_UNTRUSTED);
  g_assert_true (read_answer (bytes, NULL, foreign_now (), &status, &error));     /* from the cache */

  ask (NULL);
  g_autoptr (GBytes) beforehand = answer ("ca", "-ndays 1"), endless = answer ("ca", "");
  g_assert_true (read_answer (beforehand, nonce, foreign_now () + DAY / 2, &status, &error));
  g_assert_true (read_answer (endless, NULL, foreign_now () + DAY / 2, &status, &error));
  g_assert_false (read_answer (endless, nonce, foreign_now () + DAY / 2, &status, &error));
  g_assert_error (error, SIGNET_ERROR, SIGNET_ERROR_EXPIRED);

  g_autoptr (GBytes) moved = foreign_shell ("cp leaf.pem kept.pem && cp leaf.key kept.key");
  foreign_issue ("leaf", "ca", "leaf", "1003", FOREIGN_LEAF_EXTENSIONS, 100);
  check_code (bytes, NULL, SIGNET_ERROR_NOT_FOUND);
  g_autoptr (GBytes) back = foreign_shell ("mv kept.pem leaf.pem && mv kept.key leaf.key");
}

/* OCSPResponseStatus: malformedRequest, tryLater, unauthorized. */
static void
test_refusals (void)
{
  static const struct { guint8 der[5]; int code; } refusals[] = {
    { { 0x30, 3, 0x0a, 1, 1 }, SIGNET_ERROR_REFUSED },
    { { 0x30, 3, 0x0a, 1, 3 }, SIGNET_ERROR_BUSY },
    { { 0x30, 3, 0x0a, 1, 6 }, SIGNET_ERROR_REFUSED },
    { { 0x30, 3, 0x0a, 1, 0 }, SIGNET_ERROR_INVALID },
    { { 0x30, 3, 0x02, 1, 0 }, SIGNET_ERROR_INVALID },
  };
  g_autofree guint8 *data = g_malloc0 (SIGNET_MAX_OCSP + 1);
  g_autoptr (GBytes) large = g_bytes_new_static (data, SIGNET_MAX_OCSP + 1);

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++) {
    g_autoptr (GBytes) bytes = g_bytes_new_static (refusals[i].der, 5);
    check_code (bytes, NULL, refusals[i].code);
  }
  check_code (large, NULL, SIGNET_ERROR_TOO_LARGE);
}

/* Bytes of an answer turned: what is still read says the same, and is signed.  (The certificate that it brings is not
 * needed to the last byte: its own signature is all that ties it to the issuer.) */
static void
test_mutations (void)
{
  g_autoptr (SignetCertificate) leaf = foreign_certificate ("leaf"), ca = foreign_certificate ("ca");
  guint good = 0;

  foreign_write_index ("1003", "1001 keyCompromise");
  ask (NULL);
  g_autoptr (GBytes) bytes = answer ("ca", "-ndays 1 -resp_no_certs");
  gsize length = g_bytes_get_size (bytes);
  for (gsize i = 0; i < length; i++) {
    SignetRevocationStatus status = { 0 };
    guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), length);

    copy[i] ^= 1 << g_test_rand_int_range (0, 8);
    g_autoptr (GBytes) changed = g_bytes_new_take (copy, length);
    good += signet_ocsp_read (changed, leaf, ca, NULL, foreign_now (), &status, NULL);
  }
  g_assert_cmpuint (good, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  foreign_begin ();
  foreign_issue ("ca", NULL, "ca", "0001", FOREIGN_CA_EXTENSIONS, 3650);
  foreign_issue ("twin", NULL, "ca", "0001", FOREIGN_CA_EXTENSIONS, 3650);
  foreign_issue ("other", NULL, "other", "0003", FOREIGN_CA_EXTENSIONS, 3650);
  foreign_issue ("leaf", "ca", "leaf", "1001", FOREIGN_LEAF_EXTENSIONS, 100);
  foreign_issue ("responder", "ca", "responder", "2001", FOREIGN_RESPONDER_EXTENSIONS FOREIGN_MAY_ANSWER, 30);
  foreign_issue ("mailer", "ca", "mailer", "2002", FOREIGN_LEAF_EXTENSIONS, 30);
  foreign_issue ("stranger", "ca", "stranger", "2003", FOREIGN_RESPONDER_EXTENSIONS, 30);
  foreign_issue ("foreigner", "other", "foreigner", "2004", FOREIGN_RESPONDER_EXTENSIONS FOREIGN_MAY_ANSWER, 30);
  foreign_issue ("nephew", "responder", "nephew", "2005", FOREIGN_RESPONDER_EXTENSIONS FOREIGN_MAY_ANSWER, 30);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/cert/ocsp/case/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], check_case);
  }
  g_test_add_func ("/cert/ocsp/ocsptool", test_ocsptool);
  g_test_add_func ("/cert/ocsp/other-question", test_other_question);
  g_test_add_func ("/cert/ocsp/refusals", test_refusals);
  g_test_add_func ("/cert/ocsp/mutations", test_mutations);
  int result = g_test_run ();
  foreign_end ();
  return result;
}
