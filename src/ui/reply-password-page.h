/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"
#include "ui/page.h"

G_BEGIN_DECLS

/* The password at High: a new one for a new keyset, or that of a keyset which takes the ID in. */
#define SIGNET_TYPE_REPLY_PASSWORD_PAGE (signet_reply_password_page_get_type ())
G_DECLARE_FINAL_TYPE (SignetReplyPasswordPage, signet_reply_password_page, SIGNET, REPLY_PASSWORD_PAGE, SignetPage)

/* KEYSETS (element-type SignetKeyset): those at High are offered. */
void signet_reply_password_page_set_keysets (SignetReplyPasswordPage *self, GListModel *keysets);

/* Offers NAME: the keyset at High of that name if there is one, else a new one. */
void signet_reply_password_page_offer (SignetReplyPasswordPage *self, const char *name);

/* What was entered, all (transfer full): ADD when KEYSET_NAME exists. */
void signet_reply_password_page_read (SignetReplyPasswordPage *self, char **keyset_name, gboolean *add,
                                      SignetSecret **password);

/* What was entered was right: wipes it. */
void signet_reply_password_page_accept (SignetReplyPasswordPage *self);

/* Says at the field what is wrong with the name, or that this is not the password. */
void signet_reply_password_page_refuse_name (SignetReplyPasswordPage *self, const char *text);
void signet_reply_password_page_refuse_password (SignetReplyPasswordPage *self);

G_END_DECLS
