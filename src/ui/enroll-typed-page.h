/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "protocol/invitation.h"
#include "ui/page.h"

G_BEGIN_DECLS

/* The four things that an administrator told a user, to be typed. */
#define SIGNET_TYPE_ENROLL_TYPED_PAGE (signet_enroll_typed_page_get_type ())
G_DECLARE_FINAL_TYPE (SignetEnrollTypedPage, signet_enroll_typed_page, SIGNET, ENROLL_TYPED_PAGE, SignetPage)

/* The invitation that they make: (transfer full).  When one of them cannot be right it says so at that field and is
 * NULL. */
SignetInvitation *signet_enroll_typed_page_read (SignetEnrollTypedPage *self);

G_END_DECLS
