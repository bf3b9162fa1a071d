/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset.h"
#include "ui/page-window.h"

G_BEGIN_DECLS

/* What to do when the password of a keyset is forgotten, in three steps, and a mail to the administrator. */
#define SIGNET_TYPE_FORGOT_PAGE (signet_forgot_page_get_type ())
G_DECLARE_FINAL_TYPE (SignetForgotPage, signet_forgot_page, SIGNET, FORGOT_PAGE, SignetPage)

/* Goes on to such a page in WINDOW, for the keyset NAME; KEYSET may be NULL when only its name is known. */
void signet_forgot_page_open (SignetPageWindow *window, const char *name, SignetKeyset *keyset);

G_END_DECLS
