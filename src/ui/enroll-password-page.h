/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"
#include "keyset/keyset.h"
#include "ui/page.h"

G_BEGIN_DECLS

/* The password of the keyset at High that the new ID is for.  Signal "new-name": it is forgotten, another keyset is to
 * be used. */
#define SIGNET_TYPE_ENROLL_PASSWORD_PAGE (signet_enroll_password_page_get_type ())
G_DECLARE_FINAL_TYPE (SignetEnrollPasswordPage, signet_enroll_password_page, SIGNET, ENROLL_PASSWORD_PAGE, SignetPage)

/* What was typed is wiped.  KEYSET may be NULL when only its name is known. */
void signet_enroll_password_page_set_keyset (SignetEnrollPasswordPage *self, const char *name, SignetKeyset *keyset);

/* (transfer full) */
SignetSecret *signet_enroll_password_page_dup_password (SignetEnrollPasswordPage *self);

/* It was not the password: says so at the entry.  It was, or none was needed: wipes what was typed. */
void signet_enroll_password_page_refuse (SignetEnrollPasswordPage *self);
void signet_enroll_password_page_accept (SignetEnrollPasswordPage *self);

G_END_DECLS
