/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ui/revocation-text.h"

#include "base/error.h"
#include "test-ca.h"

#define NOW G_GINT64_CONSTANT (1795000000)        /* 18 November 2026, 11:06:40 UTC */
#define MINUTE 60
#define DAY (24 * 60 * MINUTE)

typedef struct {
  SignetRevocationVerdict verdict;
  SignetRevocationReason reason;
  gint64 checked;
  int problem;               /* a code; or NONE */
  gint64 now;
  const char *text;
  const char *brief;
} Case;

#define NONE -1
#define GOOD SIGNET_REVOCATION_GOOD
#define REVOKED SIGNET_REVOCATION_REVOKED
#define UNKNOWN SIGNET_REVOCATION_UNKNOWN
#define UNREACHABLE SIGNET_ERROR_UNREACHABLE

static const Case cases[] = {
  { GOOD, 0, NOW - 10 * MINUTE, NONE, NOW, "Not revoked — checked 10 minutes ago",
    "Not revoked — checked 10 minutes ago" },
  { GOOD, 0, NOW - DAY, UNREACHABLE, NOW, "Not revoked — checked yesterday. It could not be checked again: Why.",
    "Not revoked — checked yesterday" },
  { REVOKED, SIGNET_REASON_UNSPECIFIED, NOW, NONE, NOW, "Revoked on 16 November 2026", "Revoked on 16 November 2026" },
  { REVOKED, SIGNET_REASON_KEY_COMPROMISE, NOW, NONE, NOW, "Revoked on 16 November 2026: the key was lost",
    "Revoked on 16 November 2026: the key was lost" },
  { REVOKED, SIGNET_REASON_SUPERSEDED, NOW, NONE, NOW, "Revoked on 16 November 2026: replaced by a new one",
    "Revoked on 16 November 2026: replaced by a new one" },
  { REVOKED, SIGNET_REASON_CERTIFICATE_HOLD, NOW, NONE, NOW, "On hold since 16 November 2026",
    "On hold since 16 November 2026" },
  { UNKNOWN, 0, 0, NONE, NOW, "Not checked yet", "Not checked yet" },
  /* What could not be found out is never called good. */
  { UNKNOWN, 0, 0, UNREACHABLE, NOW, "Could not be checked: Why.", "Could not be checked" },
  { UNKNOWN, 0, NOW - 9 * DAY, UNREACHABLE, NOW, "Could not be checked since 9 November 2026: Why.",
    "Could not be checked since 9 November 2026" },
  { UNKNOWN, 0, NOW - 9 * DAY, NONE, NOW, "Could not be checked since 9 November 2026",
    "Could not be checked since 9 November 2026" },
  { UNKNOWN, 0, 0, SIGNET_ERROR_NOT_FOUND, NOW, "Could not be checked: Why.", NULL },
  { UNKNOWN, 0, 0, UNREACHABLE, NOW + 200 * DAY, "Not checked any more: it has expired", NULL },
};

static void
test_cases (void)
{
  g_autoptr (TestCa) ca = test_ca_new ("Example");
  const TestFacts facts = { .use = TEST_USE_SIGNING, .address = "asa@example.org", .not_after = NOW + 100 * DAY,
                            .spki = signet_private_key_get_spki (test_key (SIGNET_KEY_P256, 0)),
                            .not_before = NOW - DAY };
  g_autoptr (SignetCertificate) certificate = test_ca_issue (ca, &facts);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (SignetRevocationState) state = signet_revocation_state_new ();

    state->status = (SignetRevocationStatus) { .verdict = cases[i].verdict, .reason = cases[i].reason,
                                               .revoked = NOW - 2 * DAY };
    state->checked = cases[i].checked;
    if (cases[i].problem != NONE)
      state->problem = g_error_new_literal (SIGNET_ERROR, cases[i].problem, "Why.");
    g_autofree char *text = signet_revocation_text (state, certificate, cases[i].now);
    g_autofree char *brief = signet_revocation_text_brief (state, certificate, cases[i].now);
    g_assert_cmpstr (text, ==, cases[i].text);
    g_assert_cmpstr (brief, ==, cases[i].brief);
  }

  g_autofree char *nothing = signet_revocation_text (NULL, certificate, NOW);
  g_assert_cmpstr (nothing, ==, "Checking…");
  g_assert_null (signet_revocation_text_brief (NULL, certificate, NOW));
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/revocation-text/cases", test_cases);
  return g_test_run ();
}
