/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "ui/page.h"

G_BEGIN_DECLS

typedef enum {
  SIGNET_ENROLL_BY_INVITATION,
  SIGNET_ENROLL_BY_KEY,
  SIGNET_ENROLL_BY_FILE,
  SIGNET_ENROLL_BY_REQUEST,       /* of any authority, which the user asks himself */
} SignetEnrollWay;

/* What do you have?  Signal "chosen" (SignetEnrollWay as int). */
#define SIGNET_TYPE_ENROLL_HOW_PAGE (signet_enroll_how_page_get_type ())
G_DECLARE_FINAL_TYPE (SignetEnrollHowPage, signet_enroll_how_page, SIGNET, ENROLL_HOW_PAGE, SignetPage)

G_END_DECLS
