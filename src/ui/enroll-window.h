/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enroll/enroller.h"
#include "ui/page-window.h"

G_BEGIN_DECLS

/* Get a Digital ID: how, the organization, the password of a keyset that is at High, request sent.  Nothing changes
 * before the request is sent. */
#define SIGNET_TYPE_ENROLL_WINDOW (signet_enroll_window_get_type ())
G_DECLARE_FINAL_TYPE (SignetEnrollWindow, signet_enroll_window, SIGNET, ENROLL_WINDOW, SignetPageWindow)

/* PARENT may be NULL.  With INVITATION it begins at the organization; NULL: at the first page.
 * A reply that the user opens here is given to the application ("open"). */
SignetEnrollWindow *signet_enroll_window_new (GtkWindow *parent, SignetEnroller *enroller,
                                              SignetInvitation *invitation);

G_END_DECLS
