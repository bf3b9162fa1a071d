/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "protocol/reply.h"
#include "protocol/request.h"
#include "test-ca.h"

G_BEGIN_DECLS

/* What an authority answers, for unit tests.  A mistake in here aborts. */

/* The proper reply of CA to the bytes of a request: fresh certificates, HISTORY older encryption keys besides the
 * current one, to be installed within a week of signet_clock_now().  Free to be changed before it is built. */
SignetReply *test_reply_new (TestCa *ca, GBytes *request, guint history);

/* The attachment's bytes, locked to the request's reply key. */
GBytes *test_reply_build (TestCa *ca, GBytes *request, SignetReply *reply);

G_END_DECLS
