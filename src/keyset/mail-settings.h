/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/mail-defaults.h"

G_BEGIN_DECLS

/* The mail defaults of the user for a program that stays: read in the background, watched, and written in the order in
 * which they are set.
 * Signals: "changed", when some are others than before; "failed" (text), when one could not be written: then it is
 * what it was. */
#define SIGNET_TYPE_MAIL_SETTINGS (signet_mail_settings_get_type ())
G_DECLARE_FINAL_TYPE (SignetMailSettings, signet_mail_settings, SIGNET, MAIL_SETTINGS, GObject)

/* PATH of the file, as signet_mail_defaults_file_get_path(). */
SignetMailSettings *signet_mail_settings_new (const char *path);

/* Whether they have been read once.  Until then all are as signet_mail_defaults_new() makes them. */
gboolean signet_mail_settings_is_loaded (SignetMailSettings *self);

/* Those of a (normalized) address: (transfer full). */
SignetMailDefaults *signet_mail_settings_get (SignetMailSettings *self, const char *address);

/* Holds at once, and is stored soon. */
void signet_mail_settings_set (SignetMailSettings *self, const SignetMailDefaults *defaults);

/* Why the file cannot be read; or NULL. */
const char *signet_mail_settings_get_problem (SignetMailSettings *self);

/* Whether something is still to be read or written. */
gboolean signet_mail_settings_is_busy (SignetMailSettings *self);

G_END_DECLS
