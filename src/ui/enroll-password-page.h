/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"
#include "ui/page.h"

G_BEGIN_DECLS

/* The password of the keyset at High that the new ID is for.  Signal "new-name": it is forgotten, another keyset is to
 * be used. */
#define SIGNET_TYPE_ENROLL_PASSWORD_PAGE (signet_enroll_password_page_get_type ())
G_DECLARE_FINAL_TYPE (SignetEnrollPasswordPage, signet_enroll_password_page, SIGNET, ENROLL_PASSWORD_PAGE, SignetPage)

/* What was typed is wiped. */
void signet_enroll_password_page_set_keyset_name (SignetEnrollPasswordPage *self, const char *name);

/* Wipes what was typed. */
void signet_enroll_password_page_clear (SignetEnrollPasswordPage *self);

/* (transfer full) */
SignetSecret *signet_enroll_password_page_dup_password (SignetEnrollPasswordPage *self);

/* Says at the entry that this is not the password. */
void signet_enroll_password_page_refuse (SignetEnrollPasswordPage *self);

G_END_DECLS
