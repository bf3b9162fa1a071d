/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "protocol/invitation.h"
#include "ui/page.h"

G_BEGIN_DECLS

/* Where an invitation is dropped, chosen as a file, or pasted as text.  Signals: "choose-file"; "continue" once
 * there is an invitation in the text. */
#define SIGNET_TYPE_ENROLL_INVITATION_PAGE (signet_enroll_invitation_page_get_type ())
G_DECLARE_FINAL_TYPE (SignetEnrollInvitationPage, signet_enroll_invitation_page, SIGNET, ENROLL_INVITATION_PAGE,
                      SignetPage)

/* The invitation in the text, owned by SELF; NULL when there is none. */
SignetInvitation *signet_enroll_invitation_page_get_invitation (SignetEnrollInvitationPage *self);

G_END_DECLS
