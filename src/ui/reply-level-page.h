/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"
#include "ui/page.h"

G_BEGIN_DECLS

/* How an ID is to be protected and, below High, in which keyset. */
#define SIGNET_TYPE_REPLY_LEVEL_PAGE (signet_reply_level_page_get_type ())
G_DECLARE_FINAL_TYPE (SignetReplyLevelPage, signet_reply_level_page, SIGNET, REPLY_LEVEL_PAGE, SignetPage)

/* KEYSETS (element-type SignetKeyset): to tell whether a name is taken. */
void signet_reply_level_page_set_keysets (SignetReplyLevelPage *self, GListModel *keysets);

/* Offers NAME, and the level of the keyset of that name or else High. */
void signet_reply_level_page_offer (SignetReplyLevelPage *self, const char *name);

SignetLevel signet_reply_level_page_get_level (SignetReplyLevelPage *self);

/* Below High: the keyset's name (transfer full), and whether it exists and takes the ID in. */
char *signet_reply_level_page_read_name (SignetReplyLevelPage *self, gboolean *add);

/* Says at the name what is wrong with it. */
void signet_reply_level_page_refuse_name (SignetReplyLevelPage *self, const char *text);

G_END_DECLS
