/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enroll/enroller.h"
#include "keyset/keyset-list.h"
#include "keyset/prompter.h"

G_BEGIN_DECLS

/* Renews keysets: when the user says so, and those by itself whose user wants that, from 30 days before their end on.
 * Reminds of the others (expiry-notifier.h).
 * Signals: "done" (what to tell the user), "failed" (a title, and what went wrong and happens next). */
#define SIGNET_TYPE_RENEWER (signet_renewer_get_type ())
G_DECLARE_FINAL_TYPE (SignetRenewer, signet_renewer, SIGNET, RENEWER, GObject)

/* APPLICATION, which outlives it, shows the reminders. */
SignetRenewer *signet_renewer_new (GApplication *application, SignetEnroller *enroller, SignetKeysetList *keysets,
                                   SignetPrompter *prompter);

void signet_renewer_renew (SignetRenewer *self, SignetKeyset *keyset);

/* The same when the list has been read, which it may not have been yet. */
void signet_renewer_renew_by_id (SignetRenewer *self, const char *keyset_id);

/* Installs the reply to a renewal that waits for the user. */
void signet_renewer_finish (SignetRenewer *self, const char *pending_id);

G_END_DECLS
