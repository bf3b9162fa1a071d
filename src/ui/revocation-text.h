/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cert/revocation.h"

G_BEGIN_DECLS

/* What is known of whether CERTIFICATE still counts, as sentences, with the age of the answer: "Not revoked — checked
 * 10 minutes ago".  STATE NULL: it is being looked up. */
char *signet_revocation_text (const SignetRevocationState *state, SignetCertificate *certificate, gint64 now);

/* The same in a few words, for a list; NULL when there is nothing that the user could do anything about. */
char *signet_revocation_text_brief (const SignetRevocationState *state, SignetCertificate *certificate, gint64 now);

G_END_DECLS
