/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The address in the one form that is stored and compared: white space around it gone, domain in lower case, local
 * part as it is.  Takes the dot-atom form of RFC 5321 section 4.1.2 in ASCII only, and no slash (addresses name mail
 * folders): SIGNET_ERROR_INVALID for anything else. */
char *signet_mail_address_normalize (const char *text, GError **error);

/* Whether two normalized addresses are the same mailbox: the local part without regard to case, as all mail systems
 * that people meet treat it. */
gboolean signet_mail_address_equal (const char *a, const char *b);

G_END_DECLS
