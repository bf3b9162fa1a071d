/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/revocation.h"
#include "keyset/keyset.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Whether the digital IDs of a keyset will do for mail, tried as a mail program would. */

typedef enum {
  SIGNET_HEALTH_GOOD,
  SIGNET_HEALTH_WARNING,      /* works, but somebody should look at it */
  SIGNET_HEALTH_FAILED,       /* mail programs will refuse it */
} SignetHealth;

/* "good", "warning", "failed": for programs. */
const char *signet_health_to_name (SignetHealth health);

typedef enum {
  SIGNET_CHECK_PASSWORD,      /* the keys can be had */
  SIGNET_CHECK_CHAIN,         /* issued by an authority that leads to a root */
  SIGNET_CHECK_PURPOSE,       /* keyUsage and extKeyUsage */
  SIGNET_CHECK_ADDRESS,
  SIGNET_CHECK_DATES,
  SIGNET_CHECK_REVOCATION,
  SIGNET_CHECK_KEY,           /* fits its certificate; signs, or opens what was encrypted */
} SignetHealthCheck;

/* "password", "chain", …: for programs. */
const char *signet_health_check_to_name (SignetHealthCheck check);

typedef struct {
  SignetDigitalId *id;        /* NULL: the keyset as a whole */
  SignetHealthCheck check;
  SignetHealth health;
  char *text;                 /* what was found: one sentence */
  char *advice;               /* what to do about it; NULL when all is well */
} SignetFinding;

void signet_finding_free (SignetFinding *self);

/* (element-type SignetFinding): of the keyset first, then of each ID in the keyset's order; of older ones only whether
 * their keys still work.  KEYS (element-type SignetPrivateKey, one for each ID) is NULL when they could not be had, and
 * LOCKED says why.  STATES (element-type SignetRevocationState or NULL) has one for each ID.  AT is the time, seconds
 * since 1970.  Some milliseconds for each key: in a thread.  NULL only when cancelled: G_IO_ERROR_CANCELLED. */
GPtrArray *signet_keyset_check_health (SignetKeyset *keyset, GPtrArray *keys, const GError *locked, GPtrArray *states,
                                       gint64 at, GCancellable *cancellable, GError **error);

/* The worst of FINDINGS; GOOD when there are none. */
SignetHealth signet_findings_get_worst (GPtrArray *findings);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetFinding, signet_finding_free)

G_END_DECLS
