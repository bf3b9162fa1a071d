/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/keyset-list.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Reminds the user 30, 7 and 1 days before a digital ID runs out, once each, by a notification with the way on. */
#define SIGNET_TYPE_EXPIRY_NOTIFIER (signet_expiry_notifier_get_type ())
G_DECLARE_FINAL_TYPE (SignetExpiryNotifier, signet_expiry_notifier, SIGNET, EXPIRY_NOTIFIER, GObject)

/* APPLICATION outlives it. */
SignetExpiryNotifier *signet_expiry_notifier_new (GApplication *application, SignetKeysetList *keysets);

G_END_DECLS
