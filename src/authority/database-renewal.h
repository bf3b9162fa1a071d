/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/database.h"

G_BEGIN_DECLS

/* A certificate that the authority has issued, and how it stands. */
typedef struct {
  char *address;                   /* of the user whose it is */
  SignetCertificatePurpose purpose;
  gint64 expires;
  gboolean revoked;                /* it, or the user */
  gboolean succeeded;              /* the user has installed a newer signing certificate, which is good */
  gint64 lineage;                  /* the request that began its keyset */
  guint renewals;                  /* of that keyset, since the time asked for */
} SignetHolding;

void signet_holding_free (SignetHolding *self);

/* The certificate that is exactly DER: SIGNET_ERROR_NOT_FOUND when it is none of this authority's. */
SignetHolding *signet_database_find_holding (SignetDatabase *self, const char *serial, GBytes *der, gint64 since,
                                             GError **error);

/* A request that is queued, as signet_database_add_request(), but by a renewal in LINEAGE; sets its number. */
gboolean signet_database_add_renewal (SignetDatabase *self, SignetRequestRecord *request, const SignetHolding *holding,
                                      GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetHolding, signet_holding_free)

G_END_DECLS
