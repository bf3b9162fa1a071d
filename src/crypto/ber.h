/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"
#include "crypto/der.h"

G_BEGIN_DECLS

/* One BER element (X.690 section 8) as other programs write them, NSS above all: indefinite lengths, lengths that are
 * longer than they must be, octet strings in pieces.  The result is the same in DER's form, so that crypto/der.h reads
 * it.  What is inside an octet string stays as it is.  NULL when DATA is not exactly one element, or is nested more
 * deeply than SIGNET_MAX_BER_DEPTH. */
SignetSecret *signet_ber_to_der (const SignetDer *data);

G_END_DECLS
