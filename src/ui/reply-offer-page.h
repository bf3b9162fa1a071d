/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enroll/reply-offer.h"
#include "ui/page.h"

G_BEGIN_DECLS

/* What a reply brings: from whom, for which address, which keys. */
#define SIGNET_TYPE_REPLY_OFFER_PAGE (signet_reply_offer_page_get_type ())
G_DECLARE_FINAL_TYPE (SignetReplyOfferPage, signet_reply_offer_page, SIGNET, REPLY_OFFER_PAGE, SignetPage)

void signet_reply_offer_page_show (SignetReplyOfferPage *self, SignetReplyOffer *offer);

G_END_DECLS
