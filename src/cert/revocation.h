/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/certificate.h"

G_BEGIN_DECLS

/* What an authority says about one of its certificates: whether it takes it back. */

typedef enum {
  SIGNET_REVOCATION_UNKNOWN,     /* nobody has said anything that counts */
  SIGNET_REVOCATION_GOOD,
  SIGNET_REVOCATION_REVOKED,
} SignetRevocationVerdict;

/* CRLReason, with its numbers (RFC 5280 section 5.3.1). */
typedef enum {
  SIGNET_REASON_UNSPECIFIED = 0,
  SIGNET_REASON_KEY_COMPROMISE = 1,
  SIGNET_REASON_CA_COMPROMISE = 2,
  SIGNET_REASON_AFFILIATION_CHANGED = 3,
  SIGNET_REASON_SUPERSEDED = 4,
  SIGNET_REASON_CESSATION_OF_OPERATION = 5,
  SIGNET_REASON_CERTIFICATE_HOLD = 6,      /* may be lifted again */
  SIGNET_REASON_PRIVILEGE_WITHDRAWN = 9,
  SIGNET_REASON_AA_COMPROMISE = 10,
} SignetRevocationReason;

/* One answer that has been believed.  Times are seconds since 1970. */
typedef struct {
  SignetRevocationVerdict verdict;
  gint64 revoked;                 /* when, if it is */
  SignetRevocationReason reason;
  gint64 this_update;             /* when the authority knew this */
  gint64 next_update;             /* until when it counts; 0: the answer does not say (OCSP alone) */
} SignetRevocationStatus;

/* What is known of a certificate, for whoever shows it. */
typedef struct {
  SignetRevocationStatus status;  /* of the last answer that counted, which may be too old by now (verdict UNKNOWN) */
  gint64 checked;                 /* when that answer was asked for; 0: there never was one */
  GError *problem;                /* why the last attempt brought nothing; or NULL */
} SignetRevocationState;

SignetRevocationState *signet_revocation_state_new (void);
SignetRevocationState *signet_revocation_state_copy (const SignetRevocationState *self);
void signet_revocation_state_free (SignetRevocationState *self);      /* or NULL: lists have places without one */

/* Once the key was lost no later day makes it safe, so a revocation never grows old, unless it was a hold. */
gboolean signet_revocation_is_final (const SignetRevocationStatus *status);

/* For those who read answers.  Whether an answer of these times counts at the time AT: SIGNET_ERROR_EXPIRED (older
 * than it says, or than MAX_AGE seconds where it does not say), _INVALID (from the future, or ends before it begins).
 * Clocks may differ by five minutes. */
gboolean signet_revocation_check_times (const SignetRevocationStatus *status, gint64 max_age, gint64 at,
                                        GError **error);

/* Likewise: the last word on STATUS.  A certificate that had run out before the answer was made may have been dropped
 * from it (RFC 5280 section 3.3), so that GOOD becomes UNKNOWN. */
void signet_revocation_settle (SignetRevocationStatus *status, SignetCertificate *certificate);

/* The http and https addresses where CERTIFICATE says that its authority answers, each list at most
 * SIGNET_MAX_REVOCATION_URLS long: CRL distribution points (RFC 5280 section 4.2.1.13), and OCSP responders (section
 * 4.2.2.1). */
GStrv signet_revocation_get_crl_urls (SignetCertificate *certificate);
GStrv signet_revocation_get_ocsp_urls (SignetCertificate *certificate);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetRevocationState, signet_revocation_state_free)

G_END_DECLS
