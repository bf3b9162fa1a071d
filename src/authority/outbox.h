/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "authority/authority.h"

G_BEGIN_DECLS

/* Mails the replies, in a thread of its own, by the method that the settings name.  What fails is tried again, ever
 * later, until the reply has expired.  A crash between a delivery and its record repeats that delivery once. */
typedef struct _SignetOutbox SignetOutbox;

SignetOutbox *signet_outbox_new (SignetAuthority *authority);

/* Stops after the delivery that it is at, or breaks that off. */
void signet_outbox_free (SignetOutbox *self);

/* Replies may be due. */
void signet_outbox_wake (SignetOutbox *self);

/* Seconds until the next try after ATTEMPTS that failed. */
gint64 signet_outbox_get_pause (guint attempts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignetOutbox, signet_outbox_free)

G_END_DECLS
