/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"
#include "protocol/authority-info.h"
#include "protocol/invitation.h"
#include "ui/page.h"

G_BEGIN_DECLS

/* Whom the user will trust, and what is about to be sent: the organization behind an invitation, the mail address,
 * the temporary key and the keyset's name.  Until the organization is known it waits, or says why it is not
 * ("continue" then means: try again). */
#define SIGNET_TYPE_ENROLL_ORGANIZATION_PAGE (signet_enroll_organization_page_get_type ())
G_DECLARE_FINAL_TYPE (SignetEnrollOrganizationPage, signet_enroll_organization_page, SIGNET, ENROLL_ORGANIZATION_PAGE,
                      SignetPage)

/* KEYSETS (element-type SignetKeyset): to tell whether a name is taken. */
void signet_enroll_organization_page_set_keysets (SignetEnrollOrganizationPage *self, GListModel *keysets);

/* One of the three states. */
void signet_enroll_organization_page_wait (SignetEnrollOrganizationPage *self, SignetInvitation *invitation);
void signet_enroll_organization_page_fail (SignetEnrollOrganizationPage *self, const GError *error);
void signet_enroll_organization_page_show (SignetEnrollOrganizationPage *self, SignetAuthorityInfo *info);

/* Owned by SELF.  The first is what it waits or waited for; the second NULL while the organization is not known. */
SignetInvitation *signet_enroll_organization_page_get_invitation (SignetEnrollOrganizationPage *self);
SignetAuthorityInfo *signet_enroll_organization_page_get_info (SignetEnrollOrganizationPage *self);

/* Offers NAME, unless the user has typed one already. */
void signet_enroll_organization_page_suggest_name (SignetEnrollOrganizationPage *self, const char *name);

/* Asks for another name than that, which is NAME now: takes the focus to it. */
void signet_enroll_organization_page_rename (SignetEnrollOrganizationPage *self, const char *name);

/* Says at the temporary key why it was refused. */
void signet_enroll_organization_page_refuse_key (SignetEnrollOrganizationPage *self, const char *text);

/* What the fields hold: (transfer full).  When it cannot be right the page says so at the field, and it is NULL. */
char *signet_enroll_organization_page_read_name (SignetEnrollOrganizationPage *self);
SignetInvitation *signet_enroll_organization_page_read_invitation (SignetEnrollOrganizationPage *self);

G_END_DECLS
