/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One verb of signet-authority a file.  ARGUMENTS are those after the verb, the verb itself at [0] as in
 * argv.  FALSE with an error is printed and becomes the exit status (main.c). */
typedef gboolean (*SignetAuthorityVerb) (int count, char **arguments, GError **error);

gboolean signet_verb_init (int count, char **arguments, GError **error);
gboolean signet_verb_serve (int count, char **arguments, GError **error);
gboolean signet_verb_invite (int count, char **arguments, GError **error);
gboolean signet_verb_renew (int count, char **arguments, GError **error);
gboolean signet_verb_recover (int count, char **arguments, GError **error);
gboolean signet_verb_approve (int count, char **arguments, GError **error);
gboolean signet_verb_officers (int count, char **arguments, GError **error);
gboolean signet_verb_revoke (int count, char **arguments, GError **error);
gboolean signet_verb_reenable (int count, char **arguments, GError **error);
gboolean signet_verb_audit (int count, char **arguments, GError **error);
gboolean signet_verb_status (int count, char **arguments, GError **error);

/* Parses a verb's options; OPERANDS, named in USAGE ("DIR"), must then be left at ARGUMENTS[1] and on.  G_OPTION_ERROR
 * otherwise. */
gboolean signet_verb_parse (const GOptionEntry *entries, const char *usage, int operands, int *count, char ***arguments,
                            GError **error);

G_END_DECLS
