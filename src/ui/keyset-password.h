/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/secret.h"
#include "keyset/keyset.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The password that a keyset has, asked for on a page of a SignetPageWindow: the field, and a link for who has
 * forgotten it, which goes on to a page that says what to do.  After three wrong ones the next has to wait (see
 * keyset/password-pause.h).  Properties "title" and "hint" are the field's.  Signal "changed": of what was typed, or of
 * what is missing. */
#define SIGNET_TYPE_KEYSET_PASSWORD (signet_keyset_password_get_type ())
G_DECLARE_FINAL_TYPE (SignetKeysetPassword, signet_keyset_password, SIGNET, KEYSET_PASSWORD, GtkBox)

/* Whose password; what was typed for another is wiped.  KEYSET may be NULL when only its name is known. */
void signet_keyset_password_set_keyset (SignetKeysetPassword *self, const char *name, SignetKeyset *keyset);

/* What was typed: (transfer full). */
SignetSecret *signet_keyset_password_dup_secret (SignetKeysetPassword *self);

/* Why it cannot be tried now, in a sentence (owned by SELF until the next call); NULL when it can. */
const char *signet_keyset_password_get_missing (SignetKeysetPassword *self);

/* Wipes what was typed. */
void signet_keyset_password_clear (SignetKeysetPassword *self);

/* It was wrong: says so at the field, for another try.  It was right: wipes it and forgets the wrong ones. */
void signet_keyset_password_refuse (SignetKeysetPassword *self);
void signet_keyset_password_accept (SignetKeysetPassword *self);

/* Says that it was wrong where somebody else has counted it. */
void signet_keyset_password_show_refused (SignetKeysetPassword *self);

G_END_DECLS
