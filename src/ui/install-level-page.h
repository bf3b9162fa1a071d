/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"
#include "ui/page.h"

G_BEGIN_DECLS

/* How an ID is to be protected and, below High, in which keyset. */
#define SIGNET_TYPE_INSTALL_LEVEL_PAGE (signet_install_level_page_get_type ())
G_DECLARE_FINAL_TYPE (SignetInstallLevelPage, signet_install_level_page, SIGNET, INSTALL_LEVEL_PAGE, SignetPage)

/* KEYSETS (element-type SignetKeyset): to tell whether a name is taken. */
void signet_install_level_page_set_keysets (SignetInstallLevelPage *self, GListModel *keysets);

/* What the button does when no password follows. */
void signet_install_level_page_set_act (SignetInstallLevelPage *self, const char *label);

/* Offers NAME, and the level of the keyset of that name or else High. */
void signet_install_level_page_offer (SignetInstallLevelPage *self, const char *name);

SignetLevel signet_install_level_page_get_level (SignetInstallLevelPage *self);

/* Below High: the keyset's name (transfer full), and whether it exists and takes the ID in. */
char *signet_install_level_page_read_name (SignetInstallLevelPage *self, gboolean *add);

/* Says at the name what is wrong with it. */
void signet_install_level_page_refuse_name (SignetInstallLevelPage *self, const char *text);

G_END_DECLS
