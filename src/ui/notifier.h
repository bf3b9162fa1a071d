/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enroll/pending-list.h"

G_BEGIN_DECLS

/* Tells the desktop when a reply has arrived, by a notification that opens it ("app.open-pending"), and takes that
 * back when there is nothing to open any more. */
#define SIGNET_TYPE_NOTIFIER (signet_notifier_get_type ())
G_DECLARE_FINAL_TYPE (SignetNotifier, signet_notifier, SIGNET, NOTIFIER, GObject)

/* APPLICATION owns the notifier, and outlives it. */
SignetNotifier *signet_notifier_new (GApplication *application, SignetPendingList *pending);

G_END_DECLS
