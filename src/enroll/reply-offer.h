/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enroll/pending.h"
#include "protocol/reply.h"

G_BEGIN_DECLS

/* A reply that has been opened, checked and not yet installed. */
#define SIGNET_TYPE_REPLY_OFFER (signet_reply_offer_get_type ())
G_DECLARE_FINAL_TYPE (SignetReplyOffer, signet_reply_offer, SIGNET, REPLY_OFFER, GObject)

/* Takes REPLY. */
SignetReplyOffer *signet_reply_offer_new (SignetPending *pending, SignetReply *reply, GBytes *attachment);

/* Owned by SELF. */
SignetPending *signet_reply_offer_get_pending (SignetReplyOffer *self);
const SignetReply *signet_reply_offer_get_reply (SignetReplyOffer *self);
GBytes *signet_reply_offer_get_attachment (SignetReplyOffer *self);
const char *signet_reply_offer_get_authority (SignetReplyOffer *self);
const char *signet_reply_offer_get_address (SignetReplyOffer *self);
const char *signet_reply_offer_get_keyset_name (SignetReplyOffer *self);
guint signet_reply_offer_count_history (SignetReplyOffer *self);      /* older encryption keys that it brings */

G_END_DECLS
