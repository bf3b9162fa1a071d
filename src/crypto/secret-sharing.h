/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"

G_BEGIN_DECLS

/* Shamir's secret sharing (How to share a secret, CACM 22, 1979) over GF(256), each byte of the secret by itself: any
 * THRESHOLD of the shares give the secret back, and fewer say nothing about it but its length.  No library that Signet
 * links has it.  A share is one byte, its number from 1 on, followed by as many bytes as the secret has. */

#define SIGNET_MAX_SHARES 16       /* people who can be brought to one table; 255 is the field's own limit */

/* COUNT shares of SECRET: (element-type SignetSecret).  1 <= THRESHOLD <= COUNT <= SIGNET_MAX_SHARES */
GPtrArray *signet_secret_split (SignetSecret *secret, guint threshold, guint count);

/* The secret of SHARES (element-type SignetSecret).  Too few shares, or a wrong one, give wrong bytes: that is for the
 * caller to notice.  SIGNET_ERROR_INVALID when they cannot be shares of one secret: none, one twice, unlike lengths. */
SignetSecret *signet_secret_combine (GPtrArray *shares, GError **error);

G_END_DECLS
