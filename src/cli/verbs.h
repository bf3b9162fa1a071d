/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enroll/enroller.h"
#include "keyset/mail-defaults.h"

G_BEGIN_DECLS

/* One verb a file.  ARGUMENTS are those after the verb, the verb itself at [0] as in argv.  FALSE with an error is
 * printed and becomes the exit status (main.c). */
typedef gboolean (*SignetVerb) (SignetEnroller *enroller, int count, char **arguments, GError **error);

gboolean signet_verb_enroll (SignetEnroller *enroller, int count, char **arguments, GError **error);
gboolean signet_verb_request (SignetEnroller *enroller, int count, char **arguments, GError **error);
gboolean signet_verb_pending (SignetEnroller *enroller, int count, char **arguments, GError **error);
gboolean signet_verb_fetch (SignetEnroller *enroller, int count, char **arguments, GError **error);
gboolean signet_verb_open (SignetEnroller *enroller, int count, char **arguments, GError **error);
gboolean signet_verb_list (SignetEnroller *enroller, int count, char **arguments, GError **error);
gboolean signet_verb_show (SignetEnroller *enroller, int count, char **arguments, GError **error);
gboolean signet_verb_import (SignetEnroller *enroller, int count, char **arguments, GError **error);
gboolean signet_verb_export (SignetEnroller *enroller, int count, char **arguments, GError **error);
gboolean signet_verb_backup (SignetEnroller *enroller, int count, char **arguments, GError **error);
gboolean signet_verb_restore (SignetEnroller *enroller, int count, char **arguments, GError **error);
gboolean signet_verb_password (SignetEnroller *enroller, int count, char **arguments, GError **error);
gboolean signet_verb_level (SignetEnroller *enroller, int count, char **arguments, GError **error);
gboolean signet_verb_remember (SignetEnroller *enroller, int count, char **arguments, GError **error);
gboolean signet_verb_rename (SignetEnroller *enroller, int count, char **arguments, GError **error);
gboolean signet_verb_renew (SignetEnroller *enroller, int count, char **arguments, GError **error);
gboolean signet_verb_revoke (SignetEnroller *enroller, int count, char **arguments, GError **error);
gboolean signet_verb_test (SignetEnroller *enroller, int count, char **arguments, GError **error);
gboolean signet_verb_remove (SignetEnroller *enroller, int count, char **arguments, GError **error);
gboolean signet_verb_which (SignetEnroller *enroller, int count, char **arguments, GError **error);
gboolean signet_verb_settings (SignetEnroller *enroller, int count, char **arguments, GError **error);

/* Parses a verb's options; OPERANDS must then be left besides the verb, named in USAGE ("FILE").  G_OPTION_ERROR
 * otherwise. */
gboolean signet_verb_parse (const GOptionEntry *entries, const char *usage, int operands, int *count, char ***arguments,
                            GError **error);

/* "high", "medium" or "low", as the user wrote it: G_OPTION_ERROR. */
gboolean signet_verb_parse_level (const char *name, SignetLevel *level, GError **error);

/* How what comes into the keyset NAME, which is EXISTING or (NULL) new, is to be protected.  *LEVEL 0 becomes that of
 * EXISTING, or High; at High *PASSWORD, which was NULL, is read from PASSWORD_FD or asked. */
gboolean signet_verb_choose_protection (const char *name, SignetKeyset *existing, int password_fd, SignetLevel *level,
                                        SignetSecret **password, GError **error);

/* The keyset of that name: SIGNET_ERROR_NOT_FOUND. */
SignetKeyset *signet_verb_find_keyset (SignetEnroller *enroller, const char *name, GError **error);

/* Has the user type KEYSET's name after PROMPT, before what cannot be taken back.  HINT: what to do where there is no
 * terminal. */
gboolean signet_verb_confirm_name (SignetKeyset *keyset, const char *prompt, const char *hint, GError **error);

/* The user's settings for ADDRESS, as he wrote it: SIGNET_ERROR_INVALID.  A file that cannot be read is complained of,
 * and Signet's own settings count. */
SignetMailDefaults *signet_verb_load_mail_defaults (const char *path, const char *address, GError **error);

G_END_DECLS
