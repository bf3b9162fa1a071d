/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "keyset/store.h"

G_BEGIN_DECLS

/* The store in the desktop's Secret Service (gnome-keyring, KWallet, KeePassXC): one item a blob in the default
 * collection. Its attributes never change: the service replaces an item by equal attributes, so a fact that may
 * change has no place there; and attributes can be read without the user's password.  They are
 *
 *   xdg:schema  io.github.signetmail.Keyset or .Pending: what other programs show
 *   signet      keyset or pending: by this it is found; gnome-keyring does not match a schema while a keyring is locked
 *   id          the item's
 */
#define SIGNET_TYPE_SECRET_SERVICE_STORE (signet_secret_service_store_get_type ())
G_DECLARE_FINAL_TYPE (SignetSecretServiceStore, signet_secret_service_store, SIGNET, SECRET_SERVICE_STORE, GObject)

/* Makes no connection yet.  The signal "changed" begins with the first call. */
SignetStore *signet_secret_service_store_new (void);

/* How long a service may take without having the user asked anything, in milliseconds (20 seconds unless it is set):
 * after that SIGNET_ERROR_UNREACHABLE. */
void signet_secret_service_store_set_patience (SignetSecretServiceStore *self, guint patience);

G_END_DECLS
