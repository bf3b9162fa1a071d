/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"
#include "ui/page.h"

G_BEGIN_DECLS

/* The password at High: a new one for a new keyset, or that of a keyset which takes the ID in. */
#define SIGNET_TYPE_INSTALL_PASSWORD_PAGE (signet_install_password_page_get_type ())
G_DECLARE_FINAL_TYPE (SignetInstallPasswordPage, signet_install_password_page, SIGNET, INSTALL_PASSWORD_PAGE,
                      SignetPage)

/* KEYSETS (element-type SignetKeyset): those at High are offered. */
void signet_install_password_page_set_keysets (SignetInstallPasswordPage *self, GListModel *keysets);

/* Offers NAME: the keyset at High of that name if there is one, else a new one. */
void signet_install_password_page_offer (SignetInstallPasswordPage *self, const char *name);

/* What was entered, all (transfer full): ADD when KEYSET_NAME exists. */
void signet_install_password_page_read (SignetInstallPasswordPage *self, char **keyset_name, gboolean *add,
                                      SignetSecret **password);

/* What was entered was right: wipes it. */
void signet_install_password_page_accept (SignetInstallPasswordPage *self);

/* Says at the field what is wrong with the name, or that this is not the password. */
void signet_install_password_page_refuse_name (SignetInstallPasswordPage *self, const char *text);
void signet_install_password_page_refuse_password (SignetInstallPasswordPage *self);

G_END_DECLS
