/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enroll/enroller.h"

G_BEGIN_DECLS

/* What the files of the enroller share, and nobody else. */

/* Stores a request that was just made, before anything of it leaves, and sends it: what came of it, as
 * signet_enroller_request() says. */
SignetPending *signet_enroller_begin (SignetEnroller *self, SignetPending *pending, GCancellable *cancellable,
                                      GError **error);

/* Takes a renewal whose reply is there on by itself, when nobody has to be asked for that. The result is its state. */
SignetPending *signet_enroller_install_by_itself (SignetEnroller *self, SignetPending *pending,
                                                  GCancellable *cancellable);

G_END_DECLS
