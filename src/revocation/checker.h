/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/revocation.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Knows, for windows, whether certificates still count: from what was asked before, and by asking again in the
 * background, one certificate after the other, while there is somebody who holds it.
 *
 * Signal "changed": something is known of a certificate that was not, or one is being asked about, or no longer. */
#define SIGNET_TYPE_REVOCATION_CHECKER (signet_revocation_checker_get_type ())
G_DECLARE_FINAL_TYPE (SignetRevocationChecker, signet_revocation_checker, SIGNET, REVOCATION_CHECKER, GObject)

/* FOLDER: see revocation/cache.h. */
SignetRevocationChecker *signet_revocation_checker_new (const char *folder);

/* The one of this program, with the user's cache; (transfer none). */
SignetRevocationChecker *signet_revocation_checker_get_default (void);

/* What is known of CERTIFICATE, at once; owned by SELF until "changed".  NULL: nothing was looked up yet; "changed"
 * follows.  ISSUERS (element-type SignetCertificate; may be NULL) hold who issued it.  ASK: and its authority is asked
 * when that is due, now and as long as SELF lives.  A certificate from a stranger is looked up without, for it names
 * who would be asked. */
const SignetRevocationState *signet_revocation_checker_look_up (SignetRevocationChecker *self,
                                                                SignetCertificate *certificate, GPtrArray *issuers,
                                                                gboolean ask);

/* Asks now, because somebody wants to know; "changed" follows. */
void signet_revocation_checker_check_now (SignetRevocationChecker *self, SignetCertificate *certificate,
                                          GPtrArray *issuers);

/* Somebody else has asked: what was looked up is looked up again. */
void signet_revocation_checker_reload (SignetRevocationChecker *self);

/* Whether the authority is being asked at somebody's wish. */
gboolean signet_revocation_checker_is_checking (SignetRevocationChecker *self, SignetCertificate *certificate);

G_END_DECLS
